// Alerts about open tickets, from the events that tell of them to the list that
// a head reads, on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "huifang/reporting/v1/reporting_service.grpc.pb.h"
#include "services/common/proto_time.h"
#include "services/reporting/alert_handler.h"
#include "services/reporting/look_worker.h"
#include "tests/contract/reporting/reporting_fixture.h"
#include "tests/support/backends.h"
#include "tests/support/fake_lease_queue.h"
#include "tests/support/matchers.h"
#include "tests/support/test_runtime.h"

namespace huifang::reporting {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

namespace ticket = huifang::ticket::v1;

constexpr absl::Duration kWeek = absl::Hours(24 * 7);

class LastingAlertContract : public ReportingFixture {
 protected:
  void SetUp() override {
    ReportingFixture::SetUp();
    host_.clock().SetCourtTime(absl::CivilSecond(2019, 7, 29, 14));
    now_ = host_.clock().Now();
    alerts_ = std::make_unique<AlertStore>(*db_);
    writer_ = std::make_unique<AlertWriter>(*db_, host_.clock(), FigurePolicy(),
                                            AlertPolicy());
    handler_ =
        std::make_unique<AlertHandler>(host_.runtime(), *alerts_, *writer_);
    stub_ = v1::AlertService::NewStub(host_.Start({handler_.get()}));
    ApplyDirectory();
  }
  void TearDown() override { host_.Stop(); }

  // The event that opens a ticket, changed by the tests that follow it.
  ticket::TicketEvent& Open(const std::string& id, absl::Time created) {
    ticket::TicketEvent& event = tickets_[id];
    event = TicketEventOf({.id = id, .closed_day = 0});
    event.set_type(ticket::TicketEvent::TYPE_CREATED);
    *event.mutable_event_time() = ToTimestamp(created);
    *event.mutable_ticket()->mutable_create_time() = ToTimestamp(created);
    *event.mutable_ticket()->mutable_due_time() =
        ToTimestamp(created + absl::Hours(34));
    return event;
  }
  // Applies the ticket's next event.
  void Next(const std::string& id, ticket::TicketEvent::Type type,
            absl::Time time) {
    ticket::TicketEvent& event = tickets_[id];
    event.mutable_ticket()->set_version(event.ticket().version() + 1);
    event.set_type(type);
    *event.mutable_event_time() = ToTimestamp(time);
    Apply(event);
  }
  void Warn(const std::string& id, absl::Time time) {
    tickets_[id].set_deadline_stage(
        ticket::TicketEvent::DEADLINE_STAGE_WARNING);
    Next(id, ticket::TicketEvent::TYPE_DEADLINE, time);
  }
  void Close(const std::string& id, absl::Time time) {
    ticket::Ticket& t = *tickets_[id].mutable_ticket();
    t.set_state(ticket::Ticket::STATE_CLOSED);
    *t.mutable_close_time() = ToTimestamp(time);
    Next(id, ticket::TicketEvent::TYPE_CLOSED, time);
  }

  // 14 weeks whose Mondays saw ten open tickets, one of them warned.
  void ApplyQuietWeeks() {
    for (int back = 1; back <= 14; ++back) {
      const absl::Time look = now_ - back * kWeek;
      for (int i = 0; i < 10; ++i) {
        const std::string id = absl::StrCat("w", back, "-", i);
        Open(id, look - absl::Hours(24));
        if (i == 0) Warn(id, look - absl::Hours(2));
        Close(id, look + absl::Hours(20));
      }
    }
  }
  void ApplyOpenTickets(int count, int warned) {
    for (int i = 0; i < count; ++i) {
      const std::string id = absl::StrCat("now-", i);
      Apply(Open(id, now_ - absl::Hours(24)));
      if (i < warned) Warn(id, now_ - absl::Hours(2));
    }
  }
  void ApplyCall(const std::string& id, int days_ago, bool re_raised) {
    ticket::TicketEvent& event = Open(id, now_ - days_ago * absl::Hours(24));
    event.mutable_ticket()->mutable_caller()->set_caller_key("key-of-li");
    event.mutable_ticket()->mutable_caller()->set_phone("138****0000");
    if (re_raised) {
      event.mutable_ticket()->set_repeat_of("courts/110102/tickets/c0");
    }
    Apply(event);
  }

  void Look() { ASSERT_OK(writer_->Look(kCourt, LastLook(now_))); }

  std::vector<v1::Alert> List(v1::Alert::Rule rule) {
    v1::ListAlertsRequest request;
    request.set_parent("courts/110102");
    request.set_rule(rule);
    grpc::ClientContext context;
    v1::ListAlertsResponse page;
    EXPECT_TRUE(stub_->ListAlerts(&context, request, &page).ok());
    return {page.alerts().begin(), page.alerts().end()};
  }
  void Resolve(const std::string& name) {
    v1::ResolveAlertRequest request;
    request.set_name(name);
    request.set_resolution("已当面释明");
    grpc::ClientContext context;
    v1::Alert answer;
    ASSERT_TRUE(stub_->ResolveAlert(&context, request, &answer).ok());
  }

  testing::TestRuntime host_{"reporting"};
  absl::Time now_;
  std::map<std::string, ticket::TicketEvent> tickets_;
  std::unique_ptr<AlertStore> alerts_;
  std::unique_ptr<AlertWriter> writer_;
  std::unique_ptr<AlertHandler> handler_;
  std::unique_ptr<v1::AlertService::Stub> stub_;
};

TEST_P(LastingAlertContract, AnOverdueRiskLastsUntilItsTicketsAreClosed) {
  ApplyQuietWeeks();
  ApplyOpenTickets(20, 12);
  Look();
  std::vector<v1::Alert> alerts = List(v1::Alert::RULE_OVERDUE_RISK);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].division(), "courts/110102/divisions/civil-1");
  EXPECT_EQ(alerts[0].role(), "head");
  EXPECT_THAT(alerts[0].tickets(), SizeIs(12));
  EXPECT_THAT(alerts[0].observations(), SizeIs(14));
  EXPECT_EQ(alerts[0].observations(0).numerator(), 1);
  EXPECT_EQ(alerts[0].tickets(0).ticket_number(), "S-now-0");
  Look();
  EXPECT_EQ(List(v1::Alert::RULE_OVERDUE_RISK)[0].etag(), alerts[0].etag());
  for (int i = 0; i < 12; ++i) {
    Close(absl::StrCat("now-", i), now_ - absl::Minutes(5));
  }
  Look();
  alerts = List(v1::Alert::RULE_OVERDUE_RISK);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].state(), v1::Alert::STATE_RESOLVED);
  EXPECT_TRUE(alerts[0].tickets(0).closed());
}

TEST_P(LastingAlertContract, AReopenedTicketIsNotAtRiskBeforeItIsWarnedAgain) {
  ApplyQuietWeeks();
  ApplyOpenTickets(20, 12);
  for (int i = 0; i < 12; ++i) {
    const std::string id = absl::StrCat("now-", i);
    Close(id, now_ - absl::Hours(1));
    ticket::Ticket& t = *tickets_[id].mutable_ticket();
    t.set_state(ticket::Ticket::STATE_REOPENED);
    t.clear_close_time();
    Next(id, ticket::TicketEvent::TYPE_STATE_CHANGED, now_ - absl::Minutes(30));
  }
  Look();
  EXPECT_THAT(List(v1::Alert::RULE_OVERDUE_RISK), SizeIs(0));
  for (int i = 0; i < 12; ++i) {
    Warn(absl::StrCat("now-", i), now_ - absl::Minutes(10));
  }
  Look();
  EXPECT_THAT(List(v1::Alert::RULE_OVERDUE_RISK), SizeIs(1));
}

TEST_P(LastingAlertContract, AQuietCourtRaisesNothing) {
  ApplyQuietWeeks();
  ApplyOpenTickets(20, 2);
  Look();
  EXPECT_THAT(List(v1::Alert::RULE_UNSPECIFIED), SizeIs(0));
}

TEST_P(LastingAlertContract, ARepeatCallerIsOneAlertThatTakesUpFurtherCalls) {
  for (int i = 0; i < 3; ++i) ApplyCall(absl::StrCat("c", i), 9 - i, i > 0);
  Look();
  EXPECT_THAT(List(v1::Alert::RULE_REPEAT_CALLER), SizeIs(0));
  ApplyCall("c3", 2, true);
  Look();
  std::vector<v1::Alert> alerts = List(v1::Alert::RULE_REPEAT_CALLER);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].caller_key(), "key-of-li");
  EXPECT_THAT(alerts[0].tickets(), SizeIs(4));
  EXPECT_TRUE(alerts[0].tickets(0).re_raised());
  EXPECT_THAT(alerts[0].ShortDebugString(), Not(HasSubstr("138")));
  const std::string name = alerts[0].name();
  ApplyCall("c4", 1, true);
  Look();
  alerts = List(v1::Alert::RULE_REPEAT_CALLER);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].name(), name);
  EXPECT_THAT(alerts[0].tickets(), SizeIs(5));
}

TEST_P(LastingAlertContract, OnlyAnotherCallRingsAgainWhatAPersonSettled) {
  for (int i = 0; i < 4; ++i) ApplyCall(absl::StrCat("c", i), 9 - i, i > 0);
  Look();
  ASSERT_THAT(List(v1::Alert::RULE_REPEAT_CALLER), SizeIs(1));
  Resolve(List(v1::Alert::RULE_REPEAT_CALLER)[0].name());
  Look();
  EXPECT_THAT(List(v1::Alert::RULE_REPEAT_CALLER), SizeIs(1));
  ApplyCall("c4", 1, true);
  Look();
  EXPECT_THAT(List(v1::Alert::RULE_REPEAT_CALLER), SizeIs(2));
}

TEST_P(LastingAlertContract, OneCaseOfSeveralCallersIsFoundByItsNumber) {
  for (int i = 0; i < 4; ++i) {
    ticket::TicketEvent& event =
        Open(absl::StrCat("k", i), now_ - i * absl::Hours(24));
    event.mutable_ticket()->set_case_number("(2021)京0102民初7664号");
    event.mutable_ticket()->mutable_caller()->set_caller_key(
        absl::StrCat("key-", i));
    Apply(event);
  }
  Look();
  const std::vector<v1::Alert> alerts = List(v1::Alert::RULE_REPEAT_CALLER);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].case_number(), "(2021)京0102民初7664号");
}

TEST_P(LastingAlertContract, EachCourtIsLookedAtOnceForEachHour) {
  testing::FakeLeaseQueue queue(5, "look");
  LookWorker worker(queue, *alerts_, *writer_, host_.clock(), host_.metrics());
  worker.Stop();  // so that what is queued stays there to be seen
  const auto has_task = [&](const char* hour) {
    return queue.TakeTask(absl::StrCat("courts/110102/looks/", hour), {}).ok();
  };
  ASSERT_OK(worker.EnqueueDue());
  EXPECT_TRUE(has_task("2019-07-29T14"));
  Look();
  queue.Forget();
  ASSERT_OK(worker.EnqueueDue());
  EXPECT_FALSE(has_task("2019-07-29T14")) << "looked at already";
  host_.clock().SetCourtTime(absl::CivilSecond(2019, 7, 30, 7, 59, 59));
  ASSERT_OK(worker.EnqueueDue());
  EXPECT_FALSE(has_task("2019-07-29T14"));
  host_.clock().SetCourtTime(absl::CivilSecond(2019, 7, 30, 8));
  ASSERT_OK(worker.EnqueueDue());
  EXPECT_TRUE(has_task("2019-07-30T08"));
}

TEST_P(LastingAlertContract, ALookOfAWrongClockEndsNoneOfTheNext) {
  ASSERT_OK(writer_->Look("110102", LastLook(now_ + absl::Hours(24 * 365))));
  const absl::Time look = LastLook(now_);
  EXPECT_THAT(alerts_->CourtsToLookAt(look, now_).value(),
              ElementsAre("110102"));
  Look();
  EXPECT_THAT(alerts_->CourtsToLookAt(look, now_).value(), IsEmpty());
}

TEST_P(LastingAlertContract, TheWorkerLooksForTheHourThatIsQueued) {
  for (int i = 0; i < 4; ++i) ApplyCall(absl::StrCat("c", i), 9 - i, i > 0);
  testing::FakeLeaseQueue queue(5, "look");
  LookWorker worker(queue, *alerts_, *writer_, host_.clock(), host_.metrics());
  ASSERT_OK(worker.EnqueueDue());
  ASSERT_OK_AND_ASSIGN(std::vector<std::string> courts,
                       alerts_->CourtsToLookAt(LastLook(now_), now_));
  for (int i = 0; i < 1000 && !courts.empty(); ++i) {
    absl::SleepFor(absl::Milliseconds(10));
    ASSERT_OK_AND_ASSIGN(courts, alerts_->CourtsToLookAt(LastLook(now_), now_));
  }
  worker.Stop();
  EXPECT_THAT(List(v1::Alert::RULE_REPEAT_CALLER), SizeIs(1));
}

INSTANTIATE_TEST_SUITE_P(Engines, LastingAlertContract,
                         ::testing::ValuesIn(testing::SqlEngines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang::reporting

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "services/callback/recalls.h"
#include "services/common/text.h"
#include "tests/contract/callback/callback_service_fixture.h"
#include "tests/support/matchers.h"

namespace huifang::callback {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

using CallContract = CallbackServiceTest;

TEST_P(CallContract, NumberIsShownOnlyToTheOneWhoHoldsTheCall) {
  AddTickets(10);
  const v1::Draw draw = DrawOf(2);
  const auto lease = LeaseFor(Officer());
  ASSERT_TRUE(lease.ok()) << lease.status();
  EXPECT_EQ(lease->phone(), "13800001234");
  EXPECT_EQ(lease->callback().masked_phone(), "138****1234");
  for (const v1::Callback& c : Callbacks(draw)) {
    EXPECT_EQ(c.DebugString().find("13800001234"), std::string::npos);
  }
  EXPECT_EQ(lease->callback().state(), v1::Callback::STATE_LEASED);
  EXPECT_EQ(lease->lease_token().size(), 16u);
}

TEST_P(CallContract, OfficerGetsTheSameCallUntilItIsRecorded) {
  AddTickets(10);
  DrawOf(5);
  const auto first = LeaseFor(Officer());
  const auto again = LeaseFor(Officer());
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(first->callback().name(), again->callback().name());
  EXPECT_EQ(first->lease_token(), again->lease_token());
  ASSERT_TRUE(desk_.Complete(Officer(), AllGood(*first)).ok());
  EXPECT_NE(LeaseFor(Officer())->callback().name(), first->callback().name());
}

TEST_P(CallContract, NoTwoOfficersHoldTheSameCall) {
  AddTickets(20);
  DrawOf(6);
  std::set<std::string> names;
  for (const char* officer : {"a", "b", "c", "d", "e", "f"}) {
    const auto lease = LeaseFor(Officer(officer));
    ASSERT_TRUE(lease.ok()) << lease.status();
    names.insert(lease->callback().name());
  }
  EXPECT_EQ(names.size(), 6u);
  EXPECT_THAT(LeaseFor(Officer("g")), StatusIs(absl::StatusCode::kNotFound));
}

// Two windows of one officer, or a second try while the first commit hung.
TEST_P(CallContract, WhoAsksTwiceAtOnceGetsOneCall) {
  AddTickets(40);
  DrawOf(20);
  for (int i = 0; i < 10; ++i) {
    absl::StatusOr<v1::LeaseCallbackResponse> other;
    std::thread window([&] { other = LeaseFor(Officer()); });
    const auto lease = LeaseFor(Officer());
    window.join();
    ASSERT_OK(lease);
    ASSERT_OK(other);
    ASSERT_EQ(lease->callback().name(), other->callback().name());
    EXPECT_EQ(lease->lease_token(), other->lease_token());
    ASSERT_OK(desk_.Complete(Officer(), AllGood(*lease)));
  }
}

TEST_P(CallContract, VerdictIsComputed) {
  AddTickets(10);
  DrawOf(2);
  v1::CompleteCallbackRequest request = AllGood(*LeaseFor(Officer()));
  request.mutable_items()->set_in_time(v1::ANSWER_NO);
  request.set_opinion("打我电话13912345678,2019-07-22就说过");
  const auto done = desk_.Complete(Officer(), request);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->verdict(), v1::VERDICT_MOSTLY_SATISFIED);
  EXPECT_EQ(done->verdict_rule_version(), "items/1");
  EXPECT_EQ(done->state(), v1::Callback::STATE_COMPLETED);
  EXPECT_EQ(done->disposition(), v1::DISPOSITION_COMPLETE);
  EXPECT_EQ(done->total_minutes(), 6);
  EXPECT_EQ(done->opinion(), "打我电话139****5678,2019-07-22就说过");
  EXPECT_EQ(CountEvents(v1::CallbackEvent::TYPE_COMPLETED), 1);
}

TEST_P(CallContract, WholeInterviewNeedsAllAnswers) {
  AddTickets(10);
  DrawOf(2);
  v1::CompleteCallbackRequest request = AllGood(*LeaseFor(Officer()));
  request.mutable_items()->clear_solved();
  EXPECT_THAT(desk_.Complete(Officer(), request),
              StatusIs(absl::StatusCode::kInvalidArgument));
  request.set_broken_off(true);
  const auto partial = desk_.Complete(Officer(), request);
  ASSERT_TRUE(partial.ok());
  EXPECT_EQ(partial->disposition(), v1::DISPOSITION_PARTIAL);
  EXPECT_EQ(partial->verdict(), v1::VERDICT_UNDETERMINED);
}

TEST_P(CallContract, StaleLeaseCannotRecord) {
  AddTickets(10);
  DrawOf(1);
  const auto stale = LeaseFor(Officer("a"));
  ASSERT_TRUE(stale.ok());
  Advance(absl::Minutes(46));
  const auto current = LeaseFor(Officer("b"));
  ASSERT_TRUE(current.ok()) << current.status();
  EXPECT_THAT(desk_.Complete(Officer("a"), AllGood(*stale)),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_TRUE(desk_.Complete(Officer("b"), AllGood(*current)).ok());
  EXPECT_THAT(desk_.Complete(Officer("b"), AllGood(*current)),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_P(CallContract, LeaseThatOnlyRanOutIsStillGood) {
  AddTickets(10);
  DrawOf(1);
  const auto lease = LeaseFor(Officer());
  Advance(absl::Hours(2));
  EXPECT_TRUE(desk_.Complete(Officer(), AllGood(*lease)).ok());
}

TEST_P(CallContract, DeathBetweenQueueAndDatabaseHidesNoCall) {
  AddTickets(10);
  DrawOf(1);
  // A database without tables: the call is taken from the queue, and then
  // nothing can be written.
  const auto elsewhere =
      sql::Database::Open({.url = testing::FreshDatabase(GetParam())}).value();
  CallDesk dying{{*elsewhere, draws_, callbacks_, plans_, tickets_, courts_,
                  call_queue_, convey_queue_, clock(), absl::Minutes(45)}};
  v1::LeaseCallbackRequest request;
  request.set_parent(kParent);
  EXPECT_FALSE(dying.Lease(Officer(), request).ok());
  Advance(absl::Seconds(11));
  const auto lease = LeaseFor(Officer());
  ASSERT_TRUE(lease.ok()) << lease.status();
  // Once granted, the officer has the whole time.
  Advance(absl::Minutes(44));
  EXPECT_FALSE(call_queue_
                   .TakeTask(CallTaskId(kCourt, IdOf(lease->callback().name())),
                             absl::Minutes(1))
                   .ok());
}

TEST_P(CallContract, RepeatedRecordIsTheSameAnswer) {
  AddTickets(10);
  DrawOf(1);
  v1::RecordAttemptRequest request = Miss(*LeaseFor(Officer()));
  request.set_request_id("0198f0a0-0000-7000-8000-000000000002");
  const auto first = desk_.Record(Officer(), request);
  const auto second = desk_.Record(Officer(), request);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(first->attempts_size(), 1);
  EXPECT_EQ(second->version(), first->version());
}

TEST_P(CallContract, RecordRepeatedAfterItsAppointmentIsTheSameAnswer) {
  AddTickets(10);
  DrawOf(1);
  v1::RecordAttemptRequest request = Miss(*LeaseFor(Officer()));
  request.set_request_id("0198f0a0-0000-7000-8000-000000000003");
  request.set_outcome(v1::OUTCOME_APPOINTMENT);
  *request.mutable_appointment_time() =
      ToProto(clock().Now() + absl::Minutes(1));
  const auto first = desk_.Record(Officer(), request);
  ASSERT_TRUE(first.ok()) << first.status();
  Advance(absl::Minutes(2));
  const auto second = desk_.Record(Officer(), request);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->version(), first->version());
  request.clear_request_id();
  EXPECT_THAT(desk_.Record(Officer(), request),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("appointment_time")));
}

TEST_P(CallContract, ThirdMissClosesTheCall) {
  AddTickets(10);
  DrawOf(1);
  for (int attempt = 1; attempt <= 3; ++attempt) {
    const auto lease = LeaseFor(Officer());
    ASSERT_TRUE(lease.ok()) << attempt << lease.status();
    const auto recorded = desk_.Record(Officer(), Miss(*lease));
    ASSERT_TRUE(recorded.ok());
    EXPECT_EQ(recorded->attempts_size(), attempt);
    EXPECT_EQ(recorded->state(), attempt < 3 ? v1::Callback::STATE_WAITING
                                             : v1::Callback::STATE_UNREACHED);
    // Not before the plan's delay.
    EXPECT_THAT(LeaseFor(Officer()), StatusIs(absl::StatusCode::kNotFound));
    if (recorded->state() == v1::Callback::STATE_WAITING) {
      Advance(FromProto(recorded->next_attempt_time()) - clock().Now());
    } else {
      EXPECT_EQ(recorded->disposition(), v1::DISPOSITION_NON_CONTACT);
    }
  }
  EXPECT_EQ(call_queue_.Stats()->tasks, 0);
}

class AppointedContract : public CallContract {
 protected:
  // One call, to be made at 20:00.
  void Appoint() {
    AddTickets(10);
    DrawOf(1);
    v1::RecordAttemptRequest request = Miss(*LeaseFor(Officer()));
    request.set_outcome(v1::OUTCOME_APPOINTMENT);
    *request.mutable_appointment_time() = ToProto(
        absl::FromCivil(absl::CivilHour(2019, 7, 30, 20), CourtTimeZone()));
    ASSERT_TRUE(desk_.Record(Officer(), request).ok());
  }
};

TEST_P(AppointedContract, IsOfferedAtItsTimeOutsideTheWindows) {
  Appoint();
  EXPECT_THAT(LeaseFor(Officer()), StatusIs(absl::StatusCode::kNotFound));
  Advance(absl::Hours(10));
  EXPECT_TRUE(LeaseFor(Officer()).ok());
}

TEST_P(AppointedContract, MissedItIsCalledWhenEverybodyIs) {
  Appoint();
  Advance(absl::Hours(12));  // 22:00
  EXPECT_THAT(LeaseFor(Officer()),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("2019-07-31 09:00")));
}

TEST_P(CallContract, NobodyIsCalledAtNight) {
  AddTickets(10);
  DrawOf(1);
  clock().SetCourtTime(absl::CivilSecond(2019, 7, 30, 21));
  EXPECT_THAT(LeaseFor(Officer()),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("2019-07-31 09:00")));
  v1::LeaseCallbackRequest anyway;
  anyway.set_parent(kParent);
  anyway.set_ignore_windows(true);
  EXPECT_TRUE(desk_.Lease(Officer(), anyway).ok());
}

TEST_P(CallContract, CallOutsideTheWindowsSaysSo) {
  AddTickets(10);
  DrawOf(1);
  v1::LeaseCallbackRequest anyway;
  anyway.set_parent(kParent);
  anyway.set_ignore_windows(true);
  const auto by_day = desk_.Lease(Officer(), anyway);
  ASSERT_TRUE(by_day.ok());
  EXPECT_FALSE(
      desk_.Record(Officer(), Miss(*by_day))->attempts(0).outside_windows());
  clock().SetCourtTime(absl::CivilSecond(2019, 7, 31, 21));
  call_queue_.Advance(absl::Hours(35));
  const auto at_night = desk_.Lease(Officer(), anyway);
  ASSERT_TRUE(at_night.ok()) << at_night.status();
  EXPECT_TRUE(
      desk_.Record(Officer(), Miss(*at_night))->attempts(1).outside_windows());
}

TEST_P(CallContract, OfficerWhoIsNobodyInTheDirectoryCallsNobody) {
  AddTickets(10);
  DrawOf(1);
  rpc::Call nobody = host_.CallAs("admin", kCourt);
  EXPECT_THAT(LeaseFor(nobody), StatusIs(absl::StatusCode::kFailedPrecondition,
                                         HasSubstr("name your staff")));
}

TEST_P(CallContract, CallGoesToWhoSpeaksTheLanguageAndKnowsTheMatter) {
  ticket::v1::Ticket ticket = Ticket(1);
  ticket.mutable_caller()->set_language_code("ug-CN");
  ticket.set_kind(ticket::v1::KIND_CONSULT);
  tickets_.Add(ticket);
  DrawOf(1);
  EXPECT_THAT(LeaseFor(Officer()), StatusIs(absl::StatusCode::kNotFound));
  v1::LeaseCallbackRequest request;
  request.set_parent(kParent);
  request.add_languages("ug");
  request.add_kinds(ticket::v1::KIND_COMPLAINT);
  EXPECT_FALSE(desk_.Lease(Officer(), request).ok());
  request.add_kinds(ticket::v1::KIND_CONSULT);
  const auto lease = desk_.Lease(Officer(), request);
  ASSERT_TRUE(lease.ok()) << lease.status();
  EXPECT_EQ(lease->callback().language_code(), "ug-CN");
}

TEST_P(CallContract, WhatTheOfficerDoesNotSayIsInTheDirectory) {
  ticket::v1::Ticket ticket = Ticket(1);
  ticket.set_kind(ticket::v1::KIND_COMPLAINT);
  ticket.mutable_caller()->set_language_code("yue-CN");
  tickets_.Add(ticket);
  ticket::v1::Directory directory;
  AddStaff(directory, "yang", "office");
  AddStaff(directory, "chen", "office");
  AddStaff(directory, "lin", "office");
  directory.mutable_staff(1)->add_languages("yue");
  directory.mutable_staff(1)->add_kinds(ticket::v1::KIND_COMPLAINT);
  directory.mutable_staff(2)->add_languages("yue");
  directory.mutable_staff(2)->add_kinds(ticket::v1::KIND_CONSULT);
  tickets_.SetDirectory(directory);
  DrawOf(1);
  EXPECT_THAT(LeaseFor(Officer("yang")), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(LeaseFor(Officer("lin")), StatusIs(absl::StatusCode::kNotFound));
  const auto lease = LeaseFor(Officer("chen"));
  EXPECT_TRUE(lease.ok()) << lease.status();
}

TEST_P(CallContract, OpinionsAreKeptOneByOneAndMasked) {
  AddTickets(10);
  DrawOf(2);
  v1::CompleteCallbackRequest request = AllGood(*LeaseFor(Officer()));
  request.add_opinions("希望早点回复");
  request.add_opinions("请打13912345678");
  request.set_abusive(true);
  const auto done = desk_.Complete(Officer(), request);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_THAT(done->opinions(),
              ::testing::ElementsAre("希望早点回复", "请打139****5678"));
  EXPECT_EQ(done->opinion(), "希望早点回复；请打139****5678");
  EXPECT_TRUE(done->abusive());
  EXPECT_FALSE(done->emotional());
  EXPECT_EQ(done->verdict(), v1::VERDICT_SATISFIED);
  v1::Callback hidden = *done;
  HideAnswers(hidden);
  EXPECT_TRUE(hidden.opinions().empty());
  EXPECT_FALSE(hidden.abusive());
  // As older clients say it.
  request = AllGood(*LeaseFor(Officer()));
  request.set_opinion("很好");
  EXPECT_THAT(desk_.Complete(Officer(), request)->opinions(),
              ::testing::ElementsAre("很好"));
}

TEST_P(CallContract, HandlerAndTeamMateAreNeverOfferedTheirTickets) {
  AddTickets(10);
  DrawOf(3);
  EXPECT_THAT(LeaseFor(Officer("judge-1")),
              StatusIs(absl::StatusCode::kNotFound));
  ticket::v1::Directory directory;
  AddStaff(directory, "judge-1", "team-1");
  AddStaff(directory, "mate", "team-1");
  tickets_.SetDirectory(directory);
  Advance(absl::Minutes(2));
  EXPECT_THAT(LeaseFor(Officer("mate")), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_TRUE(LeaseFor(Officer()).ok());
}

TEST_P(CallContract, WhoAnsweredIsNeverOfferedTheTicket) {
  ticket::v1::Ticket ticket = Ticket(1, "min-1");
  ticket.add_replies()->set_author(Officer("author").staff);
  tickets_.Add(ticket);
  DrawOf(1);
  EXPECT_THAT(LeaseFor(Officer("author")),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_TRUE(LeaseFor(Officer()).ok());
}

TEST_P(CallContract, RecusedCallIsNotOfferedAgain) {
  AddTickets(10);
  DrawOf(1);
  const auto lease = LeaseFor(Officer());
  v1::ReleaseCallbackRequest release;
  release.set_name(lease->callback().name());
  release.set_lease_token(lease->lease_token());
  release.set_recuse(true);
  release.set_reason("亲属");
  ASSERT_TRUE(desk_.Release(Officer(), release).ok());
  EXPECT_THAT(LeaseFor(Officer()), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_TRUE(LeaseFor(Officer("other")).ok());
}

TEST_P(CallContract, QueueThatForgotAffectsNobody) {
  AddTickets(20);
  DrawOf(4);
  const auto held = LeaseFor(Officer("a"));
  ASSERT_TRUE(held.ok());
  testing::FakeLeaseQueue empty(1000, "call");
  CallDesk desk{{*db_, draws_, callbacks_, plans_, tickets_, courts_, empty,
                 convey_queue_, clock(), absl::Minutes(45)}};
  v1::LeaseCallbackRequest request;
  request.set_parent(kParent);
  std::set<std::string> names = {held->callback().name()};
  for (const char* officer : {"b", "c", "d"}) {
    const auto lease = desk.Lease(Officer(officer), request);
    ASSERT_TRUE(lease.ok()) << lease.status();
    names.insert(lease->callback().name());
  }
  EXPECT_EQ(names.size(), 4u);
  EXPECT_TRUE(desk.Complete(Officer("a"), AllGood(*held)).ok());
}

TEST_P(CallContract, TicketServiceAwayLeavesTheCallWithItsOfficer) {
  AddTickets(10);
  DrawOf(2);
  tickets_.FailAfter(0);
  EXPECT_THAT(LeaseFor(Officer()), StatusIs(absl::StatusCode::kUnavailable));
  tickets_.Heal();
  const auto lease = LeaseFor(Officer());
  ASSERT_TRUE(lease.ok());
  EXPECT_TRUE(desk_.Complete(Officer(), AllGood(*lease)).ok());
}

TEST_P(CallContract, ConveyedWordsReachTheTicketOnce) {
  AddTickets(10);
  DrawOf(1);
  v1::CompleteCallbackRequest request = AllGood(*LeaseFor(Officer()));
  request.mutable_items()->set_solved(v1::ANSWER_NO);
  request.set_convey_text("希望法官当面解释");
  request.set_reopen_ticket(true);
  const auto done = desk_.Complete(Officer(), request);
  ASSERT_TRUE(done.ok());
  const TakeResult due = convey_queue_.Take(10, absl::Minutes(1)).value();
  ASSERT_EQ(due.leases.size(), 1u);
  tickets_.FailAfter(1);  // the words arrive, the reopening does not
  EXPECT_THAT(convey_worker_.Work(due.leases[0]),
              StatusIs(absl::StatusCode::kUnavailable));
  tickets_.Heal();
  ASSERT_TRUE(convey_worker_.Work(due.leases[0]).ok());
  ASSERT_TRUE(convey_worker_.Work(due.leases[0]).ok());
  const auto conveyed = tickets_.conveyed();
  ASSERT_EQ(conveyed.size(), 2u);  // tried twice, as one request
  EXPECT_EQ(conveyed[0].request_id, conveyed[1].request_id);
  EXPECT_EQ(conveyed[0].text, "希望法官当面解释");
  EXPECT_EQ(tickets_.reopened().size(), 1u);
  const auto stored =
      conveyances_.Get(kCourt, IdOf(done->conveyance())).value();
  EXPECT_EQ(stored.state(), v1::Conveyance::STATE_DELIVERED);
  EXPECT_TRUE(conveyances_.Due(clock().Now(), {}, 10)->empty());
}

TEST_P(CallContract, ConveyanceThatCannotBeDeliveredSaysWhy) {
  AddTickets(10);
  DrawOf(1);
  v1::CompleteCallbackRequest request = AllGood(*LeaseFor(Officer()));
  request.set_convey_text("谢谢");
  const auto done = desk_.Complete(Officer(), request);
  tickets_.SetVerdict(absl::NotFoundError("gone"));
  Lease lease;
  lease.task_id = done->conveyance();
  ASSERT_TRUE(convey_worker_.Work(lease).ok());
  const auto stored =
      conveyances_.Get(kCourt, IdOf(done->conveyance())).value();
  EXPECT_EQ(stored.state(), v1::Conveyance::STATE_FAILED);
  EXPECT_EQ(stored.failure(), "gone");
}

TEST_P(CallContract, HandlerIsRemindedUntilTheyAcknowledge) {
  AddTickets(10);
  DrawOf(1);
  v1::CompleteCallbackRequest request = AllGood(*LeaseFor(Officer()));
  // As long as it may be: what is put before it must fit, too.
  for (int i = 0; i < 400; ++i) {
    request.mutable_convey_text()->append("请尽快回电");
  }
  const std::string name = desk_.Complete(Officer(), request)->conveyance();
  Lease lease;
  lease.task_id = name;
  ASSERT_TRUE(convey_worker_.Work(lease).ok());
  const auto stored = [&] {
    return conveyances_.Get(kCourt, IdOf(name)).value();
  };
  for (int reminders = 1; reminders <= 2; ++reminders) {
    Advance(absl::Hours(24 * 3) - absl::Seconds(1));
    EXPECT_TRUE(conveyances_.Due(clock().Now(), {}, 10)->empty());
    Advance(absl::Seconds(1));
    EXPECT_EQ(conveyances_.Due(clock().Now(), {}, 10)->size(), 1u);
    ASSERT_TRUE(convey_worker_.Work(lease).ok());
    ASSERT_TRUE(convey_worker_.Work(lease).ok());
    EXPECT_EQ(stored().reminder_count(), reminders);
    EXPECT_EQ(tickets_.conveyed().size(), 1u + reminders);
  }
  const std::string last = tickets_.conveyed().back().text;
  EXPECT_THAT(last, HasSubstr("催办第2次"));
  EXPECT_EQ(FirstCodePoints(last, 2000), last);
  v1::ListConveyancesRequest reminded;
  reminded.set_reminded(true);
  EXPECT_EQ(conveyances_.List(kCourt, reminded, std::nullopt, 10)->size(), 1u);

  ASSERT_TRUE(db_->Write(kCourt,
                         [&](sql::Session& session) {
                           v1::Conveyance read = stored();
                           read.set_state(v1::Conveyance::STATE_ACKNOWLEDGED);
                           read.clear_next_reminder_time();
                           return ConveyanceStore::Save(session, read);
                         })
                  .ok());
  Advance(absl::Hours(24 * 30));
  EXPECT_TRUE(conveyances_.Due(clock().Now(), {}, 10)->empty());
  ASSERT_TRUE(convey_worker_.Work(lease).ok());
  EXPECT_EQ(stored().reminder_count(), 2);
}

TEST_P(CallContract, UnsolvedMatterIsTakenUpAgainWhereThePlanSaysSo) {
  AddTickets(10);
  v1::SamplingPlan plan;
  plan.set_reopen_unsolved(true);
  v1::CreateDrawRequest week = Week30(1);
  week.set_plan(AddPlan("strict", plan));
  ASSERT_TRUE(WorkOn(Create(week)).ok());
  v1::CompleteCallbackRequest request = AllGood(*LeaseFor(Officer()));
  request.mutable_items()->set_solved(v1::ANSWER_NO);
  const auto done = desk_.Complete(Officer(), request);
  ASSERT_TRUE(done.ok()) << done.status();
  Lease lease;
  lease.task_id = done->conveyance();
  ASSERT_TRUE(convey_worker_.Work(lease).ok());
  EXPECT_EQ(tickets_.reopened(), std::vector<std::string>{done->ticket()});
}

TEST_P(CallContract, RefusedReopeningIsListed) {
  AddTickets(10);
  DrawOf(2);
  for (const bool refused : {true, false}) {
    v1::CompleteCallbackRequest request = AllGood(*LeaseFor(Officer()));
    request.set_convey_text("仍未解决");
    request.set_reopen_ticket(true);
    const auto done = desk_.Complete(Officer(), request);
    if (refused) {
      tickets_.RefuseReopening(absl::FailedPreconditionError("merged"));
    } else {
      tickets_.RefuseReopening(absl::OkStatus());
    }
    Lease lease;
    lease.task_id = done->conveyance();
    ASSERT_TRUE(convey_worker_.Work(lease).ok());
  }
  v1::ListConveyancesRequest list;
  list.set_reopen_refused(true);
  const auto listed = conveyances_.List(kCourt, list, std::nullopt, 10).value();
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].reopen_failure(), "merged");
  EXPECT_EQ(listed[0].state(), v1::Conveyance::STATE_DELIVERED);
}

TEST_P(CallContract, SimulatedCallsSaySo) {
  AddTickets(10);
  DrawOf(1);
  v1::CompleteCallbackRequest request = AllGood(*LeaseFor(Officer()));
  request.set_simulated(true);
  EXPECT_TRUE(desk_.Complete(Officer(), request)->simulated());
}

INSTANTIATE_TEST_SUITE_P(
    Engines, CallContract, ::testing::ValuesIn(testing::SqlEngines()),
    testing::EngineName<::testing::TestParamInfo<std::string>>);

INSTANTIATE_TEST_SUITE_P(
    Engines, AppointedContract, ::testing::ValuesIn(testing::SqlEngines()),
    testing::EngineName<::testing::TestParamInfo<std::string>>);

}  // namespace
}  // namespace huifang::callback

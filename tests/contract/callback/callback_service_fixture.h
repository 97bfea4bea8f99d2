// The whole service on a real database of either engine, with the ticket
// service and the queues in memory and a clock moved by hand.
#ifndef HUIFANG_TESTS_CONTRACT_CALLBACK_CALLBACK_SERVICE_FIXTURE_H_
#define HUIFANG_TESTS_CONTRACT_CALLBACK_CALLBACK_SERVICE_FIXTURE_H_

#include <gtest/gtest.h>

#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "huifang/callback/v1/callback_events.pb.h"
#include "services/callback/call_desk.h"
#include "services/callback/callback_store.h"
#include "services/callback/contact_store.h"
#include "services/callback/convey_worker.h"
#include "services/callback/conveyance_store.h"
#include "services/callback/court_info.h"
#include "services/callback/draw_maker.h"
#include "services/callback/draw_office.h"
#include "services/callback/draw_store.h"
#include "services/callback/draw_worker.h"
#include "services/callback/frame_planner.h"
#include "services/callback/judge_worker.h"
#include "services/callback/plan_store.h"
#include "services/callback/reconcile.h"
#include "services/callback/schedule_worker.h"
#include "services/callback/schema.h"
#include "services/common/event_log.h"
#include "services/common/schema.h"
#include "tests/contract/callback/fake_ticket_client.h"
#include "tests/support/backends.h"
#include "tests/support/fake_lease_queue.h"
#include "tests/support/test_runtime.h"

namespace huifang::callback {

class CallbackServiceTest : public ::testing::TestWithParam<std::string> {
 protected:
  v1::CompleteCallbackRequest AllGood(const v1::LeaseCallbackResponse& lease) {
    v1::CompleteCallbackRequest request;
    request.set_name(lease.callback().name());
    request.set_lease_token(lease.lease_token());
    v1::Items& items = *request.mutable_items();
    items.set_judge_called(v1::ANSWER_YES);
    items.set_in_time(v1::ANSWER_YES);
    items.set_attitude(v1::ANSWER_YES);
    items.set_clear(v1::ANSWER_YES);
    items.set_solved(v1::ANSWER_YES);
    request.set_minutes(6);
    return request;
  }
  v1::RecordAttemptRequest Miss(const v1::LeaseCallbackResponse& lease) {
    v1::RecordAttemptRequest request;
    request.set_name(lease.callback().name());
    request.set_lease_token(lease.lease_token());
    request.set_outcome(v1::OUTCOME_NO_ANSWER);
    request.set_minutes(1);
    return request;
  }
  static constexpr char kCourt[] = "110102";
  static constexpr char kParent[] = "courts/110102";

  CallbackServiceTest() : db_(Open(testing::FreshDatabase(GetParam()))) {
    // Tuesday 2019-07-30 10:00: week 2019-W30 is over, callers may be called.
    clock().SetCourtTime(absl::CivilSecond(2019, 7, 30, 10));
    ticket::v1::Directory directory;
    AddStaff(directory, "judge-1", "team-1");
    AddStaff(directory, "judge-2", "team-2");
    AddStaff(directory, "yang", "office");
    tickets_.SetDirectory(directory);
  }

  static std::unique_ptr<sql::Database> Open(const std::string& url) {
    auto db = sql::Database::Open({.url = url}).value();
    EXPECT_TRUE(db->Migrate("common", {std::begin(kCommonMigrations),
                                       std::end(kCommonMigrations)})
                    .ok());
    EXPECT_TRUE(db->Migrate("callback",
                            {std::begin(kMigrations), std::end(kMigrations)})
                    .ok());
    return db;
  }

  static void AddStaff(ticket::v1::Directory& directory, const std::string& id,
                       const std::string& team) {
    ticket::v1::Staff& staff = *directory.add_staff();
    staff.set_name(absl::StrCat(kParent, "/staff/", id));
    staff.set_team(absl::StrCat(kParent, "/teams/", team));
  }

  // A ticket closed on Wednesday of week 2019-W30.
  ticket::v1::Ticket Ticket(int number, const std::string& division = "min-1") {
    ticket::v1::Ticket ticket;
    ticket.set_name(absl::StrFormat("%s/tickets/t-%05d", kParent, number));
    ticket.set_source_id(absl::StrCat("S", number));
    ticket.set_state(ticket::v1::Ticket::STATE_CLOSED);
    ticket.set_division(absl::StrCat(kParent, "/divisions/", division));
    ticket.set_handler(absl::StrCat(kParent, "/staff/judge-1"));
    ticket.mutable_caller()->set_phone("138****1234");
    ticket.mutable_caller()->set_caller_key(absl::StrCat("caller-", number));
    *ticket.mutable_close_time() = ToProto(
        absl::FromCivil(absl::CivilHour(2019, 7, 24, 15), CourtTimeZone()));
    return ticket;
  }
  void AddTickets(int count, const std::string& division = "min-1") {
    for (int i = 0; i < count; ++i) {
      tickets_.Add(Ticket(next_ticket_++, division));
    }
  }

  rpc::Call Officer(const std::string& staff = "yang") {
    rpc::Call call = host_.CallAs("officer", kCourt,
                                  absl::StrCat(kParent, "/staff/", staff));
    call.principal = absl::StrCat("officer-", staff);
    return call;
  }

  v1::CreateDrawRequest Week30(int size) {
    v1::CreateDrawRequest request;
    request.set_parent(kParent);
    request.set_from_date("2019-07-22");
    request.set_to_date("2019-07-28");
    request.set_size(size);
    return request;
  }
  // Stores a plan and returns its name.
  std::string AddPlan(const std::string& id, v1::SamplingPlan plan) {
    plan.set_name(absl::StrCat(kParent, "/plans/", id));
    plan.set_display_name(id);
    *plan.mutable_create_time() = ToProto(clock().Now());
    EXPECT_TRUE(db_->Write(kCourt,
                           [&](sql::Session& session) {
                             v1::SamplingPlan stored = plan;
                             return PlanStore::Insert(session, stored);
                           })
                    .ok());
    return plan.name();
  }
  v1::SamplingPlan SeededBy(v1::SamplingPlan::SeedSource source) {
    v1::SamplingPlan plan;
    plan.set_seed_source(source);
    return plan;
  }
  v1::Draw Create(const v1::CreateDrawRequest& request) {
    return office_.Create(Officer(), request).value();
  }
  // Makes room for another draw of the period.
  void Abort(const v1::Draw& draw) {
    v1::AbortDrawRequest request;
    request.set_name(draw.name());
    request.set_reason("抽样方案有误");
    EXPECT_TRUE(office_.Abort(host_.CallAs("head", kCourt), request).ok());
    EXPECT_TRUE(WorkOn(draw).ok());
  }
  // Does what the draw worker's thread would.
  absl::Status WorkOn(const v1::Draw& draw) {
    Lease lease;
    lease.task_id = DrawTaskId(kCourt, IdOf(draw.name()));
    return draw_worker_.Work(lease);
  }
  v1::Draw DrawOf(int size) {
    const v1::Draw draw = Create(Week30(size));
    EXPECT_TRUE(WorkOn(draw).ok());
    return Reload(draw);
  }
  v1::Draw Reload(const v1::Draw& draw) {
    return draws_.Get(kCourt, IdOf(draw.name())).value().draw;
  }
  std::vector<v1::Callback> Callbacks(const v1::Draw& draw) {
    v1::CallbackFilter filter;
    filter.set_draw(draw.name());
    return callbacks_.List(kCourt, filter, std::nullopt, 1000).value().rows;
  }

  absl::StatusOr<v1::LeaseCallbackResponse> LeaseFor(const rpc::Call& officer) {
    v1::LeaseCallbackRequest request;
    request.set_parent(kParent);
    return desk_.Lease(officer, request);
  }

  // Time passes for the clock and for Redis.
  void Advance(absl::Duration by) {
    clock().Advance(by);
    for (testing::FakeLeaseQueue* queue :
         {&draw_queue_, &call_queue_, &convey_queue_, &judge_queue_,
          &schedule_queue_}) {
      queue->Advance(by);
    }
  }

  std::vector<v1::CallbackEvent> Events() {
    std::map<int, std::int64_t> after;
    for (int shard = 0; shard < sql::kShardCount; ++shard) after[shard] = 0;
    std::vector<v1::CallbackEvent> events;
    const auto stored = events_.ReadAfter(after, "", 10000).value();
    for (const StoredEvent& one : stored.events) {
      EXPECT_TRUE(events.emplace_back().ParseFromString(one.payload));
    }
    return events;
  }
  int CountEvents(v1::CallbackEvent::Type type) {
    int count = 0;
    const std::vector<v1::CallbackEvent> events = Events();
    for (const auto& event : events) count += event.type() == type ? 1 : 0;
    return count;
  }

  static std::string IdOf(const std::string& name) {
    return name.substr(name.rfind('/') + 1);
  }
  testing::FakeClock& clock() { return host_.clock(); }

  testing::TestRuntime host_{"callback"};
  std::unique_ptr<sql::Database> db_;
  EventLog events_{*db_, host_.hub()};
  FakeTicketClient tickets_;
  CourtInfo courts_{tickets_, clock()};
  PlanStore plans_{*db_};
  DrawStore draws_{*db_};
  CallbackStore callbacks_{*db_};
  ConveyanceStore conveyances_{*db_};
  ContactStore contacts_{*db_};
  testing::FakeLeaseQueue draw_queue_{5, "draw"};
  testing::FakeLeaseQueue call_queue_{1000, "call"};
  testing::FakeLeaseQueue convey_queue_{20, "convey"};
  testing::FakeLeaseQueue judge_queue_{20, "judge"};
  testing::FakeLeaseQueue schedule_queue_{5, "schedule"};
  FramePlanner planner_{callbacks_, contacts_, tickets_, courts_, clock()};
  DrawMaker maker_{*db_, draws_, tickets_, planner_, clock()};
  CallDesk desk_{{*db_, draws_, callbacks_, plans_, tickets_, courts_,
                  call_queue_, convey_queue_, clock(), absl::Minutes(45)}};
  DrawOffice office_{
      {*db_, draws_, plans_, maker_, desk_, draw_queue_, clock()}};
  DrawWorker draw_worker_{maker_, callbacks_, desk_};
  ConveyWorker convey_worker_{*db_, conveyances_, tickets_, clock()};
  ScheduleWorker schedule_{plans_, office_, schedule_queue_, courts_, clock()};
  JudgeWorker judge_worker_{*db_, draws_, clock()};
  Reconciliation reconciliation_{
      *db_,      callbacks_,  conveyances_,  desk_,        office_,
      schedule_, call_queue_, convey_queue_, judge_queue_, clock()};
  int next_ticket_ = 1;
};

}  // namespace huifang::callback

#endif  // HUIFANG_TESTS_CONTRACT_CALLBACK_CALLBACK_SERVICE_FIXTURE_H_

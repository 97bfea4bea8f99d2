// Deadlines that ring, and calendars that move them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/ticket/ring_worker.h"
#include "tests/contract/ticket/ticket_service_fixture.h"
#include "tests/support/fake_lease_queue.h"

namespace huifang::ticket {
namespace {

using ::testing::SizeIs;

using DeadlineContract = TicketServiceTest;

TEST_P(DeadlineContract, DeadlineRingsOnceAndShowsOnTheTimeline) {
  const v1::Ticket ticket = Created();
  const std::string id = ticket.name().substr(ticket.name().rfind('/') + 1);
  ASSERT_OK(Dispatch(ticket.name()));
  host_.clock().Set(FromTimestamp(ticket.due_time()) + absl::Seconds(1));
  ASSERT_OK_AND_ASSIGN(const std::vector<DueRing> due,
                       store_->DueRings(host_.clock().Now(), 10));
  ASSERT_THAT(due, SizeIs(1));
  ASSERT_OK(writer_->Ring("110102", id, due[0].stage));
  const v1::Ticket after = Get(ticket.name()).value();
  EXPECT_TRUE(after.overdue());
  ASSERT_OK(writer_->Ring("110102", id, due[0].stage));
  EXPECT_EQ(Get(ticket.name())->version(), after.version());
}

// Answering, moving or importing an overdue ticket again is no news of its
// deadline.
TEST_P(DeadlineContract, ALadderThatHasRungOutStaysSilent) {
  const v1::Ticket ticket = Created();
  const std::string id = ticket.name().substr(ticket.name().rfind('/') + 1);
  host_.clock().Set(FromTimestamp(ticket.due_time()) + absl::Hours(24 * 60));
  int rings = 0;
  const auto ring_all = [&] {
    while (true) {
      const auto due = store_->DueRings(host_.clock().Now(), 10).value();
      if (due.empty()) return;
      ASSERT_OK(writer_->Ring("110102", id, due[0].stage));
      ASSERT_LT(++rings, 10);
    }
  };
  ring_all();
  const int rung = rings;
  EXPECT_GT(rung, 0);
  ASSERT_OK(Dispatch(ticket.name()));
  ring_all();
  EXPECT_EQ(rings, rung);
}

TEST_P(DeadlineContract, AnImportAgainRingsNothingAgain) {
  v1::ImportRow row = Row("a", 2);
  row.mutable_ticket()->set_state(v1::Ticket::STATE_OPEN);
  row.mutable_ticket()->clear_close_time();
  ASSERT_EQ(Import({row}).created_count(), 1);
  host_.clock().Advance(absl::Hours(24 * 60));
  int rings = 0;
  for (const auto state :
       {v1::Ticket::STATE_DISPATCHED, v1::Ticket::STATE_ACCEPTED}) {
    while (true) {
      const auto due = store_->DueRings(host_.clock().Now(), 10).value();
      if (due.empty()) break;
      ASSERT_OK(writer_->Ring("110102", due[0].ticket_id, due[0].stage));
      ASSERT_LT(++rings, 10);
    }
    EXPECT_GT(rings, 0);
    EXPECT_LT(rings, 5);
    row.mutable_ticket()->set_state(state);
    ASSERT_EQ(Import({row}).updated_count(), 1);
    EXPECT_TRUE(store_->DueRings(host_.clock().Now(), 10)->empty());
  }
}

TEST_P(DeadlineContract, AHolidayMovesDeadlinesThatHaveRungOut) {
  const v1::Ticket ticket = Created();
  const std::string id = ticket.name().substr(ticket.name().rfind('/') + 1);
  const absl::Time due_time = FromTimestamp(ticket.due_time());
  const std::string day =
      absl::FormatTime("%Y-%m-%d", due_time, CourtTimeZone());
  host_.clock().Set(due_time + absl::Hours(24 * 60));
  for (auto due = store_->DueRings(host_.clock().Now(), 10).value();
       !due.empty(); due = store_->DueRings(host_.clock().Now(), 10).value()) {
    ASSERT_OK(writer_->Ring("110102", id, due[0].stage));
  }
  v1::UpdateCalendarRequest request;
  request.set_parent(kCourt);
  auto* holiday = request.add_days();
  holiday->set_date(day);
  holiday->set_reason("本院停电检修");
  grpc::ClientContext context;
  v1::GetCalendarResponse response;
  ASSERT_OK(rpc::FromGrpcStatus(
      deadline_stub_->UpdateCalendar(&context, request, &response)));
  EXPECT_GT(FromTimestamp(Get(ticket.name())->due_time()), due_time);
}

// Many courts' deadlines end with the working day.
TEST_P(DeadlineContract, DeadlinesThatEndTogetherAreQueuedTogether) {
  constexpr int kTickets = 1200;
  std::vector<v1::ImportRow> rows;
  for (int i = 1; i <= kTickets; ++i) {
    v1::ImportRow& row = rows.emplace_back(Row(absl::StrCat("t", i), i));
    row.mutable_ticket()->set_state(v1::Ticket::STATE_OPEN);
    row.mutable_ticket()->clear_close_time();
    if (rows.size() < 400) continue;
    ASSERT_EQ(Import(rows).created_count(), 400);
    rows.clear();
  }
  host_.clock().Advance(absl::Hours(24 * 30));
  testing::FakeLeaseQueue queue(/*max_attempts=*/5);
  RingWorker worker(queue, *store_, *writer_, host_.clock(),
                    host_.runtime().metrics, /*threads=*/0);
  ASSERT_OK(worker.EnqueueSoon());
  EXPECT_EQ(queue.Stats()->due, kTickets);
}

TEST_P(DeadlineContract, CourtHolidayMovesOpenDeadlines) {
  host_.clock().SetCourtTime(absl::CivilSecond(2019, 7, 22, 9));
  const v1::Ticket ticket = Created();
  v1::UpdateCalendarRequest request;
  request.set_parent(kCourt);
  auto* day = request.add_days();
  day->set_date("2019-07-23");
  day->set_reason("本院停电检修");
  grpc::ClientContext context;
  v1::GetCalendarResponse response;
  ASSERT_OK(rpc::FromGrpcStatus(
      deadline_stub_->UpdateCalendar(&context, request, &response)));
  EXPECT_EQ(FromTimestamp(Get(ticket.name())->due_time()),
            FromTimestamp(ticket.due_time()) + absl::Hours(24));
  grpc::ClientContext explain_context;
  v1::ExplainDeadlineRequest explain;
  explain.set_ticket(ticket.name());
  v1::ExplainDeadlineResponse why;
  ASSERT_OK(rpc::FromGrpcStatus(
      deadline_stub_->ExplainDeadline(&explain_context, explain, &why)));
  bool shown = false;
  for (const auto& one : why.days()) {
    shown = shown || (one.date() == "2019-07-23" && !one.counted());
  }
  EXPECT_TRUE(shown);
}

INSTANTIATE_TEST_SUITE_P(Engines, DeadlineContract,
                         ::testing::ValuesIn(Engines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang::ticket

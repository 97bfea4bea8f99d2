#include "services/ticket/deadline_rules.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "google/protobuf/util/time_util.h"
#include "services/common/clock.h"

namespace huifang::ticket {
namespace {

absl::Time At(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M:%S", text, CourtTimeZone(), &time,
                              &error))
      << error;
  return time;
}

google::protobuf::Timestamp Stamp(const std::string& text) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(
      absl::ToUnixMicros(At(text)));
}

std::string Text(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", time, CourtTimeZone());
}

v1::DeadlinePolicy WorkingDays(int days) {
  v1::DeadlinePolicy policy;
  policy.set_working_days(days);
  policy.set_leader_after_working_days(2);
  return policy;
}

v1::DeadlinePolicy Hours(int hours) {
  v1::DeadlinePolicy policy;
  policy.set_hours(hours);
  policy.set_leader_after_working_days(2);
  return policy;
}

const WorkingCalendar& Calendar() {
  static const auto* const kCalendar =
      new WorkingCalendar(WorkingCalendar::BuiltIn());
  return *kCalendar;
}

TEST(DeadlineTest, WorkingDaysEndWithTheDayInCourtTime) {
  const absl::StatusOr<Deadline> deadline =
      ComputeDeadline(WorkingDays(1), At("2025-09-26 23:30:00"), Calendar());
  ASSERT_TRUE(deadline.ok());
  EXPECT_EQ(Text(deadline->due), "2025-09-28 23:59:59");
  EXPECT_FALSE(deadline->provisional);
}

TEST(DeadlineTest, HoursAreNaturalHours) {
  const absl::StatusOr<Deadline> deadline =
      ComputeDeadline(Hours(24), At("2025-10-01 09:00:00"), Calendar());
  ASSERT_TRUE(deadline.ok());
  EXPECT_EQ(Text(deadline->due), "2025-10-02 09:00:00");
}

TEST(DeadlineTest, UnpublishedYearIsProvisional) {
  EXPECT_TRUE(
      ComputeDeadline(WorkingDays(2), At("2026-12-31 09:00:00"), Calendar())
          ->provisional);
}

TEST(DeadlineTest, ClockRunsFromFirstDispatchElseFromCreation) {
  v1::Ticket ticket;
  *ticket.mutable_create_time() = Stamp("2026-03-02 09:00:00");
  EXPECT_EQ(Text(ClockStart(ticket)), "2026-03-02 09:00:00");
  *ticket.mutable_dispatch_time() = Stamp("2026-03-02 10:00:00");
  ticket.set_transfer_count(3);
  EXPECT_EQ(Text(ClockStart(ticket)), "2026-03-02 10:00:00");
}

TEST(PolicyTest, MostSpecificWinsAndTheCourtsOwnGoFirst) {
  v1::DeadlinePolicy any = WorkingDays(3);
  v1::DeadlinePolicy urgent = Hours(12);
  urgent.set_priority(v1::PRIORITY_URGENT);
  v1::DeadlinePolicy complaint = WorkingDays(7);
  complaint.set_kind(v1::KIND_COMPLAINT);
  v1::DeadlinePolicy both = Hours(6);
  both.set_kind(v1::KIND_COMPLAINT);
  both.set_priority(v1::PRIORITY_URGENT);
  const std::vector<v1::DeadlinePolicy> own = {any, urgent, complaint, both};
  const auto find = [&own](v1::Kind kind, v1::Priority priority) {
    return FindPolicy(own, kind, priority);
  };
  EXPECT_EQ(find(v1::KIND_COMPLAINT, v1::PRIORITY_URGENT)->hours(), 6);
  EXPECT_EQ(find(v1::KIND_COMPLAINT, v1::PRIORITY_UNSPECIFIED)->working_days(),
            7);
  EXPECT_EQ(find(v1::KIND_CONSULT, v1::PRIORITY_URGENT)->hours(), 12);
  EXPECT_EQ(find(v1::KIND_CONSULT, v1::PRIORITY_NORMAL)->working_days(), 3);
  const std::vector<v1::DeadlinePolicy> partly = {complaint};
  EXPECT_EQ(
      FindPolicy(partly, v1::KIND_CONSULT, v1::PRIORITY_NORMAL)->working_days(),
      2);
}

TEST(PolicyTest, BuiltInOnesAreSound) {
  for (const v1::DeadlinePolicy& policy : BuiltInPolicies()) {
    EXPECT_TRUE(CheckPolicy(policy).ok()) << policy.name();
  }
  EXPECT_EQ(
      FindPolicy({}, v1::KIND_COMPLAINT, v1::PRIORITY_NORMAL)->working_days(),
      5);
  EXPECT_EQ(FindPolicy({}, v1::KIND_COMPLAINT, v1::PRIORITY_URGENT)->hours(),
            24);
}

TEST(PolicyTest, LimitOutOfBoundsIsRefused) {
  EXPECT_FALSE(CheckPolicy(v1::DeadlinePolicy()).ok());
  EXPECT_FALSE(CheckPolicy(Hours(0)).ok());
  EXPECT_FALSE(CheckPolicy(Hours(8761)).ok());
  EXPECT_FALSE(CheckPolicy(WorkingDays(251)).ok());
  v1::DeadlinePolicy policy = WorkingDays(2);
  policy.set_head_after_working_days(3);
  EXPECT_FALSE(CheckPolicy(policy).ok());
  policy.set_leader_after_working_days(3);
  policy.set_warn_share(1);
  EXPECT_FALSE(CheckPolicy(policy).ok());
}

TEST(LadderTest, WarnsInsideWorkingDaysThenHeadThenLeader) {
  // Wednesday before the seven days off; the due day is Sunday 28 September's
  // make-up day plus two: the second working day after the 26th.
  const absl::Time start = At("2025-09-26 10:00:00");
  const v1::DeadlinePolicy policy = WorkingDays(2);
  const absl::Time due = ComputeDeadline(policy, start, Calendar())->due;
  EXPECT_EQ(Text(due), "2025-09-29 23:59:59");
  const absl::StatusOr<Ladder> ladder =
      ComputeLadder(policy, start, due, false, Calendar());
  ASSERT_TRUE(ladder.ok());
  EXPECT_EQ(Text(ladder->warn), "2025-09-29 12:00:00");
  EXPECT_EQ(ladder->overdue, due);
  EXPECT_EQ(ladder->head, due);
  EXPECT_EQ(Text(ladder->leader), "2025-10-09 23:59:59");
}

TEST(LadderTest, KeySupervisionTellsEarlier) {
  const absl::Time start = At("2026-03-02 10:00:00");
  const v1::DeadlinePolicy policy = Hours(24);
  const absl::Time due = start + absl::Hours(24);
  const absl::StatusOr<Ladder> ladder =
      ComputeLadder(policy, start, due, true, Calendar());
  ASSERT_TRUE(ladder.ok());
  EXPECT_EQ(ladder->warn, start + absl::Hours(12));
  EXPECT_EQ(ladder->head, ladder->warn);
  EXPECT_EQ(ladder->leader, due);
}

TEST(OverdueTest, ClosingAtTheDueTimeIsInTime) {
  const absl::Time due = At("2026-03-02 10:00:00");
  const absl::Time late = due + absl::Microseconds(1);
  EXPECT_FALSE(IsOverdue(due, due, late));
  EXPECT_TRUE(IsOverdue(due, late, due));
  EXPECT_FALSE(IsOverdue(due, std::nullopt, due));
  EXPECT_TRUE(IsOverdue(due, std::nullopt, late));
  EXPECT_FALSE(IsOverdue(std::nullopt, late, late));
}

TEST(OverdueTest, CancelledTicketIsNever) {
  v1::Ticket ticket;
  *ticket.mutable_due_time() = Stamp("2026-03-02 10:00:00");
  ticket.set_state(v1::Ticket::STATE_DISPATCHED);
  EXPECT_TRUE(IsOverdue(ticket, At("2026-03-03 10:00:00")));
  ticket.set_state(v1::Ticket::STATE_CANCELLED);
  EXPECT_FALSE(IsOverdue(ticket, At("2026-03-03 10:00:00")));
}

TEST(ExplainTest, ShowsEveryDayWithItsReason) {
  const std::vector<v1::DeadlineDay> days =
      ExplainDays(WorkingDays(3), At("2025-09-30 15:00:00"), Calendar());
  ASSERT_EQ(days.size(), 12u);
  EXPECT_EQ(days.front().date(), "2025-09-30");
  EXPECT_FALSE(days.front().counted());
  EXPECT_TRUE(absl::StrContains(days[1].reason(), "国庆节"));
  EXPECT_FALSE(days[1].counted());
  EXPECT_EQ(days.back().date(), "2025-10-11");
  EXPECT_TRUE(absl::StrContains(days.back().reason(), "调休"));
  EXPECT_EQ(days.back().count(), 3);
}

TEST(ExplainTest, SaysHowTheVerdictCameAbout) {
  v1::Ticket ticket;
  *ticket.mutable_create_time() = Stamp("2025-09-30 15:00:00");
  *ticket.mutable_dispatch_time() = Stamp("2025-09-30 15:30:00");
  *ticket.mutable_due_time() = Stamp("2025-10-11 23:59:59");
  *ticket.mutable_close_time() = Stamp("2025-10-13 08:00:00");
  ticket.set_state(v1::Ticket::STATE_CLOSED);
  const v1::DeadlinePolicy policy = WorkingDays(3);
  const absl::StatusOr<v1::ExplainDeadlineResponse> explained =
      ExplainDeadline(ticket, &policy, Calendar(), At("2025-10-14 00:00:00"));
  ASSERT_TRUE(explained.ok());
  EXPECT_TRUE(explained->overdue());
  EXPECT_EQ(explained->summary(),
            "自首次派单 2025-09-30 15:30:00 起算3个工作日，应于 2025-10-11 "
            "23:59:59 前办结；实际办结 2025-10-13 08:00:00，超期。");
  EXPECT_EQ(explained->days_size(), 12);
  EXPECT_EQ(explained->calendar_version(), "cn-2026.1");
}

TEST(ExplainTest, ImportedTargetHasNoPolicyAndNoTargetNoVerdict) {
  v1::Ticket ticket;
  *ticket.mutable_create_time() = Stamp("2015-01-01 15:00:00");
  const v1::DeadlinePolicy policy = WorkingDays(3);
  const absl::Time now = At("2026-01-01 00:00:00");
  EXPECT_EQ(ExplainDeadline(ticket, nullptr, Calendar(), now)->summary(),
            "无办理时限，不计超期。");
  *ticket.mutable_due_time() = Stamp("2015-01-02 15:00:00");
  ticket.set_due_time_imported(true);
  const absl::StatusOr<v1::ExplainDeadlineResponse> explained =
      ExplainDeadline(ticket, &policy, Calendar(), now);
  EXPECT_TRUE(explained->overdue());
  EXPECT_FALSE(explained->has_policy());
  EXPECT_EQ(explained->days_size(), 0);
}

}  // namespace
}  // namespace huifang::ticket

#include "services/ticket/deadline_rules.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "services/common/clock.h"
#include "services/common/proto_time.h"

namespace huifang::ticket {
namespace {

constexpr int kHoursMax = 8760;
constexpr int kWorkingDaysMax = 250;
constexpr double kWarnShareDefault = 0.75;
// Key supervision warns at half the limit at the latest.
constexpr double kWarnShareSupervised = 0.5;

absl::CivilDay DayOf(absl::Time time) {
  return absl::ToCivilDay(time, CourtTimeZone());
}

absl::Time StartOfDay(absl::CivilDay day) {
  return absl::FromCivil(day, CourtTimeZone());
}

absl::Time EndOfDay(absl::CivilDay day) {
  return StartOfDay(day + 1) - absl::Microseconds(1);
}

v1::DeadlinePolicy Policy(const char* id, v1::Kind kind,
                          v1::Priority priority) {
  v1::DeadlinePolicy policy;
  policy.set_name(absl::StrCat("courts/-/deadlinePolicies/", id));
  policy.set_kind(kind);
  policy.set_priority(priority);
  policy.set_head_after_working_days(0);
  policy.set_leader_after_working_days(2);
  return policy;
}

// Larger is more specific; -1 does not apply.
int Specificity(const v1::DeadlinePolicy& policy, v1::Kind kind,
                v1::Priority priority) {
  int score = 0;
  if (policy.kind() == kind && kind != v1::KIND_UNSPECIFIED) {
    score += 2;
  } else if (policy.kind() != v1::KIND_UNSPECIFIED) {
    return -1;
  }
  if (policy.priority() == priority) {
    score += 1;
  } else if (policy.priority() != v1::PRIORITY_UNSPECIFIED) {
    return -1;
  }
  return score;
}

const v1::DeadlinePolicy* MostSpecific(
    absl::Span<const v1::DeadlinePolicy> policies, v1::Kind kind,
    v1::Priority priority) {
  const v1::DeadlinePolicy* best = nullptr;
  int best_score = -1;
  for (const v1::DeadlinePolicy& policy : policies) {
    const int score = Specificity(policy, kind, priority);
    if (score > best_score) {
      best = &policy;
      best_score = score;
    }
  }
  return best;
}

double WarnShare(const v1::DeadlinePolicy& policy, bool key_supervision) {
  const double share =
      policy.warn_share() > 0 ? policy.warn_share() : kWarnShareDefault;
  return key_supervision ? std::min(share, kWarnShareSupervised) : share;
}

// `share` of the limit after `start`, inside working days when these are what
// the limit counts: 0.75 of two working days is noon of the second.
absl::StatusOr<absl::Time> WarnTime(const v1::DeadlinePolicy& policy,
                                    absl::Time start, double share,
                                    const WorkingCalendar& calendar) {
  if (policy.has_hours()) return start + share * absl::Hours(policy.hours());
  double whole = 0;
  const double part = std::modf(share * policy.working_days(), &whole);
  const absl::StatusOr<WorkingDay> day =
      calendar.AddWorkingDays(DayOf(start), static_cast<int>(whole) + 1);
  if (!day.ok()) return day.status();
  return StartOfDay(day->day) + part * absl::Hours(24);
}

// The same time of day `count` working days later.
absl::StatusOr<absl::Time> Later(absl::Time time, int count,
                                 const WorkingCalendar& calendar) {
  const absl::CivilDay from = DayOf(time);
  const absl::StatusOr<WorkingDay> day = calendar.AddWorkingDays(from, count);
  if (!day.ok()) return day.status();
  return StartOfDay(day->day) + (time - StartOfDay(from));
}

std::optional<absl::Time> CloseTime(const v1::Ticket& ticket) {
  if (!ticket.has_close_time()) return std::nullopt;
  return FromTimestamp(ticket.close_time());
}

std::string Words(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", time, CourtTimeZone());
}

std::string LimitWords(const v1::DeadlinePolicy& policy) {
  return policy.has_hours() ? absl::StrCat(policy.hours(), "小时")
                            : absl::StrCat(policy.working_days(), "个工作日");
}

std::string Summary(const v1::Ticket& ticket, const v1::DeadlinePolicy* policy,
                    absl::Time now) {
  if (!ticket.has_due_time()) return "无办理时限，不计超期。";
  std::string words;
  if (ticket.due_time_imported() || policy == nullptr) {
    words = "时限随工单导入";
  } else {
    words =
        absl::StrCat(ticket.has_dispatch_time() ? "自首次派单 " : "自受理 ",
                     Words(ClockStart(ticket)), " 起算", LimitWords(*policy));
  }
  absl::StrAppend(&words, "，应于 ", Words(FromTimestamp(ticket.due_time())),
                  " 前办结；");
  const std::optional<absl::Time> closed = CloseTime(ticket);
  const bool overdue = IsOverdue(ticket, now);
  if (closed.has_value()) {
    absl::StrAppend(&words, "实际办结 ", Words(*closed),
                    overdue ? "，超期。" : "，未超期。");
  } else {
    absl::StrAppend(&words,
                    overdue ? "至今未办结，已超期。" : "尚未办结，未超期。");
  }
  return words;
}

}  // namespace

const std::vector<v1::DeadlinePolicy>& BuiltInPolicies() {
  static const auto* const kPolicies = new std::vector<v1::DeadlinePolicy>([] {
    std::vector<v1::DeadlinePolicy> policies = {
        Policy("complaint", v1::KIND_COMPLAINT, v1::PRIORITY_NORMAL),
        Policy("suggestion", v1::KIND_SUGGESTION, v1::PRIORITY_NORMAL),
        Policy("urgent", v1::KIND_UNSPECIFIED, v1::PRIORITY_URGENT),
        Policy("default", v1::KIND_UNSPECIFIED, v1::PRIORITY_UNSPECIFIED)};
    policies[0].set_working_days(5);
    policies[1].set_working_days(10);
    policies[2].set_hours(24);
    policies[3].set_working_days(2);
    return policies;
  }());
  return *kPolicies;
}

absl::Status CheckPolicy(const v1::DeadlinePolicy& policy) {
  if (policy.has_hours() ? policy.hours() < 1 || policy.hours() > kHoursMax
                         : policy.working_days() < 1 ||
                               policy.working_days() > kWorkingDaysMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("limit must be 1 to ", kHoursMax, " hours or 1 to ",
                     kWorkingDaysMax, " working days"));
  }
  if (policy.head_after_working_days() < 0 ||
      policy.head_after_working_days() > kWorkingDaysMax ||
      policy.leader_after_working_days() < policy.head_after_working_days() ||
      policy.leader_after_working_days() > kWorkingDaysMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("head_after_working_days and leader_after_working_days "
                     "must be 0 to ",
                     kWorkingDaysMax, ", the leader's not before the head's"));
  }
  if (!(policy.warn_share() >= 0 && policy.warn_share() < 1)) {
    return absl::InvalidArgumentError("warn_share must be 0 to less than 1");
  }
  return absl::OkStatus();
}

const v1::DeadlinePolicy* FindPolicy(
    absl::Span<const v1::DeadlinePolicy> court_policies, v1::Kind kind,
    v1::Priority priority) {
  if (priority == v1::PRIORITY_UNSPECIFIED) priority = v1::PRIORITY_NORMAL;
  const v1::DeadlinePolicy* own = MostSpecific(court_policies, kind, priority);
  return own != nullptr ? own : MostSpecific(BuiltInPolicies(), kind, priority);
}

absl::StatusOr<Deadline> ComputeDeadline(const v1::DeadlinePolicy& policy,
                                         absl::Time start,
                                         const WorkingCalendar& calendar) {
  if (absl::Status status = CheckPolicy(policy); !status.ok()) return status;
  if (policy.has_hours()) {
    return Deadline{start + absl::Hours(policy.hours()), false};
  }
  const absl::StatusOr<WorkingDay> last =
      calendar.AddWorkingDays(DayOf(start), policy.working_days());
  if (!last.ok()) return last.status();
  return Deadline{EndOfDay(last->day), last->provisional};
}

absl::Time ClockStart(const v1::Ticket& ticket) {
  return FromTimestamp(ticket.has_dispatch_time() ? ticket.dispatch_time()
                                                  : ticket.create_time());
}

absl::StatusOr<Ladder> ComputeLadder(const v1::DeadlinePolicy& policy,
                                     absl::Time start, absl::Time due,
                                     bool key_supervision,
                                     const WorkingCalendar& calendar) {
  const absl::StatusOr<absl::Time> warn =
      WarnTime(policy, start, WarnShare(policy, key_supervision), calendar);
  if (!warn.ok()) return warn.status();
  Ladder ladder;
  ladder.warn = std::min(*warn, due);
  ladder.overdue = due;
  if (key_supervision) {
    ladder.head = ladder.warn;
    ladder.leader = due;
    return ladder;
  }
  const absl::StatusOr<absl::Time> head =
      Later(due, policy.head_after_working_days(), calendar);
  if (!head.ok()) return head.status();
  const absl::StatusOr<absl::Time> leader =
      Later(due, policy.leader_after_working_days(), calendar);
  if (!leader.ok()) return leader.status();
  ladder.head = *head;
  ladder.leader = *leader;
  return ladder;
}

bool IsOverdue(std::optional<absl::Time> due, std::optional<absl::Time> closed,
               absl::Time now) {
  return due.has_value() && closed.value_or(now) > *due;
}

bool IsOverdue(const v1::Ticket& ticket, absl::Time now) {
  if (ticket.state() == v1::Ticket::STATE_CANCELLED) return false;
  if (!ticket.has_due_time()) return false;
  return IsOverdue(FromTimestamp(ticket.due_time()), CloseTime(ticket), now);
}

std::vector<v1::DeadlineDay> ExplainDays(const v1::DeadlinePolicy& policy,
                                         absl::Time start,
                                         const WorkingCalendar& calendar) {
  std::vector<v1::DeadlineDay> days;
  if (policy.has_hours() || !CheckPolicy(policy).ok()) return days;
  absl::CivilDay day = DayOf(start);
  int count = 0;
  v1::DeadlineDay& first = days.emplace_back();
  first.set_date(absl::FormatCivilTime(day));
  first.set_reason("day of dispatch does not count 当日不计");
  while (count < policy.working_days()) {
    const DayVerdict verdict = calendar.Judge(++day);
    count += verdict.working ? 1 : 0;
    v1::DeadlineDay& next = days.emplace_back();
    next.set_date(absl::FormatCivilTime(day));
    next.set_counted(verdict.working);
    next.set_count(count);
    next.set_reason(verdict.why);
  }
  return days;
}

absl::StatusOr<v1::ExplainDeadlineResponse> ExplainDeadline(
    const v1::Ticket& ticket, const v1::DeadlinePolicy* policy,
    const WorkingCalendar& calendar, absl::Time now) {
  v1::ExplainDeadlineResponse response;
  const absl::Time start = ClockStart(ticket);
  *response.mutable_start_time() = ToTimestamp(start);
  if (ticket.has_due_time()) *response.mutable_due_time() = ticket.due_time();
  response.set_overdue(IsOverdue(ticket, now));
  response.set_summary(Summary(ticket, policy, now));
  if (policy == nullptr || ticket.due_time_imported()) return response;
  const absl::StatusOr<Deadline> deadline =
      ComputeDeadline(*policy, start, calendar);
  if (!deadline.ok()) return deadline.status();
  *response.mutable_policy() = *policy;
  response.set_provisional(deadline->provisional);
  response.set_calendar_version(calendar.version());
  for (v1::DeadlineDay& day : ExplainDays(*policy, start, calendar)) {
    *response.add_days() = std::move(day);
  }
  return response;
}

}  // namespace huifang::ticket

#ifndef HUIFANG_SERVICES_TICKET_DEADLINE_RULES_H_
#define HUIFANG_SERVICES_TICKET_DEADLINE_RULES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "huifang/ticket/v1/directory_service.pb.h"
#include "huifang/ticket/v1/ticket_resources.pb.h"
#include "services/ticket/calendar_rules.h"

namespace huifang::ticket {

// Policies (办理时限) of a court that has set none of its own; most specific
// first. Urgent: 24 hours. Usual: 2 working days, the limit most published
// rules give; complaints 5 and suggestions 10.
const std::vector<v1::DeadlinePolicy>& BuiltInPolicies();

// INVALID_ARGUMENT unless the limit is there and within its bounds.
absl::Status CheckPolicy(const v1::DeadlinePolicy& policy);

// The policy for a ticket: the court's own first, then the built-in ones;
// within each, kind and priority, then kind, then priority, then any. Null
// only if nothing applies. An unspecified priority is NORMAL.
const v1::DeadlinePolicy* FindPolicy(
    absl::Span<const v1::DeadlinePolicy> court_policies, v1::Kind kind,
    v1::Priority priority);

struct Deadline {
  absl::Time due;
  // A year on the way has no published calendar; `due` may still change.
  bool provisional = false;
};

// Counts from `start`: first dispatch, or creation while undispatched. Hours
// are natural hours; the n-th working day ends at its last microsecond.
absl::StatusOr<Deadline> ComputeDeadline(const v1::DeadlinePolicy& policy,
                                         absl::Time start,
                                         const WorkingCalendar& calendar);

// Where the clock of `ticket` starts: its first dispatch, else its creation.
// Transfers and returns never move it.
absl::Time ClockStart(const v1::Ticket& ticket);

// When somebody is told (提醒阶梯). Every step is at or after the one before,
// but for key supervision (重点督办), where the head is told with the warning
// and the leader at the due time.
struct Ladder {
  absl::Time warn;
  absl::Time overdue;
  absl::Time head;
  absl::Time leader;
};

absl::StatusOr<Ladder> ComputeLadder(const v1::DeadlinePolicy& policy,
                                     absl::Time start, absl::Time due,
                                     bool key_supervision,
                                     const WorkingCalendar& calendar);

// The verdict (超期): closed after the due time, or open past it at `now`.
// Closing at the due time itself is in time; no due time is never overdue.
bool IsOverdue(std::optional<absl::Time> due, std::optional<absl::Time> closed,
               absl::Time now);

// The same of a ticket's own times; an imported target counts like a computed
// one. A cancelled ticket is never overdue.
bool IsOverdue(const v1::Ticket& ticket, absl::Time now);

// The count of a limit in working days: the first day, which never counts,
// and each one up to the due day. Empty for a limit in hours.
std::vector<v1::DeadlineDay> ExplainDays(const v1::DeadlinePolicy& policy,
                                         absl::Time start,
                                         const WorkingCalendar& calendar);

// Why a ticket is or is not overdue, whole: fills everything of the response.
// `policy` is null when the due time was imported or no limit applies.
absl::StatusOr<v1::ExplainDeadlineResponse> ExplainDeadline(
    const v1::Ticket& ticket, const v1::DeadlinePolicy* policy,
    const WorkingCalendar& calendar, absl::Time now);

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_DEADLINE_RULES_H_

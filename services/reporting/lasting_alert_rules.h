// Alerts about open tickets. One lasts as long as its tickets do: later looks
// bring it up to date instead of raising another, and it closes by itself.
// Pure.
#ifndef HUIFANG_SERVICES_REPORTING_LASTING_ALERT_RULES_H_
#define HUIFANG_SERVICES_REPORTING_LASTING_ALERT_RULES_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/alert_rules.h"

namespace huifang::reporting {

// What a look knows of a ticket. A time that is not, or not yet, is in the
// infinite future.
struct WatchedTicket {
  std::string id;
  std::string number;    // as the court writes it; empty: the id
  std::string division;  // id; empty: not dispatched
  absl::Time create_time;
  absl::Time due_time = absl::InfiniteFuture();
  absl::Time warn_time = absl::InfiniteFuture();
  absl::Time close_time = absl::InfiniteFuture();
  bool cancelled = false;
  bool re_raised = false;
  std::string caller;  // equal for equal callers; empty: not known
  std::string case_number;
};

// The full name of a division; empty for an empty id.
std::string DivisionName(const std::string& court, const std::string& id);

// At most so many are listed; an alert is read by people.
inline constexpr std::size_t kMaxLinkedTickets = 200;

// Lists the tickets, in their order, with what they are at `now`.
void LinkTickets(const std::string& court, absl::Time now,
                 const std::vector<WatchedTicket>& tickets, v1::Alert& alert);

// By id.
using TicketsNow = std::map<std::string, WatchedTicket>;

// Brings an unresolved alert up to date. `tickets` has all that it lists and
// that still exist; `fired` is what its rule would raise now for the same
// series, null if nothing. With nothing fired and all its tickets settled
// (closed, cancelled, of overdue risk also moved to another division) it is
// resolved, unless it is muted: a mute is kept until it ends. False: nothing
// changed.
bool BringUpToDate(const TicketsNow& tickets, const v1::Alert* fired,
                   absl::Time now, v1::Alert& alert);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_LASTING_ALERT_RULES_H_

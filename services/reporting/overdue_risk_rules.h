// Overdue risk (超期风险): of a division's open tickets more are near or past
// their deadline than its own earlier weeks explain. docs/methods/estimates.md
// has the test. Pure.
#ifndef HUIFANG_SERVICES_REPORTING_OVERDUE_RISK_RULES_H_
#define HUIFANG_SERVICES_REPORTING_OVERDUE_RISK_RULES_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/reporting/comparison_rules.h"
#include "services/reporting/item_rules.h"
#include "services/reporting/lasting_alert_rules.h"

namespace huifang::reporting {

struct BacklogFacts {
  // Every ticket with a deadline that is open, or was at a look back; none that
  // was cancelled.
  std::vector<WatchedTicket> tickets;
  // Before it warnings were not known; infinite future: never.
  absl::Time known_since = absl::InfiniteFuture();
  const DisplayNames* names = nullptr;
};

// What is raised at `now`, at most one alert a division; "" are the tickets
// that nobody was given yet. The backlog now is held against those at the same
// weekday and hour of the weeks before. A ticket is at risk once its warning
// has rung, which is the ticket service's to say: it knows the working calendar
// and the court's share of the limit.
std::vector<v1::Alert> OverdueRisks(const std::string& court,
                                    const BacklogFacts& facts, absl::Time now,
                                    const AlertPolicy& policy);

// The chart of one division: how many were at risk of those open, a week each,
// the last one now. Weeks with no trials do not count.
v1::ControlChart RiskChart(const std::vector<Tally>& weeks, absl::Time now,
                           const RiskPolicy& policy);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_OVERDUE_RISK_RULES_H_

// Alerts (预警): which a report raises, and what may be done with one. Pure.
#ifndef HUIFANG_SERVICES_REPORTING_ALERT_RULES_H_
#define HUIFANG_SERVICES_REPORTING_ALERT_RULES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "huifang/reporting/v1/reporting_resources.pb.h"

namespace huifang::reporting {

// Overdue risk (超期风险); docs/methods/estimates.md says why these.
struct RiskPolicy {
  // Earlier weeks a backlog is held against, and the fewest of them.
  int weeks = 13;
  int min_weeks = 10;
  // Tickets at risk below which nobody is rung; each has its own ladder.
  std::int64_t min_tickets = 3;
  // Exact tail of one look, that of three sigma.
  double max_tail = 0.00135;
};

// Repeat calls (重复来电): so many tickets of one caller or case in so many
// days. No tickets: it is off.
struct RepeatPolicy {
  std::int64_t tickets = 4;
  int days = 30;
};

struct AlertPolicy {
  // How long the first role has to acknowledge before the leader is told.
  absl::Duration patience = absl::Hours(48);
  RiskPolicy risk = {};
  RepeatPolicy repeat = {};
};

// What the court's report raises: charts that alarm downwards, and divisions
// that differ downwards. Names are derived from court, period, rule, measure
// and division, so that another build raises nothing twice. Each carries its
// observations with their limits and its picture, and goes to a role: the
// head of the division, or the officer for the court as a whole.
std::vector<v1::Alert> AlertsOf(const std::string& court,
                                const v1::Report& report, absl::Time now,
                                const AlertPolicy& policy);

// Opens a new alert: its name is derived from court and `key`, and it goes to
// the head of its division, or the officer where it has none.
void OpenAlert(const std::string& court, const std::string& key, absl::Time now,
               const AlertPolicy& policy, v1::Alert& alert);

// Gives an alert the chart that fired it, its picture and its points.
void ShowChart(const v1::ControlChart& chart, v1::Alert& alert);

// What a mute holds for: rule, measure and division; of repeat calls the caller
// or case.
std::string SeriesOf(const v1::Alert& alert);

// When something happens to it by itself: it escalates, or its mute ends.
std::optional<absl::Time> DueTime(const v1::Alert& alert);

// Does what is due at `now`. False: nothing is.
bool DoDue(absl::Time now, const AlertPolicy& policy, v1::Alert& alert);

// Verbs; FAILED_PRECONDITION when the state does not allow it.
absl::Status AcknowledgeAlert(const std::string& principal, absl::Time now,
                              v1::Alert& alert);
absl::Status ResolveAlert(const std::string& principal,
                          const std::string& resolution, v1::Alert& alert);
// Until the end of `last_day`, at most a year ahead: a mute nobody remembers
// would be a broken alarm.
absl::Status MuteAlert(const std::string& principal, const std::string& reason,
                       absl::Time now, absl::CivilDay last_day,
                       v1::Alert& alert);

// A new alert of a series that is muted is born muted.
void InheritMute(const v1::Alert& muted, v1::Alert& alert);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_ALERT_RULES_H_

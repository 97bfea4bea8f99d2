// Repeat calls (重复来电): one caller or one case again and again. Pure.
#ifndef HUIFANG_SERVICES_REPORTING_REPEAT_CALL_RULES_H_
#define HUIFANG_SERVICES_REPORTING_REPEAT_CALL_RULES_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/reporting/item_rules.h"
#include "services/reporting/lasting_alert_rules.h"

namespace huifang::reporting {

// First day of the window that a look at `now` counts in.
absl::CivilDay FirstRepeatDay(absl::Time now, const RepeatPolicy& policy);

// What is raised at `now` for the tickets created in the window, cancelled ones
// left out: one alert for each case with enough of them, whoever called; and
// for each caller with enough others, of which at least one was re-raised: who
// has several matters, as counsel has, calls for each of them once. It goes to
// the head where all are of one division, else to the officer.
std::vector<v1::Alert> RepeatCalls(const std::string& court,
                                   const std::vector<WatchedTicket>& tickets,
                                   const DisplayNames& names, absl::Time now,
                                   const AlertPolicy& policy);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_REPEAT_CALL_RULES_H_

// Who may exclude a ticket from appraisals: two people, neither of whom handled
// it.
#ifndef HUIFANG_SERVICES_REPORTING_EXCLUSION_RULES_H_
#define HUIFANG_SERVICES_REPORTING_EXCLUSION_RULES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "huifang/reporting/v1/appraisal_resources.pb.h"

namespace huifang::reporting {

// Whoever calls: the principal of the token, and who of the staff it belongs
// to, if anybody.
struct Person {
  std::string principal;
  std::string staff;  // courts/{court}/staff/{staff}
};

// What is known of a ticket that is to be excluded.
struct ExcludedTicket {
  std::string name;
  std::string number;
  std::string division;  // by full name
  std::string division_display_name;
  // Who has handled it, by full name: as it is now, and as it was graded.
  std::vector<std::string> handlers;
  std::string closed_day;  // empty while it is open
};

// A new exclusion, without a name. FAILED_PRECONDITION if the person handled
// the ticket.
absl::StatusOr<v1::AppraisalExclusion> NewExclusion(
    const ExcludedTicket& ticket, const std::string& reason,
    const Person& requester, absl::Time now);

// Approves or rejects. FAILED_PRECONDITION in the wrong state, and for whoever
// asked for it or handled the ticket.
absl::Status Decide(const ExcludedTicket& ticket, const Person& decider,
                    v1::AppraisalExclusion::State decision,
                    const std::string& note, absl::Time now,
                    v1::AppraisalExclusion& exclusion);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_EXCLUSION_RULES_H_

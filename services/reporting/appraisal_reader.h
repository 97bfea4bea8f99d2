#ifndef HUIFANG_SERVICES_REPORTING_APPRAISAL_READER_H_
#define HUIFANG_SERVICES_REPORTING_APPRAISAL_READER_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/common/sql.h"
#include "services/reporting/appraisal_rules.h"
#include "services/reporting/exclusion_rules.h"

namespace huifang::reporting {

// How far the appeals against the grades of a period's tickets are, excluded
// ones too. `untold` as for AppealEnd.
absl::StatusOr<AppealStanding> ReadAppeals(sql::Session& session,
                                           const std::string& court,
                                           const Span& span, absl::Time now,
                                           absl::Duration untold);

// What a sheet is made of, but for the appeals.
absl::StatusOr<AppraisalFacts> ReadAppraisal(sql::Session& session,
                                             const std::string& court,
                                             const Span& span);

// The ticket as it is known now. NOT_FOUND if it is not.
absl::StatusOr<ExcludedTicket> ReadExcludedTicket(sql::Session& session,
                                                  const std::string& court,
                                                  const std::string& ticket);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_APPRAISAL_READER_H_

// Suggestions across departments (改进建议): who may answer what, and where the
// whole stands. Pure.
#ifndef HUIFANG_SERVICES_REPORTING_SUGGESTION_RULES_H_
#define HUIFANG_SERVICES_REPORTING_SUGGESTION_RULES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "huifang/reporting/v1/reporting_service.pb.h"
#include "services/reporting/item_rules.h"

namespace huifang::reporting {

// The suggestion as it begins: open at every department, which gets its name
// from `names`. FAILED_PRECONDITION for one the court does not have.
absl::StatusOr<v1::Suggestion> NewSuggestion(const v1::Suggestion& asked,
                                             const DisplayNames& names,
                                             const std::string& principal,
                                             absl::Time now);

// Records a department's answer. FAILED_PRECONDITION if it was not asked, or
// has answered for good.
absl::Status Respond(const v1::RespondToSuggestionRequest& request,
                     absl::Time now, v1::Suggestion& suggestion);

// The least advanced of those that did not decline; DECLINED if all did.
v1::Suggestion::State StateOf(const v1::Suggestion& suggestion);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_SUGGESTION_RULES_H_

#include <cstddef>

#include "services/common/error.h"
#include "services/reporting/validate.h"
#include "services/reporting/validate_fields.h"

namespace huifang::reporting {
namespace {

constexpr std::size_t kMaxWordsCharacters = 1000;

}  // namespace

absl::Status Validate(const v1::ListAlertsRequest& request) {
  FieldErrors errors;
  CheckUnit("division", request.division(), request.parent(), "divisions",
            errors);
  if (!request.period().empty()) CheckPeriod(request.period(), errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::AcknowledgeAlertRequest& request) {
  FieldErrors errors;
  CheckVerb(request, "alerts", errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::ResolveAlertRequest& request) {
  FieldErrors errors;
  CheckVerb(request, "alerts", errors);
  CheckWords("resolution", request.resolution(), kMaxWordsCharacters, errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::MuteAlertRequest& request) {
  FieldErrors errors;
  CheckVerb(request, "alerts", errors);
  CheckWords("reason", request.reason(), kMaxWordsCharacters, errors);
  CheckDay("until_day", request.until_day(), errors);
  return errors.ToStatus();
}

}  // namespace huifang::reporting

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/ids.h"
#include "services/common/resource_name.h"
#include "services/common/text.h"
#include "services/reporting/period_rules.h"
#include "services/reporting/validate.h"

namespace huifang::reporting {
namespace {

constexpr std::size_t kMaxWordsCharacters = 1000;

template <typename Request>
void CheckVerb(const Request& request, FieldErrors& errors) {
  if (!ParseResourceName(request.name(), "alerts").ok()) {
    errors.Add("name", "want courts/{court}/alerts/{alert}");
  }
  if (!request.request_id().empty() && !IsUuid(request.request_id())) {
    errors.Add("request_id", "must be a UUID");
  }
}

void CheckWords(const char* field, const std::string& text,
                FieldErrors& errors) {
  if (FindInvalidUtf8(text).has_value()) {
    errors.Add(field, "must be UTF-8");
  } else if (TrimText(text).empty() ||
             CodePointCount(text) > kMaxWordsCharacters) {
    errors.Add(field,
               absl::StrCat("want 1 to ", kMaxWordsCharacters, " characters"));
  }
}

}  // namespace

absl::Status Validate(const v1::ListAlertsRequest& request) {
  FieldErrors errors;
  if (!request.division().empty()) {
    const absl::StatusOr<ResourceName> division =
        ParseResourceName(request.division(), "divisions");
    if (!division.ok()) {
      errors.Add("division", "want courts/{court}/divisions/{division}");
    } else if (request.parent() != absl::StrCat("courts/", division->court)) {
      errors.Add("division", "must be of the court named by parent");
    }
  }
  if (!request.period().empty()) {
    const absl::StatusOr<Span> span = ParseSpan(request.period());
    if (!span.ok()) errors.Add("period", span.status().message());
  }
  return errors.ToStatus();
}

absl::Status Validate(const v1::AcknowledgeAlertRequest& request) {
  FieldErrors errors;
  CheckVerb(request, errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::ResolveAlertRequest& request) {
  FieldErrors errors;
  CheckVerb(request, errors);
  CheckWords("resolution", request.resolution(), errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::MuteAlertRequest& request) {
  FieldErrors errors;
  CheckVerb(request, errors);
  CheckWords("reason", request.reason(), errors);
  const absl::StatusOr<absl::CivilDay> day = ParseDay(request.until_day());
  if (!day.ok()) errors.Add("until_day", day.status().message());
  return errors.ToStatus();
}

}  // namespace huifang::reporting

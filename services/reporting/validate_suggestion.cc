#include <cstddef>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/resource_name.h"
#include "services/common/text.h"
#include "services/reporting/validate.h"
#include "services/reporting/validate_fields.h"

namespace huifang::reporting {
namespace {

constexpr std::size_t kMaxTitleCharacters = 100;
constexpr std::size_t kMaxTextCharacters = 4000;
constexpr std::size_t kMaxResponseCharacters = 1000;
constexpr int kMaxLinks = 50;

// A report, ticket or callback of the court.
void CheckSource(const std::string& field, const std::string& source,
                 const std::string& parent, FieldErrors& errors) {
  for (const char* collection : {"reports", "tickets", "callbacks"}) {
    const absl::StatusOr<ResourceName> name =
        ParseResourceName(source, collection);
    if (name.ok() && parent == absl::StrCat("courts/", name->court)) return;
  }
  errors.Add(field, "want a report, ticket or callback of the court");
}

}  // namespace

absl::Status Validate(const v1::CreateSuggestionRequest& request) {
  FieldErrors errors;
  const v1::Suggestion& suggestion = request.suggestion();
  CheckWords("suggestion.title", suggestion.title(), kMaxTitleCharacters,
             errors);
  CheckWords("suggestion.text", suggestion.text(), kMaxTextCharacters, errors);
  if (suggestion.sources_size() > kMaxLinks) {
    errors.Add("suggestion.sources", absl::StrCat("at most ", kMaxLinks));
  }
  for (int i = 0; i < suggestion.sources_size(); ++i) {
    CheckSource(absl::StrCat("suggestion.sources[", i, "]"),
                suggestion.sources(i), request.parent(), errors);
  }
  if (suggestion.departments().empty() ||
      suggestion.departments_size() > kMaxLinks) {
    errors.Add("suggestion.departments", absl::StrCat("want 1 to ", kMaxLinks));
  }
  std::set<std::string> seen;
  for (int i = 0; i < suggestion.departments_size(); ++i) {
    const std::string field =
        absl::StrCat("suggestion.departments[", i, "].division");
    const std::string& division = suggestion.departments(i).division();
    if (division.empty()) errors.Add(field, "is required");
    CheckUnit(field, division, request.parent(), "divisions", errors);
    if (!seen.insert(division).second) errors.Add(field, "is there twice");
  }
  CheckRequestId(request.request_id(), errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::ListSuggestionsRequest& request) {
  FieldErrors errors;
  CheckUnit("division", request.division(), request.parent(), "divisions",
            errors);
  if (!request.source().empty()) {
    CheckSource("source", request.source(), request.parent(), errors);
  }
  return errors.ToStatus();
}

absl::Status Validate(const v1::RespondToSuggestionRequest& request) {
  FieldErrors errors;
  CheckVerb(request, "suggestions", errors);
  CheckName("division", request.division(), "divisions", errors);
  CheckText("response", request.response(), kMaxResponseCharacters, errors);
  switch (request.state()) {
    case v1::Suggestion::STATE_ACCEPTED:
    case v1::Suggestion::STATE_DONE:
      break;
    case v1::Suggestion::STATE_DECLINED:
      if (TrimText(request.response()).empty()) {
        errors.Add("response", "say why it is declined");
      }
      break;
    default:
      errors.Add("state", "want ACCEPTED, DONE or DECLINED");
  }
  if (!request.due_day().empty()) {
    CheckDay("due_day", request.due_day(), errors);
    if (request.state() != v1::Suggestion::STATE_ACCEPTED) {
      errors.Add("due_day", "only with ACCEPTED");
    }
  }
  return errors.ToStatus();
}

}  // namespace huifang::reporting

#include "services/reporting/suggestion_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/proto_time.h"

namespace huifang::reporting {

absl::StatusOr<v1::Suggestion> NewSuggestion(const v1::Suggestion& asked,
                                             const DisplayNames& names,
                                             const std::string& principal,
                                             absl::Time now) {
  v1::Suggestion suggestion;
  suggestion.set_title(asked.title());
  suggestion.set_text(asked.text());
  *suggestion.mutable_sources() = asked.sources();
  for (const v1::Suggestion::Department& one : asked.departments()) {
    const auto name = names.find(one.division());
    if (name == names.end()) {
      return MakeError(absl::StatusCode::kFailedPrecondition,
                       "NO_SUCH_DIVISION",
                       absl::StrCat("the court has no ", one.division()));
    }
    v1::Suggestion::Department& department = *suggestion.add_departments();
    department.set_division(one.division());
    department.set_display_name(name->second);
    department.set_state(v1::Suggestion::STATE_OPEN);
  }
  suggestion.set_state(StateOf(suggestion));
  suggestion.set_creator(principal);
  *suggestion.mutable_create_time() = ToTimestamp(now);
  return suggestion;
}

absl::Status Respond(const v1::RespondToSuggestionRequest& request,
                     absl::Time now, v1::Suggestion& suggestion) {
  const auto department = std::find_if(
      suggestion.mutable_departments()->begin(),
      suggestion.mutable_departments()->end(),
      [&](const auto& one) { return one.division() == request.division(); });
  if (department == suggestion.mutable_departments()->end()) {
    return MakeError(
        absl::StatusCode::kFailedPrecondition, "NOT_ADDRESSED",
        absl::StrCat("the suggestion is not put to ", request.division()));
  }
  if (department->state() == v1::Suggestion::STATE_DONE ||
      department->state() == v1::Suggestion::STATE_DECLINED) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "SUGGESTION_SETTLED",
                     absl::StrCat(department->display_name(),
                                  " has answered for good; write a new "
                                  "suggestion"));
  }
  department->set_state(request.state());
  if (!request.response().empty()) {
    department->set_response(request.response());
  }
  if (!request.due_day().empty()) department->set_due_day(request.due_day());
  *department->mutable_update_time() = ToTimestamp(now);
  suggestion.set_state(StateOf(suggestion));
  return absl::OkStatus();
}

v1::Suggestion::State StateOf(const v1::Suggestion& suggestion) {
  // DECLINED is the last of the enum, so the smallest is the least advanced.
  v1::Suggestion::State least = v1::Suggestion::STATE_DECLINED;
  for (const v1::Suggestion::Department& one : suggestion.departments()) {
    least = std::min(least, one.state());
  }
  return least;
}

}  // namespace huifang::reporting

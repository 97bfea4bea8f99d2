#include <cstddef>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/resource_name.h"
#include "services/reporting/validate.h"
#include "services/reporting/validate_fields.h"

namespace huifang::reporting {
namespace {

using Names = google::protobuf::RepeatedPtrField<std::string>;

constexpr std::size_t kMaxTitleCharacters = 100;
constexpr std::size_t kMaxRuleCharacters = 100;
constexpr std::size_t kMaxReasonCharacters = 1000;
constexpr int kMaxRules = 20;
constexpr int kMaxDivisions = 50;
constexpr int kMaxAttendees = 200;

// At most `most` names, each once.
void CheckSet(const std::string& field, const Names& names, int most,
              FieldErrors& errors) {
  if (names.size() > most) errors.Add(field, absl::StrCat("at most ", most));
  std::set<std::string> seen;
  for (int i = 0; i < names.size(); ++i) {
    if (seen.insert(names[i]).second) continue;
    errors.Add(absl::StrCat(field, "[", i, "]"), "is there twice");
  }
}

// The same, of units of the court named by `parent`.
void CheckUnits(const std::string& field, const Names& names,
                const std::string& parent, const char* collection, int most,
                FieldErrors& errors) {
  CheckSet(field, names, most, errors);
  for (int i = 0; i < names.size(); ++i) {
    const std::string one = absl::StrCat(field, "[", i, "]");
    if (names[i].empty()) errors.Add(one, "is empty");
    CheckUnit(one, names[i], parent, collection, errors);
  }
}

}  // namespace

absl::Status Validate(const v1::CreateTrainingRequest& request) {
  FieldErrors errors;
  const v1::Training& training = request.training();
  CheckWords("training.title", training.title(), kMaxTitleCharacters, errors);
  CheckDay("training.day", training.day(), errors);
  CheckSet("training.rules", training.rules(), kMaxRules, errors);
  for (int i = 0; i < training.rules_size(); ++i) {
    CheckWords(absl::StrCat("training.rules[", i, "]"), training.rules(i),
               kMaxRuleCharacters, errors);
  }
  CheckUnits("training.divisions", training.divisions(), request.parent(),
             "divisions", kMaxDivisions, errors);
  CheckUnits("training.attendees", training.attendees(), request.parent(),
             "staff", kMaxAttendees, errors);
  CheckRequestId(request.request_id(), errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::ListTrainingsRequest& request) {
  FieldErrors errors;
  CheckUnit("division", request.division(), request.parent(), "divisions",
            errors);
  CheckText("rule", request.rule(), kMaxRuleCharacters, errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::HoldTrainingRequest& request) {
  FieldErrors errors;
  CheckVerb(request, "trainings", errors);
  if (request.attendees().empty()) errors.Add("attendees", "is required");
  const absl::StatusOr<ResourceName> name =
      ParseResourceName(request.name(), "trainings");
  if (name.ok()) {
    CheckUnits("attendees", request.attendees(),
               absl::StrCat("courts/", name->court), "staff", kMaxAttendees,
               errors);
  }
  if (!request.day().empty()) CheckDay("day", request.day(), errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::CancelTrainingRequest& request) {
  FieldErrors errors;
  CheckVerb(request, "trainings", errors);
  CheckText("reason", request.reason(), kMaxReasonCharacters, errors);
  return errors.ToStatus();
}

}  // namespace huifang::reporting

#include "services/grading/validate.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/resource_name.h"
#include "services/common/text.h"
#include "services/grading/inspection_rules.h"

namespace huifang::grading {
namespace {

constexpr int kScoresMax = 40;
constexpr int kRulesMax = 40;

// At most `most` characters of UTF-8, and at least one if `required`.
void CheckText(const std::string& field, const std::string& text,
               std::size_t most, bool required, FieldErrors& errors) {
  if (required && TrimText(text).empty()) errors.Add(field, "must be given");
  if (FindInvalidUtf8(text).has_value()) {
    errors.Add(field, "is not UTF-8");
  } else if (CodePointCount(text) > most) {
    errors.Add(field, absl::StrCat("at most ", most, " characters"));
  }
}

// A name of `collection` in the court of `parent`.
void CheckName(const std::string& field, const std::string& name,
               absl::string_view collection, const std::string& parent,
               FieldErrors& errors) {
  const absl::StatusOr<ResourceName> parsed =
      ParseResourceName(name, collection);
  if (!parsed.ok()) {
    errors.Add(field, parsed.status().message());
  } else if (parsed->court != CourtOfName(parent)) {
    errors.Add(field, "must be of the same court as the request");
  }
}

}  // namespace

absl::Status Validate(const v1::ListInspectionsRequest& request) {
  FieldErrors errors;
  if (!request.rule_id().empty() && FindRule(request.rule_id()) == nullptr) {
    errors.Add("rule_id", "is no rule");
  }
  return errors.ToStatus();
}

absl::Status Validate(const v1::PreviewInspectionRequest& request) {
  FieldErrors errors;
  CheckText("title", request.title(), 400, false, errors);
  CheckText("content", request.content(), 20000, true, errors);
  CheckText("reply", request.reply(), 20000, true, errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::LeaseReviewRequest& request) {
  FieldErrors errors;
  if (request.lease_minutes() < 0 || request.lease_minutes() > 240) {
    errors.Add("lease_minutes", "must be 0 to 240");
  }
  if (!request.reviewer().empty()) {
    CheckName("reviewer", request.reviewer(), "staff", request.parent(),
              errors);
  }
  return errors.ToStatus();
}

absl::Status Validate(const v1::SubmitGradeRequest& request) {
  FieldErrors errors;
  if (request.lease_token().empty()) errors.Add("lease_token", "must be given");
  if (request.scores_size() == 0 || request.scores_size() > kScoresMax) {
    errors.Add("scores", "one for each criterion, at most 40");
  }
  if (request.rejected_rules_size() > kRulesMax) {
    errors.Add("rejected_rules", "at most 40");
  }
  CheckText("comment", request.comment(), 2000, false, errors);
  CheckText("suggestion", request.suggestion(), 2000, false, errors);
  for (const v1::Score& score : request.scores()) {
    CheckText(absl::StrCat("scores[", score.criterion_id(), "].comment"),
              score.comment(), 500, false, errors);
  }
  return errors.ToStatus();
}

absl::Status Validate(const v1::ReleaseReviewRequest& request) {
  FieldErrors errors;
  if (request.lease_token().empty()) errors.Add("lease_token", "must be given");
  CheckText("reason", request.reason(), 500, request.recuse(), errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::CreateReviewRequest& request) {
  FieldErrors errors;
  const v1::Review& review = request.review();
  CheckName("review.ticket", review.ticket(), "tickets", request.parent(),
            errors);
  if (review.subject() != v1::SUBJECT_TICKET &&
      review.subject() != v1::SUBJECT_CALL) {
    errors.Add("review.subject", "must be a ticket or a call");
  }
  CheckText("review.recording", review.recording(), 128,
            review.subject() == v1::SUBJECT_CALL, errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::PublishRubricRequest& request) {
  FieldErrors errors;
  CheckName("rubric.name", request.rubric().name(), "rubrics", request.parent(),
            errors);
  CheckText("rubric.display_name", request.rubric().display_name(), 64, true,
            errors);
  if (request.rubric().subject() == v1::SUBJECT_UNSPECIFIED) {
    errors.Add("rubric.subject", "must be given");
  }
  return errors.ToStatus();
}

absl::Status Validate(const v1::CreateAppealRequest& request) {
  FieldErrors errors;
  CheckName("appeal.grade", request.appeal().grade(), "grades",
            request.parent(), errors);
  CheckText("appeal.grounds", request.appeal().grounds(), 2000, true, errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::SetPrecedentRequest& request) {
  FieldErrors errors;
  CheckText("note", request.note(), 2000, request.precedent(), errors);
  return errors.ToStatus();
}

}  // namespace huifang::grading

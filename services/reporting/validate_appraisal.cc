#include "services/common/error.h"
#include "services/reporting/validate.h"
#include "services/reporting/validate_fields.h"

namespace huifang::reporting {
namespace {

constexpr std::size_t kMaxReasonCharacters = 500;

}  // namespace

absl::Status Validate(const v1::CreateAppraisalRequest& request) {
  FieldErrors errors;
  CheckPeriod(request.period(), errors);
  CheckText("correction_reason", request.correction_reason(),
            kMaxReasonCharacters, errors);
  CheckRequestId(request.request_id(), errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::ListAppraisalsRequest& request) {
  FieldErrors errors;
  if (!request.period().empty()) CheckPeriod(request.period(), errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::DownloadAppraisalRequest& request) {
  FieldErrors errors;
  CheckName("name", request.name(), "appraisals", errors);
  CheckFormat(request.format(), errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::CreateAppraisalExclusionRequest& request) {
  FieldErrors errors;
  const v1::AppraisalExclusion& exclusion = request.appraisal_exclusion();
  if (exclusion.ticket().empty()) {
    errors.Add("appraisal_exclusion.ticket", "is required");
  }
  CheckUnit("appraisal_exclusion.ticket", exclusion.ticket(), request.parent(),
            "tickets", errors);
  CheckWords("appraisal_exclusion.reason", exclusion.reason(),
             kMaxReasonCharacters, errors);
  CheckRequestId(request.request_id(), errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::ApproveAppraisalExclusionRequest& request) {
  FieldErrors errors;
  CheckVerb(request, "appraisalExclusions", errors);
  CheckText("note", request.note(), kMaxReasonCharacters, errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::RejectAppraisalExclusionRequest& request) {
  FieldErrors errors;
  CheckVerb(request, "appraisalExclusions", errors);
  CheckWords("note", request.note(), kMaxReasonCharacters, errors);
  return errors.ToStatus();
}

}  // namespace huifang::reporting

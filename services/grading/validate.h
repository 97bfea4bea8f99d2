// What a request must look like before anything is looked up. Pure.
#ifndef HUIFANG_SERVICES_GRADING_VALIDATE_H_
#define HUIFANG_SERVICES_GRADING_VALIDATE_H_

#include "absl/status/status.h"
#include "huifang/grading/v1/grading_service.pb.h"

namespace huifang::grading {

// OK, or INVALID_ARGUMENT with every field at fault.
absl::Status Validate(const v1::ListInspectionsRequest& request);
absl::Status Validate(const v1::PreviewInspectionRequest& request);
absl::Status Validate(const v1::LeaseReviewRequest& request);
absl::Status Validate(const v1::SubmitGradeRequest& request);
absl::Status Validate(const v1::ReleaseReviewRequest& request);
absl::Status Validate(const v1::CreateReviewRequest& request);
absl::Status Validate(const v1::PublishRubricRequest& request);
absl::Status Validate(const v1::CreateAppealRequest& request);
absl::Status Validate(const v1::SetPrecedentRequest& request);

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_VALIDATE_H_

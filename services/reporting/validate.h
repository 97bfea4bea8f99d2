#ifndef HUIFANG_SERVICES_REPORTING_VALIDATE_H_
#define HUIFANG_SERVICES_REPORTING_VALIDATE_H_

#include "absl/status/status.h"
#include "huifang/reporting/v1/appraisal_service.pb.h"
#include "huifang/reporting/v1/reporting_service.pb.h"

namespace huifang::reporting {

// Each names every field at fault: INVALID_ARGUMENT with a BadRequest.
absl::Status Validate(const v1::BuildReportRequest& request);
absl::Status Validate(const v1::BatchBuildReportsRequest& request);
absl::Status Validate(const v1::ListReportsRequest& request);
absl::Status Validate(const v1::UpdateReportRequest& request);
absl::Status Validate(const v1::ReviewReportRequest& request);
absl::Status Validate(const v1::ApproveReportRequest& request);
absl::Status Validate(const v1::DeliverReportRequest& request);
absl::Status Validate(const v1::AcknowledgeReportRequest& request);
absl::Status Validate(const v1::DownloadReportRequest& request);
absl::Status Validate(const v1::ListAlertsRequest& request);
absl::Status Validate(const v1::AcknowledgeAlertRequest& request);
absl::Status Validate(const v1::ResolveAlertRequest& request);
absl::Status Validate(const v1::MuteAlertRequest& request);
absl::Status Validate(const v1::CreateSuggestionRequest& request);
absl::Status Validate(const v1::ListSuggestionsRequest& request);
absl::Status Validate(const v1::RespondToSuggestionRequest& request);
absl::Status Validate(const v1::CreateTrainingRequest& request);
absl::Status Validate(const v1::ListTrainingsRequest& request);
absl::Status Validate(const v1::HoldTrainingRequest& request);
absl::Status Validate(const v1::CancelTrainingRequest& request);
absl::Status Validate(const v1::ListSupervisionsRequest& request);
absl::Status Validate(const v1::QueryStatisticsRequest& request);
absl::Status Validate(const v1::CreateAppraisalRequest& request);
absl::Status Validate(const v1::ListAppraisalsRequest& request);
absl::Status Validate(const v1::DownloadAppraisalRequest& request);
absl::Status Validate(const v1::CreateAppraisalExclusionRequest& request);
absl::Status Validate(const v1::ApproveAppraisalExclusionRequest& request);
absl::Status Validate(const v1::RejectAppraisalExclusionRequest& request);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_VALIDATE_H_

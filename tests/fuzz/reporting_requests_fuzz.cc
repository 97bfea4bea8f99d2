// Every request the reporting service validates.
#include "services/reporting/validate.h"
#include "services/reporting/validate_timeline.h"
#include "tests/fuzz/requests.h"

namespace huifang::reporting {
namespace {

template <typename Message>
fuzz::Request Plain() {
  return fuzz::Of<Message>(
      [](const Message& request) { return Validate(request); });
}

}  // namespace
}  // namespace huifang::reporting

const std::vector<huifang::fuzz::Request>& huifang::fuzz::AllRequests() {
  using namespace huifang::reporting;
  static const std::vector<Request> kAll = {
      Plain<v1::BuildReportRequest>(),
      Plain<v1::BatchBuildReportsRequest>(),
      Plain<v1::ListReportsRequest>(),
      Plain<v1::UpdateReportRequest>(),
      Plain<v1::ReviewReportRequest>(),
      Plain<v1::ApproveReportRequest>(),
      Plain<v1::DeliverReportRequest>(),
      Plain<v1::AcknowledgeReportRequest>(),
      Plain<v1::DownloadReportRequest>(),
      Plain<v1::ListAlertsRequest>(),
      Plain<v1::AcknowledgeAlertRequest>(),
      Plain<v1::ResolveAlertRequest>(),
      Plain<v1::MuteAlertRequest>(),
      Plain<v1::CreateSuggestionRequest>(),
      Plain<v1::ListSuggestionsRequest>(),
      Plain<v1::RespondToSuggestionRequest>(),
      Plain<v1::CreateTrainingRequest>(),
      Plain<v1::ListTrainingsRequest>(),
      Plain<v1::HoldTrainingRequest>(),
      Plain<v1::CancelTrainingRequest>(),
      Plain<v1::ListSupervisionsRequest>(),
      Plain<v1::ListTicketEntriesRequest>(),
      Plain<v1::QueryStatisticsRequest>(),
      Plain<v1::CreateAppraisalRequest>(),
      Plain<v1::ListAppraisalsRequest>(),
      Plain<v1::DownloadAppraisalRequest>(),
      Plain<v1::CreateAppraisalExclusionRequest>(),
      Plain<v1::ApproveAppraisalExclusionRequest>(),
      Plain<v1::RejectAppraisalExclusionRequest>(),
  };
  return kAll;
}

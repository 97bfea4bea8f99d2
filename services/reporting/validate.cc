#include "services/reporting/validate.h"

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/reporting/period_rules.h"
#include "services/reporting/validate_fields.h"

namespace huifang::reporting {
namespace {

constexpr std::size_t kMaxTextCharacters = 2000;
constexpr std::size_t kMaxAcknowledgementCharacters = 1000;
constexpr std::size_t kMaxCorrectionCharacters = 500;
constexpr int kMaxStatisticsDays = 366;
constexpr int kMaxDimensions = 2;

template <typename Request>
absl::Status ValidateVerb(const Request& request) {
  FieldErrors errors;
  CheckVerb(request, "reports", errors);
  return errors.ToStatus();
}

}  // namespace

absl::Status Validate(const v1::BuildReportRequest& request) {
  FieldErrors errors;
  CheckPeriod(request.period(), errors);
  CheckUnit("division", request.division(), request.parent(), "divisions",
            errors);
  CheckText("correction_reason", request.correction_reason(),
            kMaxCorrectionCharacters, errors);
  CheckRequestId(request.request_id(), errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::BatchBuildReportsRequest& request) {
  FieldErrors errors;
  CheckPeriod(request.period(), errors);
  CheckText("correction_reason", request.correction_reason(),
            kMaxCorrectionCharacters, errors);
  CheckRequestId(request.request_id(), errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::ListReportsRequest& request) {
  FieldErrors errors;
  if (!request.period().empty()) CheckPeriod(request.period(), errors);
  CheckUnit("division", request.division(), request.parent(), "divisions",
            errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::UpdateReportRequest& request) {
  FieldErrors errors;
  CheckName("report.name", request.report().name(), "reports", errors);
  for (const std::string& path : request.update_mask().paths()) {
    if (path != "answers" && path != "items") {
      errors.Add("update_mask", "only answers and items can be edited");
    }
  }
  for (int i = 0; i < request.report().answers_size(); ++i) {
    CheckText(absl::StrCat("report.answers[", i, "].answer"),
              request.report().answers(i).answer(), kMaxTextCharacters, errors);
  }
  for (int i = 0; i < request.report().items_size(); ++i) {
    const v1::Item& item = request.report().items(i);
    CheckText(absl::StrCat("report.items[", i, "].problem"), item.problem(),
              kMaxTextCharacters, errors);
    CheckText(absl::StrCat("report.items[", i, "].suggestion"),
              item.suggestion(), kMaxTextCharacters, errors);
  }
  CheckRequestId(request.request_id(), errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::ReviewReportRequest& request) {
  return ValidateVerb(request);
}

absl::Status Validate(const v1::ApproveReportRequest& request) {
  return ValidateVerb(request);
}

absl::Status Validate(const v1::DeliverReportRequest& request) {
  return ValidateVerb(request);
}

absl::Status Validate(const v1::AcknowledgeReportRequest& request) {
  FieldErrors errors;
  CheckVerb(request, "reports", errors);
  CheckText("acknowledgement", request.acknowledgement(),
            kMaxAcknowledgementCharacters, errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::DownloadReportRequest& request) {
  FieldErrors errors;
  CheckName("name", request.name(), "reports", errors);
  CheckFormat(request.format(), errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::ListSupervisionsRequest& request) {
  FieldErrors errors;
  CheckUnit("division", request.division(), request.parent(), "divisions",
            errors);
  return errors.ToStatus();
}

absl::Status Validate(const v1::QueryStatisticsRequest& request) {
  FieldErrors errors;
  const absl::StatusOr<absl::CivilDay> start = ParseDay(request.start_day());
  const absl::StatusOr<absl::CivilDay> end = ParseDay(request.end_day());
  if (!start.ok()) errors.Add("start_day", start.status().message());
  if (!end.ok()) errors.Add("end_day", end.status().message());
  if (start.ok() && end.ok()) {
    if (*end < *start) {
      errors.Add("end_day", "must not be before start_day");
    } else if (*end - *start >= kMaxStatisticsDays) {
      errors.Add("end_day", "at most 366 days after start_day");
    }
  }
  if (request.group_by_size() > kMaxDimensions) {
    errors.Add("group_by", "at most two dimensions");
  }
  for (const int dimension : request.group_by()) {
    if (!v1::QueryStatisticsRequest::Dimension_IsValid(dimension) ||
        dimension == v1::QueryStatisticsRequest::DIMENSION_UNSPECIFIED) {
      errors.Add("group_by", "unknown dimension");
    }
  }
  if (request.measures_size() > v1::Measure_ARRAYSIZE) {
    errors.Add("measures", "each at most once");
  }
  for (const int measure : request.measures()) {
    if (!v1::Measure_IsValid(measure) || measure == v1::MEASURE_UNSPECIFIED) {
      errors.Add("measures", "unknown measure");
      break;
    }
  }
  CheckUnit("division", request.division(), request.parent(), "divisions",
            errors);
  CheckUnit("team", request.team(), request.parent(), "teams", errors);
  CheckUnit("handler", request.handler(), request.parent(), "staff", errors);
  return errors.ToStatus();
}

}  // namespace huifang::reporting

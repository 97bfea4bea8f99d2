#ifndef HUIFANG_SERVICES_REPORTING_REPORT_WRITER_H_
#define HUIFANG_SERVICES_REPORTING_REPORT_WRITER_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "huifang/reporting/v1/reporting_events.pb.h"
#include "huifang/reporting/v1/reporting_service.pb.h"
#include "services/common/clock.h"
#include "services/common/request_log.h"
#include "services/common/sql.h"
#include "services/reporting/agreement_lines.h"
#include "services/reporting/alert_rules.h"
#include "services/reporting/change_once.h"
#include "services/reporting/report_rules.h"
#include "services/reporting/report_store.h"

namespace huifang::reporting {

// Everything that changes a report: state, event and request id in one
// transaction. Thread safe.
class ReportWriter {
 public:
  ReportWriter(sql::Database& db, Clock& clock, FigurePolicy policy,
               AlertPolicy alerts = {}, AgreementReader agreement = nullptr)
      : db_(db),
        clock_(clock),
        policy_(std::move(policy)),
        alerts_(alerts),
        agreement_(std::move(agreement)) {}

  absl::StatusOr<v1::Report> Request(const std::string& court,
                                     const std::string& principal,
                                     const RequestKey& key,
                                     const v1::BuildReportRequest& request);
  // The court's report and one for each division with tickets.
  absl::StatusOr<v1::BatchBuildReportsResponse> RequestAll(
      const std::string& court, const std::string& principal,
      const RequestKey& key, const v1::BatchBuildReportsRequest& request);

  // Builds a BUILDING report from the facts and stores it READY. Does nothing
  // to a report in another state. Any number may try; one of them stores. A
  // court's report raises its alerts.
  absl::Status Build(const std::string& court, const std::string& id);
  // Gives a BUILDING report up.
  absl::Status Fail(const std::string& court, const std::string& id,
                    const std::string& reason);

  absl::StatusOr<v1::Report> Change(
      const Verb& verb, v1::ReportEvent::Type event,
      const google::protobuf::Message& request,
      absl::FunctionRef<absl::Status(v1::Report&)> change);

 private:
  void AddAgreement(const std::string& court, v1::Report& report) const;
  absl::StatusOr<v1::Report> InsertNew(sql::Session& session,
                                       const std::string& court,
                                       const std::string& principal,
                                       const Span& span,
                                       const std::string& division,
                                       const std::string& correction_reason,
                                       const std::string& id, absl::Time now);

  sql::Database& db_;
  Clock& clock_;
  const FigurePolicy policy_;
  const AlertPolicy alerts_;
  const AgreementReader agreement_;  // may be empty: nothing is asked
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_REPORT_WRITER_H_

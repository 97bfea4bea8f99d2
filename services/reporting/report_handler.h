#ifndef HUIFANG_SERVICES_REPORTING_REPORT_HANDLER_H_
#define HUIFANG_SERVICES_REPORTING_REPORT_HANDLER_H_

#include "huifang/reporting/v1/reporting_service.grpc.pb.h"
#include "services/common/event_log.h"
#include "services/common/rpc.h"
#include "services/reporting/build_worker.h"
#include "services/reporting/report_store.h"
#include "services/reporting/report_writer.h"
#include "services/reporting/template_set.h"

namespace huifang::reporting {

// Speaks gRPC for reports: admits, validates, one call inward.
class ReportHandler final : public v1::ReportService::CallbackService {
 public:
  ReportHandler(rpc::Runtime& runtime, ReportStore& store, ReportWriter& writer,
                BuildWorker& builds, EventLog& events,
                const TemplateSet& templates)
      : runtime_(runtime),
        store_(store),
        writer_(writer),
        builds_(builds),
        events_(events),
        templates_(templates) {}

  using Context = grpc::CallbackServerContext;
  grpc::ServerUnaryReactor* BuildReport(Context* context,
                                        const v1::BuildReportRequest* request,
                                        v1::Report* response) override;
  grpc::ServerUnaryReactor* BatchBuildReports(
      Context* context, const v1::BatchBuildReportsRequest* request,
      v1::BatchBuildReportsResponse* response) override;
  grpc::ServerUnaryReactor* GetReport(Context* context,
                                      const v1::GetReportRequest* request,
                                      v1::Report* response) override;
  grpc::ServerUnaryReactor* ListReports(
      Context* context, const v1::ListReportsRequest* request,
      v1::ListReportsResponse* response) override;
  grpc::ServerUnaryReactor* UpdateReport(Context* context,
                                         const v1::UpdateReportRequest* request,
                                         v1::Report* response) override;
  grpc::ServerUnaryReactor* ReviewReport(Context* context,
                                         const v1::ReviewReportRequest* request,
                                         v1::Report* response) override;
  grpc::ServerUnaryReactor* ApproveReport(
      Context* context, const v1::ApproveReportRequest* request,
      v1::Report* response) override;
  grpc::ServerUnaryReactor* DeliverReport(
      Context* context, const v1::DeliverReportRequest* request,
      v1::Report* response) override;
  grpc::ServerUnaryReactor* AcknowledgeReport(
      Context* context, const v1::AcknowledgeReportRequest* request,
      v1::Report* response) override;
  grpc::ServerWriteReactor<v1::DownloadReportResponse>* DownloadReport(
      Context* context, const v1::DownloadReportRequest* request) override;
  grpc::ServerWriteReactor<v1::WatchReportsResponse>* WatchReports(
      Context* context, const v1::WatchReportsRequest* request) override;

 private:
  rpc::Runtime& runtime_;
  ReportStore& store_;
  ReportWriter& writer_;
  BuildWorker& builds_;
  EventLog& events_;
  const TemplateSet& templates_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_REPORT_HANDLER_H_

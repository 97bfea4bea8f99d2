#include "services/reporting/report_handler.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "services/common/error.h"
#include "services/common/resource_name.h"
#include "services/common/rpc_stream.h"
#include "services/common/status_macros.h"
#include "services/common/watch_source.h"
#include "services/reporting/file_source.h"
#include "services/reporting/report_file.h"
#include "services/reporting/report_state_rules.h"
#include "services/reporting/validate.h"
#include "services/reporting/verb_of.h"

namespace huifang::reporting {
namespace {

constexpr char kReaders[] = "admin officer head leader handler service";
constexpr rpc::Method kBuild{"BuildReport", "parent",
                             "admin officer head leader service"};
constexpr rpc::Method kBatchBuild{"BatchBuildReports", "parent",
                                  "admin officer leader service"};
constexpr rpc::Method kGet{"GetReport", "name", kReaders};
constexpr rpc::Method kList{"ListReports", "parent", kReaders};
constexpr rpc::Method kUpdate{"UpdateReport", "report.name", "admin officer"};
constexpr rpc::Method kReview{"ReviewReport", "name",
                              "admin officer head leader"};
constexpr rpc::Method kApprove{"ApproveReport", "name", "admin head leader"};
constexpr rpc::Method kDeliver{"DeliverReport", "name",
                               "admin officer leader service"};
constexpr rpc::Method kAcknowledge{"AcknowledgeReport", "name", "admin head"};
constexpr rpc::Method kDownload{"DownloadReport", "name", kReaders,
                                absl::Seconds(60)};
constexpr rpc::Method kWatch{"WatchReports",      "parent",
                             "admin service",     absl::Hours(24 * 365),
                             /*all_courts=*/true,
                             /*watch=*/true};

// The verbs differ only in what they do to the report.
template <typename Request>
absl::StatusOr<v1::Report> RunVerb(
    ReportWriter& writer, const rpc::Method& method, const rpc::Call& call,
    const Request& request, v1::ReportEvent::Type event,
    absl::FunctionRef<absl::Status(v1::Report&)> change) {
  ASSIGN_OR_RETURN(const Verb verb, VerbOf(method, call, "reports", request));
  return writer.Change(verb, event, request, change);
}

}  // namespace

grpc::ServerUnaryReactor* ReportHandler::BuildReport(
    Context* context, const v1::BuildReportRequest* request,
    v1::Report* response) {
  return rpc::RunUnary(
      runtime_, context, kBuild, request, response,
      [this](const rpc::Call& call, const v1::BuildReportRequest& asked)
          -> absl::StatusOr<v1::Report> {
        RETURN_IF_ERROR(Validate(asked));
        ASSIGN_OR_RETURN(
            v1::Report report,
            writer_.Request(call.court, call.principal,
                            {call.court, kBuild.name, asked.request_id()},
                            asked));
        builds_.Enqueue({report.name()});
        return report;
      });
}

grpc::ServerUnaryReactor* ReportHandler::BatchBuildReports(
    Context* context, const v1::BatchBuildReportsRequest* request,
    v1::BatchBuildReportsResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kBatchBuild, request, response,
      [this](const rpc::Call& call, const v1::BatchBuildReportsRequest& asked)
          -> absl::StatusOr<v1::BatchBuildReportsResponse> {
        RETURN_IF_ERROR(Validate(asked));
        ASSIGN_OR_RETURN(
            v1::BatchBuildReportsResponse batch,
            writer_.RequestAll(
                call.court, call.principal,
                {call.court, kBatchBuild.name, asked.request_id()}, asked));
        std::vector<std::string> names;
        for (const v1::Report& report : batch.reports()) {
          names.push_back(report.name());
        }
        builds_.Enqueue(names);
        return batch;
      });
}

grpc::ServerUnaryReactor* ReportHandler::GetReport(
    Context* context, const v1::GetReportRequest* request,
    v1::Report* response) {
  return rpc::RunUnary(
      runtime_, context, kGet, request, response,
      [this](const rpc::Call& call,
             const v1::GetReportRequest& asked) -> absl::StatusOr<v1::Report> {
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(asked.name(), "reports"));
        ASSIGN_OR_RETURN(v1::Report report, store_.Get(call.court, name.id));
        RETURN_IF_ERROR(CheckReader(call.role, report));
        return report;
      });
}

grpc::ServerUnaryReactor* ReportHandler::ListReports(
    Context* context, const v1::ListReportsRequest* request,
    v1::ListReportsResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kList, request, response,
      [this](const rpc::Call& call, const v1::ListReportsRequest& asked)
          -> absl::StatusOr<v1::ListReportsResponse> {
        RETURN_IF_ERROR(Validate(asked));
        ASSIGN_OR_RETURN(const PageStart start, StartPage(asked));
        ASSIGN_OR_RETURN(
            std::vector<v1::Report> reports,
            store_.List(call.court, asked, start.cursor, start.size + 1));
        v1::ListReportsResponse page;
        const bool more = reports.size() > static_cast<std::size_t>(start.size);
        if (more) reports.pop_back();
        if (more) {
          page.set_next_page_token(
              NextPage(start, ReportStore::CursorOf(reports.back())));
        }
        for (v1::Report& report : reports) {
          if (!CheckReader(call.role, report).ok()) continue;
          Outline(report);
          *page.add_reports() = std::move(report);
        }
        return page;
      });
}

grpc::ServerUnaryReactor* ReportHandler::UpdateReport(
    Context* context, const v1::UpdateReportRequest* request,
    v1::Report* response) {
  return rpc::RunUnary(
      runtime_, context, kUpdate, request, response,
      [this](const rpc::Call& call, const v1::UpdateReportRequest& asked)
          -> absl::StatusOr<v1::Report> {
        RETURN_IF_ERROR(Validate(asked));
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(asked.report().name(), "reports"));
        return writer_.Change(
            {call.court,
             name.id,
             asked.report().etag(),
             {call.court, kUpdate.name, asked.request_id()}},
            v1::ReportEvent::TYPE_UPDATED, asked,
            [&](v1::Report& report) { return Edit(asked, report); });
      });
}

grpc::ServerUnaryReactor* ReportHandler::ReviewReport(
    Context* context, const v1::ReviewReportRequest* request,
    v1::Report* response) {
  return rpc::RunUnary(
      runtime_, context, kReview, request, response,
      [this](const rpc::Call& call, const v1::ReviewReportRequest& asked) {
        return RunVerb(writer_, kReview, call, asked,
                       v1::ReportEvent::TYPE_REVIEWED, [&](v1::Report& report) {
                         return Review(call.principal, runtime_.clock.Now(),
                                       report);
                       });
      });
}

grpc::ServerUnaryReactor* ReportHandler::ApproveReport(
    Context* context, const v1::ApproveReportRequest* request,
    v1::Report* response) {
  return rpc::RunUnary(
      runtime_, context, kApprove, request, response,
      [this](const rpc::Call& call, const v1::ApproveReportRequest& asked) {
        return RunVerb(writer_, kApprove, call, asked,
                       v1::ReportEvent::TYPE_APPROVED, [&](v1::Report& report) {
                         return Approve(call.principal, runtime_.clock.Now(),
                                        report);
                       });
      });
}

grpc::ServerUnaryReactor* ReportHandler::DeliverReport(
    Context* context, const v1::DeliverReportRequest* request,
    v1::Report* response) {
  return rpc::RunUnary(
      runtime_, context, kDeliver, request, response,
      [this](const rpc::Call& call, const v1::DeliverReportRequest& asked) {
        return RunVerb(writer_, kDeliver, call, asked,
                       v1::ReportEvent::TYPE_DELIVERED,
                       [&](v1::Report& report) {
                         return Deliver(runtime_.clock.Now(), report);
                       });
      });
}

grpc::ServerUnaryReactor* ReportHandler::AcknowledgeReport(
    Context* context, const v1::AcknowledgeReportRequest* request,
    v1::Report* response) {
  return rpc::RunUnary(
      runtime_, context, kAcknowledge, request, response,
      [this](const rpc::Call& call, const v1::AcknowledgeReportRequest& asked) {
        return RunVerb(
            writer_, kAcknowledge, call, asked,
            v1::ReportEvent::TYPE_ACKNOWLEDGED, [&](v1::Report& report) {
              return Acknowledge(call.principal, asked.acknowledgement(),
                                 runtime_.clock.Now(), report);
            });
      });
}

grpc::ServerWriteReactor<v1::DownloadReportResponse>*
ReportHandler::DownloadReport(Context* context,
                              const v1::DownloadReportRequest* request) {
  using Source = rpc::Source<v1::DownloadReportResponse>;
  return rpc::RunStream<v1::DownloadReportResponse>(
      runtime_, context, kDownload, request,
      [this](const rpc::Call& call, const v1::DownloadReportRequest& asked)
          -> absl::StatusOr<std::unique_ptr<Source>> {
        RETURN_IF_ERROR(Validate(asked));
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(asked.name(), "reports"));
        ASSIGN_OR_RETURN(const v1::Report report,
                         store_.Get(call.court, name.id));
        RETURN_IF_ERROR(CheckReader(call.role, report));
        RETURN_IF_ERROR(CheckReadable(report));
        ASSIGN_OR_RETURN(ReportFile file,
                         RenderFile(report, asked.format(),
                                    ParseLocale(asked.locale()), templates_));
        return std::unique_ptr<Source>(
            std::make_unique<FileSource<v1::DownloadReportResponse>>(
                std::move(file)));
      });
}

grpc::ServerWriteReactor<v1::WatchReportsResponse>* ReportHandler::WatchReports(
    Context* context, const v1::WatchReportsRequest* request) {
  return rpc::RunStream<v1::WatchReportsResponse>(
      runtime_, context, kWatch, request,
      [this](const rpc::Call& call, const v1::WatchReportsRequest& asked) {
        return WatchSource<v1::WatchReportsResponse>::Create(
            events_, runtime_.clock, call.court, asked.resume_token(),
            asked.shards());
      });
}

}  // namespace huifang::reporting

#include "services/reporting/roll_up_handler.h"

#include <memory>
#include <utility>

#include "services/common/error.h"
#include "services/common/resource_name.h"
#include "services/common/rpc_stream.h"
#include "services/common/status_macros.h"
#include "services/reporting/file_source.h"
#include "services/reporting/roll_up_file.h"

namespace huifang::reporting {
namespace {

constexpr rpc::Method kFigures{"GetCourtFigures", "name",
                               "admin officer head leader service"};
constexpr rpc::Method kGet{"GetRollUp", "name", "admin officer leader service",
                           absl::Seconds(60)};
constexpr rpc::Method kDownload{"DownloadRollUp", "name",
                                "admin officer leader service",
                                absl::Seconds(60)};

// The period that a name ends with.
absl::StatusOr<Span> SpanOfName(const std::string& name,
                                absl::string_view collection) {
  ASSIGN_OR_RETURN(const ResourceName parsed,
                   ParseResourceName(name, collection));
  return ParseSpan(parsed.id);
}

}  // namespace

grpc::ServerUnaryReactor* RollUpHandler::GetCourtFigures(
    Context* context, const v1::GetCourtFiguresRequest* request,
    v1::CourtFigures* response) {
  return rpc::RunUnary(
      runtime_, context, kFigures, request, response,
      [this](const rpc::Call& call, const v1::GetCourtFiguresRequest& asked)
          -> absl::StatusOr<v1::CourtFigures> {
        ASSIGN_OR_RETURN(const Span span,
                         SpanOfName(asked.name(), "courtFigures"));
        return reader_.Figures(call.court, span);
      });
}

grpc::ServerUnaryReactor* RollUpHandler::GetRollUp(
    Context* context, const v1::GetRollUpRequest* request,
    v1::RollUp* response) {
  return rpc::RunUnary(
      runtime_, context, kGet, request, response,
      [this](const rpc::Call& call,
             const v1::GetRollUpRequest& asked) -> absl::StatusOr<v1::RollUp> {
        ASSIGN_OR_RETURN(const Span span, SpanOfName(asked.name(), "rollUps"));
        return reader_.Read(call.court, span);
      });
}

grpc::ServerWriteReactor<v1::DownloadRollUpResponse>*
RollUpHandler::DownloadRollUp(Context* context,
                              const v1::DownloadRollUpRequest* request) {
  using Source = rpc::Source<v1::DownloadRollUpResponse>;
  return rpc::RunStream<v1::DownloadRollUpResponse>(
      runtime_, context, kDownload, request,
      [this](const rpc::Call& call, const v1::DownloadRollUpRequest& asked)
          -> absl::StatusOr<std::unique_ptr<Source>> {
        ASSIGN_OR_RETURN(const Span span, SpanOfName(asked.name(), "rollUps"));
        ASSIGN_OR_RETURN(const v1::RollUp roll_up,
                         reader_.Read(call.court, span));
        ASSIGN_OR_RETURN(ReportFile file,
                         RenderFile(roll_up, asked.format(),
                                    ParseLocale(asked.locale()), templates_));
        return std::unique_ptr<Source>(
            std::make_unique<FileSource<v1::DownloadRollUpResponse>>(
                std::move(file)));
      });
}

}  // namespace huifang::reporting

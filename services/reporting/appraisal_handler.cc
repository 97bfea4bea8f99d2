#include "services/reporting/appraisal_handler.h"

#include <memory>
#include <utility>
#include <vector>

#include "services/common/resource_name.h"
#include "services/common/rpc_stream.h"
#include "services/common/status_macros.h"
#include "services/reporting/appraisal_correction.h"
#include "services/reporting/appraisal_file.h"
#include "services/reporting/file_source.h"
#include "services/reporting/validate.h"
#include "services/reporting/verb_of.h"

namespace huifang::reporting {
namespace {

// A sheet judges people by name: not for every handler's eyes.
constexpr char kReaders[] = "admin officer head leader service";
constexpr rpc::Method kCreate{"CreateAppraisal", "parent",
                              "admin officer leader service"};
constexpr rpc::Method kGet{"GetAppraisal", "name", kReaders};
constexpr rpc::Method kList{"ListAppraisals", "parent", kReaders};
constexpr rpc::Method kDownload{"DownloadAppraisal", "name", kReaders,
                                absl::Seconds(60)};
constexpr rpc::Method kExclude{"CreateAppraisalExclusion", "parent",
                               "admin officer head leader"};
constexpr rpc::Method kGetExclusion{"GetAppraisalExclusion", "name", kReaders};
constexpr rpc::Method kListExclusions{"ListAppraisalExclusions", "parent",
                                      kReaders};
constexpr rpc::Method kApprove{"ApproveAppraisalExclusion", "name",
                               "admin head leader"};
constexpr rpc::Method kReject{"RejectAppraisalExclusion", "name",
                              "admin head leader"};

Person PersonOf(const rpc::Call& call) { return {call.principal, call.staff}; }

}  // namespace

grpc::ServerUnaryReactor* AppraisalHandler::CreateAppraisal(
    Context* context, const v1::CreateAppraisalRequest* request,
    v1::Appraisal* response) {
  return rpc::RunUnary(
      runtime_, context, kCreate, request, response,
      [this](const rpc::Call& call, const v1::CreateAppraisalRequest& asked)
          -> absl::StatusOr<v1::Appraisal> {
        RETURN_IF_ERROR(Validate(asked));
        return writer_.Create(call.court, call.principal,
                              {call.court, kCreate.name, asked.request_id()},
                              asked);
      });
}

grpc::ServerUnaryReactor* AppraisalHandler::GetAppraisal(
    Context* context, const v1::GetAppraisalRequest* request,
    v1::Appraisal* response) {
  return rpc::RunUnary(
      runtime_, context, kGet, request, response,
      [this](const rpc::Call& call, const v1::GetAppraisalRequest& asked)
          -> absl::StatusOr<v1::Appraisal> {
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(asked.name(), "appraisals"));
        return sheets_.Get(call.court, name.id);
      });
}

grpc::ServerUnaryReactor* AppraisalHandler::ListAppraisals(
    Context* context, const v1::ListAppraisalsRequest* request,
    v1::ListAppraisalsResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kList, request, response,
      [this](const rpc::Call& call, const v1::ListAppraisalsRequest& asked)
          -> absl::StatusOr<v1::ListAppraisalsResponse> {
        RETURN_IF_ERROR(Validate(asked));
        ASSIGN_OR_RETURN(const PageStart start, StartPage(asked));
        ASSIGN_OR_RETURN(
            std::vector<v1::Appraisal> sheets,
            sheets_.List(call.court, asked, start.cursor, start.size + 1));
        v1::ListAppraisalsResponse page;
        if (sheets.size() > static_cast<std::size_t>(start.size)) {
          sheets.pop_back();
          page.set_next_page_token(
              NextPage(start, AppraisalStore::CursorOf(sheets.back())));
        }
        for (v1::Appraisal& sheet : sheets) {
          Outline(sheet);
          *page.add_appraisals() = std::move(sheet);
        }
        return page;
      });
}

grpc::ServerWriteReactor<v1::DownloadAppraisalResponse>*
AppraisalHandler::DownloadAppraisal(
    Context* context, const v1::DownloadAppraisalRequest* request) {
  using Source = rpc::Source<v1::DownloadAppraisalResponse>;
  return rpc::RunStream<v1::DownloadAppraisalResponse>(
      runtime_, context, kDownload, request,
      [this](const rpc::Call& call, const v1::DownloadAppraisalRequest& asked)
          -> absl::StatusOr<std::unique_ptr<Source>> {
        RETURN_IF_ERROR(Validate(asked));
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(asked.name(), "appraisals"));
        ASSIGN_OR_RETURN(const v1::Appraisal sheet,
                         sheets_.Get(call.court, name.id));
        ASSIGN_OR_RETURN(
            ReportFile file,
            RenderAppraisal(sheet, asked.format(), ParseLocale(asked.locale()),
                            templates_));
        return std::unique_ptr<Source>(
            std::make_unique<FileSource<v1::DownloadAppraisalResponse>>(
                std::move(file)));
      });
}

grpc::ServerUnaryReactor* AppraisalHandler::CreateAppraisalExclusion(
    Context* context, const v1::CreateAppraisalExclusionRequest* request,
    v1::AppraisalExclusion* response) {
  return rpc::RunUnary(runtime_, context, kExclude, request, response,
                       [this](const rpc::Call& call,
                              const v1::CreateAppraisalExclusionRequest& asked)
                           -> absl::StatusOr<v1::AppraisalExclusion> {
                         RETURN_IF_ERROR(Validate(asked));
                         return writer_.Exclude(
                             call.court, PersonOf(call),
                             {call.court, kExclude.name, asked.request_id()},
                             asked);
                       });
}

grpc::ServerUnaryReactor* AppraisalHandler::GetAppraisalExclusion(
    Context* context, const v1::GetAppraisalExclusionRequest* request,
    v1::AppraisalExclusion* response) {
  return rpc::RunUnary(
      runtime_, context, kGetExclusion, request, response,
      [this](const rpc::Call& call,
             const v1::GetAppraisalExclusionRequest& asked)
          -> absl::StatusOr<v1::AppraisalExclusion> {
        ASSIGN_OR_RETURN(
            const ResourceName name,
            ParseResourceName(asked.name(), "appraisalExclusions"));
        return exclusions_.Get(call.court, name.id);
      });
}

grpc::ServerUnaryReactor* AppraisalHandler::ListAppraisalExclusions(
    Context* context, const v1::ListAppraisalExclusionsRequest* request,
    v1::ListAppraisalExclusionsResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kListExclusions, request, response,
      [this](const rpc::Call& call,
             const v1::ListAppraisalExclusionsRequest& asked)
          -> absl::StatusOr<v1::ListAppraisalExclusionsResponse> {
        ASSIGN_OR_RETURN(const PageStart start, StartPage(asked));
        ASSIGN_OR_RETURN(
            std::vector<v1::AppraisalExclusion> exclusions,
            exclusions_.List(call.court, asked, start.cursor, start.size + 1));
        v1::ListAppraisalExclusionsResponse page;
        if (exclusions.size() > static_cast<std::size_t>(start.size)) {
          exclusions.pop_back();
          page.set_next_page_token(
              NextPage(start, ExclusionStore::CursorOf(exclusions.back())));
        }
        for (v1::AppraisalExclusion& exclusion : exclusions) {
          *page.add_appraisal_exclusions() = std::move(exclusion);
        }
        return page;
      });
}

grpc::ServerUnaryReactor* AppraisalHandler::ApproveAppraisalExclusion(
    Context* context, const v1::ApproveAppraisalExclusionRequest* request,
    v1::AppraisalExclusion* response) {
  return rpc::RunUnary(
      runtime_, context, kApprove, request, response,
      [this](const rpc::Call& call,
             const v1::ApproveAppraisalExclusionRequest& asked)
          -> absl::StatusOr<v1::AppraisalExclusion> {
        ASSIGN_OR_RETURN(const Verb verb,
                         VerbOf(kApprove, call, "appraisalExclusions", asked));
        return writer_.DecideExclusion(verb, PersonOf(call),
                                       v1::AppraisalExclusion::STATE_APPROVED,
                                       asked.note(), asked);
      });
}

grpc::ServerUnaryReactor* AppraisalHandler::RejectAppraisalExclusion(
    Context* context, const v1::RejectAppraisalExclusionRequest* request,
    v1::AppraisalExclusion* response) {
  return rpc::RunUnary(
      runtime_, context, kReject, request, response,
      [this](const rpc::Call& call,
             const v1::RejectAppraisalExclusionRequest& asked)
          -> absl::StatusOr<v1::AppraisalExclusion> {
        ASSIGN_OR_RETURN(const Verb verb,
                         VerbOf(kReject, call, "appraisalExclusions", asked));
        return writer_.DecideExclusion(verb, PersonOf(call),
                                       v1::AppraisalExclusion::STATE_REJECTED,
                                       asked.note(), asked);
      });
}

}  // namespace huifang::reporting

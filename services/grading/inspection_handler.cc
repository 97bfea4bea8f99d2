#include "services/grading/inspection_handler.h"

#include <utility>

#include "services/common/request_log.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/grading/page.h"
#include "services/grading/validate.h"

namespace huifang::grading {
namespace {

constexpr char kReaders[] = "admin officer head leader handler service";

constexpr rpc::Method kGet{"GetInspection", "name", kReaders};
constexpr rpc::Method kList{"ListInspections", "parent", kReaders};
constexpr rpc::Method kReinspect{"ReinspectTicket", "name", "admin officer"};
constexpr rpc::Method kPreview{"PreviewInspection", "parent",
                               "admin officer head leader handler agent "
                               "service"};
constexpr rpc::Method kModel{"GetRelevanceModel", "name", "admin officer"};

}  // namespace

grpc::ServerUnaryReactor* InspectionHandler::GetInspection(
    grpc::CallbackServerContext* context,
    const v1::GetInspectionRequest* request, v1::Inspection* response) {
  return rpc::RunUnary(
      runtime_, context, kGet, request, response,
      [this](const rpc::Call&, const v1::GetInspectionRequest& r)
          -> absl::StatusOr<v1::Inspection> {
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(r.name(), "inspections"));
        return inspections_.Get(name.court, name.id);
      });
}

grpc::ServerUnaryReactor* InspectionHandler::ListInspections(
    grpc::CallbackServerContext* context,
    const v1::ListInspectionsRequest* request,
    v1::ListInspectionsResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kList, request, response,
      [this](const rpc::Call& call, const v1::ListInspectionsRequest& r)
          -> absl::StatusOr<v1::ListInspectionsResponse> {
        RETURN_IF_ERROR(Validate(r));
        ASSIGN_OR_RETURN(const PageStart page,
                         StartPage(r, kPageDefault, kPageMax));
        ASSIGN_OR_RETURN(
            std::vector<v1::Inspection> rows,
            inspections_.List(r, call.court, page.cursor, page.size));
        v1::ListInspectionsResponse page_of_rows;
        page_of_rows.set_next_page_token(CutPage(
            page, rows,
            [](const v1::Inspection& row) { return row.closed_time(); }));
        for (v1::Inspection& row : rows) {
          *page_of_rows.add_inspections() = std::move(row);
        }
        return page_of_rows;
      });
}

grpc::ServerUnaryReactor* InspectionHandler::ReinspectTicket(
    grpc::CallbackServerContext* context,
    const v1::ReinspectTicketRequest* request, v1::Inspection* response) {
  return rpc::RunUnary(
      runtime_, context, kReinspect, request, response,
      [this](const rpc::Call&, const v1::ReinspectTicketRequest& r)
          -> absl::StatusOr<v1::Inspection> {
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(r.name(), "inspections"));
        v1::Inspection inspection;
        const auto again = [&](sql::Session& session) -> absl::Status {
          ASSIGN_OR_RETURN(inspection, InspectionStore::Reinspect(
                                           session, name.court, name.id));
          return absl::OkStatus();
        };
        RETURN_IF_ERROR(db_.Write(name.court, [&](sql::Session& session) {
          inspection.Clear();
          return RunOnce(session,
                         {name.court, "ReinspectTicket", r.request_id()},
                         runtime_.clock.Now(), r, inspection,
                         [&] { return again(session); });
        }));
        queue_.Enqueue(name.court, {name.id});
        return inspection;
      });
}

grpc::ServerUnaryReactor* InspectionHandler::PreviewInspection(
    grpc::CallbackServerContext* context,
    const v1::PreviewInspectionRequest* request, v1::Inspection* response) {
  return rpc::RunUnary(
      runtime_, context, kPreview, request, response,
      [this](const rpc::Call&, const v1::PreviewInspectionRequest& r)
          -> absl::StatusOr<v1::Inspection> {
        RETURN_IF_ERROR(Validate(r));
        return worker_.Preview(r);
      });
}

grpc::ServerUnaryReactor* InspectionHandler::GetRelevanceModel(
    grpc::CallbackServerContext* context,
    const v1::GetRelevanceModelRequest* request, v1::RelevanceModel* response) {
  return rpc::RunUnary(
      runtime_, context, kModel, request, response,
      [this](const rpc::Call& call, const v1::GetRelevanceModelRequest&)
          -> absl::StatusOr<v1::RelevanceModel> {
        return models_.Describe(call.court);
      });
}

}  // namespace huifang::grading

#include "services/grading/appeal_handler.h"

#include <utility>

#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/grading/appeal_store.h"
#include "services/grading/page.h"
#include "services/grading/validate.h"

namespace huifang::grading {
namespace {

constexpr rpc::Method kCreate{"CreateAppeal", "parent", "admin handler head"};
constexpr rpc::Method kWithdraw{"WithdrawAppeal", "name", "admin handler head"};
constexpr rpc::Method kPrecedent{"SetPrecedent", "name", "admin leader"};
constexpr char kReaders[] = "admin officer handler head leader service";
constexpr rpc::Method kGet{"GetAppeal", "name", kReaders};
constexpr rpc::Method kList{"ListAppeals", "parent", kReaders};

Actor ActorOf(const rpc::Call& call) {
  return {call.principal, call.staff, call.role};
}

}  // namespace

grpc::ServerUnaryReactor* AppealHandler::CreateAppeal(
    grpc::CallbackServerContext* context,
    const v1::CreateAppealRequest* request, v1::Appeal* response) {
  return rpc::RunUnary(
      runtime_, context, kCreate, request, response,
      [this](const rpc::Call& call,
             const v1::CreateAppealRequest& r) -> absl::StatusOr<v1::Appeal> {
        RETURN_IF_ERROR(Validate(r));
        return desk_.Appeal(r, ActorOf(call));
      });
}

grpc::ServerUnaryReactor* AppealHandler::WithdrawAppeal(
    grpc::CallbackServerContext* context,
    const v1::WithdrawAppealRequest* request, v1::Appeal* response) {
  return rpc::RunUnary(
      runtime_, context, kWithdraw, request, response,
      [this](const rpc::Call& call,
             const v1::WithdrawAppealRequest& r) -> absl::StatusOr<v1::Appeal> {
        return desk_.WithdrawAppeal(r, ActorOf(call));
      });
}

grpc::ServerUnaryReactor* AppealHandler::SetPrecedent(
    grpc::CallbackServerContext* context,
    const v1::SetPrecedentRequest* request, v1::Appeal* response) {
  return rpc::RunUnary(
      runtime_, context, kPrecedent, request, response,
      [this](const rpc::Call&,
             const v1::SetPrecedentRequest& r) -> absl::StatusOr<v1::Appeal> {
        RETURN_IF_ERROR(Validate(r));
        return desk_.SetPrecedent(r);
      });
}

grpc::ServerUnaryReactor* AppealHandler::GetAppeal(
    grpc::CallbackServerContext* context, const v1::GetAppealRequest* request,
    v1::Appeal* response) {
  return rpc::RunUnary(
      runtime_, context, kGet, request, response,
      [this](const rpc::Call&,
             const v1::GetAppealRequest& r) -> absl::StatusOr<v1::Appeal> {
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(r.name(), "appeals"));
        v1::Appeal appeal;
        RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
          ASSIGN_OR_RETURN(appeal,
                           AppealStore::Get(session, name.court, name.id));
          return absl::OkStatus();
        }));
        return appeal;
      });
}

grpc::ServerUnaryReactor* AppealHandler::ListAppeals(
    grpc::CallbackServerContext* context, const v1::ListAppealsRequest* request,
    v1::ListAppealsResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kList, request, response,
      [this](const rpc::Call& call, const v1::ListAppealsRequest& r)
          -> absl::StatusOr<v1::ListAppealsResponse> {
        ASSIGN_OR_RETURN(const PageStart page,
                         StartPage(r, kPageDefault, kPageMax));
        std::vector<v1::Appeal> rows;
        RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
          ASSIGN_OR_RETURN(rows, AppealStore::List(session, r, call.court,
                                                   page.cursor, page.size));
          return absl::OkStatus();
        }));
        v1::ListAppealsResponse page_of_rows;
        page_of_rows.set_next_page_token(
            CutPage(page, rows,
                    [](const v1::Appeal& row) { return row.create_time(); }));
        for (v1::Appeal& row : rows) {
          *page_of_rows.add_appeals() = std::move(row);
        }
        return page_of_rows;
      });
}

}  // namespace huifang::grading

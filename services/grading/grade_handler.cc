#include "services/grading/grade_handler.h"

#include <utility>

#include "services/common/resource_name.h"
#include "services/common/rpc_stream.h"
#include "services/common/status_macros.h"
#include "services/common/watch_source.h"
#include "services/grading/agreement_figures.h"
#include "services/grading/grade_store.h"
#include "services/grading/page.h"

namespace huifang::grading {
namespace {

constexpr char kReaders[] = "admin officer handler head leader service";
constexpr rpc::Method kGet{"GetGrade", "name", kReaders};
constexpr rpc::Method kList{"ListGrades", "parent", kReaders};
constexpr rpc::Method kAgreement{"GetAgreement", "parent",
                                 "admin officer leader service"};
constexpr rpc::Method kWatch{"WatchGrades",       "parent",
                             "service admin",     absl::Hours(24 * 365),
                             /*all_courts=*/true,
                             /*watch=*/true};

}  // namespace

grpc::ServerUnaryReactor* GradeHandler::GetGrade(
    grpc::CallbackServerContext* context, const v1::GetGradeRequest* request,
    v1::Grade* response) {
  return rpc::RunUnary(
      runtime_, context, kGet, request, response,
      [this](const rpc::Call&,
             const v1::GetGradeRequest& r) -> absl::StatusOr<v1::Grade> {
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(r.name(), "grades"));
        v1::Grade grade;
        RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
          ASSIGN_OR_RETURN(grade,
                           GradeStore::Get(session, name.court, name.id));
          return absl::OkStatus();
        }));
        return grade;
      });
}

grpc::ServerUnaryReactor* GradeHandler::ListGrades(
    grpc::CallbackServerContext* context, const v1::ListGradesRequest* request,
    v1::ListGradesResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kList, request, response,
      [this](const rpc::Call& call, const v1::ListGradesRequest& r)
          -> absl::StatusOr<v1::ListGradesResponse> {
        ASSIGN_OR_RETURN(const PageStart page,
                         StartPage(r, kPageDefault, kPageMax));
        std::vector<v1::Grade> rows;
        RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
          ASSIGN_OR_RETURN(rows, GradeStore::List(session, r, call.court,
                                                  page.cursor, page.size));
          return absl::OkStatus();
        }));
        v1::ListGradesResponse page_of_rows;
        page_of_rows.set_next_page_token(
            CutPage(page, rows,
                    [](const v1::Grade& row) { return row.create_time(); }));
        for (v1::Grade& row : rows) {
          *page_of_rows.add_grades() = std::move(row);
        }
        return page_of_rows;
      });
}

grpc::ServerUnaryReactor* GradeHandler::GetAgreement(
    grpc::CallbackServerContext* context,
    const v1::GetAgreementRequest* request, v1::Agreement* response) {
  return rpc::RunUnary(
      runtime_, context, kAgreement, request, response,
      [this](const rpc::Call& call, const v1::GetAgreementRequest& r)
          -> absl::StatusOr<v1::Agreement> {
        std::vector<std::pair<int, int>> pairs;
        RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
          ASSIGN_OR_RETURN(pairs,
                           GradeStore::AgreementPairs(session, r, call.court));
          return absl::OkStatus();
        }));
        return AgreementOf(pairs);
      });
}

grpc::ServerWriteReactor<v1::WatchGradesResponse>* GradeHandler::WatchGrades(
    grpc::CallbackServerContext* context,
    const v1::WatchGradesRequest* request) {
  return rpc::RunStream<v1::WatchGradesResponse>(
      runtime_, context, kWatch, request,
      [this](const rpc::Call& call, const v1::WatchGradesRequest& r) {
        return WatchSource<v1::WatchGradesResponse>::Create(
            events_, runtime_.clock, call.court, r.resume_token(), r.shards());
      });
}

}  // namespace huifang::grading

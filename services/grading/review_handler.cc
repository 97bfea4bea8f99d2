#include "services/grading/review_handler.h"

#include <utility>

#include "services/common/error.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/grading/page.h"
#include "services/grading/review_store.h"
#include "services/grading/validate.h"

namespace huifang::grading {
namespace {

constexpr char kReviewers[] = "admin officer service";

constexpr rpc::Method kLease{"LeaseReview", "parent", kReviewers};
constexpr rpc::Method kSubmit{"SubmitGrade", "name", kReviewers};
constexpr rpc::Method kRelease{"ReleaseReview", "name", kReviewers};
constexpr rpc::Method kCreate{"CreateReview", "parent", "admin officer leader"};
constexpr rpc::Method kGet{"GetReview", "name", "admin officer leader service"};
constexpr rpc::Method kList{"ListReviews", "parent",
                            "admin officer leader service"};

Actor ActorOf(const rpc::Call& call) {
  return {call.principal, call.staff, call.role};
}

// Only programs and administrators act for somebody else.
absl::Status CheckReviewer(const rpc::Call& call,
                           const v1::LeaseReviewRequest& request) {
  if (request.reviewer().empty() || request.reviewer() == call.staff ||
      call.role == "service" || call.role == "admin") {
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kPermissionDenied, "NOT_YOUR_NAME",
                   "reviewer: you lease reviews for yourself only");
}

}  // namespace

grpc::ServerUnaryReactor* ReviewHandler::LeaseReview(
    grpc::CallbackServerContext* context, const v1::LeaseReviewRequest* request,
    v1::LeaseReviewResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kLease, request, response,
      [this](const rpc::Call& call, const v1::LeaseReviewRequest& r)
          -> absl::StatusOr<v1::LeaseReviewResponse> {
        RETURN_IF_ERROR(Validate(r));
        RETURN_IF_ERROR(CheckReviewer(call, r));
        return desk_.Lease(r, ActorOf(call));
      });
}

grpc::ServerUnaryReactor* ReviewHandler::SubmitGrade(
    grpc::CallbackServerContext* context, const v1::SubmitGradeRequest* request,
    v1::Grade* response) {
  return rpc::RunUnary(
      runtime_, context, kSubmit, request, response,
      [this](const rpc::Call&,
             const v1::SubmitGradeRequest& r) -> absl::StatusOr<v1::Grade> {
        RETURN_IF_ERROR(Validate(r));
        return desk_.Submit(r);
      });
}

grpc::ServerUnaryReactor* ReviewHandler::ReleaseReview(
    grpc::CallbackServerContext* context,
    const v1::ReleaseReviewRequest* request, v1::Review* response) {
  return rpc::RunUnary(
      runtime_, context, kRelease, request, response,
      [this](const rpc::Call&,
             const v1::ReleaseReviewRequest& r) -> absl::StatusOr<v1::Review> {
        RETURN_IF_ERROR(Validate(r));
        return desk_.Release(r);
      });
}

grpc::ServerUnaryReactor* ReviewHandler::CreateReview(
    grpc::CallbackServerContext* context,
    const v1::CreateReviewRequest* request, v1::Review* response) {
  return rpc::RunUnary(
      runtime_, context, kCreate, request, response,
      [this](const rpc::Call&,
             const v1::CreateReviewRequest& r) -> absl::StatusOr<v1::Review> {
        RETURN_IF_ERROR(Validate(r));
        return desk_.Create(r);
      });
}

grpc::ServerUnaryReactor* ReviewHandler::GetReview(
    grpc::CallbackServerContext* context, const v1::GetReviewRequest* request,
    v1::Review* response) {
  return rpc::RunUnary(
      runtime_, context, kGet, request, response,
      [this](const rpc::Call&,
             const v1::GetReviewRequest& r) -> absl::StatusOr<v1::Review> {
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(r.name(), "reviews"));
        v1::Review review;
        RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
          ASSIGN_OR_RETURN(ReviewRow row,
                           ReviewStore::Find(session, name.court, name.id));
          review = std::move(row.review);
          return absl::OkStatus();
        }));
        return review;
      });
}

grpc::ServerUnaryReactor* ReviewHandler::ListReviews(
    grpc::CallbackServerContext* context, const v1::ListReviewsRequest* request,
    v1::ListReviewsResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kList, request, response,
      [this](const rpc::Call& call, const v1::ListReviewsRequest& r)
          -> absl::StatusOr<v1::ListReviewsResponse> {
        ASSIGN_OR_RETURN(const PageStart page,
                         StartPage(r, kPageDefault, kPageMax));
        std::vector<v1::Review> rows;
        RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
          ASSIGN_OR_RETURN(rows, ReviewStore::List(session, r, call.court,
                                                   page.cursor, page.size));
          return absl::OkStatus();
        }));
        v1::ListReviewsResponse page_of_rows;
        page_of_rows.set_next_page_token(
            CutPage(page, rows,
                    [](const v1::Review& row) { return row.create_time(); }));
        for (v1::Review& row : rows) {
          *page_of_rows.add_reviews() = std::move(row);
        }
        return page_of_rows;
      });
}

}  // namespace huifang::grading

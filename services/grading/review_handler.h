#ifndef HUIFANG_SERVICES_GRADING_REVIEW_HANDLER_H_
#define HUIFANG_SERVICES_GRADING_REVIEW_HANDLER_H_

#include "huifang/grading/v1/grading_service.grpc.pb.h"
#include "services/common/rpc.h"
#include "services/common/sql.h"
#include "services/grading/review_desk.h"

namespace huifang::grading {

class ReviewHandler final : public v1::ReviewService::CallbackService {
 public:
  ReviewHandler(rpc::Runtime& runtime, sql::Database& db, ReviewDesk& desk)
      : runtime_(runtime), db_(db), desk_(desk) {}

  grpc::ServerUnaryReactor* LeaseReview(
      grpc::CallbackServerContext* context,
      const v1::LeaseReviewRequest* request,
      v1::LeaseReviewResponse* response) override;
  grpc::ServerUnaryReactor* SubmitGrade(grpc::CallbackServerContext* context,
                                        const v1::SubmitGradeRequest* request,
                                        v1::Grade* response) override;
  grpc::ServerUnaryReactor* ReleaseReview(
      grpc::CallbackServerContext* context,
      const v1::ReleaseReviewRequest* request, v1::Review* response) override;
  grpc::ServerUnaryReactor* CreateReview(grpc::CallbackServerContext* context,
                                         const v1::CreateReviewRequest* request,
                                         v1::Review* response) override;
  grpc::ServerUnaryReactor* GetReview(grpc::CallbackServerContext* context,
                                      const v1::GetReviewRequest* request,
                                      v1::Review* response) override;
  grpc::ServerUnaryReactor* ListReviews(
      grpc::CallbackServerContext* context,
      const v1::ListReviewsRequest* request,
      v1::ListReviewsResponse* response) override;

 private:
  rpc::Runtime& runtime_;
  sql::Database& db_;
  ReviewDesk& desk_;
};

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_REVIEW_HANDLER_H_

#ifndef HUIFANG_SERVICES_GRADING_APPEAL_HANDLER_H_
#define HUIFANG_SERVICES_GRADING_APPEAL_HANDLER_H_

#include "huifang/grading/v1/grading_service.grpc.pb.h"
#include "services/common/rpc.h"
#include "services/common/sql.h"
#include "services/grading/review_desk.h"

namespace huifang::grading {

class AppealHandler final : public v1::AppealService::CallbackService {
 public:
  AppealHandler(rpc::Runtime& runtime, sql::Database& db, ReviewDesk& desk)
      : runtime_(runtime), db_(db), desk_(desk) {}

  grpc::ServerUnaryReactor* CreateAppeal(grpc::CallbackServerContext* context,
                                         const v1::CreateAppealRequest* request,
                                         v1::Appeal* response) override;
  grpc::ServerUnaryReactor* WithdrawAppeal(
      grpc::CallbackServerContext* context,
      const v1::WithdrawAppealRequest* request, v1::Appeal* response) override;
  grpc::ServerUnaryReactor* SetPrecedent(grpc::CallbackServerContext* context,
                                         const v1::SetPrecedentRequest* request,
                                         v1::Appeal* response) override;
  grpc::ServerUnaryReactor* GetAppeal(grpc::CallbackServerContext* context,
                                      const v1::GetAppealRequest* request,
                                      v1::Appeal* response) override;
  grpc::ServerUnaryReactor* ListAppeals(
      grpc::CallbackServerContext* context,
      const v1::ListAppealsRequest* request,
      v1::ListAppealsResponse* response) override;

 private:
  rpc::Runtime& runtime_;
  sql::Database& db_;
  ReviewDesk& desk_;
};

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_APPEAL_HANDLER_H_

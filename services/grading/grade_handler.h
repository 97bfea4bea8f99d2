#ifndef HUIFANG_SERVICES_GRADING_GRADE_HANDLER_H_
#define HUIFANG_SERVICES_GRADING_GRADE_HANDLER_H_

#include "huifang/grading/v1/grading_service.grpc.pb.h"
#include "services/common/event_log.h"
#include "services/common/rpc.h"
#include "services/common/sql.h"

namespace huifang::grading {

class GradeHandler final : public v1::GradeService::CallbackService {
 public:
  GradeHandler(rpc::Runtime& runtime, sql::Database& db, EventLog& events)
      : runtime_(runtime), db_(db), events_(events) {}

  grpc::ServerUnaryReactor* GetGrade(grpc::CallbackServerContext* context,
                                     const v1::GetGradeRequest* request,
                                     v1::Grade* response) override;
  grpc::ServerUnaryReactor* ListGrades(
      grpc::CallbackServerContext* context,
      const v1::ListGradesRequest* request,
      v1::ListGradesResponse* response) override;
  grpc::ServerUnaryReactor* GetAgreement(grpc::CallbackServerContext* context,
                                         const v1::GetAgreementRequest* request,
                                         v1::Agreement* response) override;
  grpc::ServerWriteReactor<v1::WatchGradesResponse>* WatchGrades(
      grpc::CallbackServerContext* context,
      const v1::WatchGradesRequest* request) override;

 private:
  rpc::Runtime& runtime_;
  sql::Database& db_;
  EventLog& events_;
};

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_GRADE_HANDLER_H_

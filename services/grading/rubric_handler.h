#ifndef HUIFANG_SERVICES_GRADING_RUBRIC_HANDLER_H_
#define HUIFANG_SERVICES_GRADING_RUBRIC_HANDLER_H_

#include "huifang/grading/v1/grading_service.grpc.pb.h"
#include "services/common/rpc.h"
#include "services/common/sql.h"

namespace huifang::grading {

class RubricHandler final : public v1::RubricService::CallbackService {
 public:
  RubricHandler(rpc::Runtime& runtime, sql::Database& db)
      : runtime_(runtime), db_(db) {}

  grpc::ServerUnaryReactor* PublishRubric(
      grpc::CallbackServerContext* context,
      const v1::PublishRubricRequest* request, v1::Rubric* response) override;
  grpc::ServerUnaryReactor* GetRubric(grpc::CallbackServerContext* context,
                                      const v1::GetRubricRequest* request,
                                      v1::Rubric* response) override;
  grpc::ServerUnaryReactor* ListRubrics(
      grpc::CallbackServerContext* context,
      const v1::ListRubricsRequest* request,
      v1::ListRubricsResponse* response) override;

 private:
  rpc::Runtime& runtime_;
  sql::Database& db_;
};

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_RUBRIC_HANDLER_H_

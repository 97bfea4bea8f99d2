#ifndef HUIFANG_SERVICES_REPORTING_TRAINING_HANDLER_H_
#define HUIFANG_SERVICES_REPORTING_TRAINING_HANDLER_H_

#include "huifang/reporting/v1/reporting_service.grpc.pb.h"
#include "services/common/rpc.h"
#include "services/reporting/training_store.h"
#include "services/reporting/training_writer.h"

namespace huifang::reporting {

// Speaks gRPC for trainings: admits, validates, one call inward.
class TrainingHandler final : public v1::TrainingService::CallbackService {
 public:
  TrainingHandler(rpc::Runtime& runtime, TrainingStore& store,
                  TrainingWriter& writer)
      : runtime_(runtime), store_(store), writer_(writer) {}

  using Context = grpc::CallbackServerContext;
  grpc::ServerUnaryReactor* CreateTraining(
      Context* context, const v1::CreateTrainingRequest* request,
      v1::Training* response) override;
  grpc::ServerUnaryReactor* GetTraining(Context* context,
                                        const v1::GetTrainingRequest* request,
                                        v1::Training* response) override;
  grpc::ServerUnaryReactor* ListTrainings(
      Context* context, const v1::ListTrainingsRequest* request,
      v1::ListTrainingsResponse* response) override;
  grpc::ServerUnaryReactor* HoldTraining(Context* context,
                                         const v1::HoldTrainingRequest* request,
                                         v1::Training* response) override;
  grpc::ServerUnaryReactor* CancelTraining(
      Context* context, const v1::CancelTrainingRequest* request,
      v1::Training* response) override;

 private:
  rpc::Runtime& runtime_;
  TrainingStore& store_;
  TrainingWriter& writer_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_TRAINING_HANDLER_H_

#ifndef HUIFANG_SERVICES_REPORTING_SUPERVISION_HANDLER_H_
#define HUIFANG_SERVICES_REPORTING_SUPERVISION_HANDLER_H_

#include "huifang/reporting/v1/reporting_service.grpc.pb.h"
#include "services/common/rpc.h"
#include "services/reporting/supervision_store.h"

namespace huifang::reporting {

// Speaks gRPC for supervised tickets: admits, validates, one call inward.
class SupervisionHandler final
    : public v1::SupervisionService::CallbackService {
 public:
  SupervisionHandler(rpc::Runtime& runtime, SupervisionStore& store)
      : runtime_(runtime), store_(store) {}

  grpc::ServerUnaryReactor* ListSupervisions(
      grpc::CallbackServerContext* context,
      const v1::ListSupervisionsRequest* request,
      v1::ListSupervisionsResponse* response) override;

 private:
  rpc::Runtime& runtime_;
  SupervisionStore& store_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_SUPERVISION_HANDLER_H_

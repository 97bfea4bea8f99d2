#ifndef HUIFANG_SERVICES_REPORTING_ALERT_HANDLER_H_
#define HUIFANG_SERVICES_REPORTING_ALERT_HANDLER_H_

#include "huifang/reporting/v1/reporting_service.grpc.pb.h"
#include "services/common/rpc.h"
#include "services/reporting/alert_store.h"
#include "services/reporting/alert_writer.h"

namespace huifang::reporting {

// Speaks gRPC for alerts: admits, validates, one call inward.
class AlertHandler final : public v1::AlertService::CallbackService {
 public:
  AlertHandler(rpc::Runtime& runtime, AlertStore& store, AlertWriter& writer)
      : runtime_(runtime), store_(store), writer_(writer) {}

  using Context = grpc::CallbackServerContext;
  grpc::ServerUnaryReactor* GetAlert(Context* context,
                                     const v1::GetAlertRequest* request,
                                     v1::Alert* response) override;
  grpc::ServerUnaryReactor* ListAlerts(
      Context* context, const v1::ListAlertsRequest* request,
      v1::ListAlertsResponse* response) override;
  grpc::ServerUnaryReactor* AcknowledgeAlert(
      Context* context, const v1::AcknowledgeAlertRequest* request,
      v1::Alert* response) override;
  grpc::ServerUnaryReactor* ResolveAlert(Context* context,
                                         const v1::ResolveAlertRequest* request,
                                         v1::Alert* response) override;
  grpc::ServerUnaryReactor* MuteAlert(Context* context,
                                      const v1::MuteAlertRequest* request,
                                      v1::Alert* response) override;

 private:
  rpc::Runtime& runtime_;
  AlertStore& store_;
  AlertWriter& writer_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_ALERT_HANDLER_H_

#ifndef HUIFANG_SERVICES_REPORTING_ROLL_UP_HANDLER_H_
#define HUIFANG_SERVICES_REPORTING_ROLL_UP_HANDLER_H_

#include "huifang/reporting/v1/roll_up_service.grpc.pb.h"
#include "services/common/rpc.h"
#include "services/reporting/roll_up_reader.h"
#include "services/reporting/template_set.h"

namespace huifang::reporting {

// Speaks gRPC for roll-ups. Whoever is admitted to a superior court sees the
// figures that its courts have delivered, and nothing else of them.
class RollUpHandler final : public v1::RollUpService::CallbackService {
 public:
  RollUpHandler(rpc::Runtime& runtime, RollUpReader& reader,
                const TemplateSet& templates)
      : runtime_(runtime), reader_(reader), templates_(templates) {}

  using Context = grpc::CallbackServerContext;
  grpc::ServerUnaryReactor* GetCourtFigures(
      Context* context, const v1::GetCourtFiguresRequest* request,
      v1::CourtFigures* response) override;
  grpc::ServerUnaryReactor* GetRollUp(Context* context,
                                      const v1::GetRollUpRequest* request,
                                      v1::RollUp* response) override;
  grpc::ServerWriteReactor<v1::DownloadRollUpResponse>* DownloadRollUp(
      Context* context, const v1::DownloadRollUpRequest* request) override;

 private:
  rpc::Runtime& runtime_;
  RollUpReader& reader_;
  const TemplateSet& templates_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_ROLL_UP_HANDLER_H_

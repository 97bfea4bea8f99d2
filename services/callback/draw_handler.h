#ifndef HUIFANG_SERVICES_CALLBACK_DRAW_HANDLER_H_
#define HUIFANG_SERVICES_CALLBACK_DRAW_HANDLER_H_

#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "services/callback/draw_maker.h"
#include "services/callback/draw_office.h"
#include "services/callback/draw_store.h"
#include "services/common/rpc.h"

namespace huifang::callback {

class DrawHandler final : public v1::DrawService::CallbackService {
 public:
  DrawHandler(rpc::Runtime& runtime, DrawStore& draws, DrawMaker& maker,
              DrawOffice& office)
      : runtime_(runtime), draws_(draws), maker_(maker), office_(office) {}

  grpc::ServerUnaryReactor* CreateDraw(grpc::CallbackServerContext* context,
                                       const v1::CreateDrawRequest* request,
                                       v1::Draw* response) override;
  grpc::ServerUnaryReactor* GetDraw(grpc::CallbackServerContext* context,
                                    const v1::GetDrawRequest* request,
                                    v1::Draw* response) override;
  grpc::ServerUnaryReactor* ListDraws(grpc::CallbackServerContext* context,
                                      const v1::ListDrawsRequest* request,
                                      v1::ListDrawsResponse* response) override;
  grpc::ServerUnaryReactor* SeedDraw(grpc::CallbackServerContext* context,
                                     const v1::SeedDrawRequest* request,
                                     v1::Draw* response) override;
  grpc::ServerUnaryReactor* CommitSeed(grpc::CallbackServerContext* context,
                                       const v1::CommitSeedRequest* request,
                                       v1::Draw* response) override;
  grpc::ServerUnaryReactor* RevealSeed(grpc::CallbackServerContext* context,
                                       const v1::RevealSeedRequest* request,
                                       v1::Draw* response) override;
  grpc::ServerUnaryReactor* AbortDraw(grpc::CallbackServerContext* context,
                                      const v1::AbortDrawRequest* request,
                                      v1::Draw* response) override;
  grpc::ServerUnaryReactor* ActivateReserve(
      grpc::CallbackServerContext* context,
      const v1::ActivateReserveRequest* request, v1::Draw* response) override;
  grpc::ServerWriteReactor<v1::ExportDrawResponse>* ExportDraw(
      grpc::CallbackServerContext* context,
      const v1::ExportDrawRequest* request) override;
  grpc::ServerUnaryReactor* ListDrawLog(
      grpc::CallbackServerContext* context,
      const v1::ListDrawLogRequest* request,
      v1::ListDrawLogResponse* response) override;

 private:
  rpc::Runtime& runtime_;
  DrawStore& draws_;
  DrawMaker& maker_;
  DrawOffice& office_;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_DRAW_HANDLER_H_

#ifndef HUIFANG_SERVICES_CALLBACK_CALLBACK_HANDLER_H_
#define HUIFANG_SERVICES_CALLBACK_CALLBACK_HANDLER_H_

#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "services/callback/call_desk.h"
#include "services/callback/callback_store.h"
#include "services/callback/plan_store.h"
#include "services/common/event_log.h"
#include "services/common/rpc.h"
#include "services/common/sql.h"

namespace huifang::callback {

class CallbackHandler final : public v1::CallService::CallbackService {
 public:
  CallbackHandler(rpc::Runtime& runtime, sql::Database& db,
                  CallbackStore& callbacks, PlanStore& plans, CallDesk& desk,
                  EventLog& events)
      : runtime_(runtime),
        db_(db),
        callbacks_(callbacks),
        plans_(plans),
        desk_(desk),
        events_(events) {}

  grpc::ServerUnaryReactor* LeaseCallback(
      grpc::CallbackServerContext* context,
      const v1::LeaseCallbackRequest* request,
      v1::LeaseCallbackResponse* response) override;
  grpc::ServerUnaryReactor* ExtendCallback(
      grpc::CallbackServerContext* context,
      const v1::ExtendCallbackRequest* request,
      v1::Callback* response) override;
  grpc::ServerUnaryReactor* RecordAttempt(
      grpc::CallbackServerContext* context,
      const v1::RecordAttemptRequest* request, v1::Callback* response) override;
  grpc::ServerUnaryReactor* CompleteCallback(
      grpc::CallbackServerContext* context,
      const v1::CompleteCallbackRequest* request,
      v1::Callback* response) override;
  grpc::ServerUnaryReactor* ReleaseCallback(
      grpc::CallbackServerContext* context,
      const v1::ReleaseCallbackRequest* request,
      v1::Callback* response) override;
  grpc::ServerUnaryReactor* GetCallback(grpc::CallbackServerContext* context,
                                        const v1::GetCallbackRequest* request,
                                        v1::Callback* response) override;
  grpc::ServerUnaryReactor* ListCallbacks(
      grpc::CallbackServerContext* context,
      const v1::ListCallbacksRequest* request,
      v1::ListCallbacksResponse* response) override;
  grpc::ServerWriteReactor<v1::ExportCallbacksResponse>* ExportCallbacks(
      grpc::CallbackServerContext* context,
      const v1::ExportCallbacksRequest* request) override;
  grpc::ServerWriteReactor<v1::WatchCallbacksResponse>* WatchCallbacks(
      grpc::CallbackServerContext* context,
      const v1::WatchCallbacksRequest* request) override;
  grpc::ServerUnaryReactor* CreateRelation(
      grpc::CallbackServerContext* context,
      const v1::CreateRelationRequest* request,
      v1::Relation* response) override;
  grpc::ServerUnaryReactor* ListRelations(
      grpc::CallbackServerContext* context,
      const v1::ListRelationsRequest* request,
      v1::ListRelationsResponse* response) override;
  grpc::ServerUnaryReactor* DeleteRelation(
      grpc::CallbackServerContext* context,
      const v1::DeleteRelationRequest* request,
      v1::DeleteRelationResponse* response) override;

 private:
  rpc::Runtime& runtime_;
  sql::Database& db_;
  CallbackStore& callbacks_;
  PlanStore& plans_;
  CallDesk& desk_;
  EventLog& events_;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_CALLBACK_HANDLER_H_

#ifndef HUIFANG_SERVICES_CALLBACK_CALLBACK_HANDLER_H_
#define HUIFANG_SERVICES_CALLBACK_CALLBACK_HANDLER_H_

#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "services/callback/call_desk.h"
#include "services/callback/callback_store.h"
#include "services/callback/contact_store.h"
#include "services/callback/plan_store.h"
#include "services/callback/ticket_client.h"
#include "services/common/event_log.h"
#include "services/common/rpc.h"
#include "services/common/sql.h"

namespace huifang::callback {

class CallbackHandler final : public v1::CallService::CallbackService {
 public:
  CallbackHandler(rpc::Runtime& runtime, sql::Database& db,
                  CallbackStore& callbacks, PlanStore& plans,
                  ContactStore& contacts, TicketClient& tickets, CallDesk& desk,
                  EventLog& events)
      : runtime_(runtime),
        db_(db),
        callbacks_(callbacks),
        plans_(plans),
        contacts_(contacts),
        tickets_(tickets),
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
  grpc::ServerUnaryReactor* ListRecalls(
      grpc::CallbackServerContext* context,
      const v1::ListRecallsRequest* request,
      v1::ListRecallsResponse* response) override;
  grpc::ServerUnaryReactor* GetRecallAgreement(
      grpc::CallbackServerContext* context,
      const v1::GetRecallAgreementRequest* request,
      v1::RecallAgreement* response) override;
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
  grpc::ServerUnaryReactor* CreateDoNotCall(
      grpc::CallbackServerContext* context,
      const v1::CreateDoNotCallRequest* request,
      v1::DoNotCall* response) override;
  grpc::ServerUnaryReactor* ListDoNotCalls(
      grpc::CallbackServerContext* context,
      const v1::ListDoNotCallsRequest* request,
      v1::ListDoNotCallsResponse* response) override;
  grpc::ServerUnaryReactor* DeleteDoNotCall(
      grpc::CallbackServerContext* context,
      const v1::DeleteDoNotCallRequest* request,
      v1::DoNotCall* response) override;

 private:
  absl::StatusOr<v1::DoNotCall> Bar(const rpc::Call& call,
                                    const v1::CreateDoNotCallRequest& request);

  rpc::Runtime& runtime_;
  sql::Database& db_;
  CallbackStore& callbacks_;
  PlanStore& plans_;
  ContactStore& contacts_;
  TicketClient& tickets_;
  CallDesk& desk_;
  EventLog& events_;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_CALLBACK_HANDLER_H_

#ifndef HUIFANG_SERVICES_TICKET_TICKET_HANDLER_H_
#define HUIFANG_SERVICES_TICKET_TICKET_HANDLER_H_

#include "huifang/ticket/v1/ticket_service.grpc.pb.h"
#include "services/common/crypto.h"
#include "services/common/event_log.h"
#include "services/common/rpc.h"
#include "services/ticket/case_store.h"
#include "services/ticket/ticket_store.h"
#include "services/ticket/ticket_writer.h"

namespace huifang::ticket {

// Speaks TicketService: admits, validates, makes one call inward. Reads are in
// ticket_handler.cc, the verbs in ticket_verbs.cc.
class TicketHandler final
    : public v1::TicketService::WithRawCallbackMethod_CreateTicket<
          v1::TicketService::CallbackService> {
 public:
  TicketHandler(rpc::Runtime& runtime, sql::Database& db, TicketStore& store,
                TicketWriter& writer, CaseStore& cases, EventLog& events,
                const Sealer& sealer)
      : runtime_(runtime),
        db_(db),
        store_(store),
        writer_(writer),
        cases_(cases),
        events_(events),
        sealer_(sealer) {}

  using Context = grpc::CallbackServerContext;
  using Unary = grpc::ServerUnaryReactor;

  Unary* CreateTicket(Context* context, const grpc::ByteBuffer* request,
                      grpc::ByteBuffer* response) override;
  Unary* GetTicket(Context* context, const v1::GetTicketRequest* request,
                   v1::Ticket* response) override;
  Unary* ListTickets(Context* context, const v1::ListTicketsRequest* request,
                     v1::ListTicketsResponse* response) override;
  grpc::ServerWriteReactor<v1::ExportTicketsResponse>* ExportTickets(
      Context* context, const v1::ExportTicketsRequest* request) override;
  Unary* UpdateTicket(Context* context, const v1::UpdateTicketRequest* request,
                      v1::Ticket* response) override;
  Unary* AnswerTicket(Context* context, const v1::AnswerTicketRequest* request,
                      v1::Ticket* response) override;
  Unary* DispatchTicket(Context* context,
                        const v1::DispatchTicketRequest* request,
                        v1::Ticket* response) override;
  Unary* AcceptTicket(Context* context, const v1::AcceptTicketRequest* request,
                      v1::Ticket* response) override;
  Unary* ReplyTicket(Context* context, const v1::ReplyTicketRequest* request,
                     v1::Ticket* response) override;
  Unary* CloseTicket(Context* context, const v1::CloseTicketRequest* request,
                     v1::Ticket* response) override;
  Unary* ReturnTicket(Context* context, const v1::ReturnTicketRequest* request,
                      v1::Ticket* response) override;
  Unary* TransferTicket(Context* context,
                        const v1::TransferTicketRequest* request,
                        v1::Ticket* response) override;
  Unary* ReopenTicket(Context* context, const v1::ReopenTicketRequest* request,
                      v1::Ticket* response) override;
  Unary* CancelTicket(Context* context, const v1::CancelTicketRequest* request,
                      v1::Ticket* response) override;
  Unary* AddConveyance(Context* context,
                       const v1::AddConveyanceRequest* request,
                       v1::Ticket* response) override;
  Unary* AddNote(Context* context, const v1::AddNoteRequest* request,
                 v1::TimelineEntry* response) override;
  Unary* GetTicketTimeline(Context* context,
                           const v1::GetTicketTimelineRequest* request,
                           v1::GetTicketTimelineResponse* response) override;
  Unary* GetCallerTimeline(Context* context,
                           const v1::GetCallerTimelineRequest* request,
                           v1::GetCallerTimelineResponse* response) override;
  Unary* RevealCaller(Context* context, const v1::RevealCallerRequest* request,
                      v1::Caller* response) override;
  grpc::ServerBidiReactor<v1::ImportTicketsRequest, v1::ImportTicketsResponse>*
  ImportTickets(Context* context) override;
  grpc::ServerWriteReactor<v1::WatchTicketsResponse>* WatchTickets(
      Context* context, const v1::WatchTicketsRequest* request) override;

 private:
  // Validates the request, fills in who and which ticket, and changes it.
  template <typename Request>
  Unary* RunChange(Context* context, const rpc::Method& method,
                   const Request* request, v1::Ticket* response,
                   TicketChange change);
  absl::StatusOr<std::vector<v1::TimelineEntry>> TimelineOf(
      const v1::Ticket& ticket);

  rpc::Runtime& runtime_;
  sql::Database& db_;
  TicketStore& store_;
  TicketWriter& writer_;
  CaseStore& cases_;
  EventLog& events_;
  const Sealer& sealer_;
};

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_TICKET_HANDLER_H_

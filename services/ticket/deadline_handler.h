#ifndef HUIFANG_SERVICES_TICKET_DEADLINE_HANDLER_H_
#define HUIFANG_SERVICES_TICKET_DEADLINE_HANDLER_H_

#include "huifang/ticket/v1/directory_service.grpc.pb.h"
#include "services/common/rpc.h"
#include "services/common/sql.h"
#include "services/ticket/directory_store.h"
#include "services/ticket/ticket_store.h"
#include "services/ticket/ticket_writer.h"

namespace huifang::ticket {

// Speaks DeadlineService: policies, the working calendar, and why a ticket is
// or is not overdue.
class DeadlineHandler final : public v1::DeadlineService::CallbackService {
 public:
  DeadlineHandler(rpc::Runtime& runtime, sql::Database& db,
                  DirectoryStore& store, TicketStore& tickets,
                  TicketWriter& writer)
      : runtime_(runtime),
        db_(db),
        store_(store),
        tickets_(tickets),
        writer_(writer) {}

  grpc::ServerUnaryReactor* ExplainDeadline(
      grpc::CallbackServerContext* context,
      const v1::ExplainDeadlineRequest* request,
      v1::ExplainDeadlineResponse* response) override;
  grpc::ServerUnaryReactor* ListDeadlinePolicies(
      grpc::CallbackServerContext* context,
      const v1::ListDeadlinePoliciesRequest* request,
      v1::ListDeadlinePoliciesResponse* response) override;
  grpc::ServerUnaryReactor* ReplaceDeadlinePolicies(
      grpc::CallbackServerContext* context,
      const v1::ReplaceDeadlinePoliciesRequest* request,
      v1::ListDeadlinePoliciesResponse* response) override;
  grpc::ServerUnaryReactor* GetCalendar(
      grpc::CallbackServerContext* context,
      const v1::GetCalendarRequest* request,
      v1::GetCalendarResponse* response) override;
  grpc::ServerUnaryReactor* UpdateCalendar(
      grpc::CallbackServerContext* context,
      const v1::UpdateCalendarRequest* request,
      v1::GetCalendarResponse* response) override;

 private:
  absl::StatusOr<v1::ListDeadlinePoliciesResponse> Policies(
      const std::string& court);
  absl::StatusOr<v1::GetCalendarResponse> Calendar(const std::string& court,
                                                   int year);
  // Counts the deadlines of a court's open tickets again.
  absl::Status Recount(const std::string& court);

  rpc::Runtime& runtime_;
  sql::Database& db_;
  DirectoryStore& store_;
  TicketStore& tickets_;
  TicketWriter& writer_;
};

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_DEADLINE_HANDLER_H_

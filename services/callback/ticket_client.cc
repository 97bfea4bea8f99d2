#include "services/callback/ticket_client.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/callback/plan_policy.h"
#include "services/callback/store_util.h"
#include "services/common/client.h"

namespace huifang::callback {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(5);
// A million tickets take a few seconds; a stalled peer must not hold the
// worker for ever.
constexpr absl::Duration kExportTimeout = absl::Minutes(5);

}  // namespace

GrpcTicketClient::GrpcTicketClient(
    const std::shared_ptr<grpc::Channel>& channel, std::string token)
    : token_(std::move(token)),
      tickets_(ticket::v1::TicketService::NewStub(channel)),
      directories_(ticket::v1::DirectoryService::NewStub(channel)),
      deadlines_(ticket::v1::DeadlineService::NewStub(channel)) {}

absl::Status GrpcTicketClient::ExportClosed(
    const std::string& court, absl::Time from, absl::Time to,
    absl::FunctionRef<absl::Status(const ticket::v1::Ticket&)> each) {
  ticket::v1::ExportTicketsRequest request;
  request.set_parent(absl::StrCat("courts/", court));
  request.set_without_text(true);
  for (const char* field : FrameFields()) {
    request.mutable_read_mask()->add_paths(field);
  }
  ticket::v1::TicketFilter& filter = *request.mutable_filter();
  filter.add_states(ticket::v1::Ticket::STATE_CLOSED);
  filter.add_states(ticket::v1::Ticket::STATE_ANSWERED_AT_DESK);
  *filter.mutable_close_time_from() = ToProto(from);
  *filter.mutable_close_time_to() = ToProto(to);

  grpc::ClientContext context;
  PrepareContext(context, token_, kExportTimeout);
  const auto reader = tickets_->ExportTickets(&context, request);
  ticket::v1::ExportTicketsResponse response;
  absl::Status status;
  while (status.ok() && reader->Read(&response)) {
    for (const ticket::v1::Ticket& ticket : response.tickets()) {
      status = each(ticket);
      if (!status.ok()) break;
    }
  }
  if (!status.ok()) context.TryCancel();
  const absl::Status finished = FromPeer(reader->Finish());
  return status.ok() ? finished : status;
}

absl::StatusOr<ticket::v1::Ticket> GrpcTicketClient::GetTicket(
    const std::string& name) {
  ticket::v1::GetTicketRequest request;
  request.set_name(name);
  grpc::ClientContext context;
  PrepareContext(context, token_, kTimeout);
  ticket::v1::Ticket ticket;
  const grpc::Status status = tickets_->GetTicket(&context, request, &ticket);
  if (!status.ok()) return FromPeer(status);
  return ticket;
}

absl::StatusOr<ticket::v1::Caller> GrpcTicketClient::RevealCaller(
    const std::string& ticket, const std::string& reason) {
  ticket::v1::RevealCallerRequest request;
  request.set_name(ticket);
  request.set_reason(reason);
  grpc::ClientContext context;
  PrepareContext(context, token_, kTimeout);
  ticket::v1::Caller caller;
  const grpc::Status status =
      tickets_->RevealCaller(&context, request, &caller);
  if (!status.ok()) return FromPeer(status);
  return caller;
}

absl::Status GrpcTicketClient::AddConveyance(const std::string& ticket,
                                             const std::string& text,
                                             const std::string& conveyance,
                                             const std::string& request_id) {
  ticket::v1::AddConveyanceRequest request;
  request.set_name(ticket);
  request.set_text(text);
  request.set_conveyance(conveyance);
  request.set_request_id(request_id);
  grpc::ClientContext context;
  PrepareContext(context, token_, kTimeout);
  ticket::v1::Ticket response;
  return FromPeer(tickets_->AddConveyance(&context, request, &response));
}

absl::Status GrpcTicketClient::ReopenTicket(const std::string& ticket,
                                            const std::string& reason,
                                            const std::string& conveyance,
                                            const std::string& request_id) {
  ticket::v1::ReopenTicketRequest request;
  request.set_name(ticket);
  request.set_reason(reason);
  request.set_conveyance(conveyance);
  request.set_request_id(request_id);
  grpc::ClientContext context;
  PrepareContext(context, token_, kTimeout);
  ticket::v1::Ticket response;
  return FromPeer(tickets_->ReopenTicket(&context, request, &response));
}

absl::StatusOr<ticket::v1::Directory> GrpcTicketClient::GetDirectory(
    const std::string& court) {
  ticket::v1::GetDirectoryRequest request;
  request.set_name(absl::StrCat("courts/", court));
  grpc::ClientContext context;
  PrepareContext(context, token_, kTimeout);
  ticket::v1::Directory directory;
  const grpc::Status status =
      directories_->GetDirectory(&context, request, &directory);
  if (!status.ok()) return FromPeer(status);
  return directory;
}

absl::StatusOr<std::vector<ticket::v1::CalendarDay>>
GrpcTicketClient::GetCalendar(const std::string& court, int year) {
  ticket::v1::GetCalendarRequest request;
  request.set_parent(absl::StrCat("courts/", court));
  request.set_year(year);
  grpc::ClientContext context;
  PrepareContext(context, token_, kTimeout);
  ticket::v1::GetCalendarResponse response;
  const grpc::Status status =
      deadlines_->GetCalendar(&context, request, &response);
  if (!status.ok()) return FromPeer(status);
  return std::vector<ticket::v1::CalendarDay>(response.days().begin(),
                                              response.days().end());
}

}  // namespace huifang::callback

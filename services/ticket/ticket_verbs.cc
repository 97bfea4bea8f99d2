// The verbs of TicketHandler: each names its rule, its event and its line on
// the timeline; the writer does the rest.
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/common/ids.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/ticket/directory_rules.h"
#include "services/ticket/ticket_handler.h"
#include "services/ticket/ticket_rules.h"
#include "services/ticket/validate.h"

namespace huifang::ticket {
namespace {

constexpr rpc::Method kUpdate{"UpdateTicket", "ticket.name", "admin agent"};
constexpr rpc::Method kAnswer{"AnswerTicket", "name", "admin agent"};
constexpr rpc::Method kDispatch{"DispatchTicket", "name", "admin agent"};
constexpr rpc::Method kAccept{"AcceptTicket", "name", "admin handler head"};
constexpr rpc::Method kReply{"ReplyTicket", "name", "admin handler agent"};
constexpr rpc::Method kClose{"CloseTicket", "name", "admin handler agent"};
constexpr rpc::Method kReturn{"ReturnTicket", "name", "admin handler head"};
constexpr rpc::Method kTransfer{"TransferTicket", "name", "admin agent head"};
constexpr rpc::Method kReopen{"ReopenTicket", "name",
                              "admin officer head service"};
constexpr rpc::Method kCancel{"CancelTicket", "name", "admin head"};
constexpr rpc::Method kConvey{"AddConveyance", "name", "admin officer service"};
constexpr rpc::Method kNote{"AddNote", "name",
                            "admin agent handler officer head"};

constexpr auto kEntryState = v1::TimelineEntry::TYPE_STATE_CHANGED;

std::string NameOf(const v1::UpdateTicketRequest& request) {
  return request.ticket().name();
}
template <typename Request>
std::string NameOf(const Request& request) {
  return request.name();
}

std::string EtagOf(const v1::UpdateTicketRequest& request) {
  return request.ticket().etag();
}
std::string EtagOf(const v1::AddConveyanceRequest&) { return ""; }
template <typename Request>
std::string EtagOf(const Request& request) {
  return request.etag();
}

template <typename Request>
Assignment AssignmentOf(const Request& request) {
  return {request.division(), request.team(), request.handler()};
}

TicketChange StateChange(
    std::string detail,
    std::function<absl::Status(const CourtBook&, absl::Time, v1::Ticket&)>
        apply) {
  TicketChange change;
  change.event = v1::TicketEvent::TYPE_STATE_CHANGED;
  change.entry = kEntryState;
  change.detail = std::move(detail);
  change.apply = std::move(apply);
  return change;
}

// What a conveyance asks for it may ask for again after days: its task waits
// for people when it was tried in vain for long.
template <typename Request>
std::string OnceFor(const rpc::Method& method, const Request& request) {
  if (request.conveyance().empty() || request.request_id().empty()) return "";
  return absl::StrCat(method.name, "|", request.conveyance(), "|",
                      request.request_id());
}

// Copies what the mask names; without a mask, what is set.
void ApplyUpdate(const v1::UpdateTicketRequest& request, v1::Ticket& ticket) {
  const v1::Ticket& from = request.ticket();
  const auto wants = [&](const char* path, bool is_set) {
    if (request.update_mask().paths_size() == 0) return is_set;
    for (const std::string& one : request.update_mask().paths()) {
      if (one == path) return true;
    }
    return false;
  };
  if (wants("category", !from.category().empty())) {
    ticket.set_category(from.category());
  }
  if (wants("title", !from.title().empty())) ticket.set_title(from.title());
  if (wants("content", !from.content().empty())) {
    ticket.set_content(from.content());
  }
  if (wants("case_number", !from.case_number().empty())) {
    ticket.set_case_number(from.case_number());
  }
  if (wants("priority", from.priority() != v1::PRIORITY_UNSPECIFIED)) {
    ticket.set_priority(from.priority());
  }
  if (wants("key_supervision", from.key_supervision())) {
    ticket.set_key_supervision(from.key_supervision());
  }
  if (wants("callback_consent", from.has_callback_consent())) {
    if (from.has_callback_consent()) {
      ticket.set_callback_consent(from.callback_consent());
    } else {
      ticket.clear_callback_consent();
    }
  }
  if (wants("contact_recorded", from.contact_recorded())) {
    ticket.set_contact_recorded(from.contact_recorded());
  }
}

}  // namespace

template <typename Request>
grpc::ServerUnaryReactor* TicketHandler::RunChange(Context* context,
                                                   const rpc::Method& method,
                                                   const Request* request,
                                                   v1::Ticket* response,
                                                   TicketChange change) {
  return rpc::RunUnary(
      runtime_, context, method, request, response,
      [this, &method, change = std::move(change)](
          const rpc::Call& call,
          const Request& asked) mutable -> absl::StatusOr<v1::Ticket> {
        RETURN_IF_ERROR(Validate(asked));
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(NameOf(asked), "tickets"));
        change.court = call.court;
        change.ticket_id = name.id;
        change.etag = EtagOf(asked);
        change.key = {call.court, method.name, asked.request_id()};
        change.actor = {call.principal, call.staff};
        return writer_.Change(change, asked);
      });
}

grpc::ServerUnaryReactor* TicketHandler::UpdateTicket(
    Context* context, const v1::UpdateTicketRequest* request,
    v1::Ticket* response) {
  TicketChange change;
  change.apply = [request](const CourtBook&, absl::Time, v1::Ticket& ticket) {
    ApplyUpdate(*request, ticket);
    return absl::OkStatus();
  };
  return RunChange(context, kUpdate, request, response, std::move(change));
}

grpc::ServerUnaryReactor* TicketHandler::AnswerTicket(
    Context* context, const v1::AnswerTicketRequest* request,
    v1::Ticket* response) {
  TicketChange change = StateChange(
      "", [request](const CourtBook&, absl::Time now, v1::Ticket& ticket) {
        return Answer(request->reply(), now, ticket);
      });
  change.event = v1::TicketEvent::TYPE_CLOSED;
  return RunChange(context, kAnswer, request, response, std::move(change));
}

grpc::ServerUnaryReactor* TicketHandler::DispatchTicket(
    Context* context, const v1::DispatchTicketRequest* request,
    v1::Ticket* response) {
  return RunChange(
      context, kDispatch, request, response,
      StateChange(request->division(),
                  [request](const CourtBook& book, absl::Time now,
                            v1::Ticket& ticket) -> absl::Status {
                    RETURN_IF_ERROR(
                        CheckAssignment(book.directory, request->division(),
                                        request->team(), request->handler()));
                    return Dispatch(AssignmentOf(*request), now, ticket);
                  }));
}

grpc::ServerUnaryReactor* TicketHandler::AcceptTicket(
    Context* context, const v1::AcceptTicketRequest* request,
    v1::Ticket* response) {
  return RunChange(
      context, kAccept, request, response,
      StateChange("",
                  [request](const CourtBook& book, absl::Time,
                            v1::Ticket& ticket) -> absl::Status {
                    RETURN_IF_ERROR(CheckAssignment(book.directory, "", "",
                                                    request->handler()));
                    return Accept(request->handler(), ticket);
                  }));
}

grpc::ServerUnaryReactor* TicketHandler::ReplyTicket(
    Context* context, const v1::ReplyTicketRequest* request,
    v1::Ticket* response) {
  TicketChange change;
  change.event = v1::TicketEvent::TYPE_REPLIED;
  change.apply = [request](const CourtBook&, absl::Time now,
                           v1::Ticket& ticket) -> absl::Status {
    RETURN_IF_ERROR(AddReply(request->reply(), now, ticket));
    if (request->reply().by_phone()) ticket.set_contact_recorded(true);
    return absl::OkStatus();
  };
  return RunChange(context, kReply, request, response, std::move(change));
}

grpc::ServerUnaryReactor* TicketHandler::CloseTicket(
    Context* context, const v1::CloseTicketRequest* request,
    v1::Ticket* response) {
  TicketChange change =
      StateChange("", [](const CourtBook&, absl::Time now, v1::Ticket& ticket) {
        return Close(now, ticket);
      });
  change.event = v1::TicketEvent::TYPE_CLOSED;
  return RunChange(context, kClose, request, response, std::move(change));
}

grpc::ServerUnaryReactor* TicketHandler::ReturnTicket(
    Context* context, const v1::ReturnTicketRequest* request,
    v1::Ticket* response) {
  return RunChange(
      context, kReturn, request, response,
      StateChange(request->reason(),
                  [request](const CourtBook&, absl::Time, v1::Ticket& ticket) {
                    return Return(request->reason(), ticket);
                  }));
}

grpc::ServerUnaryReactor* TicketHandler::TransferTicket(
    Context* context, const v1::TransferTicketRequest* request,
    v1::Ticket* response) {
  return RunChange(context, kTransfer, request, response,
                   StateChange(request->reason(),
                               [request](const CourtBook& book, absl::Time,
                                         v1::Ticket& ticket) -> absl::Status {
                                 RETURN_IF_ERROR(CheckAssignment(
                                     book.directory, request->division(),
                                     request->team(), request->handler()));
                                 return Transfer(AssignmentOf(*request),
                                                 request->reason(), ticket);
                               }));
}

grpc::ServerUnaryReactor* TicketHandler::ReopenTicket(
    Context* context, const v1::ReopenTicketRequest* request,
    v1::Ticket* response) {
  TicketChange change =
      StateChange(request->reason(),
                  [request](const CourtBook&, absl::Time, v1::Ticket& ticket) {
                    return Reopen(request->reason(), ticket);
                  });
  change.once = OnceFor(kReopen, *request);
  return RunChange(context, kReopen, request, response, std::move(change));
}

grpc::ServerUnaryReactor* TicketHandler::CancelTicket(
    Context* context, const v1::CancelTicketRequest* request,
    v1::Ticket* response) {
  return rpc::RunUnary(
      runtime_, context, kCancel, request, response,
      [this](const rpc::Call& call, const v1::CancelTicketRequest& asked)
          -> absl::StatusOr<v1::Ticket> {
        RETURN_IF_ERROR(Validate(asked));
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(asked.name(), "tickets"));
        const Actor actor{call.principal, call.staff};
        TicketChange change =
            StateChange(asked.reason(),
                        [&asked, &actor](const CourtBook& book, absl::Time,
                                         v1::Ticket& ticket) -> absl::Status {
                          RETURN_IF_ERROR(CheckAssignment(
                              book.directory, "", "", asked.approver()));
                          return Cancel(asked.reason(), asked.approver(),
                                        actor.shown(), ticket);
                        });
        change.court = call.court;
        change.ticket_id = name.id;
        change.etag = asked.etag();
        change.key = {call.court, kCancel.name, asked.request_id()};
        change.actor = actor;
        return writer_.Change(change, asked);
      });
}

grpc::ServerUnaryReactor* TicketHandler::AddConveyance(
    Context* context, const v1::AddConveyanceRequest* request,
    v1::Ticket* response) {
  TicketChange change;
  change.event = v1::TicketEvent::TYPE_CONVEYED;
  change.entry = v1::TimelineEntry::TYPE_CONVEYANCE;
  change.detail = request->text();
  change.once = OnceFor(kConvey, *request);
  change.apply = [](const CourtBook&, absl::Time, v1::Ticket&) {
    return absl::OkStatus();
  };
  return RunChange(context, kConvey, request, response, std::move(change));
}

grpc::ServerUnaryReactor* TicketHandler::AddNote(
    Context* context, const v1::AddNoteRequest* request,
    v1::TimelineEntry* response) {
  return rpc::RunUnary(
      runtime_, context, kNote, request, response,
      [this](const rpc::Call& call, const v1::AddNoteRequest& asked)
          -> absl::StatusOr<v1::TimelineEntry> {
        RETURN_IF_ERROR(Validate(asked));
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(asked.name(), "tickets"));
        const absl::Time now = runtime_.clock.Now();
        v1::TimelineEntry entry;
        entry.set_ticket(asked.name());
        entry.set_type(v1::TimelineEntry::TYPE_NOTE);
        *entry.mutable_entry_time() = ToTimestamp(now);
        entry.set_actor(Actor{call.principal, call.staff}.shown());
        entry.set_detail(asked.text());
        const std::string entry_id = NewUuid7(now);
        v1::TimelineEntry answer;
        const RequestKey key{call.court, kNote.name, asked.request_id()};
        RETURN_IF_ERROR(db_.Write(call.court, [&](sql::Session& session) {
          return RunOnce(
              session, key, now, asked, answer, [&]() -> absl::Status {
                RETURN_IF_ERROR(
                    TicketStore::Load(session, call.court, name.id).status());
                answer = entry;
                return TicketStore::AddEntry(session, call.court, name.id,
                                             entry, entry_id);
              });
        }));
        return answer;
      });
}

}  // namespace huifang::ticket

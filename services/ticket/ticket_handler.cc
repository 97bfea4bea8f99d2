#include "services/ticket/ticket_handler.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/listing.h"
#include "services/common/log.h"
#include "services/common/mask_numbers.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/rpc_stream.h"
#include "services/common/status_macros.h"
#include "services/common/watch_source.h"
#include "services/ticket/caller_seal.h"
#include "services/ticket/case_number_rules.h"
#include "services/ticket/deadline_rules.h"
#include "services/ticket/import_reactor.h"
#include "services/ticket/phone_rules.h"
#include "services/ticket/validate.h"

namespace huifang::ticket {
namespace {

constexpr rpc::Method kCreate{"CreateTicket", "parent", "admin agent service"};
constexpr rpc::Method kGet{"GetTicket", "name", "*"};
constexpr rpc::Method kList{"ListTickets", "parent", "*"};
constexpr rpc::Method kExport{"ExportTickets", "parent",
                              "admin officer head leader service",
                              absl::Hours(1)};
constexpr rpc::Method kTimeline{"GetTicketTimeline", "name", "*"};
constexpr rpc::Method kCallerTimeline{
    "GetCallerTimeline", "parent", "admin agent handler officer head service"};
constexpr rpc::Method kReveal{"RevealCaller", "name",
                              "admin agent officer handler service"};
constexpr rpc::Method kWatch{"WatchTickets",      "parent",
                             "admin service",     absl::Hours(24 * 365),
                             /*all_courts=*/true,
                             /*watch=*/true};

constexpr int kExportBatch = 500;
constexpr int kMaxEntries = 1000;

// The token of the next page, empty after the last.
std::string PageAfter(const PageStart& start, const v1::TicketFilter& filter,
                      const Listing<v1::Ticket>& tickets) {
  if (!tickets.more) return "";
  return NextPage(start, TicketStore::CursorOf(filter, tickets.rows.back()));
}

// `overdue` of an open ticket depends on the moment it is looked at.
void Refresh(absl::Time now, v1::Ticket& ticket) {
  ticket.set_overdue(IsOverdue(ticket, now));
}

class ExportSource final : public rpc::Source<v1::ExportTicketsResponse> {
 public:
  ExportSource(TicketStore& store, Clock& clock, std::string court,
               const v1::ExportTicketsRequest& request)
      : store_(store),
        clock_(clock),
        court_(std::move(court)),
        request_(request),
        fields_(FieldsOf(request)) {}

  absl::StatusOr<rpc::Pulled<v1::ExportTicketsResponse>> Pull() override {
    ASSIGN_OR_RETURN(
        Listing<std::string> bodies,
        store_.ListBodies(court_, request_.filter(), cursor_,
                          /*newest_first=*/false, kExportBatch, fields_));
    rpc::Pulled<v1::ExportTicketsResponse> pulled;
    if (!bodies.more) {
      pulled.next = rpc::Pulled<v1::ExportTicketsResponse>::Next::kEnd;
    }
    if (bodies.rows.empty()) return pulled;
    ASSIGN_OR_RETURN(const v1::Ticket last,
                     TicketStore::ParseBody(bodies.rows.back()));
    cursor_ = TicketStore::CursorOf(request_.filter(), last);
    v1::ExportTicketsResponse& response = pulled.messages.emplace_back();
    const absl::Time now = clock_.Now();
    for (std::string& body : bodies.rows) {
      // Not parsed, a million tickets cost half the time.
      if (!fields_.test(v1::Ticket::kOverdueFieldNumber)) {
        AddSerialized(std::move(body), response);
        continue;
      }
      ASSIGN_OR_RETURN(*response.add_tickets(), TicketStore::ParseBody(body));
      Refresh(now, *response.mutable_tickets()->rbegin());
    }
    return pulled;
  }

 private:
  TicketStore& store_;
  Clock& clock_;
  const std::string court_;
  const v1::ExportTicketsRequest request_;
  const FieldSet fields_;
  std::optional<TimeCursor> cursor_;
};

}  // namespace

grpc::ServerUnaryReactor* TicketHandler::CreateTicket(
    Context* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return rpc::RunUnaryOfBytes<v1::CreateTicketRequest, v1::Ticket>(
      runtime_, context, kCreate, request, response,
      [this](const rpc::Call& call, const v1::CreateTicketRequest& asked,
             rpc::Reply<v1::Ticket>& reply) {
        const absl::Status valid = Validate(asked);
        if (!valid.ok()) return reply(valid);
        writer_.Create(call.court,
                       {call.court, kCreate.name, asked.request_id()}, asked,
                       std::move(reply));
      });
}

grpc::ServerUnaryReactor* TicketHandler::GetTicket(
    Context* context, const v1::GetTicketRequest* request,
    v1::Ticket* response) {
  return rpc::RunUnary(
      runtime_, context, kGet, request, response,
      [this](const rpc::Call& call,
             const v1::GetTicketRequest& asked) -> absl::StatusOr<v1::Ticket> {
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(asked.name(), "tickets"));
        ASSIGN_OR_RETURN(v1::Ticket ticket, store_.Get(call.court, name.id));
        Refresh(runtime_.clock.Now(), ticket);
        return ticket;
      });
}

grpc::ServerUnaryReactor* TicketHandler::ListTickets(
    Context* context, const v1::ListTicketsRequest* request,
    v1::ListTicketsResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kList, request, response,
      [this](const rpc::Call& call, const v1::ListTicketsRequest& asked)
          -> absl::StatusOr<v1::ListTicketsResponse> {
        RETURN_IF_ERROR(Validate(asked.filter()));
        ASSIGN_OR_RETURN(const PageStart start, StartPage(asked));
        ASSIGN_OR_RETURN(Listing<v1::Ticket> tickets,
                         store_.List(call.court, asked.filter(), start.cursor,
                                     /*newest_first=*/true, start.size));
        v1::ListTicketsResponse result;
        result.set_next_page_token(PageAfter(start, asked.filter(), tickets));
        for (v1::Ticket& ticket : tickets.rows) {
          Refresh(runtime_.clock.Now(), ticket);
          *result.add_tickets() = std::move(ticket);
        }
        return result;
      });
}

grpc::ServerWriteReactor<v1::ExportTicketsResponse>*
TicketHandler::ExportTickets(Context* context,
                             const v1::ExportTicketsRequest* request) {
  return rpc::RunStream<v1::ExportTicketsResponse>(
      runtime_, context, kExport, request,
      [this](const rpc::Call& call, const v1::ExportTicketsRequest& asked)
          -> absl::StatusOr<
              std::unique_ptr<rpc::Source<v1::ExportTicketsResponse>>> {
        RETURN_IF_ERROR(Validate(asked));
        return std::make_unique<ExportSource>(store_, runtime_.clock,
                                              call.court, asked);
      });
}

// What a ticket's own body tells, and the stored entries, oldest first.
absl::StatusOr<std::vector<v1::TimelineEntry>> TicketHandler::TimelineOf(
    const v1::Ticket& ticket) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(ticket.name(), "tickets"));
  ASSIGN_OR_RETURN(std::vector<v1::TimelineEntry> entries,
                   store_.Entries(name.court, name.id, kMaxEntries));
  v1::TimelineEntry& created = entries.emplace_back();
  created.set_ticket(ticket.name());
  created.set_type(v1::TimelineEntry::TYPE_CREATED);
  *created.mutable_entry_time() = ticket.create_time();
  created.set_actor(ticket.agent());
  created.set_detail(ticket.title().empty() ? ticket.content()
                                            : ticket.title());
  for (const v1::Reply& reply : ticket.replies()) {
    v1::TimelineEntry& entry = entries.emplace_back();
    entry.set_ticket(ticket.name());
    entry.set_type(v1::TimelineEntry::TYPE_REPLIED);
    *entry.mutable_entry_time() = reply.reply_time();
    entry.set_actor(reply.author());
    entry.set_detail(reply.text());
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const v1::TimelineEntry& a, const v1::TimelineEntry& b) {
                     return FromTimestamp(a.entry_time()) <
                            FromTimestamp(b.entry_time());
                   });
  if (entries.size() > kMaxEntries) entries.resize(kMaxEntries);
  return entries;
}

grpc::ServerUnaryReactor* TicketHandler::GetTicketTimeline(
    Context* context, const v1::GetTicketTimelineRequest* request,
    v1::GetTicketTimelineResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kTimeline, request, response,
      [this](const rpc::Call& call, const v1::GetTicketTimelineRequest& asked)
          -> absl::StatusOr<v1::GetTicketTimelineResponse> {
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(asked.name(), "tickets"));
        ASSIGN_OR_RETURN(const v1::Ticket ticket,
                         store_.Get(call.court, name.id));
        ASSIGN_OR_RETURN(std::vector<v1::TimelineEntry> entries,
                         TimelineOf(ticket));
        v1::GetTicketTimelineResponse result;
        for (v1::TimelineEntry& entry : entries) {
          *result.add_entries() = std::move(entry);
        }
        return result;
      });
}

grpc::ServerUnaryReactor* TicketHandler::GetCallerTimeline(
    Context* context, const v1::GetCallerTimelineRequest* request,
    v1::GetCallerTimelineResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kCallerTimeline, request, response,
      [this](const rpc::Call& call, const v1::GetCallerTimelineRequest& asked)
          -> absl::StatusOr<v1::GetCallerTimelineResponse> {
        std::string caller_key;
        std::string case_number;
        switch (asked.subject_case()) {
          case v1::GetCallerTimelineRequest::kPhone: {
            absl::StatusOr<std::string> phone = NormalizePhone(asked.phone());
            if (!phone.ok()) {
              FieldErrors errors;
              errors.Add("phone", phone.status().message());
              return errors.ToStatus();
            }
            caller_key = PhoneKey(sealer_, call.court, *phone);
            break;
          }
          case v1::GetCallerTimelineRequest::kPartyId:
            caller_key = PartyKey(sealer_, call.court, asked.party_id());
            break;
          case v1::GetCallerTimelineRequest::kCallerKey:
            caller_key = asked.caller_key();
            break;
          case v1::GetCallerTimelineRequest::kCaseNumber: {
            const auto number = AcceptCaseNumber(asked.case_number());
            case_number = number.ok() ? number->text : asked.case_number();
            break;
          }
          default: {
            FieldErrors errors;
            errors.Add("subject",
                       "give phone, party_id, case_number or caller_key");
            return errors.ToStatus();
          }
        }
        ASSIGN_OR_RETURN(const PageStart start, StartPage(asked, 50, 200));
        ASSIGN_OR_RETURN(
            Listing<v1::Ticket> tickets,
            store_.ListOfSubject(call.court, caller_key, case_number,
                                 start.cursor, start.size));
        v1::GetCallerTimelineResponse result;
        result.set_next_page_token(PageAfter(start, {}, tickets));
        std::vector<v1::TimelineEntry> all;
        for (v1::Ticket& ticket : tickets.rows) {
          ASSIGN_OR_RETURN(const std::vector<v1::TimelineEntry> entries,
                           TimelineOf(ticket));
          all.insert(all.end(), entries.begin(), entries.end());
          Refresh(runtime_.clock.Now(), ticket);
          *result.add_tickets() = std::move(ticket);
        }
        if (!case_number.empty()) {
          ASSIGN_OR_RETURN(const std::vector<v1::TimelineEntry> milestones,
                           cases_.Milestones(call.court, case_number));
          all.insert(all.end(), milestones.begin(), milestones.end());
        }
        std::stable_sort(
            all.begin(), all.end(),
            [](const v1::TimelineEntry& a, const v1::TimelineEntry& b) {
              return FromTimestamp(a.entry_time()) >
                     FromTimestamp(b.entry_time());
            });
        for (v1::TimelineEntry& entry : all) {
          *result.add_entries() = std::move(entry);
        }
        return result;
      });
}

grpc::ServerUnaryReactor* TicketHandler::RevealCaller(
    Context* context, const v1::RevealCallerRequest* request,
    v1::Caller* response) {
  return rpc::RunUnary(
      runtime_, context, kReveal, request, response,
      [this](const rpc::Call& call, const v1::RevealCallerRequest& asked)
          -> absl::StatusOr<v1::Caller> {
        RETURN_IF_ERROR(Validate(asked));
        ASSIGN_OR_RETURN(const ResourceName name,
                         ParseResourceName(asked.name(), "tickets"));
        StoredTicket stored;
        RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
          ASSIGN_OR_RETURN(stored,
                           TicketStore::Load(session, call.court, name.id));
          return absl::OkStatus();
        }));
        // Who looked at whose data must be known later.
        log::Info("caller_revealed", {{"ticket", asked.name()},
                                      {"principal", call.principal},
                                      {"reason", MaskNumbers(asked.reason())}});
        return OpenCaller(sealer_, stored.sealed, stored.ticket);
      });
}

grpc::ServerBidiReactor<v1::ImportTicketsRequest, v1::ImportTicketsResponse>*
TicketHandler::ImportTickets(Context* context) {
  return new ImportReactor(runtime_, context, writer_);
}

grpc::ServerWriteReactor<v1::WatchTicketsResponse>* TicketHandler::WatchTickets(
    Context* context, const v1::WatchTicketsRequest* request) {
  return rpc::RunStream<v1::WatchTicketsResponse>(
      runtime_, context, kWatch, request,
      [this](const rpc::Call& call, const v1::WatchTicketsRequest& asked) {
        return WatchSource<v1::WatchTicketsResponse>::Create(
            events_, runtime_.clock, call.court, asked.resume_token(),
            asked.shards());
      });
}

}  // namespace huifang::ticket

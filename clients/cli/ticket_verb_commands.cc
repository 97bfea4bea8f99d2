#include <functional>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/ticket_groups.h"
#include "huifang/ticket/v1/ticket_service.grpc.pb.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = ticket::v1;
using Stub = v1::TicketService::Stub;

// Everything the verbs take; each command offers what it needs.
struct VerbOptions {
  std::shared_ptr<std::string> court;
  std::string ticket, etag, request_id;
  std::string text, reason, approver;
  std::string division, team, handler, author;
  bool by_phone = false, off = false;
  int replaces = 0;
};

using Options = std::shared_ptr<VerbOptions>;

std::string Name(const VerbOptions& options, absl::string_view collection,
                 const std::string& id) {
  return id.empty() ? "" : CompleteName(collection, *options.court, id);
}

// What all verbs have: the ticket, its etag, a request id.
Options AddVerb(CLI::App& tickets, const std::string& name,
                const std::string& description, const std::string& example,
                CLI::App*& command) {
  command = AddCommand(tickets, name, description, example);
  auto options = std::make_shared<VerbOptions>();
  options->court = AddCourtOption(*command);
  command->add_option("TICKET", options->ticket, "Id or full name")->required();
  command->add_option("--etag", options->etag,
                      "Only if the ticket still has this etag");
  command->add_option("--request-id", options->request_id,
                      "UUID; give the same to repeat a call whose answer was "
                      "lost");
  return options;
}

std::string RequestIdOf(const VerbOptions& options) {
  return options.request_id.empty() ? NewRequestId() : options.request_id;
}

template <typename Request>
Request Start(const VerbOptions& options) {
  Request request;
  request.set_name(Name(options, "tickets", options.ticket));
  request.set_request_id(RequestIdOf(options));
  return request;
}

template <typename Request>
absl::Status Run(Context& context,
                 grpc::Status (Stub::*method)(grpc::ClientContext*,
                                              const Request&, v1::Ticket*),
                 const Request& request) {
  const auto stub =
      v1::TicketService::NewStub(context.Channel(Service::kTicket));
  ASSIGN_OR_RETURN(const v1::Ticket ticket,
                   context.Call(*stub, method, request));
  context.PrintMessage(ticket);
  return absl::OkStatus();
}

v1::Reply ReplyOf(const VerbOptions& options) {
  v1::Reply reply;
  reply.set_text(options.text);
  reply.set_author(Name(options, "staff", options.author));
  reply.set_by_phone(options.by_phone);
  reply.set_replaces_revision(options.replaces);
  return reply;
}

void AddReplyOptions(CLI::App& command, VerbOptions& options) {
  command.add_option("--text", options.text, "What the caller was told")
      ->required();
  command.add_option("--author", options.author, "Who said it: staff id");
  command.add_flag("--by-phone", options.by_phone,
                   "The caller was reached by phone");
}

void AddAnswer(CLI::App& tickets, Context& context) {
  CLI::App* command = nullptr;
  const Options options = AddVerb(
      tickets, "answer", "Answers at the desk at once and closes (即答).",
      "huifangctl tickets answer --court 110102 ID --text '可在网上交纳…'",
      command);
  AddReplyOptions(*command, *options);
  context.OnRun(*command, [&context, options] {
    auto request = Start<v1::AnswerTicketRequest>(*options);
    *request.mutable_reply() = ReplyOf(*options);
    request.set_etag(options->etag);
    return Run(context, &Stub::AnswerTicket, request);
  });
}

void AddReply(CLI::App& tickets, Context& context) {
  CLI::App* command = nullptr;
  const Options options = AddVerb(
      tickets, "reply", "Adds a reply (答复); an edit names what it replaces.",
      "huifangctl tickets reply --court 110102 ID --text '…' --by-phone",
      command);
  AddReplyOptions(*command, *options);
  command->add_option("--replaces", options->replaces,
                      "Revision this one replaces");
  context.OnRun(*command, [&context, options] {
    auto request = Start<v1::ReplyTicketRequest>(*options);
    *request.mutable_reply() = ReplyOf(*options);
    request.set_etag(options->etag);
    return Run(context, &Stub::ReplyTicket, request);
  });
}

// dispatch and transfer name where the ticket goes.
template <typename Request>
void SetTarget(const VerbOptions& options, Request& request) {
  request.set_division(Name(options, "divisions", options.division));
  request.set_team(Name(options, "teams", options.team));
  request.set_handler(Name(options, "staff", options.handler));
  request.set_etag(options.etag);
}

void AddTargetOptions(CLI::App& command, VerbOptions& options) {
  command.add_option("--division", options.division, "Division's id")
      ->required();
  command.add_option("--team", options.team, "Team's id");
  command.add_option("--handler", options.handler, "Handler's id");
}

void AddDispatch(CLI::App& tickets, Context& context) {
  CLI::App* command = nullptr;
  const Options options = AddVerb(
      tickets, "dispatch", "Sends a ticket to a division or handler (派单).",
      "huifangctl tickets dispatch --court 110102 ID --division civil-1",
      command);
  AddTargetOptions(*command, *options);
  context.OnRun(*command, [&context, options] {
    auto request = Start<v1::DispatchTicketRequest>(*options);
    SetTarget(*options, request);
    return Run(context, &Stub::DispatchTicket, request);
  });
}

void AddTransfer(CLI::App& tickets, Context& context) {
  CLI::App* command = nullptr;
  const Options options =
      AddVerb(tickets, "transfer",
              "Hands a ticket to another division or handler (转办); the clock "
              "runs on.",
              "huifangctl tickets transfer --court 110102 ID --division "
              "civil-2 --reason '案件已移交'",
              command);
  AddTargetOptions(*command, *options);
  command->add_option("--reason", options->reason, "Why")->required();
  context.OnRun(*command, [&context, options] {
    auto request = Start<v1::TransferTicketRequest>(*options);
    SetTarget(*options, request);
    request.set_reason(options->reason);
    return Run(context, &Stub::TransferTicket, request);
  });
}

void AddAcceptAndClose(CLI::App& tickets, Context& context) {
  CLI::App* accept = nullptr;
  const Options accepted = AddVerb(
      tickets, "accept", "The handler takes it on (签收).",
      "huifangctl tickets accept --court 110102 ID --handler zhang", accept);
  accept->add_option("--handler", accepted->handler, "Who takes it on");
  context.OnRun(*accept, [&context, accepted] {
    auto request = Start<v1::AcceptTicketRequest>(*accepted);
    request.set_handler(Name(*accepted, "staff", accepted->handler));
    request.set_etag(accepted->etag);
    return Run(context, &Stub::AcceptTicket, request);
  });
  CLI::App* close = nullptr;
  const Options closed =
      AddVerb(tickets, "close", "Closes a replied ticket (办结).",
              "huifangctl tickets close --court 110102 ID", close);
  context.OnRun(*close, [&context, closed] {
    auto request = Start<v1::CloseTicketRequest>(*closed);
    request.set_etag(closed->etag);
    return Run(context, &Stub::CloseTicket, request);
  });
}

// return and reopen take a reason and nothing else.
template <typename Request>
void AddReasoned(CLI::App& tickets, Context& context, const std::string& name,
                 const std::string& description,
                 grpc::Status (Stub::*method)(grpc::ClientContext*,
                                              const Request&, v1::Ticket*)) {
  CLI::App* command = nullptr;
  const Options options =
      AddVerb(tickets, name, description,
              absl::StrCat("huifangctl tickets ", name,
                           " --court 110102 ID --reason '…'"),
              command);
  command->add_option("--reason", options->reason, "Why")->required();
  context.OnRun(*command, [&context, options, method] {
    auto request = Start<Request>(*options);
    request.set_reason(options->reason);
    request.set_etag(options->etag);
    return Run(context, method, request);
  });
}

void AddCancel(CLI::App& tickets, Context& context) {
  CLI::App* command = nullptr;
  const Options options =
      AddVerb(tickets, "cancel",
              "Withdraws a ticket (作废): with a reason and a second person.",
              "huifangctl tickets cancel --court 110102 ID --reason '重复登记' "
              "--approver wang",
              command);
  command->add_option("--reason", options->reason, "Why")->required();
  command->add_option("--approver", options->approver, "Who agreed: staff id")
      ->required();
  context.OnRun(*command, [&context, options] {
    auto request = Start<v1::CancelTicketRequest>(*options);
    request.set_reason(options->reason);
    request.set_approver(Name(*options, "staff", options->approver));
    request.set_etag(options->etag);
    return Run(context, &Stub::CancelTicket, request);
  });
}

void AddSupervise(CLI::App& tickets, Context& context) {
  CLI::App* command = nullptr;
  const Options options =
      AddVerb(tickets, "supervise",
              "Puts a ticket under key supervision (重点督办), or ends that.",
              "huifangctl tickets supervise --court 110102 ID\n"
              "huifangctl tickets supervise --court 110102 ID --off",
              command);
  command->add_flag("--off", options->off, "End it");
  context.OnRun(*command, [&context, options] {
    v1::UpdateTicketRequest request;
    v1::Ticket& ticket = *request.mutable_ticket();
    ticket.set_name(Name(*options, "tickets", options->ticket));
    ticket.set_key_supervision(!options->off);
    ticket.set_etag(options->etag);
    request.mutable_update_mask()->add_paths("key_supervision");
    request.set_request_id(RequestIdOf(*options));
    return Run(context, &Stub::UpdateTicket, request);
  });
}

struct CreateOptions {
  std::shared_ptr<std::string> court;
  std::string channel = "PHONE", kind = "CONSULT", priority = "NORMAL";
  std::string title, content, phone, name, case_number, category, source_id;
  std::string request_id;
};

absl::Status Create(Context& context, const CreateOptions& options) {
  v1::CreateTicketRequest request;
  request.set_parent(CourtName(*options.court));
  request.set_request_id(options.request_id.empty() ? NewRequestId()
                                                    : options.request_id);
  v1::Ticket& ticket = *request.mutable_ticket();
  v1::Channel channel;
  v1::Kind kind;
  v1::Priority priority;
  if (!v1::Channel_Parse("CHANNEL_" + options.channel, &channel) ||
      !v1::Kind_Parse("KIND_" + options.kind, &kind) ||
      !v1::Priority_Parse("PRIORITY_" + options.priority, &priority)) {
    return absl::InvalidArgumentError(
        "--channel, --kind or --priority is none; see --help");
  }
  ticket.set_channel(channel);
  ticket.set_kind(kind);
  ticket.set_priority(priority);
  ticket.set_title(options.title);
  ticket.set_content(options.content);
  ticket.set_category(options.category);
  ticket.set_case_number(options.case_number);
  ticket.set_source_id(options.source_id);
  ticket.mutable_caller()->set_phone(options.phone);
  ticket.mutable_caller()->set_display_name(options.name);
  return Run(context, &Stub::CreateTicket, request);
}

void AddCreate(CLI::App& tickets, Context& context) {
  CLI::App* command = AddCommand(
      tickets, "create", "Takes in a ticket (登记).",
      "huifangctl tickets create --court 110102 --title '问诉讼费' --content "
      "'网上如何交纳诉讼费' --phone - < number.txt");
  auto options = std::make_shared<CreateOptions>();
  options->court = AddCourtOption(*command);
  command
      ->add_option("--channel", options->channel,
                   "PHONE, MESSAGE, APP, WEB, DESK or TRANSFER")
      ->capture_default_str();
  command
      ->add_option("--kind", options->kind,
                   "CONSULT, CASE_QUERY, CONTACT_JUDGE, COMPLAINT, "
                   "SUGGESTION or OTHER")
      ->capture_default_str();
  command->add_option("--priority", options->priority, "NORMAL or URGENT")
      ->capture_default_str();
  command->add_option("--title", options->title, "One line");
  command->add_option("--content", options->content, "What the caller asked");
  AddPersonalOption(*command, "--phone", options->phone, "The caller's number");
  AddPersonalOption(*command, "--name", options->name, "The caller's name");
  command->add_option("--case", options->case_number, "Case number (案号)");
  command->add_option("--category", options->category, "Path, levels by /");
  command->add_option("--source-id", options->source_id,
                      "Id in another system, if it has one");
  command->add_option("--request-id", options->request_id,
                      "UUID; give the same to repeat a call whose answer was "
                      "lost");
  context.OnRun(*command,
                [&context, options] { return Create(context, *options); });
}

}  // namespace

void AddTicketVerbs(CLI::App& tickets, Context& context) {
  AddCreate(tickets, context);
  AddAnswer(tickets, context);
  AddDispatch(tickets, context);
  AddAcceptAndClose(tickets, context);
  AddReply(tickets, context);
  AddReasoned<v1::ReturnTicketRequest>(tickets, context, "return",
                                       "Sends it back to the desk (退单).",
                                       &Stub::ReturnTicket);
  AddTransfer(tickets, context);
  AddReasoned<v1::ReopenTicketRequest>(tickets, context, "reopen",
                                       "Takes a closed ticket up again (重办).",
                                       &Stub::ReopenTicket);
  AddCancel(tickets, context);
  AddSupervise(tickets, context);
}

}  // namespace huifang::cli

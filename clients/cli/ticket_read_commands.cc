#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/named_command.h"
#include "clients/cli/ticket_entries.h"
#include "clients/cli/ticket_groups.h"
#include "huifang/ticket/v1/directory_service.grpc.pb.h"
#include "huifang/ticket/v1/ticket_service.grpc.pb.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = ticket::v1;
using Stub = v1::TicketService::Stub;

constexpr int kPageSize = 500;
// Columns of a terminal a title may take.
constexpr std::size_t kTitleWidth = 40;

std::unique_ptr<Stub> NewStub(Context& context) {
  return v1::TicketService::NewStub(context.Channel(Service::kTicket));
}

const std::vector<std::string>& TicketColumns() {
  static const auto* const kColumns = new std::vector<std::string>{
      "source_id", "state",     "created_at", "due_at",   "closed_at",
      "overdue",   "kind",      "channel",    "division", "handler",
      "title",     "repeat_of", "ticket"};
  return *kColumns;
}

std::vector<Cell> TicketRow(const v1::Ticket& ticket, bool cut) {
  return {ticket.source_id(),
          EnumLabel(ticket.state()),
          FormatTime(ticket.create_time()),
          FormatTime(ticket.due_time()),
          FormatTime(ticket.close_time()),
          ticket.overdue(),
          EnumLabel(ticket.kind()),
          EnumLabel(ticket.channel()),
          ResourceId(ticket.division()),
          ResourceId(ticket.handler()),
          cut ? CutToWidth(ticket.title(), kTitleWidth) : ticket.title(),
          ResourceId(ticket.repeat_of()),
          ResourceId(ticket.name())};
}

struct ListOptions {
  std::shared_ptr<std::string> court;
  std::vector<std::string> states;
  std::string from, to, closed_from, closed_to;
  std::string division, handler, source_id, case_number, text;
  bool overdue = false;
  std::int64_t limit = 0;
};

// Days are inclusive: --to 2019-07-28 takes that whole day.
absl::Status SetDay(const std::string& day, int days_on,
                    google::protobuf::Timestamp* (v1::TicketFilter::*field)(),
                    v1::TicketFilter& filter) {
  if (day.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const absl::Time start, ParseDayStart(day));
  *(filter.*field)() = ToTimestamp(start + days_on * absl::Hours(24));
  return absl::OkStatus();
}

absl::StatusOr<v1::TicketFilter> FilterOf(const ListOptions& options) {
  v1::TicketFilter filter;
  for (const std::string& name : options.states) {
    ASSIGN_OR_RETURN(const auto state,
                     ParseEnum<v1::Ticket::State>("--state", name));
    filter.add_states(state);
  }
  using Filter = v1::TicketFilter;
  RETURN_IF_ERROR(
      SetDay(options.from, 0, &Filter::mutable_create_time_from, filter));
  RETURN_IF_ERROR(
      SetDay(options.to, 1, &Filter::mutable_create_time_to, filter));
  RETURN_IF_ERROR(
      SetDay(options.closed_from, 0, &Filter::mutable_close_time_from, filter));
  RETURN_IF_ERROR(
      SetDay(options.closed_to, 1, &Filter::mutable_close_time_to, filter));
  if (!options.division.empty()) {
    filter.set_division(
        CompleteName("divisions", *options.court, options.division));
  }
  if (!options.handler.empty()) {
    filter.set_handler(CompleteName("staff", *options.court, options.handler));
  }
  filter.set_source_id(options.source_id);
  filter.set_case_number(options.case_number);
  filter.set_text(options.text);
  filter.set_overdue_only(options.overdue);
  return filter;
}

absl::Status List(Context& context, const ListOptions& options) {
  const auto stub = NewStub(context);
  v1::ListTicketsRequest request;
  request.set_parent(CourtName(*options.court));
  ASSIGN_OR_RETURN(*request.mutable_filter(), FilterOf(options));
  const bool cut = context.options().format == Format::kTable;
  const auto rows = context.Rows(TicketColumns());
  std::int64_t left = options.limit == 0 ? INT64_MAX : options.limit;
  do {
    request.set_page_size(
        static_cast<int>(std::min<std::int64_t>(left, kPageSize)));
    ASSIGN_OR_RETURN(const v1::ListTicketsResponse page,
                     context.Call(*stub, &Stub::ListTickets, request));
    for (const v1::Ticket& ticket : page.tickets()) {
      rows->Add(TicketRow(ticket, cut));
    }
    left -= page.tickets_size();
    request.set_page_token(page.next_page_token());
  } while (left > 0 && !request.page_token().empty());
  rows->Finish();
  return absl::OkStatus();
}

void AddList(CLI::App& tickets, Context& context) {
  CLI::App* command = AddCommand(
      tickets, "list", "Lists tickets, newest first.",
      "huifangctl tickets list --court 110102 --limit 20\n"
      "huifangctl tickets list --court 110102 --state DISPATCHED --overdue\n"
      "huifangctl tickets list --court 110102 --from 2019-07-22 --to "
      "2019-07-28 --format csv > week.csv");
  auto options = std::make_shared<ListOptions>();
  options->court = AddCourtOption(*command);
  command
      ->add_option("--state", options->states,
                   "OPEN, ANSWERED_AT_DESK, DISPATCHED, ACCEPTED, REPLIED, "
                   "CLOSED, RETURNED, REOPENED or CANCELLED; repeatable")
      ->delimiter(',');
  command->add_option("--from", options->from, "First day of creation");
  command->add_option("--to", options->to, "Last day of creation");
  command->add_option("--closed-from", options->closed_from,
                      "First day of closure");
  command->add_option("--closed-to", options->closed_to, "Last day of closure");
  command->add_option("--division", options->division, "Division's id or name");
  command->add_option("--handler", options->handler, "Handler's id or name");
  command->add_option("--source-id", options->source_id,
                      "Id in the system it came from");
  command->add_option("--case", options->case_number, "Case number (案号)");
  command->add_option("--text", options->text, "Words in title or content");
  command->add_flag("--overdue", options->overdue, "Only overdue ones");
  command->add_option("--limit", options->limit, "At most this many; 0 is all")
      ->check(CLI::NonNegativeNumber);
  context.OnRun(*command,
                [&context, options] { return List(context, *options); });
}

void AddGet(CLI::App& tickets, Context& context) {
  CLI::App* command = AddCommand(
      tickets, "get", "Shows one ticket whole; personal data is masked.",
      "huifangctl tickets get --court 110102 0197e0c2-…\n"
      "huifangctl tickets get --court 110102 0197e0c2-… --format json");
  auto court = AddCourtOption(*command);
  auto name = std::make_shared<std::string>();
  command->add_option("TICKET", *name, "Id or full name")->required();
  context.OnRun(*command, [&context, court, name]() -> absl::Status {
    v1::GetTicketRequest request;
    request.set_name(CompleteName("tickets", *court, *name));
    ASSIGN_OR_RETURN(
        const v1::Ticket ticket,
        context.Call(*NewStub(context), &Stub::GetTicket, request));
    context.PrintMessage(ticket);
    return absl::OkStatus();
  });
}

void AddExplain(CLI::App& tickets, Context& context) {
  CLI::App* command =
      AddCommand(tickets, "explain",
                 "Shows how a ticket's deadline was counted, day by day.",
                 "huifangctl tickets explain --court 110102 0197e0c2-…");
  auto court = AddCourtOption(*command);
  auto name = std::make_shared<std::string>();
  command->add_option("TICKET", *name, "Id or full name")->required();
  context.OnRun(*command, [&context, court, name]() -> absl::Status {
    v1::ExplainDeadlineRequest request;
    request.set_ticket(CompleteName("tickets", *court, *name));
    const auto stub =
        v1::DeadlineService::NewStub(context.Channel(Service::kTicket));
    ASSIGN_OR_RETURN(
        const v1::ExplainDeadlineResponse explained,
        context.Call(*stub, &v1::DeadlineService::Stub::ExplainDeadline,
                     request));
    if (context.options().format == Format::kJson) {
      context.PrintMessage(explained);
      return absl::OkStatus();
    }
    const auto rows = context.Rows({"date", "counted", "count", "reason"});
    for (const v1::DeadlineDay& day : explained.days()) {
      rows->Add({day.date(), day.counted(), day.count(), day.reason()});
    }
    rows->Finish();
    std::fprintf(stderr, "%s\n", explained.summary().c_str());
    return absl::OkStatus();
  });
}

struct TimelineOptions {
  std::shared_ptr<std::string> court;
  std::string phone, party, case_number, caller, ticket;
};

absl::Status TicketTimeline(Context& context, const TimelineOptions& options) {
  v1::GetTicketTimelineRequest request;
  request.set_name(CompleteName("tickets", *options.court, options.ticket));
  ASSIGN_OR_RETURN(
      const v1::GetTicketTimelineResponse response,
      context.Call(*NewStub(context), &Stub::GetTicketTimeline, request));
  std::vector<TimelineLine> lines = LinesOf(response.entries());
  AddReportingLines(context, {request.name()}, lines);
  PrintLines(context, std::move(lines), false);
  return absl::OkStatus();
}

absl::Status CallerTimeline(Context& context, const TimelineOptions& options) {
  v1::GetCallerTimelineRequest request;
  request.set_parent(CourtName(*options.court));
  if (!options.phone.empty()) {
    request.set_phone(options.phone);
  } else if (!options.case_number.empty()) {
    request.set_case_number(options.case_number);
  } else if (!options.caller.empty()) {
    request.set_caller_key(options.caller);
  } else {
    request.set_party_id(options.party);
  }
  ASSIGN_OR_RETURN(
      const v1::GetCallerTimelineResponse response,
      context.Call(*NewStub(context), &Stub::GetCallerTimeline, request));
  if (context.options().format == Format::kJson) {
    context.PrintMessage(response);
    return absl::OkStatus();
  }
  if (context.options().format == Format::kTable) {
    const auto rows = context.Rows(TicketColumns());
    for (const v1::Ticket& ticket : response.tickets()) {
      rows->Add(TicketRow(ticket, true));
    }
    rows->Finish();
    std::fputc('\n', stdout);
  }
  std::vector<std::string> names;
  for (const v1::Ticket& ticket : response.tickets()) {
    names.push_back(ticket.name());
  }
  std::vector<TimelineLine> lines = LinesOf(response.entries());
  AddReportingLines(context, names, lines);
  PrintLines(context, std::move(lines), true);
  return absl::OkStatus();
}

void AddTimeline(CLI::App& tickets, Context& context) {
  CLI::App* command = AddCommand(
      tickets, "timeline",
      "Everything about a caller, a case or one ticket, newest first for the "
      "first two; with the suggestions that rest on the tickets, and their key "
      "supervision.",
      "huifangctl tickets timeline --court 110102 --phone - < number.txt\n"
      "huifangctl tickets timeline --court 110102 --case "
      "'(2021)京0102民初7664号'\n"
      "huifangctl tickets timeline --court 110102 --caller KEY\n"
      "huifangctl tickets timeline --court 110102 --ticket 0197e0c2-…");
  auto options = std::make_shared<TimelineOptions>();
  options->court = AddCourtOption(*command);
  CLI::Option_group* subject = command->add_option_group("Whose (one of)");
  AddPersonalOption(*subject, "--phone", options->phone, "The caller's number");
  subject->add_option("--party", options->party, "The party's id");
  subject->add_option("--case", options->case_number, "Case number (案号)");
  subject->add_option("--caller", options->caller,
                      "The caller's key, as tickets and alerts show it");
  subject->add_option("--ticket", options->ticket, "One ticket, oldest first");
  subject->require_option(1);
  context.OnRun(*command, [&context, options] {
    return options->ticket.empty() ? CallerTimeline(context, *options)
                                   : TicketTimeline(context, *options);
  });
}

}  // namespace

void AddTicketReads(CLI::App& tickets, Context& context) {
  AddList(tickets, context);
  AddGet(tickets, context);
  AddTimeline(tickets, context);
  AddExplain(tickets, context);
}

}  // namespace huifang::cli

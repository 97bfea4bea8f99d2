#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "clients/cli/named_command.h"
#include "clients/cli/reporting_commands.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = reporting::v1;
using Stub = v1::AlertService::Stub;

constexpr int kPage = 500;

struct Options {
  std::shared_ptr<std::string> court;
  std::string name;
  std::string state, rule, division, period;
  std::string words, until, chart;
  int limit = 50;
};

std::unique_ptr<Stub> NewStub(Context& context) {
  return v1::AlertService::NewStub(context.Channel(Service::kReporting));
}

std::vector<Cell> RowOf(const v1::Alert& alert) {
  return {ResourceId(alert.name()),
          alert.period(),
          EnumLabel(alert.state()),
          EnumLabel(alert.rule()),
          EnumLabel(alert.measure()),
          ResourceId(alert.division()),
          alert.role(),
          FormatTime(alert.escalate_time()),
          alert.tickets_size() + alert.tickets_omitted(),
          alert.summary()};
}

std::unique_ptr<RowWriter> AlertRows(Context& context) {
  return context.Rows({"alert", "period", "state", "rule", "measure",
                       "division", "role", "escalates_at", "tickets",
                       "summary"});
}

absl::Status List(Context& context, const Options& options) {
  v1::ListAlertsRequest request;
  request.set_parent(CourtName(*options.court));
  request.set_period(options.period);
  if (!options.division.empty()) {
    request.set_division(
        CompleteName("divisions", *options.court, options.division));
  }
  if (!options.state.empty()) {
    ASSIGN_OR_RETURN(const auto state,
                     ParseEnum<v1::Alert::State>("--state", options.state));
    request.set_state(state);
  }
  if (!options.rule.empty()) {
    ASSIGN_OR_RETURN(const auto rule,
                     ParseEnum<v1::Alert::Rule>("--rule", options.rule));
    request.set_rule(rule);
  }
  const auto rows = AlertRows(context);
  const auto stub = NewStub(context);
  int left = options.limit;
  do {
    request.set_page_size(std::min(left, kPage));
    ASSIGN_OR_RETURN(const v1::ListAlertsResponse page,
                     context.Call(*stub, &Stub::ListAlerts, request));
    for (const v1::Alert& alert : page.alerts()) rows->Add(RowOf(alert));
    left -= page.alerts_size();
    request.set_page_token(page.next_page_token());
  } while (left > 0 && !request.page_token().empty());
  rows->Finish();
  return absl::OkStatus();
}

absl::Status Get(Context& context, const Options& options) {
  v1::GetAlertRequest request;
  request.set_name(CompleteName("alerts", *options.court, options.name));
  ASSIGN_OR_RETURN(v1::Alert alert,
                   context.Call(*NewStub(context), &Stub::GetAlert, request));
  if (!options.chart.empty()) {
    RETURN_IF_ERROR(WriteFile(options.chart, alert.chart_svg()));
  }
  // A picture as text helps nobody.
  alert.clear_chart_svg();
  context.PrintMessage(alert);
  return absl::OkStatus();
}

absl::Status Tickets(Context& context, const Options& options) {
  v1::GetAlertRequest request;
  request.set_name(CompleteName("alerts", *options.court, options.name));
  ASSIGN_OR_RETURN(const v1::Alert alert,
                   context.Call(*NewStub(context), &Stub::GetAlert, request));
  const auto rows = context.Rows({"ticket", "number", "division", "created_at",
                                  "due_at", "closed", "overdue", "re_raised"});
  for (const v1::Alert::LinkedTicket& one : alert.tickets()) {
    rows->Add({ResourceId(one.name()), one.ticket_number(),
               ResourceId(one.division()), FormatTime(one.create_time()),
               FormatTime(one.due_time()), one.closed(), one.overdue(),
               one.re_raised()});
  }
  rows->Finish();
  return absl::OkStatus();
}

template <typename Request>
absl::Status Move(Context& context, const Options& options,
                  grpc::Status (Stub::*method)(grpc::ClientContext*,
                                               const Request&, v1::Alert*),
                  Request request) {
  ASSIGN_OR_RETURN(
      const v1::Alert alert,
      CallVerb(context, "alerts", options, *NewStub(context), method, request));
  const auto rows = AlertRows(context);
  rows->Add(RowOf(alert));
  rows->Finish();
  return absl::OkStatus();
}

void AddList(CLI::App& alerts, Context& context) {
  CLI::App* list =
      AddCommand(alerts, "list", "Lists alerts, newest first.",
                 "huifangctl alerts list --court 110102 --state OPEN\n"
                 "huifangctl alerts list --court 110102 --period 2019-W30\n"
                 "huifangctl alerts list --court 110102 --rule OVERDUE_RISK\n"
                 "huifangctl alerts list --court 110102 --rule REPEAT_CALLER "
                 "--state OPEN");
  auto options = std::make_shared<Options>();
  options->court = AddCourtOption(*list);
  list->add_option("--state", options->state,
                   "OPEN, ACKNOWLEDGED, MUTED or RESOLVED");
  list->add_option("--rule", options->rule,
                   "CONTROL_LIMIT, RUN, FUNNEL, OVERDUE_RISK (超期风险) or "
                   "REPEAT_CALLER (重复来电)");
  list->add_option("--division", options->division, "Only this division");
  list->add_option("--period", options->period, "Only 2019-W30 or 2019-07");
  list->add_option("--limit", options->limit, "At most this many")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  context.OnRun(*list, [&context, options] { return List(context, *options); });
}

void AddVerbs(CLI::App& alerts, Context& context) {
  const auto [ack, ack_options] = AddNamedCommand<Options>(
      alerts, "alert", "ack", "Takes an alert in hand; it no longer escalates.",
      "huifangctl alerts ack --court 110102 ALERT");
  context.OnRun(*ack, [&context, options = ack_options] {
    return Move(context, *options, &Stub::AcknowledgeAlert,
                v1::AcknowledgeAlertRequest());
  });

  const auto [resolve, resolve_options] = AddNamedCommand<Options>(
      alerts, "alert", "resolve", "Settles an alert with a note.",
      "huifangctl alerts resolve --court 110102 ALERT --note '已约谈并整改'");
  resolve->add_option("--note", resolve_options->words, "How it was settled")
      ->required();
  context.OnRun(*resolve, [&context, options = resolve_options] {
    v1::ResolveAlertRequest request;
    request.set_resolution(options->words);
    return Move(context, *options, &Stub::ResolveAlert, request);
  });

  const auto [mute, mute_options] = AddNamedCommand<Options>(
      alerts, "alert", "mute",
      "Silences an alert, and later ones of the same rule, measure and "
      "division, or caller or case, until a day.",
      "huifangctl alerts mute --court 110102 ALERT --until 2019-08-30 "
      "--reason '系统迁移期间'");
  mute->add_option("--until", mute_options->until, "Last day of silence")
      ->required();
  mute->add_option("--reason", mute_options->words, "Why")->required();
  context.OnRun(*mute, [&context, options = mute_options] {
    v1::MuteAlertRequest request;
    request.set_reason(options->words);
    request.set_until_day(options->until);
    return Move(context, *options, &Stub::MuteAlert, request);
  });
}

}  // namespace

void AddAlertCommands(CLI::App& root, Context& context) {
  CLI::App* alerts =
      AddGroup(root, "alerts", "Shows, acknowledges, mutes and settles alerts.",
               "huifangctl alerts list --court 110102 --state OPEN\n"
               "huifangctl alerts get --court 110102 ALERT --chart alert.svg");
  AddList(*alerts, context);
  const auto [get, get_options] = AddNamedCommand<Options>(
      *alerts, "alert", "get",
      "Shows one alert with the observations behind it.",
      "huifangctl alerts get --court 110102 ALERT --chart alert.svg");
  get->add_option("--chart", get_options->chart, "Write its chart here, SVG");
  context.OnRun(*get, [&context, options = get_options] {
    return Get(context, *options);
  });
  const auto [tickets, tickets_options] = AddNamedCommand<Options>(
      *alerts, "alert", "tickets",
      "Lists the tickets behind an alert of overdue risk or repeat calls.",
      "huifangctl alerts tickets --court 110102 ALERT\n"
      "huifangctl alerts tickets --court 110102 ALERT --format csv > due.csv");
  context.OnRun(*tickets, [&context, options = tickets_options] {
    return Tickets(context, *options);
  });
  AddVerbs(*alerts, context);
}

}  // namespace huifang::cli

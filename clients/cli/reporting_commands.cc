#include "clients/cli/reporting_commands.h"

#include <utility>

#include "clients/cli/commands.h"
#include "clients/cli/named_command.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = reporting::v1;
using Stub = v1::ReportService::Stub;

struct Options {
  std::shared_ptr<std::string> court;
  std::string name;
  std::string period, division, state;
  std::string note;
  int limit = 50;
};

constexpr int kPage = 500;

absl::Status List(Context& context, const Options& options) {
  v1::ListReportsRequest request;
  request.set_parent(CourtName(*options.court));
  request.set_period(options.period);
  if (!options.division.empty()) {
    request.set_division(
        CompleteName("divisions", *options.court, options.division));
  }
  if (!options.state.empty()) {
    ASSIGN_OR_RETURN(const auto state,
                     ParseEnum<v1::Report::State>("--state", options.state));
    request.set_state(state);
  }
  const auto rows =
      context.Rows({"report", "period", "division", "division_name", "version",
                    "state", "serial_number", "built_at"});
  const auto stub = NewReportStub(context);
  int left = options.limit;
  do {
    request.set_page_size(std::min(left, kPage));
    const absl::StatusOr<v1::ListReportsResponse> page =
        context.Call(*stub, &Stub::ListReports, request);
    if (!page.ok()) return page.status();
    for (const v1::Report& report : page->reports()) {
      rows->Add({ResourceId(report.name()), report.period().label(),
                 ResourceId(report.division()), report.division_display_name(),
                 report.version(), EnumLabel(report.state()),
                 report.serial_number(), FormatTime(report.build_time())});
    }
    left -= page->reports_size();
    request.set_page_token(page->next_page_token());
  } while (left > 0 && !request.page_token().empty());
  rows->Finish();
  return absl::OkStatus();
}

absl::Status Get(Context& context, const Options& options) {
  v1::GetReportRequest request;
  request.set_name(CompleteName("reports", *options.court, options.name));
  const absl::StatusOr<v1::Report> report =
      context.Call(*NewReportStub(context), &Stub::GetReport, request);
  if (!report.ok()) return report.status();
  context.PrintMessage(*report);
  return absl::OkStatus();
}

// The verbs that move a report on.
template <typename Request>
absl::Status Move(Context& context, const Options& options,
                  grpc::Status (Stub::*method)(grpc::ClientContext*,
                                               const Request&, v1::Report*),
                  Request request) {
  ASSIGN_OR_RETURN(const v1::Report report,
                   CallVerb(context, "reports", options,
                            *NewReportStub(context), method, request));
  const auto rows = context.Rows({"report", "state"});
  rows->Add({ResourceId(report.name()), EnumLabel(report.state())});
  rows->Finish();
  return absl::OkStatus();
}

void AddVerbs(CLI::App& reports, Context& context) {
  const auto [get, get_options] = AddNamedCommand<Options>(
      reports, "report", "get", "Shows one report with all its figures.",
      "huifangctl reports get --court 110102 REPORT --format json");
  context.OnRun(*get, [&context, options = get_options] {
    return Get(context, *options);
  });

  const auto [review, review_options] = AddNamedCommand<Options>(
      reports, "report", "review", "Says that a READY report was checked.",
      "huifangctl reports review --court 110102 REPORT");
  context.OnRun(*review, [&context, options = review_options] {
    return Move(context, *options, &Stub::ReviewReport,
                v1::ReviewReportRequest());
  });

  const auto [approve, approve_options] = AddNamedCommand<Options>(
      reports, "report", "approve",
      "Approves a REVIEWED report; its text is then fixed. Not by who built or "
      "reviewed it.",
      "huifangctl reports approve --court 110102 REPORT");
  context.OnRun(*approve, [&context, options = approve_options] {
    return Move(context, *options, &Stub::ApproveReport,
                v1::ApproveReportRequest());
  });

  const auto [deliver, deliver_options] = AddNamedCommand<Options>(
      reports, "report", "deliver", "Marks an APPROVED report as delivered.",
      "huifangctl reports deliver --court 110102 REPORT");
  context.OnRun(*deliver, [&context, options = deliver_options] {
    return Move(context, *options, &Stub::DeliverReport,
                v1::DeliverReportRequest());
  });

  const auto [acknowledge, acknowledge_options] = AddNamedCommand<Options>(
      reports, "report", "acknowledge", "Acknowledges a DELIVERED report.",
      "huifangctl reports acknowledge --court 110102 REPORT --note 已知悉");
  acknowledge->add_option("--note", acknowledge_options->note,
                          "The division's remark");
  context.OnRun(*acknowledge, [&context, options = acknowledge_options] {
    v1::AcknowledgeReportRequest request;
    request.set_acknowledgement(options->note);
    return Move(context, *options, &Stub::AcknowledgeReport, request);
  });
}

void AddList(CLI::App& reports, Context& context) {
  CLI::App* list = AddCommand(
      reports, "list", "Lists reports, newest first.",
      "huifangctl reports list --court 110102 --period 2019-W30\n"
      "huifangctl reports list --court 110102 --state READY --format csv");
  auto options = std::make_shared<Options>();
  options->court = AddCourtOption(*list);
  list->add_option("--period", options->period, "Only 2019-W30 or 2019-07");
  list->add_option("--division", options->division, "Only this division");
  list->add_option("--state", options->state,
                   "BUILDING, READY, FAILED, REVIEWED, APPROVED, DELIVERED or "
                   "ACKNOWLEDGED");
  list->add_option("--limit", options->limit, "At most this many")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  context.OnRun(*list, [&context, options] { return List(context, *options); });
}

}  // namespace

std::unique_ptr<Stub> NewReportStub(Context& context) {
  return v1::ReportService::NewStub(context.Channel(Service::kReporting));
}

void AddReportingCommands(CLI::App& root, Context& context) {
  CLI::App* reports =
      AddGroup(root, "reports",
               "Builds, reviews, approves, delivers and downloads reports.",
               "huifangctl reports build --court 110102 --week 2019-W30 "
               "--format html,xlsx,csv -o out\n"
               "huifangctl reports list --court 110102\n"
               "huifangctl reports approve --court 110102 REPORT");
  AddReportBuildCommands(*reports, context);
  AddList(*reports, context);
  AddVerbs(*reports, context);
  AddRollUpCommands(*reports, context);
  AddStatisticsCommands(root, context);
  AddAlertCommands(root, context);
  AddSuggestionCommands(root, context);
  AddTrainingCommands(root, context);
  AddSupervisionCommands(root, context);
  AddAppraisalCommands(root, context);
}

}  // namespace huifang::cli

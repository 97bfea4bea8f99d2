#include <algorithm>
#include <memory>
#include <string>

#include "clients/cli/reporting_commands.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = reporting::v1;
using Stub = v1::SupervisionService::Stub;

constexpr int kPage = 500;

struct Options {
  std::shared_ptr<std::string> court;
  std::string division;
  bool closed = false;
  int limit = 50;
};

absl::Status List(Context& context, const Options& options) {
  v1::ListSupervisionsRequest request;
  request.set_parent(CourtName(*options.court));
  request.set_include_closed(options.closed);
  if (!options.division.empty()) {
    request.set_division(
        CompleteName("divisions", *options.court, options.division));
  }
  const auto rows =
      context.Rows({"ticket", "number", "division", "division_name", "state",
                    "due_at", "matter"});
  const auto stub =
      v1::SupervisionService::NewStub(context.Channel(Service::kReporting));
  int left = options.limit;
  do {
    request.set_page_size(std::min(left, kPage));
    ASSIGN_OR_RETURN(const v1::ListSupervisionsResponse page,
                     context.Call(*stub, &Stub::ListSupervisions, request));
    for (const v1::Supervision& one : page.supervisions()) {
      rows->Add({ResourceId(one.ticket()), one.ticket_number(),
                 ResourceId(one.division()), one.division_display_name(),
                 one.closed() ? (one.overdue() ? "closed late" : "closed")
                              : (one.overdue() ? "overdue" : "open"),
                 FormatTime(one.due_time()), one.matter()});
    }
    left -= page.supervisions_size();
    request.set_page_token(page.next_page_token());
  } while (left > 0 && !request.page_token().empty());
  rows->Finish();
  return absl::OkStatus();
}

}  // namespace

void AddSupervisionCommands(CLI::App& root, Context& context) {
  CLI::App* group = AddGroup(root, "supervisions",
                             "Tickets under key supervision (重点督办).",
                             "huifangctl supervisions list --court 110102");
  CLI::App* list = AddCommand(
      *group, "list", "Lists supervised tickets, earliest deadline first.",
      "huifangctl supervisions list --court 110102 --division civil-1");
  auto options = std::make_shared<Options>();
  options->court = AddCourtOption(*list);
  list->add_option("--division", options->division, "Only this division");
  list->add_flag("--closed", options->closed, "Also closed tickets");
  list->add_option("--limit", options->limit, "At most this many")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  context.OnRun(*list, [&context, options] { return List(context, *options); });
  AddTimelineCommand(
      *group, context, "ticket", "supervisions",
      "Shows what happened to a ticket while it was under key supervision.",
      [&context](v1::TimelineService::Stub& stub, const std::string& name) {
        v1::GetSupervisionTimelineRequest request;
        request.set_name(name);
        return context.Call(
            stub, &v1::TimelineService::Stub::GetSupervisionTimeline, request);
      });
}

}  // namespace huifang::cli

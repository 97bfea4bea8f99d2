#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "clients/cli/grading_commands.h"
#include "huifang/grading/v1/grading_service.grpc.pb.h"
#include "services/common/proto_time.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = grading::v1;
using Stub = v1::InspectionService::Stub;

constexpr int kPageSize = 1000;
constexpr std::size_t kTitleWidth = 32;

struct ListOptions {
  std::shared_ptr<std::string> court;
  std::string from, to, division, handler, rule;
  bool flagged = false;
  std::int64_t limit = 0;
};

std::unique_ptr<Stub> NewStub(Context& context) {
  return v1::InspectionService::NewStub(context.Channel(Service::kGrading));
}

std::string Rules(const v1::Inspection& inspection) {
  std::string rules;
  for (const v1::Finding& finding : inspection.findings()) {
    absl::StrAppend(&rules, rules.empty() ? "" : ";", finding.rule_id());
  }
  return rules;
}

// The first quotation of the gravest finding.
std::string Evidence(const v1::Inspection& inspection) {
  if (inspection.findings_size() == 0) return "";
  const v1::Finding& finding = inspection.findings(0);
  return finding.quotes_size() == 0 ? "" : finding.quotes(0).text();
}

std::vector<Cell> Row(const v1::Inspection& i, bool table) {
  const std::string relevance =
      i.has_relevance() ? absl::StrFormat("%.6f", i.relevance()) : "";
  std::vector<Cell> row = {
      i.source_id(),
      std::string(
          absl::StripPrefix(v1::Inspection::State_Name(i.state()), "STATE_")),
      i.proposed_tier(), relevance, Rules(i)};
  if (table) {
    row.emplace_back(CutToWidth(i.title(), kTitleWidth));
    row.emplace_back(CutToWidth(Evidence(i), kTitleWidth));
    row.emplace_back(ResourceId(i.ticket()));
    return row;
  }
  row.emplace_back(absl::StrFormat("%.2f", i.proposed_score()));
  row.emplace_back(i.proposed_pass());
  row.emplace_back(i.flagged());
  row.emplace_back(i.provisional());
  row.emplace_back(Evidence(i));
  row.emplace_back(ResourceId(i.division()));
  row.emplace_back(ResourceId(i.handler()));
  row.emplace_back(FormatTime(i.closed_time()));
  row.emplace_back(i.version());
  row.emplace_back(i.model_version());
  row.emplace_back(i.title());
  row.emplace_back(ResourceId(i.ticket()));
  return row;
}

std::vector<std::string> Columns(bool table) {
  if (table) {
    return {"source_id", "state", "proposed_tier", "relevance",
            "findings",  "title", "evidence",      "ticket"};
  }
  return {"source_id",   "state",          "proposed_tier", "relevance",
          "findings",    "proposed_score", "proposed_pass", "flagged",
          "provisional", "evidence",       "division",      "handler",
          "closed_at",   "version",        "model_version", "title",
          "ticket"};
}

absl::StatusOr<v1::ListInspectionsRequest> RequestOf(
    const ListOptions& options) {
  v1::ListInspectionsRequest request;
  request.set_parent(CourtName(*options.court));
  if (!options.from.empty()) {
    ASSIGN_OR_RETURN(const absl::Time day, ParseDayStart(options.from));
    *request.mutable_closed_from() = ToTimestamp(day);
  }
  if (!options.to.empty()) {
    ASSIGN_OR_RETURN(const absl::Time day, ParseDayStart(options.to));
    *request.mutable_closed_before() = ToTimestamp(day + absl::Hours(24));
  }
  if (!options.division.empty()) {
    request.set_division(
        CompleteName("divisions", *options.court, options.division));
  }
  if (!options.handler.empty()) {
    request.set_handler(CompleteName("staff", *options.court, options.handler));
  }
  request.set_rule_id(options.rule);
  request.set_flagged_only(options.flagged);
  return request;
}

absl::Status List(Context& context, const ListOptions& options) {
  const auto stub = NewStub(context);
  ASSIGN_OR_RETURN(v1::ListInspectionsRequest request, RequestOf(options));
  const bool table = context.options().format == Format::kTable;
  const auto rows = context.Rows(Columns(table));
  std::int64_t left = options.limit == 0 ? INT64_MAX : options.limit;
  do {
    request.set_page_size(
        static_cast<int>(std::min<std::int64_t>(left, kPageSize)));
    ASSIGN_OR_RETURN(const v1::ListInspectionsResponse page,
                     context.Call(*stub, &Stub::ListInspections, request));
    for (const v1::Inspection& inspection : page.inspections()) {
      rows->Add(Row(inspection, table));
    }
    left -= page.inspections_size();
    request.set_page_token(page.next_page_token());
  } while (left > 0 && !request.page_token().empty());
  rows->Finish();
  return absl::OkStatus();
}

void AddList(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(
      group, "list", "Lists inspections, latest closed ticket first.",
      "huifangctl inspections list --court 110102 --flagged\n"
      "huifangctl inspections list --court 110102 --rule forward_only\n"
      "huifangctl inspections list --court 110102 --from 2019-07-22 --to "
      "2019-07-28 --format csv > inspections.csv");
  auto options = std::make_shared<ListOptions>();
  options->court = AddCourtOption(*command);
  command->add_option("--from", options->from, "First day of closure");
  command->add_option("--to", options->to, "Last day of closure");
  command->add_option("--division", options->division, "Division's id or name");
  command->add_option("--handler", options->handler, "Handler's id or name");
  command->add_option("--rule", options->rule,
                      "Only with a finding of this rule, such as off_topic");
  command->add_flag("--flagged", options->flagged, "Only flagged ones");
  command->add_option("--limit", options->limit, "At most this many; 0 is all")
      ->check(CLI::NonNegativeNumber);
  context.OnRun(*command,
                [&context, options] { return List(context, *options); });
}

void AddGet(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(
      group, "get", "Shows one inspection with all its evidence.",
      "huifangctl inspections get --court 110102 0197e0c2-… --format json");
  auto court = AddCourtOption(*command);
  auto name = std::make_shared<std::string>();
  command->add_option("TICKET", *name, "The ticket's id, or the full name")
      ->required();
  context.OnRun(*command, [&context, court, name]() -> absl::Status {
    v1::GetInspectionRequest request;
    request.set_name(CompleteName("inspections", *court, *name));
    ASSIGN_OR_RETURN(
        const v1::Inspection inspection,
        context.Call(*NewStub(context), &Stub::GetInspection, request));
    context.PrintMessage(inspection);
    return absl::OkStatus();
  });
}

void AddRedo(CLI::App& group, Context& context) {
  CLI::App* command =
      AddCommand(group, "redo", "Inspects one closed ticket again.",
                 "huifangctl inspections redo --court 110102 0197e0c2-…");
  auto court = AddCourtOption(*command);
  auto name = std::make_shared<std::string>();
  command->add_option("TICKET", *name, "The ticket's id, or the full name")
      ->required();
  context.OnRun(*command, [&context, court, name]() -> absl::Status {
    v1::ReinspectTicketRequest request;
    request.set_name(CompleteName("inspections", *court, *name));
    request.set_request_id(NewRequestId());
    ASSIGN_OR_RETURN(
        const v1::Inspection inspection,
        context.Call(*NewStub(context), &Stub::ReinspectTicket, request));
    context.PrintMessage(inspection);
    return absl::OkStatus();
  });
}

void AddPreview(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(
      group, "preview", "Shows what a draft reply would be flagged for.",
      "huifangctl inspections preview --court 110102 --content "
      "'诉讼费何时退还？' --reply '您的来信收悉，感谢您的支持。'");
  struct Options {
    std::shared_ptr<std::string> court;
    std::string title, content, reply;
  };
  auto options = std::make_shared<Options>();
  options->court = AddCourtOption(*command);
  command->add_option("--title", options->title, "The ticket's title");
  command->add_option("--content", options->content, "What the caller asked")
      ->required();
  command->add_option("--reply", options->reply, "The draft")->required();
  context.OnRun(*command, [&context, options]() -> absl::Status {
    v1::PreviewInspectionRequest request;
    request.set_parent(CourtName(*options->court));
    request.set_title(options->title);
    request.set_content(options->content);
    request.set_reply(options->reply);
    ASSIGN_OR_RETURN(
        const v1::Inspection inspection,
        context.Call(*NewStub(context), &Stub::PreviewInspection, request));
    context.PrintMessage(inspection);
    return absl::OkStatus();
  });
}

void AddModel(CLI::App& group, Context& context) {
  CLI::App* command =
      AddCommand(group, "model", "Shows what the machine has learned.",
                 "huifangctl inspections model --court 110102");
  auto court = AddCourtOption(*command);
  context.OnRun(*command, [&context, court]() -> absl::Status {
    v1::GetRelevanceModelRequest request;
    request.set_name(absl::StrCat(CourtName(*court), "/relevanceModel"));
    ASSIGN_OR_RETURN(
        const v1::RelevanceModel model,
        context.Call(*NewStub(context), &Stub::GetRelevanceModel, request));
    context.PrintMessage(model);
    return absl::OkStatus();
  });
}

}  // namespace

void AddInspectionCommands(CLI::App& root, Context& context) {
  CLI::App* group = AddGroup(
      root, "inspections", "What the machine found in closed tickets (质检).",
      "huifangctl inspections list --court 110102 --flagged");
  AddList(*group, context);
  AddGet(*group, context);
  AddRedo(*group, context);
  AddPreview(*group, context);
  AddModel(*group, context);
}

}  // namespace huifang::cli

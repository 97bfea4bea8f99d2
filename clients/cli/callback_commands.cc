#include "clients/cli/callback_commands.h"

#include <google/protobuf/util/json_util.h>

#include <cmath>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/cli/commands.h"
#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = callback::v1;
using Stub = v1::SamplingPlanService::Stub;

std::unique_ptr<Stub> NewStub(Context& context) {
  return v1::SamplingPlanService::NewStub(context.Channel(Service::kCallback));
}

absl::StatusOr<v1::SamplingPlan> ReadPlan(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  v1::SamplingPlan plan;
  const auto parsed = google::protobuf::util::JsonStringToMessage(text, &plan);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(
        path, " is not a plan in JSON: ", std::string(parsed.message())));
  }
  return plan;
}

absl::Status List(Context& context, const std::string& court) {
  v1::ListSamplingPlansRequest request;
  request.set_parent(CourtName(court));
  request.set_page_size(500);
  const auto stub = NewStub(context);
  auto rows = context.Rows({"plan", "display_name", "cadence", "draw_time",
                            "allocation", "retired"});
  while (true) {
    ASSIGN_OR_RETURN(const v1::ListSamplingPlansResponse page,
                     context.Call(*stub, &Stub::ListSamplingPlans, request));
    for (const v1::SamplingPlan& plan : page.plans()) {
      rows->Add(
          {ResourceId(plan.name()), plan.display_name(),
           absl::StripPrefix(v1::SamplingPlan::Cadence_Name(plan.cadence()),
                             "CADENCE_"),
           plan.draw_time(),
           absl::StripPrefix(v1::Allocation_Name(plan.allocation()),
                             "ALLOCATION_"),
           plan.retired()});
    }
    if (page.next_page_token().empty()) break;
    request.set_page_token(page.next_page_token());
  }
  rows->Finish();
  return absl::OkStatus();
}

absl::Status Put(Context& context, const std::string& court,
                 const std::string& id, const std::string& path) {
  ASSIGN_OR_RETURN(v1::SamplingPlan plan, ReadPlan(path));
  const auto stub = NewStub(context);
  v1::GetSamplingPlanRequest get;
  get.set_name(CompleteName("plans", court, id));
  const auto old = context.Call(*stub, &Stub::GetSamplingPlan, get);
  absl::StatusOr<v1::SamplingPlan> stored;
  if (absl::IsNotFound(old.status())) {
    v1::CreateSamplingPlanRequest create;
    create.set_parent(CourtName(court));
    create.set_plan_id(id);
    *create.mutable_plan() = plan;
    create.set_request_id(NewRequestId());
    stored = context.Call(*stub, &Stub::CreateSamplingPlan, create);
  } else {
    RETURN_IF_ERROR(old.status());
    v1::UpdateSamplingPlanRequest update;
    *update.mutable_plan() = plan;
    update.mutable_plan()->set_name(old->name());
    update.mutable_plan()->set_etag(old->etag());
    update.mutable_update_mask()->add_paths("*");
    update.set_request_id(NewRequestId());
    stored = context.Call(*stub, &Stub::UpdateSamplingPlan, update);
  }
  RETURN_IF_ERROR(stored.status());
  context.PrintMessage(*stored);
  return absl::OkStatus();
}

struct PreviewOptions {
  std::shared_ptr<std::string> court;
  std::string plan, file, from, to;
  double officers = 0, hours = 0;
};

absl::Status Preview(Context& context, const PreviewOptions& options) {
  v1::PreviewSamplingPlanRequest request;
  request.set_parent(CourtName(*options.court));
  request.set_from_date(options.from);
  request.set_to_date(options.to);
  if (!options.plan.empty()) {
    request.set_plan(CompleteName("plans", *options.court, options.plan));
  }
  if (!options.file.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_inline_plan(), ReadPlan(options.file));
  }
  request.set_capacity_minutes(static_cast<std::int32_t>(
      std::lround(options.officers * options.hours * 60)));
  ASSIGN_OR_RETURN(
      const v1::PreviewSamplingPlanResponse preview,
      context.Call(*NewStub(context), &Stub::PreviewSamplingPlan, request));
  if (context.options().format == Format::kJson) {
    context.PrintMessage(preview);
    return absl::OkStatus();
  }
  if (context.options().format == Format::kTable) {
    std::printf(
        "tickets       %s closed, %s in the frame, %s would be drawn\n"
        "half width    %.4f\n"
        "minutes       %s; %.1f a ticket, %.0f %% of calls find the caller "
        "(%s observed)\n"
        "still open    %s calls, %s minutes%s\n\n",
        WithCommas(preview.closed_count()).c_str(),
        WithCommas(preview.population()).c_str(),
        WithCommas(preview.sampled()).c_str(), preview.margin(),
        WithCommas(preview.minutes()).c_str(), preview.minutes_per_ticket(),
        preview.contact_rate() * 100,
        WithCommas(preview.observed_calls()).c_str(),
        WithCommas(preview.open_calls()).c_str(),
        WithCommas(preview.open_minutes()).c_str(),
        request.capacity_minutes() == 0 ? ""
        : preview.open_minutes() < request.capacity_minutes()
            ? absl::StrCat(" of ", WithCommas(request.capacity_minutes()))
                  .c_str()
            : ": they take all the time there is");
  }
  auto rows =
      context.Rows({"stratum", "population", "sampled", "weight", "margin"});
  for (const v1::Stratum& s : preview.strata()) {
    rows->Add({s.key(), s.population(), s.sampled(), s.weight(), s.margin()});
  }
  rows->Finish();
  return absl::OkStatus();
}

void AddPlanPreview(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(
      group, "preview",
      "Shows what a plan would draw over a period, without drawing.",
      "huifangctl plans preview --court 110102 --plan weekly --from 2019-07-22 "
      "--to 2019-07-28\n"
      "huifangctl plans preview --court 110102 --file plan.json --from "
      "2019-07-22 --to 2019-07-28 --officers 3 --hours 10");
  const auto options = std::make_shared<PreviewOptions>();
  options->court = AddCourtOption(*command);
  CLI::Option* plan =
      command->add_option("--plan", options->plan, "A stored plan's id");
  command->add_option("--file", options->file, "SamplingPlan as JSON")
      ->excludes(plan);
  command->add_option("--from", options->from, "First day, YYYY-MM-DD")
      ->required();
  command->add_option("--to", options->to, "Last day, YYYY-MM-DD")->required();
  CLI::Option* officers =
      command
          ->add_option("--officers", options->officers,
                       "As many as so many officers can call, beside the calls "
                       "still open")
          ->check(CLI::Range(1, 1000));
  CLI::Option* hours = command
                           ->add_option("--hours", options->hours,
                                        "Hours of calling that each has")
                           ->check(CLI::Range(0.1, 1000.0));
  officers->needs(hours);
  hours->needs(officers);
  context.OnRun(*command,
                [&context, options] { return Preview(context, *options); });
}

void AddPlanShow(CLI::App& group, Context& context) {
  CLI::App* show =
      AddCommand(group, "show", "Shows one plan; \"-\" is the built-in one.",
                 "huifangctl plans show --court 110102 -- -\n"
                 "huifangctl plans show --court 110102 weekly --format json");
  const auto court = AddCourtOption(*show);
  const auto id = std::make_shared<std::string>();
  show->add_option("plan", *id, "Plan's id or name")->required();
  context.OnRun(*show, [&context, court, id]() -> absl::Status {
    v1::GetSamplingPlanRequest request;
    request.set_name(CompleteName("plans", *court, *id));
    ASSIGN_OR_RETURN(
        const v1::SamplingPlan plan,
        context.Call(*NewStub(context), &Stub::GetSamplingPlan, request));
    context.PrintMessage(plan);
    return absl::OkStatus();
  });
}

absl::Status ListRules(Context& context, const std::string& court,
                       const std::string& plan) {
  v1::ListVerdictRulesRequest request;
  request.set_parent(CourtName(court));
  request.set_page_size(500);
  if (!plan.empty()) request.set_plan(CompleteName("plans", court, plan));
  const auto stub = NewStub(context);
  auto rows = context.Rows({"plan", "number", "rule", "state", "judged",
                            "changed", "creator", "created_at", "done_at"});
  while (true) {
    ASSIGN_OR_RETURN(const v1::ListVerdictRulesResponse page,
                     context.Call(*stub, &Stub::ListVerdictRules, request));
    for (const v1::VerdictRuleVersion& rule : page.verdict_rules()) {
      rows->Add(
          {ResourceId(rule.plan()), rule.number(), rule.rule().version(),
           absl::StripPrefix(v1::VerdictRuleVersion::State_Name(rule.state()),
                             "STATE_"),
           rule.judged_count(), rule.changed_count(), rule.creator(),
           FormatTime(rule.create_time()), FormatTime(rule.complete_time())});
    }
    if (page.next_page_token().empty()) break;
    request.set_page_token(page.next_page_token());
  }
  rows->Finish();
  return absl::OkStatus();
}

void AddPlanRules(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(
      group, "rules",
      "Lists the versions of plans' verdict rules (判定规则), and how far old "
      "interviews were judged again by each.",
      "huifangctl plans rules --court 110102 --plan weekly");
  const auto court = AddCourtOption(*command);
  const auto plan = std::make_shared<std::string>();
  command->add_option("--plan", *plan, "Only of this plan");
  context.OnRun(*command, [&context, court, plan] {
    return ListRules(context, *court, *plan);
  });
}

}  // namespace

void AddPlanCommands(CLI::App& root, Context& context) {
  CLI::App* group = AddGroup(root, "plans", "Sampling plans (抽样方案).",
                             "huifangctl plans list --court 110102");
  CLI::App* list =
      AddCommand(*group, "list", "Lists a court's plans.",
                 "huifangctl plans list --court 110102 --format csv");
  const auto list_court = AddCourtOption(*list);
  context.OnRun(*list,
                [&context, list_court] { return List(context, *list_court); });
  AddPlanShow(*group, context);
  AddPlanPreview(*group, context);
  AddPlanRules(*group, context);

  CLI::App* put =
      AddCommand(*group, "put",
                 "Creates a plan from JSON, or replaces it. A changed verdict "
                 "rule also judges old interviews again.",
                 "huifangctl plans put --court 110102 weekly plan.json");
  const auto put_court = AddCourtOption(*put);
  const auto id = std::make_shared<std::string>();
  const auto path = std::make_shared<std::string>();
  put->add_option("plan", *id, "Plan's id")->required();
  put->add_option("file", *path, "SamplingPlan as JSON")->required();
  context.OnRun(*put, [&context, put_court, id, path] {
    return Put(context, *put_court, *id, *path);
  });
}

void AddCallbackCommands(CLI::App& root, Context& context) {
  AddPlanCommands(root, context);
  AddScriptCommands(root, context);
  AddSnippetCommands(root, context);
  AddRelationCommands(root, context);
  AddDrawCommands(root, context);
  AddCallCommands(root, context);
}

}  // namespace huifang::cli

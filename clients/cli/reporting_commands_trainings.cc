#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "clients/cli/named_command.h"
#include "clients/cli/reporting_commands.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = reporting::v1;
using Stub = v1::TrainingService::Stub;

constexpr int kPage = 500;

struct Options {
  std::shared_ptr<std::string> court;
  std::string name;
  std::string title, day, state, division, rule, words, etag;
  std::vector<std::string> rules, divisions, attendees;
  int limit = 50;
};

std::unique_ptr<Stub> NewStub(Context& context) {
  return v1::TrainingService::NewStub(context.Channel(Service::kReporting));
}

// 12/100 and so on; empty before it is held.
std::string CountsOf(bool held, const v1::Figure::Value& side) {
  return held ? absl::StrCat(side.numerator(), "/", side.denominator()) : "";
}

// OK, NOT_ENOUGH_DATA, or RUNNING while the days after are not over.
std::string EffectState(const v1::Training& training) {
  if (!training.has_effect()) return "";
  return training.effect().complete() ? EnumLabel(training.effect().state())
                                      : "RUNNING";
}

// In percentage points, with its 95 % interval.
std::string ChangeOf(const v1::Training::Effect& effect) {
  if (!effect.has_difference()) return "";
  return absl::StrFormat(
      "%+.1f (%+.1f to %+.1f)",
      100 * (effect.after().value() - effect.before().value()),
      100 * effect.difference().lower(), 100 * effect.difference().upper());
}

std::unique_ptr<RowWriter> TrainingRows(Context& context) {
  return context.Rows({"training", "title", "day", "state", "rules",
                       "divisions", "attendees", "effect", "before", "after",
                       "change_points"});
}

void AddRow(const v1::Training& training, RowWriter& rows) {
  const bool held = training.has_effect();
  std::vector<std::string> divisions;
  for (const std::string& division : training.divisions()) {
    divisions.emplace_back(ResourceId(division));
  }
  rows.Add(
      {ResourceId(training.name()), training.title(), training.day(),
       EnumLabel(training.state()), absl::StrJoin(training.rules(), ","),
       absl::StrJoin(divisions, ","), absl::StrCat(training.attendees_size()),
       EffectState(training), CountsOf(held, training.effect().before()),
       CountsOf(held, training.effect().after()), ChangeOf(training.effect())});
}

absl::Status PrintOne(Context& context, const v1::Training& training) {
  const auto rows = TrainingRows(context);
  AddRow(training, *rows);
  rows->Finish();
  return absl::OkStatus();
}

absl::Status Create(Context& context, const Options& options) {
  v1::CreateTrainingRequest request;
  request.set_parent(CourtName(*options.court));
  request.set_request_id(NewRequestId());
  v1::Training& training = *request.mutable_training();
  training.set_title(options.title);
  training.set_day(options.day);
  for (const std::string& rule : options.rules) training.add_rules(rule);
  for (const std::string& id : options.divisions) {
    training.add_divisions(CompleteName("divisions", *options.court, id));
  }
  for (const std::string& id : options.attendees) {
    training.add_attendees(CompleteName("staff", *options.court, id));
  }
  ASSIGN_OR_RETURN(
      const v1::Training made,
      context.Call(*NewStub(context), &Stub::CreateTraining, request));
  return PrintOne(context, made);
}

absl::Status List(Context& context, const Options& options) {
  v1::ListTrainingsRequest request;
  request.set_parent(CourtName(*options.court));
  request.set_rule(options.rule);
  if (!options.division.empty()) {
    request.set_division(
        CompleteName("divisions", *options.court, options.division));
  }
  if (!options.state.empty()) {
    ASSIGN_OR_RETURN(const auto state,
                     ParseEnum<v1::Training::State>("--state", options.state));
    request.set_state(state);
  }
  const auto rows = TrainingRows(context);
  const auto stub = NewStub(context);
  int left = options.limit;
  do {
    request.set_page_size(std::min(left, kPage));
    ASSIGN_OR_RETURN(const v1::ListTrainingsResponse page,
                     context.Call(*stub, &Stub::ListTrainings, request));
    for (const v1::Training& training : page.trainings()) {
      AddRow(training, *rows);
    }
    left -= page.trainings_size();
    request.set_page_token(page.next_page_token());
  } while (left > 0 && !request.page_token().empty());
  rows->Finish();
  return absl::OkStatus();
}

absl::Status Get(Context& context, const Options& options) {
  v1::GetTrainingRequest request;
  request.set_name(CompleteName("trainings", *options.court, options.name));
  ASSIGN_OR_RETURN(
      const v1::Training training,
      context.Call(*NewStub(context), &Stub::GetTraining, request));
  context.PrintMessage(training);
  return absl::OkStatus();
}

absl::Status Hold(Context& context, const Options& options) {
  v1::HoldTrainingRequest request;
  for (const std::string& id : options.attendees) {
    request.add_attendees(CompleteName("staff", *options.court, id));
  }
  request.set_day(options.day);
  request.set_etag(options.etag);
  ASSIGN_OR_RETURN(const v1::Training training,
                   CallVerb(context, "trainings", options, *NewStub(context),
                            &Stub::HoldTraining, request));
  return PrintOne(context, training);
}

absl::Status Cancel(Context& context, const Options& options) {
  v1::CancelTrainingRequest request;
  request.set_reason(options.words);
  request.set_etag(options.etag);
  ASSIGN_OR_RETURN(const v1::Training training,
                   CallVerb(context, "trainings", options, *NewStub(context),
                            &Stub::CancelTraining, request));
  return PrintOne(context, training);
}

void AddCreate(CLI::App& group, Context& context) {
  CLI::App* create = AddCommand(
      group, "create", "Plans a training (计划培训).",
      "huifangctl trainings create --court 110102 --title 答复规范专题培训 "
      "--day 2019-08-05 --rule over_simplified,empty_reply --division civil-1\n"
      "huifangctl trainings create --court 110102 --title 全院质检培训 "
      "--day 2019-08-05");
  auto options = std::make_shared<Options>();
  options->court = AddCourtOption(*create);
  create->add_option("--title", options->title, "One line (主题)")->required();
  create->add_option("--day", options->day, "Planned for, 2019-08-05")
      ->required();
  create
      ->add_option(
          "--rule", options->rules,
          "Findings it treats (针对的质检问题); none: the tickets that "
          "fail")
      ->delimiter(',');
  create
      ->add_option("--division", options->divisions,
                   "For these divisions (庭室); none: the whole court")
      ->delimiter(',');
  create
      ->add_option("--attendee", options->attendees,
                   "Who is invited, ids of staff")
      ->delimiter(',');
  context.OnRun(*create,
                [&context, options] { return Create(context, *options); });
}

void AddList(CLI::App& group, Context& context) {
  CLI::App* list = AddCommand(
      group, "list",
      "Lists trainings with their effect (培训效果), newest first.",
      "huifangctl trainings list --court 110102 --state HELD\n"
      "huifangctl trainings list --court 110102 --rule over_simplified");
  auto options = std::make_shared<Options>();
  options->court = AddCourtOption(*list);
  list->add_option("--state", options->state, "PLANNED, HELD or CANCELLED");
  list->add_option("--division", options->division,
                   "Only those for this division");
  list->add_option("--rule", options->rule, "Only those that treat this rule");
  list->add_option("--limit", options->limit, "At most this many")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  context.OnRun(*list, [&context, options] { return List(context, *options); });
}

void AddVerbs(CLI::App& group, Context& context) {
  const auto [hold, held] = AddNamedCommand<Options>(
      group, "training", "hold",
      "Marks a training as held, with who attended (登记已举办).",
      "huifangctl trainings hold --court 110102 TRAINING --attendee wang,li\n"
      "huifangctl trainings hold --court 110102 TRAINING --attendee wang,li "
      "--day 2019-08-06");
  hold->add_option("--attendee", held->attendees,
                   "Who attended, ids of staff; the effect is on their tickets")
      ->required()
      ->delimiter(',');
  hold->add_option("--day", held->day, "If not on the day planned");
  hold->add_option("--etag", held->etag, "Only if it still has this etag");
  context.OnRun(*hold,
                [&context, options = held] { return Hold(context, *options); });
  const auto [cancel, cancelled] = AddNamedCommand<Options>(
      group, "training", "cancel", "Cancels a planned training (取消).",
      "huifangctl trainings cancel --court 110102 TRAINING --reason "
      "与庭审冲突");
  cancel->add_option("--reason", cancelled->words, "Why");
  cancel->add_option("--etag", cancelled->etag,
                     "Only if it still has this etag");
  context.OnRun(*cancel, [&context, options = cancelled] {
    return Cancel(context, *options);
  });
}

}  // namespace

void AddTrainingCommands(CLI::App& root, Context& context) {
  CLI::App* group =
      AddGroup(root, "trainings",
               "Trainings on what inspections find, and what came of them "
               "(专题培训).",
               "huifangctl trainings list --court 110102");
  AddCreate(*group, context);
  AddList(*group, context);
  const auto [get, options] = AddNamedCommand<Options>(
      *group, "training", "get", "Shows one training with its effect.",
      "huifangctl trainings get --court 110102 TRAINING");
  context.OnRun(
      *get, [&context, options = options] { return Get(context, *options); });
  AddTimelineCommand(
      *group, context, "training", "trainings",
      "Shows who planned, held or cancelled a training when, and its effect "
      "once known.",
      [&context](v1::TimelineService::Stub& stub, const std::string& name) {
        v1::GetTrainingTimelineRequest request;
        request.set_name(name);
        return context.Call(
            stub, &v1::TimelineService::Stub::GetTrainingTimeline, request);
      });
  AddVerbs(*group, context);
}

}  // namespace huifang::cli

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "clients/cli/named_command.h"
#include "clients/cli/reporting_commands.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = reporting::v1;
using Stub = v1::SuggestionService::Stub;

constexpr int kPage = 500;

struct Options {
  std::shared_ptr<std::string> court;
  std::string name;
  std::string title, text, state, division, source, words, due;
  std::vector<std::string> departments, tickets, reports;
  int limit = 50;
};

std::unique_ptr<Stub> NewStub(Context& context) {
  return v1::SuggestionService::NewStub(context.Channel(Service::kReporting));
}

// One row for each department.
void AddRows(const v1::Suggestion& suggestion, RowWriter& rows) {
  for (const v1::Suggestion::Department& one : suggestion.departments()) {
    rows.Add({ResourceId(suggestion.name()), suggestion.title(),
              EnumLabel(suggestion.state()), ResourceId(one.division()),
              one.display_name(), EnumLabel(one.state()), one.due_day(),
              one.response(), FormatTime(one.update_time())});
  }
}

std::unique_ptr<RowWriter> SuggestionRows(Context& context) {
  return context.Rows({"suggestion", "title", "state", "division",
                       "division_name", "answer", "due_day", "response",
                       "answered_at"});
}

absl::Status Create(Context& context, const Options& options) {
  v1::CreateSuggestionRequest request;
  request.set_parent(CourtName(*options.court));
  request.set_request_id(NewRequestId());
  v1::Suggestion& suggestion = *request.mutable_suggestion();
  suggestion.set_title(options.title);
  suggestion.set_text(options.text);
  for (const std::string& id : options.departments) {
    suggestion.add_departments()->set_division(
        CompleteName("divisions", *options.court, id));
  }
  for (const std::string& id : options.tickets) {
    suggestion.add_sources(CompleteName("tickets", *options.court, id));
  }
  for (const std::string& id : options.reports) {
    suggestion.add_sources(CompleteName("reports", *options.court, id));
  }
  ASSIGN_OR_RETURN(
      const v1::Suggestion made,
      context.Call(*NewStub(context), &Stub::CreateSuggestion, request));
  const auto rows = SuggestionRows(context);
  AddRows(made, *rows);
  rows->Finish();
  return absl::OkStatus();
}

absl::Status List(Context& context, const Options& options) {
  v1::ListSuggestionsRequest request;
  request.set_parent(CourtName(*options.court));
  if (!options.division.empty()) {
    request.set_division(
        CompleteName("divisions", *options.court, options.division));
  }
  if (!options.source.empty()) {
    request.set_source(CompleteName("tickets", *options.court, options.source));
  }
  if (!options.state.empty()) {
    ASSIGN_OR_RETURN(const auto state, ParseEnum<v1::Suggestion::State>(
                                           "--state", options.state));
    request.set_state(state);
  }
  const auto rows = SuggestionRows(context);
  const auto stub = NewStub(context);
  int left = options.limit;
  do {
    request.set_page_size(std::min(left, kPage));
    ASSIGN_OR_RETURN(const v1::ListSuggestionsResponse page,
                     context.Call(*stub, &Stub::ListSuggestions, request));
    for (const v1::Suggestion& suggestion : page.suggestions()) {
      AddRows(suggestion, *rows);
    }
    left -= page.suggestions_size();
    request.set_page_token(page.next_page_token());
  } while (left > 0 && !request.page_token().empty());
  rows->Finish();
  return absl::OkStatus();
}

absl::Status Respond(Context& context, const Options& options) {
  v1::RespondToSuggestionRequest request;
  request.set_division(
      CompleteName("divisions", *options.court, options.division));
  ASSIGN_OR_RETURN(const auto state,
                   ParseEnum<v1::Suggestion::State>("--state", options.state));
  request.set_state(state);
  request.set_response(options.words);
  request.set_due_day(options.due);
  ASSIGN_OR_RETURN(const v1::Suggestion suggestion,
                   CallVerb(context, "suggestions", options, *NewStub(context),
                            &Stub::RespondToSuggestion, request));
  const auto rows = SuggestionRows(context);
  AddRows(suggestion, *rows);
  rows->Finish();
  return absl::OkStatus();
}

void AddCreate(CLI::App& group, Context& context) {
  CLI::App* create = AddCommand(
      group, "create", "Puts a suggestion to one or more departments.",
      "huifangctl suggestions create --court 110102 --title 诉讼费退费 "
      "--text '退费流程不清，建议窗口一次告知' --to li-an,civil-1 "
      "--ticket TICKET");
  auto options = std::make_shared<Options>();
  options->court = AddCourtOption(*create);
  create->add_option("--title", options->title, "One line")->required();
  create->add_option("--text", options->text, "What was seen, what to do")
      ->required();
  create->add_option("--to", options->departments, "Divisions' ids or names")
      ->required()
      ->delimiter(',');
  create->add_option("--ticket", options->tickets, "A ticket it rests on")
      ->delimiter(',');
  create->add_option("--report", options->reports, "A report it rests on")
      ->delimiter(',');
  context.OnRun(*create,
                [&context, options] { return Create(context, *options); });
}

void AddList(CLI::App& group, Context& context) {
  CLI::App* list = AddCommand(
      group, "list", "Lists suggestions, newest first, a row a department.",
      "huifangctl suggestions list --court 110102 --state OPEN\n"
      "huifangctl suggestions list --court 110102 --ticket TICKET");
  auto options = std::make_shared<Options>();
  options->court = AddCourtOption(*list);
  list->add_option("--state", options->state,
                   "OPEN, ACCEPTED, DONE or DECLINED");
  list->add_option("--division", options->division,
                   "Only those put to this division");
  list->add_option("--ticket", options->source,
                   "Only those that rest on this ticket");
  list->add_option("--limit", options->limit, "At most this many")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  context.OnRun(*list, [&context, options] { return List(context, *options); });
}

}  // namespace

void AddSuggestionCommands(CLI::App& root, Context& context) {
  CLI::App* group = AddGroup(
      root, "suggestions", "Suggestions across departments (改进建议).",
      "huifangctl suggestions list --court 110102 --state OPEN");
  AddCreate(*group, context);
  AddList(*group, context);
  const auto [get, get_options] = AddNamedCommand<Options>(
      *group, "suggestion", "get", "Shows one suggestion.",
      "huifangctl suggestions get --court 110102 SUGGESTION");
  context.OnRun(*get, [&context, options = get_options]() -> absl::Status {
    v1::GetSuggestionRequest request;
    request.set_name(
        CompleteName("suggestions", *options->court, options->name));
    ASSIGN_OR_RETURN(
        const v1::Suggestion suggestion,
        context.Call(*NewStub(context), &Stub::GetSuggestion, request));
    context.PrintMessage(suggestion);
    return absl::OkStatus();
  });
  AddTimelineCommand(
      *group, context, "suggestion", "suggestions",
      "Shows who wrote a suggestion and what each department answered when.",
      [&context](v1::TimelineService::Stub& stub, const std::string& name) {
        v1::GetSuggestionTimelineRequest request;
        request.set_name(name);
        return context.Call(
            stub, &v1::TimelineService::Stub::GetSuggestionTimeline, request);
      });
  const auto [respond, respond_options] = AddNamedCommand<Options>(
      *group, "suggestion", "respond", "Records a department's answer.",
      "huifangctl suggestions respond --court 110102 SUGGESTION --division "
      "li-an --state ACCEPTED --due 2019-08-30 --note 本月内印发告知单");
  respond->add_option("--division", respond_options->division, "Who answers")
      ->required();
  respond
      ->add_option("--state", respond_options->state,
                   "ACCEPTED, DONE or DECLINED")
      ->required();
  respond->add_option("--note", respond_options->words,
                      "In its own words; needed to decline");
  respond->add_option("--due", respond_options->due,
                      "Day by which it will be done");
  context.OnRun(*respond, [&context, options = respond_options] {
    return Respond(context, *options);
  });
}

}  // namespace huifang::cli

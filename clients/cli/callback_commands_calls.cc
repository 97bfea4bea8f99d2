#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/cli/callback_commands.h"
#include "clients/cli/named_command.h"
#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = callback::v1;
using Stub = v1::CallService::Stub;

std::unique_ptr<Stub> NewStub(Context& context) {
  return v1::CallService::NewStub(context.Channel(Service::kCallback));
}

// One screen: whom to call, about what, and the questions.
void PrintLease(const v1::LeaseCallbackResponse& lease) {
  const v1::Callback& callback = lease.callback();
  PrintField("callback", std::string(ResourceId(callback.name())));
  PrintField("token", absl::BytesToHexString(lease.lease_token()));
  PrintField("until", FormatTime(lease.expire_time()));
  if (!callback.recall_of().empty()) {
    PrintField("again",
               "another officer interviewed this caller before (盲复访)");
  }
  PrintField("phone", lease.phone());
  PrintField("caller", lease.display_name());
  PrintField("language", lease.language_code());
  PrintField("division", std::string(ResourceId(callback.division())));
  PrintField("handler", std::string(ResourceId(callback.handler())));
  PrintField("ticket", std::string(ResourceId(callback.ticket())));
  PrintField("title", lease.ticket().title());
  PrintField("content", lease.ticket().content());
  for (const auto& reply : lease.ticket().replies()) {
    PrintField("reply", reply.text());
  }
  PrintField("closed at", FormatTime(callback.ticket_close_time()));
  for (const v1::Attempt& attempt : callback.attempts()) {
    PrintField("attempt", absl::StrCat(FormatTime(attempt.start_time()), " ",
                                       v1::Outcome_Name(attempt.outcome()), " ",
                                       attempt.note()));
  }
  PrintScript(lease.script());
  PrintSnippets(lease.snippets());
}

struct NextOptions {
  std::shared_ptr<std::string> court;
  std::string draw, officer, callback;
  std::vector<std::string> languages, kinds;
  bool any_time = false;
};

absl::Status Next(Context& context, const NextOptions& options) {
  v1::LeaseCallbackRequest request;
  request.set_parent(CourtName(*options.court));
  const auto name = [&](const char* collection, const std::string& id) {
    return id.empty() ? "" : CompleteName(collection, *options.court, id);
  };
  request.set_draw(name("draws", options.draw));
  request.set_officer(name("staff", options.officer));
  request.set_callback(name("callbacks", options.callback));
  request.set_ignore_windows(options.any_time);
  for (const std::string& language : options.languages) {
    request.add_languages(language);
  }
  for (const std::string& text : options.kinds) {
    ASSIGN_OR_RETURN(const auto kind,
                     ParseEnum<ticket::v1::Kind>("--kind", text));
    request.add_kinds(kind);
  }
  ASSIGN_OR_RETURN(
      const v1::LeaseCallbackResponse lease,
      context.Call(*NewStub(context), &Stub::LeaseCallback, request));
  if (context.options().format == Format::kTable) {
    PrintLease(lease);
  } else {
    context.PrintMessage(lease);
  }
  return absl::OkStatus();
}

void AddNext(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(
      group, "next",
      "Leases the next call you may make and shows the number. You get the "
      "same call again until you record or release it.",
      "huifangctl callbacks next --court 110102\n"
      "huifangctl callbacks next --court 110102 --any-time --format json");
  auto options = std::make_shared<NextOptions>();
  options->court = AddCourtOption(*command);
  command->add_option("--draw", options->draw, "Only calls of this draw");
  command->add_option("--officer", options->officer,
                      "Your staff id, if your token does not say it");
  command->add_option("--callback", options->callback, "This very call");
  command->add_option("--language", options->languages,
                      "Language you speak beside Mandarin, BCP 47; as the "
                      "directory says when it is missing");
  command->add_option("--kind", options->kinds,
                      "Kind of ticket you know about; as the directory says "
                      "when it is missing");
  command->add_flag("--any-time", options->any_time,
                    "Also outside the hours in which callers may be called");
  context.OnRun(*command,
                [&context, options] { return Next(context, *options); });
}

struct ListOptions {
  std::shared_ptr<std::string> court;
  std::string draw, division, ticket;
  std::vector<std::string> states;
  bool recalls = false;
};

std::string Short(const std::string& name, absl::string_view prefix) {
  const std::string text(absl::StripPrefix(name, prefix));
  return text == "UNSPECIFIED" ? "" : text;
}

std::string AnswerOf(v1::Answer answer) {
  return absl::AsciiStrToLower(Short(v1::Answer_Name(answer), "ANSWER_"));
}

absl::Status List(Context& context, const ListOptions& options) {
  v1::ExportCallbacksRequest request;
  request.set_parent(CourtName(*options.court));
  v1::CallbackFilter& filter = *request.mutable_filter();
  const auto name = [&](const char* collection, const std::string& id) {
    return id.empty() ? "" : CompleteName(collection, *options.court, id);
  };
  filter.set_draw(name("draws", options.draw));
  filter.set_division(name("divisions", options.division));
  filter.set_ticket(name("tickets", options.ticket));
  filter.set_recalls(options.recalls);
  for (const std::string& text : options.states) {
    ASSIGN_OR_RETURN(const auto state,
                     ParseEnum<v1::Callback::State>("--state", text));
    filter.add_states(state);
  }
  grpc::ClientContext call;
  RETURN_IF_ERROR(context.PrepareStream(call));
  const auto stub = NewStub(context);
  const auto reader = stub->ExportCallbacks(&call, request);
  auto rows =
      context.Rows({"callback", "source_id", "state", "division", "stratum",
                    "weight", "attempts", "disposition", "verdict",
                    "judge_called", "in_time", "attitude", "clear", "solved",
                    "minutes", "opinion", "next_attempt_at", "draw", "ticket"});
  v1::ExportCallbacksResponse response;
  while (reader->Read(&response)) {
    for (const v1::Callback& c : response.callbacks()) {
      rows->Add({ResourceId(c.name()), c.ticket_source_id(),
                 Short(v1::Callback::State_Name(c.state()), "STATE_"),
                 ResourceId(c.division()), c.stratum().key(),
                 c.stratum().weight(), c.attempts_size(),
                 Short(v1::Disposition_Name(c.disposition()), "DISPOSITION_"),
                 Short(v1::Verdict_Name(c.verdict()), "VERDICT_"),
                 AnswerOf(c.items().judge_called()),
                 AnswerOf(c.items().in_time()), AnswerOf(c.items().attitude()),
                 AnswerOf(c.items().clear()), AnswerOf(c.items().solved()),
                 c.total_minutes(), c.opinion(),
                 FormatTime(c.next_attempt_time()), ResourceId(c.draw()),
                 ResourceId(c.ticket())});
    }
  }
  const grpc::Status status = reader->Finish();
  if (!status.ok()) return FromGrpc(status);
  rows->Finish();
  return absl::OkStatus();
}

void AddList(CLI::App& group, Context& context) {
  CLI::App* command = AddCommand(
      group, "list", "Lists callbacks, newest first.",
      "huifangctl callbacks list --court 110102 --state WAITING\n"
      "huifangctl callbacks list --court 110102 --draw DRAW --format csv");
  auto options = std::make_shared<ListOptions>();
  options->court = AddCourtOption(*command);
  command->add_option("--draw", options->draw, "Only of this draw");
  command->add_option("--division", options->division, "Only of this division");
  command->add_option("--ticket", options->ticket, "Only of this ticket");
  command->add_option("--state", options->states,
                      "WAITING, LEASED, COMPLETED, UNREACHED, WITHDRAWN, "
                      "EXPIRED");
  command->add_flag(
      "--recalls", options->recalls,
      "Calls that make an interview again, instead of first ones");
  context.OnRun(*command,
                [&context, options] { return List(context, *options); });
}

}  // namespace

void AddCallCommands(CLI::App& root, Context& context) {
  CLI::App* group =
      AddGroup(root, "callbacks", "Callback calls (回访).",
               "huifangctl callbacks next --court 110102\n"
               "huifangctl callbacks record --court 110102 CALLBACK --token "
               "TOKEN --called yes --in-time yes --attitude yes --clear yes "
               "--solved no");
  AddNext(*group, context);
  AddCallRecordCommands(*group, context);
  AddList(*group, context);
  AddCallGetCommand(*group, context);
  AddRecallCommands(*group, context);
  AddConveyanceCommands(*group, context);
  AddDoNotCallCommands(*group, context);
}

}  // namespace huifang::cli

// callbacks get, and how questions are shown.
#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "clients/cli/callback_commands.h"
#include "clients/cli/named_command.h"
#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = callback::v1;
using Stub = v1::CallService::Stub;
using PlanStub = v1::SamplingPlanService::Stub;

// Option of `callbacks record` that takes an item down, where the call's script
// is the built-in one.
const char* FlagOf(v1::Script::Item item) {
  switch (item) {
    case v1::Script::ITEM_JUDGE_CALLED:
      return "--called";
    case v1::Script::ITEM_IN_TIME:
      return "--in-time";
    case v1::Script::ITEM_ATTITUDE:
      return "--attitude";
    case v1::Script::ITEM_CLEAR:
      return "--clear";
    case v1::Script::ITEM_SOLVED:
      return "--solved";
    default:
      return nullptr;
  }
}

std::string OptionText(const v1::Script::Question& question,
                       const std::string& id) {
  for (const v1::Script::Option& option : question.options()) {
    if (option.option() == id) return option.text();
  }
  return id;
}

v1::Answer AnswerTo(const v1::Items& items, v1::Script::Item item) {
  switch (item) {
    case v1::Script::ITEM_JUDGE_CALLED:
      return items.judge_called();
    case v1::Script::ITEM_IN_TIME:
      return items.in_time();
    case v1::Script::ITEM_ATTITUDE:
      return items.attitude();
    case v1::Script::ITEM_CLEAR:
      return items.clear();
    case v1::Script::ITEM_SOLVED:
      return items.solved();
    default:
      return v1::ANSWER_UNSPECIFIED;
  }
}

// What was answered to a question; empty where nothing was.
std::string ReplyTo(const v1::Script::Question& question,
                    const v1::Callback& callback) {
  for (const v1::ScriptReply& reply : callback.answers()) {
    if (reply.question() != question.question()) continue;
    return reply.option().empty() ? reply.text()
                                  : OptionText(question, reply.option());
  }
  const v1::Answer answer = AnswerTo(callback.items(), question.item());
  for (const v1::Script::Option& option : question.options()) {
    if (answer != v1::ANSWER_UNSPECIFIED && option.answer() == answer) {
      return option.text();
    }
  }
  return "";
}

void PrintCallback(const v1::Callback& callback, const v1::Script& script) {
  PrintField("callback", std::string(ResourceId(callback.name())));
  PrintField("state", EnumLabel(callback.state()));
  PrintField("ticket", std::string(ResourceId(callback.ticket())));
  PrintField("division", std::string(ResourceId(callback.division())));
  PrintField("handler", std::string(ResourceId(callback.handler())));
  PrintField("draw", std::string(ResourceId(callback.draw())));
  PrintField("again for", std::string(ResourceId(callback.recall_of())));
  PrintField("made again", std::string(ResourceId(callback.recall())));
  PrintField("officer", callback.officer());
  PrintField("next at", FormatTime(callback.next_attempt_time()));
  PrintField("expires at", FormatTime(callback.expire_time()));
  PrintField("closed at", FormatTime(callback.complete_time()));
  for (const v1::Attempt& attempt : callback.attempts()) {
    PrintField("attempt",
               absl::StrCat(FormatTime(attempt.start_time()), " ",
                            EnumLabel(attempt.outcome()), " ", attempt.note()));
  }
  if (callback.disposition() != v1::DISPOSITION_UNSPECIFIED) {
    PrintField("ended as", EnumLabel(callback.disposition()));
  }
  for (const v1::Script::Question& question : script.questions()) {
    const std::string reply = ReplyTo(question, callback);
    if (!reply.empty()) {
      PrintField("answer", absl::StrCat(question.text(), " ", reply));
    }
  }
  if (callback.items().score() > 0) {
    PrintField("score", absl::StrCat(callback.items().score()));
  }
  for (const std::string& opinion : callback.opinions()) {
    PrintField("opinion", opinion);
  }
  if (callback.opinions().empty()) PrintField("opinion", callback.opinion());
  if (callback.emotional()) PrintField("caller", "was upset");
  if (callback.abusive()) PrintField("caller", "was abusive (辱骂)");
  PrintField("explained", callback.explanation());
  for (const v1::GivenSnippet& given : callback.snippets()) {
    PrintField("explained by",
               absl::StrCat(ResourceId(given.snippet()), ", verified ",
                            given.verify_date(),
                            given.stale() ? ", stale then (过期)" : ""));
  }
  if (callback.verdict() != v1::VERDICT_UNSPECIFIED) {
    PrintField("verdict", absl::StrCat(EnumLabel(callback.verdict()), " by ",
                                       callback.verdict_rule_version()));
  }
  // The last is the verdict above.
  for (int i = 0; i + 1 < callback.judgements_size(); ++i) {
    const v1::Judgement& judgement = callback.judgements(i);
    PrintField("before", absl::StrCat(FormatTime(judgement.judge_time()), " ",
                                      EnumLabel(judgement.verdict()), " by ",
                                      judgement.verdict_rule_version()));
  }
}

struct GetOptions {
  std::shared_ptr<std::string> court;
  std::string name;
};

absl::Status Get(Context& context, const GetOptions& options) {
  v1::GetCallbackRequest request;
  request.set_name(CompleteName("callbacks", *options.court, options.name));
  const auto calls =
      v1::CallService::NewStub(context.Channel(Service::kCallback));
  ASSIGN_OR_RETURN(const v1::Callback callback,
                   context.Call(*calls, &Stub::GetCallback, request));
  if (context.options().format != Format::kTable) {
    context.PrintMessage(callback);
    return absl::OkStatus();
  }
  v1::Script script;
  if (!callback.script().empty()) {
    const auto plans =
        v1::SamplingPlanService::NewStub(context.Channel(Service::kCallback));
    v1::GetScriptRequest asked;
    asked.set_name(callback.script());
    const auto found = context.Call(*plans, &PlanStub::GetScript, asked);
    // A handler sees the answers, but may not read scripts.
    if (!absl::IsPermissionDenied(found.status())) {
      RETURN_IF_ERROR(found.status());
      script = *found;
    }
  }
  PrintCallback(callback, script);
  return absl::OkStatus();
}

}  // namespace

void PrintField(const char* name, const std::string& value) {
  if (!value.empty()) std::printf("%-12s%s\n", name, value.c_str());
}

void PrintScript(const v1::Script& script) {
  const bool built_in = ResourceId(script.name()) == "items.1";
  std::printf("\n%s\n", script.greeting().c_str());
  for (const v1::Script::Question& question : script.questions()) {
    const char* flag = built_in ? FlagOf(question.item()) : nullptr;
    if (flag != nullptr) {
      std::printf("  %-12s%s\n", flag, question.text().c_str());
      continue;
    }
    std::printf("\n  %s\n", question.text().c_str());
    const char* id = question.question().c_str();
    if (question.options().empty()) {
      std::printf("    --answer %s:WORDS\n", id);
    }
    for (const std::string& snippet : question.snippets()) {
      std::printf("    asked back: see %s\n", snippet.c_str());
    }
    for (const v1::Script::Option& option : question.options()) {
      const std::string& next =
          option.next().empty() ? question.next() : option.next();
      std::printf("    --answer %s=%s  %s%s%s\n", id, option.option().c_str(),
                  option.text().c_str(), next.empty() ? "" : " → ",
                  next.c_str());
    }
  }
}

void AddCallGetCommand(CLI::App& callbacks, Context& context) {
  auto [command, options] = AddNamedCommand<GetOptions>(
      callbacks, "callback", "get",
      "Shows one callback: attempts, answers, the verdict and those before a "
      "rule changed.",
      "huifangctl callbacks get --court 110102 CALLBACK\n"
      "huifangctl callbacks get --court 110102 CALLBACK --format json");
  context.OnRun(*command, [&context, options = options] {
    return Get(context, *options);
  });
}

}  // namespace huifang::cli

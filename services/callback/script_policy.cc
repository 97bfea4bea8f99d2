#include "services/callback/script_policy.h"

#include <algorithm>
#include <cstddef>
#include <map>

#include "absl/strings/str_cat.h"
#include "services/common/resource_name.h"

namespace huifang::callback {
namespace {

using Question = v1::Script::Question;
using Option = v1::Script::Option;

void AddQuestion(const char* id, const char* text, v1::Script::Item item,
                 v1::Script& script) {
  static constexpr struct {
    const char* id;
    const char* text;
    v1::Answer answer;
  } kAnswers[] = {{"yes", "是", v1::ANSWER_YES},
                  {"partly", "一般", v1::ANSWER_PARTLY},
                  {"no", "否", v1::ANSWER_NO}};
  Question& question = *script.add_questions();
  question.set_question(id);
  question.set_text(text);
  question.set_item(item);
  for (const auto& answer : kAnswers) {
    Option& option = *question.add_options();
    option.set_option(answer.id);
    option.set_text(answer.text);
    option.set_answer(answer.answer);
  }
}

void SetItem(v1::Script::Item item, const Option& option, v1::Items& items) {
  switch (item) {
    case v1::Script::ITEM_JUDGE_CALLED:
      items.set_judge_called(option.answer());
      break;
    case v1::Script::ITEM_IN_TIME:
      items.set_in_time(option.answer());
      break;
    case v1::Script::ITEM_ATTITUDE:
      items.set_attitude(option.answer());
      break;
    case v1::Script::ITEM_CLEAR:
      items.set_clear(option.answer());
      break;
    case v1::Script::ITEM_SOLVED:
      items.set_solved(option.answer());
      break;
    case v1::Script::ITEM_SCORE:
      items.set_score(option.score());
      break;
    default:
      break;
  }
}

// The option of a reply, and what its question says about.
struct Chosen {
  v1::Script::Item item = v1::Script::ITEM_UNSPECIFIED;
  const Option* option = nullptr;
};

Chosen Find(const v1::Script& script, const v1::ScriptReply& reply) {
  for (const Question& question : script.questions()) {
    if (question.question() != reply.question()) continue;
    for (const Option& option : question.options()) {
      if (option.option() == reply.option()) return {question.item(), &option};
    }
  }
  return {};
}

}  // namespace

v1::Script BuiltInScript(absl::string_view court) {
  v1::Script script;
  script.set_name(
      MakeResourceName(court, "scripts", absl::StrCat(kBuiltInScriptId, ".1")));
  script.set_version(1);
  script.set_display_name("默认问卷");
  script.set_greeting(
      "您好，这里是法院12368热线，就您的诉求办理情况进行回访。");
  AddQuestion("judge_called", "法官给您回电话了吗？",
              v1::Script::ITEM_JUDGE_CALLED, script);
  AddQuestion("in_time", "回复及时吗？", v1::Script::ITEM_IN_TIME, script);
  AddQuestion("attitude", "态度好吗？", v1::Script::ITEM_ATTITUDE, script);
  AddQuestion("clear", "答复明确、有针对性吗？", v1::Script::ITEM_CLEAR,
              script);
  AddQuestion("solved", "问题解决了吗？", v1::Script::ITEM_SOLVED, script);
  return script;
}

bool IsBuiltInScript(absl::string_view name) {
  const auto parsed = ParseResourceName(name, "scripts");
  return parsed.ok() && parsed->id == absl::StrCat(kBuiltInScriptId, ".1");
}

std::vector<ScriptQuestion> QuestionsOf(const v1::Script& script) {
  const auto count = static_cast<std::size_t>(script.questions_size());
  std::map<std::string, std::size_t> places = {{kScriptEndWord, kScriptEnd}};
  for (const Question& question : script.questions()) {
    places.try_emplace(question.question(), places.size() - 1);
  }
  const auto place = [&](const std::string& next, std::size_t otherwise) {
    const auto it = places.find(next);
    return it == places.end() ? otherwise : it->second;
  };
  std::vector<ScriptQuestion> questions;
  for (const Question& question : script.questions()) {
    const std::size_t following = questions.size() + 1;
    const std::size_t next =
        place(question.next(), following < count ? following : kScriptEnd);
    ScriptQuestion& added = questions.emplace_back();
    added.id = question.question();
    added.seconds =
        question.seconds() > 0 ? question.seconds() : kDefaultQuestionSeconds;
    added.next = next;
    for (const Option& option : question.options()) {
      added.options.push_back({option.option(), place(option.next(), next)});
    }
  }
  return questions;
}

v1::Script::Item ItemOf(const v1::Script& script, const std::string& question) {
  for (const Question& one : script.questions()) {
    if (one.question() == question) return one.item();
  }
  return v1::Script::ITEM_UNSPECIFIED;
}

bool MeansCannotSay(const v1::Script& script, const v1::ScriptReply& reply) {
  const Chosen chosen = Find(script, reply);
  return chosen.option != nullptr && chosen.option->cannot_say();
}

v1::Items ItemsOfReplies(
    const v1::Script& script,
    const google::protobuf::RepeatedPtrField<v1::ScriptReply>& replies) {
  v1::Items items;
  for (const v1::ScriptReply& reply : replies) {
    const Chosen chosen = Find(script, reply);
    if (chosen.option != nullptr) SetItem(chosen.item, *chosen.option, items);
  }
  return items;
}

}  // namespace huifang::callback

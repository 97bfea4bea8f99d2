#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/callback/period_rules.h"
#include "services/callback/script_policy.h"
#include "services/callback/validate.h"
#include "services/common/error.h"
#include "services/common/text.h"

namespace huifang::callback {
namespace {

constexpr int kMaxQuestions = 40;
constexpr int kMaxOptions = 10;
constexpr int kMaxSeconds = 600;
constexpr int kMaxMinutes = 60;
constexpr int kMaxQuestionSnippets = 10;
constexpr int kMaxKinds = 20;

// [a-z0-9_]{1,40}
bool IsKey(const std::string& key) {
  if (key.empty() || key.size() > 40) return false;
  for (const char c : key) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) {
      return false;
    }
  }
  return true;
}

void CheckWording(const std::string& text, std::size_t least, std::size_t most,
                  const std::string& field, FieldErrors& errors) {
  const std::size_t length = CodePointCount(text);
  if (FindInvalidUtf8(text).has_value() || length < least || length > most) {
    errors.Add(field,
               absl::StrCat("must have ", least, " to ", most, " characters"));
  }
}

void CheckOption(const v1::Script::Question& question,
                 const v1::Script::Option& option, const std::string& field,
                 FieldErrors& errors) {
  CheckWording(option.text(), 1, 100, field + ".text", errors);
  const bool says = !option.cannot_say();
  const bool answers = says &&
                       question.item() != v1::Script::ITEM_UNSPECIFIED &&
                       question.item() != v1::Script::ITEM_SCORE;
  if (answers != (option.answer() != v1::ANSWER_UNSPECIFIED) ||
      !v1::Answer_IsValid(option.answer())) {
    errors.Add(field + ".answer",
               "must be given where the question has an item and the caller "
               "can say, and only there");
  }
  const bool scores = says && question.item() == v1::Script::ITEM_SCORE;
  if (scores ? option.score() < 1 || option.score() > 10
             : option.score() != 0) {
    errors.Add(field + ".score",
               "must be 1 to 10 where the question asks for a score and the "
               "caller can say, else 0");
  }
}

void CheckQuestion(const v1::Script& script, int index,
                   const std::set<std::string>& known, FieldErrors& errors) {
  const v1::Script::Question& question = script.questions(index);
  const std::string field = absl::StrCat("script.questions[", index, "]");
  CheckWording(question.text(), 1, 300, field + ".text", errors);
  if (!v1::Script::Item_IsValid(question.item())) {
    errors.Add(field + ".item", "is not known");
  }
  if (question.item() != v1::Script::ITEM_UNSPECIFIED &&
      question.options_size() == 0) {
    errors.Add(field + ".options", "must be given where there is an item");
  }
  int unsaid = 0;
  for (const v1::Script::Option& option : question.options()) {
    unsaid += option.cannot_say() ? 1 : 0;
  }
  const int said = question.options_size() - unsaid;
  if (question.options_size() > 0 && (said < 2 || said > kMaxOptions)) {
    errors.Add(field + ".options",
               absl::StrCat("must be 2 to ", kMaxOptions,
                            " beside the one for who cannot say, or none for "
                            "free words"));
  }
  if (unsaid > 1) {
    errors.Add(field + ".options.cannot_say", "must be of one option at most");
  }
  if (question.seconds() < 0 || question.seconds() > kMaxSeconds) {
    errors.Add(field + ".seconds", absl::StrCat("must be 0 to ", kMaxSeconds));
  }
  const auto& snippets = question.snippets();
  if (snippets.size() > kMaxQuestionSnippets ||
      !std::all_of(snippets.begin(), snippets.end(), IsPlanId)) {
    errors.Add(field + ".snippets",
               absl::StrCat("must be at most ", kMaxQuestionSnippets,
                            " ids of snippets, without version"));
  }
  const auto leads = [&](const std::string& next, const std::string& where) {
    if (!next.empty() && !known.contains(next)) {
      errors.Add(where + ".next", "must be a question's id or END");
    }
  };
  leads(question.next(), field);
  std::set<std::string> seen;
  for (int i = 0; i < question.options_size(); ++i) {
    const v1::Script::Option& option = question.options(i);
    const std::string place = absl::StrCat(field, ".options[", i, "]");
    if (!IsKey(option.option()) || !seen.insert(option.option()).second) {
      errors.Add(place + ".option", "must be 1 to 40 of a-z, 0-9 and _, once");
    }
    CheckOption(question, option, place, errors);
    leads(option.next(), place);
  }
}

// Each item is asked about by one question at most.
void CheckItems(const v1::Script& script, FieldErrors& errors) {
  std::set<int> items;
  for (const v1::Script::Question& question : script.questions()) {
    if (question.item() == v1::Script::ITEM_UNSPECIFIED) continue;
    if (!items.insert(question.item()).second) {
      errors.Add("script.questions.item", "must be of one question only");
    }
  }
  const bool whole = items.contains(v1::Script::ITEM_IN_TIME) &&
                     items.contains(v1::Script::ITEM_ATTITUDE) &&
                     items.contains(v1::Script::ITEM_CLEAR) &&
                     items.contains(v1::Script::ITEM_SOLVED);
  if (!whole && !items.contains(v1::Script::ITEM_SCORE)) {
    errors.Add("script.questions.item",
               "must have IN_TIME, ATTITUDE, CLEAR and SOLVED, or SCORE: else "
               "no caller could come out as satisfied");
  }
}

}  // namespace

absl::Status Validate(const v1::CreateScriptRequest& request) {
  FieldErrors errors;
  const v1::Script& script = request.script();
  if (!IsPlanId(request.script_id()) ||
      request.script_id() == kBuiltInScriptId) {
    errors.Add("script_id",
               "must be 1 to 40 of a-z, 0-9 and -, and not \"items\"");
  }
  CheckWording(script.display_name(), 1, 100, "script.display_name", errors);
  CheckWording(script.greeting(), 0, 500, "script.greeting", errors);
  if (script.max_minutes() < 0 || script.max_minutes() > kMaxMinutes) {
    errors.Add("script.max_minutes",
               absl::StrCat("must be 0 to ", kMaxMinutes));
  }
  if (script.questions_size() < 1 || script.questions_size() > kMaxQuestions) {
    errors.Add("script.questions",
               absl::StrCat("must be 1 to ", kMaxQuestions));
  }
  if (absl::Status status = errors.ToStatus(); !status.ok()) return status;
  std::set<std::string> known;
  for (const v1::Script::Question& question : script.questions()) {
    if (!IsKey(question.question()) ||
        !known.insert(question.question()).second) {
      errors.Add("script.questions.question",
                 "must be 1 to 40 of a-z, 0-9 and _, each once");
    }
  }
  known.insert(kScriptEndWord);
  for (int i = 0; i < script.questions_size(); ++i) {
    CheckQuestion(script, i, known, errors);
  }
  CheckItems(script, errors);
  if (absl::Status status = errors.ToStatus(); !status.ok()) return status;
  const int minutes =
      script.max_minutes() > 0 ? script.max_minutes() : kDefaultScriptMinutes;
  for (const ScriptProblem& problem :
       FindScriptProblems(QuestionsOf(script), minutes * 60)) {
    errors.Add(absl::StrCat("script.questions[", problem.question, "]"),
               problem.what);
  }
  return errors.ToStatus();
}

absl::Status Validate(const v1::CreateSnippetRequest& request) {
  FieldErrors errors;
  const v1::Snippet& snippet = request.snippet();
  if (!IsPlanId(request.snippet_id())) {
    errors.Add("snippet_id", "must be 1 to 40 of a-z, 0-9 and -");
  }
  CheckWording(snippet.display_name(), 1, 100, "snippet.display_name", errors);
  CheckWording(snippet.text(), 1, 1000, "snippet.text", errors);
  const auto known = [](int kind) {
    return kind != ticket::v1::KIND_UNSPECIFIED &&
           ticket::v1::Kind_IsValid(kind);
  };
  if (snippet.kinds_size() > kMaxKinds ||
      !std::all_of(snippet.kinds().begin(), snippet.kinds().end(), known)) {
    errors.Add("snippet.kinds",
               absl::StrCat("must be at most ", kMaxKinds, " known kinds"));
  }
  return errors.ToStatus();
}

absl::Status CheckVerifyDate(const std::string& day, const std::string& last,
                             absl::CivilDay today, const char* field) {
  FieldErrors errors;
  const auto verified = ParseDate(day);
  if (!verified.ok()) {
    errors.Add(field, verified.status().message());
  } else if (*verified > today || day < last) {
    errors.Add(field, "must not be to come, nor before the last one");
  }
  return errors.ToStatus();
}

}  // namespace huifang::callback

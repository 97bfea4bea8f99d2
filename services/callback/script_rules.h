// Questionnaires (回访问卷) as graphs of questions: whether one is sound, and
// whether answers are a way through it.
#ifndef HUIFANG_SERVICES_CALLBACK_SCRIPT_RULES_H_
#define HUIFANG_SERVICES_CALLBACK_SCRIPT_RULES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace huifang::callback {

// Where a way ends.
inline constexpr std::size_t kScriptEnd = static_cast<std::size_t>(-1);

struct ScriptOption {
  std::string id;
  std::size_t next = kScriptEnd;  // index of a question
};

// The interview begins with the first.
struct ScriptQuestion {
  std::string id;
  int seconds = 0;
  // Empty: answered in the caller's words.
  std::vector<ScriptOption> options;
  std::size_t next = kScriptEnd;  // of one without options
};

struct ScriptProblem {
  std::size_t question = 0;
  std::string what;
};

// Nothing unless each way ends within `max_seconds` and each question lies on
// one.
std::vector<ScriptProblem> FindScriptProblems(
    const std::vector<ScriptQuestion>& script, int max_seconds);

struct ScriptReply {
  std::string question;
  std::string option;
  std::string text;
};

// INVALID_ARGUMENT unless the replies go from the first question on as the
// script leads; to its end, if the interview is `whole`.
absl::Status CheckReplies(const std::vector<ScriptQuestion>& script,
                          const std::vector<ScriptReply>& replies, bool whole);

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_SCRIPT_RULES_H_

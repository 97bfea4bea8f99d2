#include "services/callback/script_rules.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"

namespace huifang::callback {
namespace {

std::vector<std::size_t> Followers(const ScriptQuestion& question) {
  if (question.options.empty()) return {question.next};
  std::vector<std::size_t> next;
  for (const ScriptOption& option : question.options) {
    next.push_back(option.next);
  }
  return next;
}

// Walks all ways from the first question.
class Survey {
 public:
  explicit Survey(const std::vector<ScriptQuestion>& script)
      : script_(script), visits_(script.size()) {}

  // Seconds of the longest way from `question` on; nothing if one never ends.
  // Depth is bounded by the number of questions.
  std::optional<int> Longest(std::size_t question) {
    if (question == kScriptEnd) return 0;
    Visit& visit = visits_[question];
    if (visit.state == Visit::kDone) return visit.seconds;
    if (visit.state == Visit::kUnderWay) {
      loop_ = loop_.value_or(question);
      return std::nullopt;
    }
    visit.state = Visit::kUnderWay;
    std::optional<int> longest = 0;
    for (const std::size_t next : Followers(script_[question])) {
      const std::optional<int> rest = Longest(next);
      if (!rest.has_value()) {
        longest.reset();
      } else if (longest.has_value()) {
        longest = std::max(*longest, *rest);
      }
    }
    if (longest.has_value()) *longest += script_[question].seconds;
    visit.state = Visit::kDone;
    visit.seconds = longest;
    return longest;
  }

  bool Reached(std::size_t question) const {
    return visits_[question].state != Visit::kNew;
  }
  // A question that leads back to itself.
  std::optional<std::size_t> loop() const { return loop_; }

 private:
  struct Visit {
    enum State { kNew, kUnderWay, kDone } state = kNew;
    std::optional<int> seconds;
  };
  const std::vector<ScriptQuestion>& script_;
  std::vector<Visit> visits_;
  std::optional<std::size_t> loop_;
};

}  // namespace

std::vector<ScriptProblem> FindScriptProblems(
    const std::vector<ScriptQuestion>& script, int max_seconds) {
  std::vector<ScriptProblem> problems;
  if (script.empty()) return problems;
  Survey survey(script);
  const std::optional<int> longest = survey.Longest(0);
  if (survey.loop().has_value()) {
    problems.push_back(
        {*survey.loop(), "leads back to itself: the interview may never end"});
  }
  if (longest.has_value() && *longest > max_seconds) {
    problems.push_back(
        {0, absl::StrCat("begins a way of ", *longest,
                         " seconds, longer than max_minutes allows")});
  }
  for (std::size_t i = 0; i < script.size(); ++i) {
    if (!survey.Reached(i)) {
      problems.push_back({i, "is never asked: no way leads to it"});
    }
  }
  return problems;
}

absl::Status CheckReplies(const std::vector<ScriptQuestion>& script,
                          const std::vector<ScriptReply>& replies, bool whole) {
  FieldErrors errors;
  std::size_t at = script.empty() ? kScriptEnd : 0;
  for (std::size_t i = 0; i < replies.size(); ++i) {
    const ScriptReply& reply = replies[i];
    const std::string field = absl::StrCat("answers[", i, "]");
    if (at == kScriptEnd) {
      errors.Add(field, "comes after the script's end");
      return errors.ToStatus();
    }
    const ScriptQuestion& question = script[at];
    if (reply.question != question.id) {
      errors.Add(field, absl::StrCat("must answer \"", question.id,
                                     "\", which the script asks here"));
      return errors.ToStatus();
    }
    if (question.options.empty()) {
      if (!reply.option.empty() || reply.text.empty()) {
        errors.Add(field, "must have a text and no option");
        return errors.ToStatus();
      }
      at = question.next;
      continue;
    }
    const auto option = std::find_if(
        question.options.begin(), question.options.end(),
        [&](const ScriptOption& one) { return one.id == reply.option; });
    if (option == question.options.end() || !reply.text.empty()) {
      errors.Add(field, "must have one of the question's options and no text");
      return errors.ToStatus();
    }
    at = option->next;
  }
  if (whole && at != kScriptEnd) {
    errors.Add("answers", absl::StrCat("must go on: \"", script[at].id,
                                       "\" is asked next; or say broken_off"));
  }
  return errors.ToStatus();
}

}  // namespace huifang::callback

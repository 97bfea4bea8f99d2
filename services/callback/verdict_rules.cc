#include "services/callback/verdict_rules.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"

namespace huifang::callback {
namespace {

Answer AnswerTo(const ItemAnswers& items, Item item) {
  switch (item) {
    case Item::kJudgeCalled:
      return items.judge_called;
    case Item::kInTime:
      return items.in_time;
    case Item::kAttitude:
      return items.attitude;
    case Item::kClear:
      return items.clear;
    case Item::kSolved:
      return items.solved;
    case Item::kNone:
      break;
  }
  return Answer::kNone;
}

bool IsGood(Answer answer, const VerdictPolicy& policy) {
  return answer == Answer::kYes ||
         (answer == Answer::kPartly && policy.partly_is_good);
}

bool IsBad(Answer answer, const VerdictPolicy& policy) {
  return answer != Answer::kNone && !IsGood(answer, policy);
}

}  // namespace

Verdict JudgeItems(const ItemAnswers& items, const VerdictPolicy& policy) {
  bool open = false;
  bool lowered = false;
  for (const Item item : policy.deciding) {
    const Answer answer = AnswerTo(items, item);
    if (IsBad(answer, policy)) return Verdict::kUnsatisfied;
    open = open || answer == Answer::kNone;
  }
  for (const Item item : policy.lowering) {
    const Answer answer = AnswerTo(items, item);
    lowered = lowered || IsBad(answer, policy);
    open = open || answer == Answer::kNone;
  }
  if (!open) {
    return lowered ? Verdict::kMostlySatisfied : Verdict::kSatisfied;
  }
  const auto level = policy.score_levels.find(items.score);
  return level == policy.score_levels.end() ? Verdict::kUndetermined
                                            : level->second;
}

absl::Status CheckWholeInterview(const ItemAnswers& items,
                                 const VerdictPolicy& policy) {
  FieldErrors errors;
  if (items.score != 0) {
    if (!policy.score_levels.contains(items.score)) {
      errors.Add("items.score", "is not on the plan's scale");
    }
    return errors.ToStatus();
  }
  const auto need = [&errors](Answer answer, const char* field) {
    if (answer == Answer::kNone) {
      errors.Add(field, "must be answered in a whole interview");
    }
  };
  need(items.judge_called, "items.judge_called");
  need(items.in_time, "items.in_time");
  need(items.attitude, "items.attitude");
  need(items.clear, "items.clear");
  need(items.solved, "items.solved");
  return errors.ToStatus();
}

absl::Status CheckRuleChange(const std::vector<VerdictPolicy>& known,
                             const std::vector<VerdictPolicy>& of_draws,
                             const VerdictPolicy& changed) {
  FieldErrors errors;
  for (const VerdictPolicy& rule : known) {
    if (rule.version == changed.version && !(rule == changed)) {
      errors.Add("plan.verdict_rule.version",
                 absl::StrCat("\"", changed.version,
                              "\" is the name of another rule of this plan"));
      break;
    }
  }
  std::set<int> given;
  for (const VerdictPolicy& rule : of_draws) {
    for (const auto& [score, level] : rule.score_levels) given.insert(score);
  }
  if (!known.empty()) {
    for (const auto& [score, level] : known.back().score_levels) {
      given.insert(score);
    }
  }
  for (const int score : given) {
    if (!changed.score_levels.contains(score)) {
      errors.Add("plan.verdict_rule.score_levels",
                 absl::StrCat("must have the score ", score,
                              ", which callers may have given; another scale "
                              "is another plan"));
    }
  }
  return errors.ToStatus();
}

}  // namespace huifang::callback

#include "services/callback/verdict_rules.h"

#include "services/common/error.h"

namespace huifang::callback {
namespace {

bool IsGood(Answer answer, const VerdictPolicy& policy) {
  return answer == Answer::kYes ||
         (answer == Answer::kPartly && policy.partly_is_good);
}

bool IsBad(Answer answer, const VerdictPolicy& policy) {
  return answer != Answer::kNone && !IsGood(answer, policy);
}

}  // namespace

Verdict JudgeItems(const ItemAnswers& items, const VerdictPolicy& policy) {
  if (IsBad(items.attitude, policy) || IsBad(items.clear, policy) ||
      IsBad(items.solved, policy)) {
    return Verdict::kUnsatisfied;
  }
  const bool rest_good = IsGood(items.attitude, policy) &&
                         IsGood(items.clear, policy) &&
                         IsGood(items.solved, policy);
  if (rest_good && items.in_time != Answer::kNone) {
    return IsGood(items.in_time, policy) ? Verdict::kSatisfied
                                         : Verdict::kMostlySatisfied;
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

}  // namespace huifang::callback

// From a caller's answers to a verdict (满意度判定). Never typed in.
#ifndef HUIFANG_SERVICES_CALLBACK_VERDICT_RULES_H_
#define HUIFANG_SERVICES_CALLBACK_VERDICT_RULES_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace huifang::callback {

// Same numbers as huifang.callback.v1.Answer.
enum class Answer { kNone = 0, kYes = 1, kPartly = 2, kNo = 3 };

// Same numbers as huifang.callback.v1.Verdict.
enum class Verdict {
  kNone = 0,
  kSatisfied = 1,        // 满意
  kMostlySatisfied = 2,  // 基本满意
  kUnsatisfied = 3,      // 不满意
  kUndetermined = 4,     // 待定
};

// Same numbers as huifang.callback.v1.Script.Item.
enum class Item {
  kNone = 0,
  kJudgeCalled = 1,
  kInTime = 2,
  kAttitude = 3,
  kClear = 4,
  kSolved = 5,
};

struct ItemAnswers {
  Answer judge_called = Answer::kNone;
  Answer in_time = Answer::kNone;
  Answer attitude = Answer::kNone;
  Answer clear = Answer::kNone;
  Answer solved = Answer::kNone;
  int score = 0;  // 0: none
};

struct VerdictPolicy {
  std::string version = "items/1";
  // 一般 counts as good. The source of the rule counts 态度一般 as bad.
  bool partly_is_good = false;
  // One that is bad decides.
  std::set<Item> deciding = {Item::kAttitude, Item::kClear, Item::kSolved};
  // One that is bad lowers by a level.
  std::set<Item> lowering = {Item::kInTime};
  // What a score stands for, used when the four items are not all answered.
  std::map<int, Verdict> score_levels = {
      {5, Verdict::kSatisfied},       {4, Verdict::kSatisfied},
      {3, Verdict::kMostlySatisfied}, {2, Verdict::kUnsatisfied},
      {1, Verdict::kUnsatisfied},
  };

  friend bool operator==(const VerdictPolicy&, const VerdictPolicy&) = default;
};

// 满意: all deciding and lowering items are good. 基本满意: only lowering ones
// are not. 不满意: a deciding one is not. By the built-in rule, whether the
// judge called does not count: it is checked against the handler's record
// instead.
//
// Without all these answers: 不满意 if a deciding one is bad already, else what
// the score says, else 待定.
Verdict JudgeItems(const ItemAnswers& items, const VerdictPolicy& policy);

// INVALID_ARGUMENT unless the items suffice for a whole interview: all five
// answers, or a score the policy knows.
absl::Status CheckWholeInterview(const ItemAnswers& items,
                                 const VerdictPolicy& policy);

// INVALID_ARGUMENT unless interviews judged by a rule of `known`, oldest first,
// can be judged by `changed`: it has a name that none of them gives to another
// rule, and reads every score of the last one and of the rules `of_draws` that
// the plan's draws were made by.
absl::Status CheckRuleChange(const std::vector<VerdictPolicy>& known,
                             const std::vector<VerdictPolicy>& of_draws,
                             const VerdictPolicy& changed);

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_VERDICT_RULES_H_

// A plan's verdict rule in time: which one judges, and what a change brings.
#ifndef HUIFANG_SERVICES_CALLBACK_RULE_CHANGES_H_
#define HUIFANG_SERVICES_CALLBACK_RULE_CHANGES_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "huifang/callback/v1/callback_resources.pb.h"
#include "services/callback/verdict_rules.h"
#include "services/common/sql.h"

namespace huifang::callback {

struct RuleInForce {
  VerdictPolicy policy;
  int number = 0;  // among the plan's versions; 0: before it had any
};

// What an interview of `draw` is judged by: the newest rule of its plan, so
// that one draw is never counted by two.
absl::StatusOr<RuleInForce> RuleInForceFor(sql::Session& session,
                                           const v1::Draw& draw);

// Stores the rule of `changed` as the next version of its plan, by which old
// interviews are then to be judged. Nothing if it is the rule of `old`.
// INVALID_ARGUMENT if they cannot be judged by it.
absl::StatusOr<std::optional<v1::VerdictRuleVersion>> NoteRuleChange(
    sql::Session& session, const v1::SamplingPlan& old,
    const v1::SamplingPlan& changed, const std::string& creator,
    absl::Time now);

// Judges the items of `callback`, unless this version of the rule did; what was
// judged before stays beside it.
void Judge(const RuleInForce& rule, absl::Time now, v1::Callback& callback);

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_RULE_CHANGES_H_

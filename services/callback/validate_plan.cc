#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/callback/period_rules.h"
#include "services/callback/plan_policy.h"
#include "services/callback/validate.h"
#include "services/callback/window_rules.h"
#include "services/common/error.h"
#include "services/common/text.h"

namespace huifang::callback {
namespace {

template <typename Number>
void CheckRange(Number value, Number least, Number most, const char* field,
                FieldErrors& errors) {
  if (!(value >= least && value <= most)) {
    errors.Add(field, absl::StrCat("must be ", least, " to ", most));
  }
}

void CheckSize(const v1::SampleSize& size, FieldErrors& errors) {
  if (size.has_fixed()) {
    CheckRange(size.fixed(), 1, 100000, "plan.size.fixed", errors);
  }
  if (size.has_capacity()) {
    CheckRange(size.capacity().minutes(), 1, 100000,
               "plan.size.capacity.minutes", errors);
    CheckRange(size.capacity().minutes_per_call(), 0, 240,
               "plan.size.capacity.minutes_per_call", errors);
    if (size.capacity().contact_rate() != 0) {
      CheckRange(size.capacity().contact_rate(), 0.01, 1.0,
                 "plan.size.capacity.contact_rate", errors);
    }
  }
  if (!size.has_precision()) return;
  const v1::SampleSize::Precision& p = size.precision();
  if (!(p.margin() > 0 && p.margin() < 0.5)) {
    errors.Add("plan.size.precision.margin", "must be between 0 and 0.5");
  }
  if (!(p.expected_share() >= 0 && p.expected_share() < 1)) {
    errors.Add("plan.size.precision.expected_share", "must be between 0 and 1");
  }
  if (!(p.response_rate() >= 0 && p.response_rate() <= 1)) {
    errors.Add("plan.size.precision.response_rate", "must be 0 to 1");
  }
  if (!(p.confidence() >= 0 && p.confidence() < 1)) {
    errors.Add("plan.size.precision.confidence", "must be between 0 and 1");
  }
}

void CheckStrata(const v1::SamplingPlan& plan, FieldErrors& errors) {
  std::set<int> seen;
  for (const int key : plan.strata()) {
    if (key == v1::STRATUM_KEY_UNSPECIFIED || !v1::StratumKey_IsValid(key) ||
        !seen.insert(key).second) {
      errors.Add("plan.strata", "must be known keys, each once");
      break;
    }
  }
  CheckRange(plan.floor(), 0, 1000, "plan.floor", errors);
  CheckRange(plan.cap(), 0, 100000, "plan.cap", errors);
  if (plan.cap() > 0 &&
      plan.cap() < (plan.has_floor() ? plan.floor() : kDefaultFloor)) {
    errors.Add("plan.cap", "must not be below the floor");
  }
  if (!v1::Allocation_IsValid(plan.allocation())) {
    errors.Add("plan.allocation", "is not known");
  }
  for (const v1::StratumPrior& prior : plan.priors()) {
    CheckRange(prior.defect_share(), 0.0, 1.0, "plan.priors.defect_share",
               errors);
  }
}

void CheckSeedSource(const v1::SamplingPlan& plan, FieldErrors& errors) {
  if (!v1::SamplingPlan::SeedSource_IsValid(plan.seed_source())) {
    errors.Add("plan.seed_source", "is not known");
  }
  const bool by_parties =
      plan.seed_source() == v1::SamplingPlan::SEED_SOURCE_PARTIES;
  const int parties = plan.seed_parties_size();
  if (by_parties ? parties < 2 || parties > 5 : parties > 0) {
    errors.Add("plan.seed_parties", "must be 2 to 5 with PARTIES, else none");
  }
  static const std::set<std::string> kRoles = {"admin", "head", "leader",
                                               "officer", "reviewer"};
  std::set<std::string> seen;
  std::set<std::string> principals;
  for (const v1::SamplingPlan::SeedParty& party : plan.seed_parties()) {
    if (!party.principal().empty() &&
        !principals.insert(party.principal()).second) {
      errors.Add("plan.seed_parties.principal",
                 "must differ: one person cannot act for two parties");
    }
    if (!IsPlanId(party.party()) || !seen.insert(party.party()).second) {
      errors.Add("plan.seed_parties.party",
                 "must be 1 to 40 of a-z, 0-9 and -, each once");
    }
    if (CodePointCount(party.display_name()) > 100) {
      errors.Add("plan.seed_parties.display_name",
                 "must have at most 100 characters");
    }
    if (party.principal().empty() && !kRoles.contains(party.role())) {
      errors.Add("plan.seed_parties",
                 "must each name a principal, or a role of admin, head, "
                 "leader, officer and reviewer");
    }
  }
}

void CheckAttempts(const v1::AttemptRule& rule, FieldErrors& errors) {
  CheckRange(rule.max_attempts(), 0, 20, "plan.attempt_rule.max_attempts",
             errors);
  CheckRange(rule.no_answer_delay_minutes(), 0, 10080,
             "plan.attempt_rule.no_answer_delay_minutes", errors);
  CheckRange(rule.busy_delay_minutes(), 0, 10080,
             "plan.attempt_rule.busy_delay_minutes", errors);
  CheckRange(rule.refusal_cooling_days(), 0, 60,
             "plan.attempt_rule.refusal_cooling_days", errors);
  CheckRange(rule.daily_cap(), 0, 20, "plan.attempt_rule.daily_cap", errors);
  CheckRange(rule.refusal_pause_days(), 0, 60,
             "plan.attempt_rule.refusal_pause_days", errors);
  std::set<int> ruled;
  for (const v1::OutcomeRule& own : rule.outcome_rules()) {
    const bool known = own.outcome() == v1::OUTCOME_NO_ANSWER ||
                       own.outcome() == v1::OUTCOME_BUSY ||
                       own.outcome() == v1::OUTCOME_SWITCHED_OFF;
    if (!known || !ruled.insert(own.outcome()).second) {
      errors.Add("plan.attempt_rule.outcome_rules.outcome",
                 "must be NO_ANSWER, BUSY or SWITCHED_OFF, each once");
    }
    CheckRange(own.delay_minutes(), 0, 10080,
               "plan.attempt_rule.outcome_rules.delay_minutes", errors);
    CheckRange(own.max_attempts(), 0, 20,
               "plan.attempt_rule.outcome_rules.max_attempts", errors);
  }
  const auto windows = ParseWindows(
      std::vector<std::string>(rule.windows().begin(), rule.windows().end()));
  if (!windows.ok()) {
    errors.Add("plan.attempt_rule.windows", windows.status().message());
  }
}

void CheckVerdict(const v1::VerdictRule& rule, FieldErrors& errors) {
  std::set<int> scores;
  for (const v1::VerdictRule::ScoreLevel& level : rule.score_levels()) {
    CheckRange(level.score(), 1, 10, "plan.verdict_rule.score_levels.score",
               errors);
    if (!scores.insert(level.score()).second) {
      errors.Add("plan.verdict_rule.score_levels", "must have each score once");
    }
    if (level.verdict() < v1::VERDICT_SATISFIED ||
        level.verdict() > v1::VERDICT_UNSATISFIED) {
      errors.Add("plan.verdict_rule.score_levels.verdict",
                 "must be SATISFIED, MOSTLY_SATISFIED or UNSATISFIED");
    }
  }
  std::set<int> items;
  const auto check_items = [&](const google::protobuf::RepeatedField<int>& list,
                               const char* field) {
    for (const int item : list) {
      const bool judged = v1::Script::Item_IsValid(item) &&
                          item != v1::Script::ITEM_UNSPECIFIED &&
                          item != v1::Script::ITEM_SCORE;
      if (!judged || !items.insert(item).second) {
        errors.Add(field, "must be known items but SCORE, each once");
      }
    }
  };
  check_items(rule.deciding_items(), "plan.verdict_rule.deciding_items");
  check_items(rule.lowering_items(), "plan.verdict_rule.lowering_items");
  if (CodePointCount(rule.version()) > 60) {
    errors.Add("plan.verdict_rule.version", "must have at most 60 characters");
  }
  // A verdict must be traceable to the rule that gave it.
  const bool changed = !(VerdictPolicyOf(rule) == VerdictPolicy());
  if (changed &&
      (rule.version().empty() || rule.version() == VerdictPolicy().version)) {
    errors.Add("plan.verdict_rule.version",
               "must name a rule that differs from the built-in one");
  }
}

}  // namespace

absl::Status ValidatePlan(const v1::SamplingPlan& plan) {
  FieldErrors errors;
  const std::size_t length = CodePointCount(plan.display_name());
  if (length < 1 || length > 100 ||
      FindInvalidUtf8(plan.display_name()).has_value()) {
    errors.Add("plan.display_name", "must have 1 to 100 characters");
  }
  if (!plan.draw_time().empty() && !ParseTimeOfDay(plan.draw_time()).ok()) {
    errors.Add("plan.draw_time", "must be a time of day, HH:MM");
  }
  CheckRange(plan.frame().exclude_called_within_days(), 0, 365,
             "plan.frame.exclude_called_within_days", errors);
  CheckSize(plan.size(), errors);
  CheckRange(plan.remind_after_days(), 0, 30, "plan.remind_after_days", errors);
  CheckRange(plan.recall_share(), 0.0, 1.0, "plan.recall_share", errors);
  CheckRange(plan.recall_expire_days(), 0, 60, "plan.recall_expire_days",
             errors);
  CheckStrata(plan, errors);
  CheckSeedSource(plan, errors);
  CheckAttempts(plan.attempt_rule(), errors);
  CheckVerdict(plan.verdict_rule(), errors);
  return errors.ToStatus();
}

}  // namespace huifang::callback

#include "services/callback/rule_changes.h"

#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/callback/draw_store.h"
#include "services/callback/interview.h"
#include "services/callback/plan_policy.h"
#include "services/callback/script_store.h"
#include "services/callback/store_util.h"
#include "services/callback/verdict_rule_store.h"
#include "services/common/error.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

// Nobody changes a rule as often.
constexpr int kMaxVersions = 10000;

v1::VerdictRuleVersion VersionOfPlan(const v1::SamplingPlan& plan, int number) {
  v1::VerdictRuleVersion version;
  version.set_name(
      MakeResourceName(CourtOfName(plan.name()), "verdictRules",
                       absl::StrCat(IdOf(plan.name()), ".", number)));
  version.set_plan(plan.name());
  version.set_number(number);
  *version.mutable_rule() = WithDefaults(plan.verdict_rule());
  return version;
}

void AddJudgement(v1::Verdict verdict, const std::string& version,
                  const google::protobuf::Timestamp& time, int number,
                  v1::Callback& callback) {
  v1::Judgement& judgement = *callback.add_judgements();
  judgement.set_verdict(verdict);
  judgement.set_verdict_rule_version(version);
  *judgement.mutable_judge_time() = time;
  judgement.set_number(number);
}

// The scripts that the plan's draws ask by must ask for what `policy` judges
// by: else good old interviews would lose their verdicts and bad ones keep
// theirs. `rules` gets the rules that the draws were made by.
absl::Status CheckDraws(sql::Session& session, const v1::SamplingPlan& plan,
                        const VerdictPolicy& policy,
                        std::vector<VerdictPolicy>& rules) {
  std::set<std::string> scripts;
  RETURN_IF_ERROR(DrawStore::EachApplied(
      session, plan.name(), [&](const v1::SamplingPlan& applied) {
        scripts.insert(ScriptOfPlan(applied, CourtOfName(plan.name())));
        rules.push_back(VerdictPolicyOf(applied.verdict_rule()));
      }));
  for (const std::string& name : scripts) {
    ASSIGN_OR_RETURN(const v1::Script script, ScriptStore::Load(session, name));
    const absl::Status fits = CheckFits(script, policy);
    if (fits.ok()) continue;
    FieldErrors errors;
    errors.Add("plan.verdict_rule",
               absl::StrCat("cannot judge the interviews made by ", name, ": ",
                            fits.message(), "; make another plan"));
    return errors.ToStatus();
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RuleInForce> RuleInForceFor(sql::Session& session,
                                           const v1::Draw& draw) {
  RuleInForce rule;
  if (!draw.plan().empty()) {
    ASSIGN_OR_RETURN(const std::optional<v1::VerdictRuleVersion> newest,
                     VerdictRuleStore::Newest(session, CourtOfName(draw.name()),
                                              IdOf(draw.plan())));
    if (newest.has_value()) {
      rule.policy = VerdictPolicyOf(newest->rule());
      rule.number = newest->number();
      return rule;
    }
  }
  rule.policy = VerdictPolicyOf(draw.applied_plan().verdict_rule());
  return rule;
}

absl::StatusOr<std::optional<v1::VerdictRuleVersion>> NoteRuleChange(
    sql::Session& session, const v1::SamplingPlan& old,
    const v1::SamplingPlan& changed, const std::string& creator,
    absl::Time now) {
  const VerdictPolicy policy = VerdictPolicyOf(changed.verdict_rule());
  const std::string court = CourtOfName(old.name());
  ASSIGN_OR_RETURN(std::vector<v1::VerdictRuleVersion> versions,
                   VerdictRuleStore::List(session, court, IdOf(old.name()), {},
                                          kMaxVersions));
  // What an older program stored with the plan alone is noticed here, too.
  const v1::VerdictRule& in_force =
      versions.empty() ? old.verdict_rule() : versions.back().rule();
  if (policy == VerdictPolicyOf(in_force)) return std::nullopt;
  if (versions.empty()) {
    v1::VerdictRuleVersion first = VersionOfPlan(old, 1);
    first.set_state(v1::VerdictRuleVersion::STATE_DONE);
    *first.mutable_create_time() = old.create_time();
    RETURN_IF_ERROR(VerdictRuleStore::Insert(session, first));
    versions.push_back(std::move(first));
  }
  std::vector<VerdictPolicy> known;
  for (const v1::VerdictRuleVersion& version : versions) {
    known.push_back(VerdictPolicyOf(version.rule()));
  }
  std::vector<VerdictPolicy> of_draws;
  RETURN_IF_ERROR(CheckDraws(session, old, policy, of_draws));
  RETURN_IF_ERROR(CheckRuleChange(known, of_draws, policy));
  v1::VerdictRuleVersion next =
      VersionOfPlan(changed, versions.back().number() + 1);
  next.set_state(v1::VerdictRuleVersion::STATE_JUDGING);
  next.set_creator(creator);
  *next.mutable_create_time() = ToProto(now);
  RETURN_IF_ERROR(VerdictRuleStore::Insert(session, next));
  return next;
}

void Judge(const RuleInForce& rule, absl::Time now, v1::Callback& callback) {
  const int judged = callback.judgements_size();
  if (rule.number > 0 && judged > 0 &&
      callback.judgements(judged - 1).number() == rule.number) {
    return;
  }
  if (judged == 0 && callback.verdict() != v1::VERDICT_UNSPECIFIED) {
    // Of a program that kept no judgements.
    AddJudgement(callback.verdict(), callback.verdict_rule_version(),
                 callback.complete_time(), 0, callback);
  }
  callback.set_verdict(static_cast<v1::Verdict>(
      JudgeItems(ItemsOf(callback.items()), rule.policy)));
  callback.set_verdict_rule_version(rule.policy.version);
  AddJudgement(callback.verdict(), rule.policy.version, ToProto(now),
               rule.number, callback);
}

}  // namespace huifang::callback

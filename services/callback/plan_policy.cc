#include "services/callback/plan_policy.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "services/callback/allocation_rules.h"
#include "services/common/resource_name.h"

namespace huifang::callback {
namespace {

// The rules' enumerations have the contract's numbers.
static_assert(static_cast<int>(Answer::kNo) == v1::ANSWER_NO);
static_assert(static_cast<int>(Verdict::kUndetermined) ==
              v1::VERDICT_UNDETERMINED);
static_assert(static_cast<int>(Item::kSolved) == v1::Script::ITEM_SOLVED);
static_assert(static_cast<int>(Outcome::kNoNumber) == v1::OUTCOME_NO_NUMBER);
static_assert(static_cast<int>(Disposition::kNotEligible) ==
              v1::DISPOSITION_NOT_ELIGIBLE);
static_assert(static_cast<int>(Exclusion::kDoNotCall) ==
              v1::ExclusionCount::REASON_DO_NOT_CALL);
static_assert(static_cast<int>(AllocationMethod::kEqual) ==
              v1::ALLOCATION_EQUAL);

template <typename Number>
void SetIfZero(Number value, Number fallback, const auto& set) {
  if (value == 0) set(fallback);
}

// CHANNEL_PHONE as "PHONE".
std::string ShortName(const std::string& enum_name, absl::string_view prefix) {
  return std::string(absl::StripPrefix(enum_name, prefix));
}

std::string StratumValue(v1::StratumKey key, const ticket::v1::Ticket& ticket,
                         const StaffBook& staff) {
  switch (key) {
    case v1::STRATUM_KEY_DIVISION:
      return IdOf(ticket.division());
    case v1::STRATUM_KEY_HANDLER:
      return IdOf(ticket.handler());
    case v1::STRATUM_KEY_HANDLER_ROLE: {
      const auto it = staff.members.find(ticket.handler());
      return it == staff.members.end()
                 ? ""
                 : ShortName(ticket::v1::Staff::Role_Name(it->second.role),
                             "ROLE_");
    }
    case v1::STRATUM_KEY_CHANNEL:
      return ShortName(ticket::v1::Channel_Name(ticket.channel()), "CHANNEL_");
    case v1::STRATUM_KEY_KIND:
      return ShortName(ticket::v1::Kind_Name(ticket.kind()), "KIND_");
    default:
      return "";
  }
}

}  // namespace

v1::SamplingPlan BuiltInPlan(absl::string_view court) {
  v1::SamplingPlan plan;
  plan.set_name(MakeResourceName(court, "plans", "-"));
  plan.set_display_name("默认方案");
  return WithDefaults(std::move(plan));
}

bool DrawsWeekly(const v1::SamplingPlan& plan) {
  return plan.cadence() == v1::SamplingPlan::CADENCE_WEEKLY && !plan.retired();
}

v1::SamplingPlan WithDefaults(v1::SamplingPlan plan) {
  if (plan.cadence() == v1::SamplingPlan::CADENCE_UNSPECIFIED) {
    plan.set_cadence(v1::SamplingPlan::CADENCE_MANUAL);
  }
  if (plan.draw_time().empty()) plan.set_draw_time(kDefaultDrawTime);
  if (plan.strata_size() == 0) plan.add_strata(v1::STRATUM_KEY_DIVISION);
  if (!plan.has_floor()) plan.set_floor(kDefaultFloor);
  if (plan.allocation() == v1::ALLOCATION_UNSPECIFIED) {
    plan.set_allocation(v1::ALLOCATION_PROPORTIONAL);
  }
  if (plan.seed_source() == v1::SamplingPlan::SEED_SOURCE_UNSPECIFIED) {
    plan.set_seed_source(v1::SamplingPlan::SEED_SOURCE_SERVER);
  }
  v1::SampleSize& size = *plan.mutable_size();
  if (size.size_case() == v1::SampleSize::SIZE_NOT_SET) {
    size.set_fixed(kDefaultSize);
  }
  if (size.has_precision()) {
    v1::SampleSize::Precision& p = *size.mutable_precision();
    SetIfZero(p.expected_share(), 0.5,
              [&](double v) { p.set_expected_share(v); });
    SetIfZero(p.response_rate(), 1.0,
              [&](double v) { p.set_response_rate(v); });
    SetIfZero(p.confidence(), 0.95, [&](double v) { p.set_confidence(v); });
  }
  v1::AttemptRule& rule = *plan.mutable_attempt_rule();
  const AttemptPolicy defaults;
  SetIfZero(rule.max_attempts(), defaults.max_attempts,
            [&](int v) { rule.set_max_attempts(v); });
  SetIfZero(rule.no_answer_delay_minutes(),
            static_cast<int>(absl::ToInt64Minutes(defaults.no_answer_delay)),
            [&](int v) { rule.set_no_answer_delay_minutes(v); });
  SetIfZero(rule.busy_delay_minutes(),
            static_cast<int>(absl::ToInt64Minutes(defaults.busy_delay)),
            [&](int v) { rule.set_busy_delay_minutes(v); });
  SetIfZero(rule.daily_cap(), defaults.daily_cap,
            [&](int v) { rule.set_daily_cap(v); });
  SetIfZero(rule.refusal_pause_days(),
            static_cast<int>(absl::ToInt64Hours(defaults.refusal_pause) / 24),
            [&](int v) { rule.set_refusal_pause_days(v); });
  if (rule.windows_size() == 0) {
    rule.add_windows("09:00-12:00");
    rule.add_windows("14:00-17:30");
  }
  *plan.mutable_verdict_rule() = WithDefaults(plan.verdict_rule());
  return plan;
}

v1::VerdictRule WithDefaults(v1::VerdictRule rule) {
  const VerdictPolicy built_in;
  if (rule.version().empty()) rule.set_version(built_in.version);
  if (rule.score_levels_size() == 0) {
    for (const auto& [score, level] : built_in.score_levels) {
      auto& added = *rule.add_score_levels();
      added.set_score(score);
      added.set_verdict(static_cast<v1::Verdict>(level));
    }
  }
  if (rule.deciding_items_size() == 0 && rule.lowering_items_size() == 0) {
    for (const Item item : built_in.deciding) {
      rule.add_deciding_items(static_cast<v1::Script::Item>(item));
    }
    for (const Item item : built_in.lowering) {
      rule.add_lowering_items(static_cast<v1::Script::Item>(item));
    }
  }
  return rule;
}

FramePolicy FramePolicyOf(const v1::SamplingPlan& plan) {
  const v1::FrameRule& rule = plan.frame();
  FramePolicy policy;
  policy.kinds.insert(rule.kinds().begin(), rule.kinds().end());
  policy.channels.insert(rule.channels().begin(), rule.channels().end());
  policy.exclude_answered_at_desk = rule.exclude_answered_at_desk();
  policy.exclude_without_phone = rule.exclude_without_phone();
  policy.exclude_without_consent = rule.exclude_without_consent();
  policy.one_per_caller = rule.one_per_caller();
  return policy;
}

AttemptPolicy AttemptPolicyOf(const v1::SamplingPlan& plan) {
  const v1::SamplingPlan full = WithDefaults(plan);
  const v1::AttemptRule& rule = full.attempt_rule();
  AttemptPolicy policy;
  policy.max_attempts = rule.max_attempts();
  policy.no_answer_delay = absl::Minutes(rule.no_answer_delay_minutes());
  policy.busy_delay = absl::Minutes(rule.busy_delay_minutes());
  policy.refusal_cooling = absl::Hours(24) * rule.refusal_cooling_days();
  policy.out_of_service_is_unknown = rule.out_of_service_is_unknown();
  for (const v1::OutcomeRule& own : rule.outcome_rules()) {
    policy.outcomes[static_cast<Outcome>(own.outcome())] = {
        absl::Minutes(own.delay_minutes()), own.max_attempts()};
  }
  policy.daily_cap = rule.daily_cap();
  policy.refusal_pause = absl::Hours(24) * rule.refusal_pause_days();
  const auto windows = ParseWindows(
      std::vector<std::string>(rule.windows().begin(), rule.windows().end()));
  if (windows.ok()) policy.windows = *windows;
  return policy;
}

VerdictPolicy VerdictPolicyOf(const v1::VerdictRule& given) {
  const v1::VerdictRule rule = WithDefaults(given);
  VerdictPolicy policy;
  policy.version = rule.version();
  policy.partly_is_good = rule.partly_is_good();
  policy.score_levels.clear();
  for (const auto& level : rule.score_levels()) {
    policy.score_levels[level.score()] = static_cast<Verdict>(level.verdict());
  }
  policy.deciding.clear();
  for (const int item : rule.deciding_items()) {
    policy.deciding.insert(static_cast<Item>(item));
  }
  policy.lowering.clear();
  for (const int item : rule.lowering_items()) {
    policy.lowering.insert(static_cast<Item>(item));
  }
  return policy;
}

absl::Duration RecallLifeOf(const v1::SamplingPlan& plan) {
  return absl::Hours(24) * (plan.recall_expire_days() > 0
                                ? plan.recall_expire_days()
                                : kDefaultRecallDays);
}

AllocationMethod MethodOf(const v1::SamplingPlan& plan) {
  return plan.allocation() == v1::ALLOCATION_UNSPECIFIED
             ? AllocationMethod::kProportional
             : static_cast<AllocationMethod>(plan.allocation());
}

std::int64_t WantedOf(const v1::SampleSize& size, const CallingPace& pace,
                      std::int64_t population) {
  switch (size.size_case()) {
    case v1::SampleSize::kPrecision:
      return SampleSizeFor({.margin = size.precision().margin(),
                            .expected_share = size.precision().expected_share(),
                            .response_rate = size.precision().response_rate(),
                            .confidence = size.precision().confidence()},
                           population);
    case v1::SampleSize::kCapacity:
      return CapacityFor(size.capacity().minutes(), pace);
    case v1::SampleSize::kFixed:
      return size.fixed();
    case v1::SampleSize::SIZE_NOT_SET:
      break;
  }
  return kDefaultSize;
}

std::string StratumOf(const v1::SamplingPlan& plan,
                      const ticket::v1::Ticket& ticket,
                      const StaffBook& staff) {
  std::vector<std::string> values;
  for (const int key : plan.strata()) {
    values.push_back(
        StratumValue(static_cast<v1::StratumKey>(key), ticket, staff));
    if (values.back().empty()) values.back() = "-";
  }
  return absl::StrJoin(values, "|");
}

std::vector<const char*> FrameFields() {
  return {"caller",  "callback_consent",
          "channel", "division",
          "handler", "kind",
          "name",    "state"};
}

TicketFacts FactsOf(const v1::SamplingPlan& plan,
                    const ticket::v1::Ticket& ticket, const StaffBook& staff) {
  TicketFacts facts;
  const absl::string_view name = ticket.name();
  facts.id = name.substr(name.rfind('/') + 1);  // of the ticket itself
  facts.kind = ticket.kind();
  facts.channel = ticket.channel();
  facts.answered_at_desk =
      ticket.state() == ticket::v1::Ticket::STATE_ANSWERED_AT_DESK;
  facts.has_phone = !ticket.caller().phone().empty();
  facts.declined = ticket.has_callback_consent() && !ticket.callback_consent();
  facts.caller_key = ticket.caller().caller_key();
  facts.stratum = StratumOf(plan, ticket, staff);
  return facts;
}

ItemAnswers ItemsOf(const v1::Items& items) {
  ItemAnswers answers;
  answers.judge_called = static_cast<Answer>(items.judge_called());
  answers.in_time = static_cast<Answer>(items.in_time());
  answers.attitude = static_cast<Answer>(items.attitude());
  answers.clear = static_cast<Answer>(items.clear());
  answers.solved = static_cast<Answer>(items.solved());
  answers.score = items.score();
  return answers;
}

}  // namespace huifang::callback

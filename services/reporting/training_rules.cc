#include "services/reporting/training_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/proto_time.h"
#include "services/common/status_macros.h"
#include "services/reporting/figure_rules.h"
#include "services/reporting/interval_rules.h"
#include "services/reporting/period_rules.h"

namespace huifang::reporting {
namespace {

absl::Status CheckStaff(
    const google::protobuf::RepeatedPtrField<std::string>& attendees,
    const DisplayNames& names) {
  for (const std::string& attendee : attendees) {
    if (names.find(attendee) != names.end()) continue;
    return MakeError(absl::StatusCode::kFailedPrecondition, "NO_SUCH_STAFF",
                     absl::StrCat("the court has no ", attendee));
  }
  return absl::OkStatus();
}

absl::Status CheckPlanned(const v1::Training& training) {
  if (training.state() == v1::Training::STATE_PLANNED) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "TRAINING_SETTLED",
      absl::StrCat(
          "the training was ",
          training.state() == v1::Training::STATE_HELD ? "held" : "cancelled",
          " already; plan a new one"));
}

v1::Figure::Value SideOf(const Tally& tally, bool complete) {
  v1::Figure::Value side;
  side.set_numerator(tally.successes);
  side.set_denominator(tally.trials);
  if (!complete || tally.trials < kEffectMinimum) {
    side.set_state(v1::Figure::STATE_NOT_ENOUGH_DATA);
    return side;
  }
  const auto defects = static_cast<double>(tally.successes);
  const auto tickets = static_cast<double>(tally.trials);
  side.set_state(v1::Figure::STATE_OK);
  side.set_value(defects / tickets);
  SetInterval(Wilson(defects, tickets), v1::Interval::METHOD_WILSON,
              *side.mutable_interval());
  return side;
}

}  // namespace

absl::StatusOr<v1::Training> NewTraining(const v1::Training& asked,
                                         const DisplayNames& names,
                                         const DisplayNames& rule_names,
                                         const std::string& principal,
                                         absl::Time now) {
  v1::Training training;
  training.set_title(asked.title());
  training.set_day(asked.day());
  for (const std::string& division : asked.divisions()) {
    const auto name = names.find(division);
    if (name == names.end()) {
      return MakeError(absl::StatusCode::kFailedPrecondition,
                       "NO_SUCH_DIVISION",
                       absl::StrCat("the court has no ", division));
    }
    training.add_divisions(division);
    training.add_division_display_names(name->second);
  }
  for (const std::string& rule : asked.rules()) {
    const auto name = rule_names.find(rule);
    const std::string known =
        name == rule_names.end() ? RuleName(rule) : name->second;
    if (name == rule_names.end() && known == rule) {
      return MakeError(
          absl::StatusCode::kFailedPrecondition, "NO_SUCH_RULE",
          absl::StrCat("no inspection of the court knows the rule ", rule));
    }
    training.add_rules(rule);
    training.add_rule_display_names(known);
  }
  RETURN_IF_ERROR(CheckStaff(asked.attendees(), names));
  *training.mutable_attendees() = asked.attendees();
  training.set_attendee_count(training.attendees_size());
  training.set_state(v1::Training::STATE_PLANNED);
  training.set_creator(principal);
  *training.mutable_create_time() = ToTimestamp(now);
  return training;
}

absl::Status HoldTraining(const v1::HoldTrainingRequest& request,
                          const DisplayNames& names, absl::Time now,
                          v1::Training& training) {
  RETURN_IF_ERROR(CheckPlanned(training));
  RETURN_IF_ERROR(CheckStaff(request.attendees(), names));
  const std::string& day =
      request.day().empty() ? training.day() : request.day();
  ASSIGN_OR_RETURN(const absl::CivilDay held, ParseDay(day));
  if (held > DayOf(now)) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "TRAINING_NOT_YET",
                     absl::StrCat("the training is on ", day,
                                  ", which is still to come; name the day it "
                                  "was held on"));
  }
  training.set_day(day);
  *training.mutable_attendees() = request.attendees();
  training.set_attendee_count(training.attendees_size());
  training.set_state(v1::Training::STATE_HELD);
  *training.mutable_hold_time() = ToTimestamp(now);
  return absl::OkStatus();
}

absl::Status CancelTraining(const v1::CancelTrainingRequest& request,
                            absl::Time now, v1::Training& training) {
  RETURN_IF_ERROR(CheckPlanned(training));
  training.set_state(v1::Training::STATE_CANCELLED);
  training.set_cancel_reason(request.reason());
  *training.mutable_cancel_time() = ToTimestamp(now);
  return absl::OkStatus();
}

EffectDays DaysAround(absl::CivilDay held) {
  return {held - kEffectDays, held - 1, held + 1, held + kEffectDays};
}

v1::Training::Effect EffectOf(const EffectDays& days, const Tally& before,
                              const Tally& after, absl::CivilDay today) {
  v1::Training::Effect effect;
  effect.set_window_days(kEffectDays);
  effect.set_end_day(DayText(days.after_last));
  effect.set_complete(days.after_last < today);
  *effect.mutable_before() = SideOf(before, true);
  *effect.mutable_after() = SideOf(after, effect.complete());
  if (effect.before().state() != v1::Figure::STATE_OK ||
      effect.after().state() != v1::Figure::STATE_OK) {
    effect.set_state(v1::Figure::STATE_NOT_ENOUGH_DATA);
    return effect;
  }
  effect.set_state(v1::Figure::STATE_OK);
  SetInterval(NewcombeDifference(static_cast<double>(after.successes),
                                 static_cast<double>(after.trials),
                                 static_cast<double>(before.successes),
                                 static_cast<double>(before.trials)),
              v1::Interval::METHOD_WILSON, *effect.mutable_difference());
  effect.set_p_value(FisherExact(before, after));
  return effect;
}

bool Treats(const v1::Training& training, const std::string& rule) {
  return std::find(training.rules().begin(), training.rules().end(), rule) !=
         training.rules().end();
}

}  // namespace huifang::reporting

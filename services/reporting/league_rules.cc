#include "services/reporting/league_rules.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "services/reporting/interval_rules.h"
#include "services/reporting/survey_rules.h"

namespace huifang::reporting {
namespace {

v1::Comparison::Flag FlagOf(Standing standing) {
  switch (standing) {
    case Standing::kUsual:
      return v1::Comparison::FLAG_USUAL;
    case Standing::kLow:
      return v1::Comparison::FLAG_LOW;
    case Standing::kHigh:
      return v1::Comparison::FLAG_HIGH;
    case Standing::kNotEnoughData:
      break;
  }
  return v1::Comparison::FLAG_NOT_ENOUGH_DATA;
}

v1::Comparison MakeComparison(v1::Measure measure, const Tally& tally,
                              double center, const LeagueLine& line) {
  v1::Comparison comparison;
  comparison.set_measure(measure);
  comparison.set_flag(FlagOf(line.standing));
  comparison.set_center(center);
  if (tally.trials <= 0) return comparison;
  comparison.set_numerator(tally.successes);
  comparison.set_denominator(tally.trials);
  const Limits warning = FunnelLimits(tally.trials, center, kFunnelWarningTail);
  comparison.set_warning_lower(warning.lower);
  comparison.set_warning_upper(warning.upper);
  const Limits limits = FunnelLimits(tally.trials, center, kFunnelLimitTail);
  comparison.set_limit_lower(limits.lower);
  comparison.set_limit_upper(limits.upper);
  if (line.p_value.has_value()) comparison.set_p_value(*line.p_value);
  if (line.adjusted_p_value.has_value()) {
    comparison.set_adjusted_p_value(*line.adjusted_p_value);
  }
  return comparison;
}

}  // namespace

const std::vector<v1::Measure>& LeagueMeasures() {
  static const auto& measures = *new std::vector<v1::Measure>{
      v1::MEASURE_SATISFACTION_RATE, v1::MEASURE_RESOLUTION_RATE,
      v1::MEASURE_ON_TIME_RATE, v1::MEASURE_PASS_RATE};
  return measures;
}

const std::vector<v1::Measure>& CourtMeasures() {
  static const auto& measures = *new std::vector<v1::Measure>{
      v1::MEASURE_RESOLUTION_RATE, v1::MEASURE_SATISFACTION_RATE,
      v1::MEASURE_PASS_RATE, v1::MEASURE_ON_TIME_RATE,
      v1::MEASURE_INSTANT_ANSWER_RATE};
  return measures;
}

Tally TallyOf(v1::Measure measure, const Scope& scope,
              const FigurePolicy& policy) {
  switch (measure) {
    case v1::MEASURE_INSTANT_ANSWER_RATE:
      return {scope.tickets.instant, scope.tickets.closed};
    case v1::MEASURE_ON_TIME_RATE:
      return {scope.tickets.on_time, scope.tickets.with_due};
    case v1::MEASURE_PASS_RATE:
      return {scope.quality.proposed_passed, scope.quality.inspected};
    default:
      break;
  }
  if (!IsSurveyMeasure(measure) ||
      ValueOf(measure, scope, policy).state() != v1::Figure::STATE_OK) {
    return {};
  }
  const Estimate estimate = Ask(measure, scope).estimate;
  const double size = std::min(static_cast<double>(estimate.independent),
                               estimate.effective_size);
  const auto trials = static_cast<std::int64_t>(std::max(1.0, size));
  return {std::llround(estimate.value * static_cast<double>(trials)), trials};
}

std::vector<v1::Comparison> CompareTallies(v1::Measure measure,
                                           const std::vector<Tally>& tallies) {
  Tally all;
  for (const Tally& tally : tallies) {
    all.successes += tally.successes;
    all.trials += tally.trials;
  }
  const double center = all.trials > 0 ? static_cast<double>(all.successes) /
                                             static_cast<double>(all.trials)
                                       : 0;
  const std::vector<LeagueLine> league = JudgeLeague(tallies, {});
  std::vector<v1::Comparison> comparisons;
  for (std::size_t i = 0; i < tallies.size(); ++i) {
    v1::Comparison& made = comparisons.emplace_back(
        MakeComparison(measure, tallies[i], center, league[i]));
    if (!made.has_p_value()) continue;
    const auto count = [](std::int64_t n) { return static_cast<double>(n); };
    SetInterval(NewcombeDifference(count(tallies[i].successes),
                                   count(tallies[i].trials),
                                   count(all.successes - tallies[i].successes),
                                   count(all.trials - tallies[i].trials)),
                v1::Interval::METHOD_WILSON, *made.mutable_difference());
  }
  return comparisons;
}

void CompareGroups(const std::vector<Scope>& scopes, const FigurePolicy& policy,
                   v1::Report& report) {
  for (const v1::Measure measure : LeagueMeasures()) {
    std::vector<Tally> tallies;
    for (const Scope& scope : scopes) {
      tallies.push_back(TallyOf(measure, scope, policy));
    }
    std::vector<v1::Comparison> comparisons = CompareTallies(measure, tallies);
    for (std::size_t i = 0; i < scopes.size(); ++i) {
      *report.mutable_groups(static_cast<int>(i))->add_comparisons() =
          std::move(comparisons[i]);
    }
  }
}

}  // namespace huifang::reporting

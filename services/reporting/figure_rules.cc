#include "services/reporting/figure_rules.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "services/reporting/response_figures.h"
#include "services/reporting/survey_rules.h"

namespace huifang::reporting {
namespace {

using Value = v1::Figure::Value;

// Fewer say nothing, unless they are of all tickets there are.
constexpr std::int64_t kMinGrades = 5;

Value NoData() {
  Value value;
  value.set_state(v1::Figure::STATE_NO_DATA);
  return value;
}

Value MeanValue(double sum, std::int64_t numerator, std::int64_t count) {
  if (count <= 0) return NoData();
  Value value;
  value.set_state(v1::Figure::STATE_OK);
  value.set_value(sum / static_cast<double>(count));
  value.set_numerator(numerator);
  value.set_denominator(count);
  return value;
}

// A rate of the sample itself, such as AAPOR's: it describes what was done and
// estimates nothing.
Value SampleRate(double rate, std::int64_t numerator,
                 std::int64_t denominator) {
  return std::isnan(rate) ? NoData()
                          : MeanValue(rate * static_cast<double>(denominator),
                                      numerator, denominator);
}

v1::Figure::State StateOf(Reading reading) {
  switch (reading) {
    case Reading::kOk:
      return v1::Figure::STATE_OK;
    case Reading::kNotEnoughData:
      return v1::Figure::STATE_NOT_ENOUGH_DATA;
    case Reading::kSuppressed:
      return v1::Figure::STATE_SUPPRESSED;
    case Reading::kNoData:
      break;
  }
  return v1::Figure::STATE_NO_DATA;
}

// A simple random sample of one stratum has an exact interval of its own.
Value SurveyValue(const Survey& survey, Reading reading) {
  Value value = EstimateValue(survey.estimate, reading);
  if (value.has_interval() && survey.simple && !survey.estimate.census) {
    SetInterval(HypergeometricLimits(survey.estimate),
                v1::Interval::METHOD_HYPERGEOMETRIC, *value.mutable_interval());
  }
  return value;
}

// What people's grades say of all inspected tickets. Those not graded yet are
// its missing answers.
Survey Grading(const QualityTotals& quality) {
  const std::int64_t plain = quality.inspected - quality.flagged;
  std::vector<Stratum> strata = {
      WholeStratum(quality.flagged, quality.flagged_graded,
                   quality.flagged_passed),
      WholeStratum(plain, quality.plain_graded, quality.plain_passed)};
  for (Stratum& stratum : strata) {
    stratum.missing = stratum.population - stratum.respondents;
    stratum.missing_members = stratum.missing;
  }
  return {EstimateProportion(strata), WorstCase(strata),
          IsSimpleSample(strata)};
}

Value PassRate(const QualityTotals& quality) {
  if (!PassRateIsGraded(quality)) {
    return CensusRate(quality.proposed_passed, quality.inspected);
  }
  return SurveyValue(Grading(quality), Reading::kOk);
}

Value CallValue(v1::Measure measure, const Scope& scope) {
  const DispositionCounts counts = CountsOf(DispositionsOf(scope));
  const ResponseRates rates = RatesOf(counts, EligibleShareOrAll(counts));
  const std::int64_t reached =
      counts.complete + counts.partial + counts.refusal + counts.other;
  const std::int64_t eligible =
      reached + counts.non_contact + counts.unknown_other;
  switch (measure) {
    case v1::MEASURE_CALLBACKS_DRAWN:
      return CountValue(eligible + counts.not_eligible);
    case v1::MEASURE_CALLBACKS_COMPLETED:
      return CountValue(counts.complete);
    case v1::MEASURE_RESPONSE_RATE:
      return SampleRate(rates.rr1, counts.complete, eligible);
    case v1::MEASURE_CONTACT_RATE:
      return SampleRate(rates.con1, reached, eligible);
    case v1::MEASURE_COOPERATION_RATE:
      return SampleRate(rates.coop1, counts.complete, reached);
    default:
      return SampleRate(rates.ref1, counts.refusal, eligible);
  }
}

Value TicketValue(v1::Measure measure, const TicketTotals& t) {
  switch (measure) {
    case v1::MEASURE_TICKETS_CREATED:
      return CountValue(t.created);
    case v1::MEASURE_TICKETS_CLOSED:
      return CountValue(t.closed);
    case v1::MEASURE_OVERDUE_OPEN:
      return CountValue(t.overdue_open);
    case v1::MEASURE_INSTANT_ANSWER_RATE:
      return CensusRate(t.instant, t.closed);
    case v1::MEASURE_ON_TIME_RATE:
      return CensusRate(t.on_time, t.with_due);
    case v1::MEASURE_DISPATCH_HOPS:
      return MeanValue(static_cast<double>(t.dispatches), t.dispatches,
                       t.dispatched);
    case v1::MEASURE_TRANSIT_HOURS:
      return MeanValue(t.reply_hours, 0, t.replied);
    case v1::MEASURE_HANDLING_HOURS:
      return MeanValue(t.handling_hours, 0, t.closed);
    case v1::MEASURE_REOPEN_RATE:
      return CensusRate(t.reopened, t.closed);
    default:
      return CensusRate(t.repeats, t.created);
  }
}

// Trials that carry as much as the figure does, for the difference of two.
double TrialsOf(v1::Measure measure, const Scope& scope, const Value& value) {
  if (IsSurveyMeasure(measure)) {
    return std::max(1.0, Ask(measure, scope).estimate.effective_size);
  }
  if (measure == v1::MEASURE_PASS_RATE && PassRateIsGraded(scope.quality)) {
    return std::max(1.0, Grading(scope.quality).estimate.effective_size);
  }
  return static_cast<double>(value.denominator());
}

// Not a machine's proposals against people's grades.
bool AreOfOneKind(v1::Measure measure, const Scope& a, const Scope& b) {
  return measure != v1::MEASURE_PASS_RATE ||
         PassRateIsGraded(a.quality) == PassRateIsGraded(b.quality);
}

bool IsRate(const Value& value) {
  return value.state() == v1::Figure::STATE_OK && value.has_interval() &&
         value.denominator() > 0;
}

v1::Figure::Claim ToProto(Claim claim) {
  switch (claim) {
    case Claim::kSupported:
      return v1::Figure::CLAIM_SUPPORTED;
    case Claim::kNotSupported:
      return v1::Figure::CLAIM_NOT_SUPPORTED;
    case Claim::kMissed:
      return v1::Figure::CLAIM_MISSED;
    case Claim::kNone:
      break;
  }
  return v1::Figure::CLAIM_UNSPECIFIED;
}

}  // namespace

v1::Figure::Value CountValue(std::int64_t count) {
  Value value;
  value.set_state(v1::Figure::STATE_OK);
  value.set_value(static_cast<double>(count));
  value.set_numerator(count);
  return value;
}

v1::Figure::Value CensusRate(std::int64_t numerator, std::int64_t denominator) {
  Value value =
      MeanValue(static_cast<double>(numerator), numerator, denominator);
  if (value.state() == v1::Figure::STATE_OK) {
    SetInterval({value.value(), value.value()}, v1::Interval::METHOD_CENSUS,
                *value.mutable_interval());
  }
  return value;
}

v1::Figure::Value EstimateValue(const Estimate& estimate, Reading reading) {
  Value value;
  value.set_state(StateOf(reading));
  if (reading == Reading::kSuppressed || reading == Reading::kNoData) {
    return value;
  }
  value.set_numerator(estimate.successes);
  value.set_denominator(estimate.members);
  if (reading != Reading::kOk) return value;
  value.set_value(estimate.value);
  const bool exact = estimate.standard_error <= 0;
  SetInterval(KornGraubard(estimate),
              estimate.census ? v1::Interval::METHOD_CENSUS
              : exact         ? v1::Interval::METHOD_CLOPPER_PEARSON
                              : v1::Interval::METHOD_KORN_GRAUBARD,
              *value.mutable_interval());
  return value;
}

void SetClaim(bool graded, const FigurePolicy& policy, v1::Figure& figure) {
  const auto target = policy.targets.find(figure.measure());
  if (target == policy.targets.end() || !IsRate(figure.current())) return;
  figure.set_target(target->second);
  Claim claim = ClaimOf(figure.current().value(),
                        figure.current().interval().lower(), target->second);
  // A machine's proposal is nobody's grade: it supports no claim.
  if (figure.measure() == v1::MEASURE_PASS_RATE && !graded) {
    figure.set_note("合格率按机器初评统计，尚未经人工评定。");
    figure.set_note_en(
        "The pass rate counts the machine's proposals; people have not graded "
        "enough.");
    claim = claim == Claim::kMissed ? Claim::kNone : Claim::kNotSupported;
  }
  figure.set_claim(ToProto(claim));
}

const std::vector<v1::Measure>& ReportMeasures() {
  static const auto& measures =
      *new std::vector<v1::Measure>{v1::MEASURE_TICKETS_CREATED,
                                    v1::MEASURE_TICKETS_CLOSED,
                                    v1::MEASURE_INSTANT_ANSWER_RATE,
                                    v1::MEASURE_ON_TIME_RATE,
                                    v1::MEASURE_OVERDUE_OPEN,
                                    v1::MEASURE_DISPATCH_HOPS,
                                    v1::MEASURE_TRANSIT_HOURS,
                                    v1::MEASURE_HANDLING_HOURS,
                                    v1::MEASURE_REOPEN_RATE,
                                    v1::MEASURE_REPEAT_RATE,
                                    v1::MEASURE_INSPECTED,
                                    v1::MEASURE_PASS_RATE,
                                    v1::MEASURE_OVER_SIMPLIFIED_RATE,
                                    v1::MEASURE_CALLBACKS_DRAWN,
                                    v1::MEASURE_CALLBACKS_COMPLETED,
                                    v1::MEASURE_RESPONSE_RATE,
                                    v1::MEASURE_CONTACT_RATE,
                                    v1::MEASURE_COOPERATION_RATE,
                                    v1::MEASURE_REFUSAL_RATE,
                                    v1::MEASURE_SATISFACTION_RATE,
                                    v1::MEASURE_RESOLUTION_RATE,
                                    v1::MEASURE_CALLED_BACK_RATE,
                                    v1::MEASURE_TIMELY_RATE,
                                    v1::MEASURE_ATTITUDE_RATE,
                                    v1::MEASURE_CLEAR_RATE};
  return measures;
}

void SetInterval(const Limits& limits, v1::Interval::Method method,
                 v1::Interval& interval) {
  interval.set_lower(limits.lower);
  interval.set_upper(limits.upper);
  interval.set_method(method);
  interval.set_level(kLevel);
}

v1::Figure::Unit UnitOf(v1::Measure measure) {
  switch (measure) {
    case v1::MEASURE_TICKETS_CREATED:
    case v1::MEASURE_TICKETS_CLOSED:
    case v1::MEASURE_INSPECTED:
    case v1::MEASURE_CALLBACKS_DRAWN:
    case v1::MEASURE_CALLBACKS_COMPLETED:
    case v1::MEASURE_OVERDUE_OPEN:
      return v1::Figure::UNIT_COUNT;
    case v1::MEASURE_DISPATCH_HOPS:
      return v1::Figure::UNIT_MEAN;
    case v1::MEASURE_TRANSIT_HOURS:
    case v1::MEASURE_HANDLING_HOURS:
      return v1::Figure::UNIT_HOURS;
    default:
      return v1::Figure::UNIT_RATE;
  }
}

v1::Figure::Value ValueOf(v1::Measure measure, const Scope& scope,
                          const FigurePolicy& policy) {
  if (IsSurveyMeasure(measure)) {
    const Survey survey = Ask(measure, scope);
    Reading reading = ReadingOf(survey.estimate.independent, policy.disclosure);
    if (reading != Reading::kNoData && scope.is_withheld &&
        scope.is_withheld(measure)) {
      reading = Reading::kSuppressed;
    }
    return SurveyValue(survey, reading);
  }
  switch (measure) {
    case v1::MEASURE_INSPECTED:
      return CountValue(scope.quality.inspected);
    case v1::MEASURE_PASS_RATE:
      return PassRate(scope.quality);
    case v1::MEASURE_OVER_SIMPLIFIED_RATE:
      return CensusRate(scope.quality.over_simplified, scope.quality.inspected);
    case v1::MEASURE_CALLBACKS_DRAWN:
    case v1::MEASURE_CALLBACKS_COMPLETED:
    case v1::MEASURE_RESPONSE_RATE:
    case v1::MEASURE_CONTACT_RATE:
    case v1::MEASURE_COOPERATION_RATE:
    case v1::MEASURE_REFUSAL_RATE:
      return CallValue(measure, scope);
    default:
      return TicketValue(measure, scope.tickets);
  }
}

v1::Figure FigureOf(v1::Measure measure, const Scope& now, const Scope& before,
                    const FigurePolicy& policy) {
  v1::Figure figure;
  figure.set_measure(measure);
  figure.set_unit(UnitOf(measure));
  *figure.mutable_current() = ValueOf(measure, now, policy);
  *figure.mutable_previous() = ValueOf(measure, before, policy);
  const Value& a = figure.current();
  const Value& b = figure.previous();
  if (IsRate(a) && IsRate(b) && AreOfOneKind(measure, now, before)) {
    const double trials_a = TrialsOf(measure, now, a);
    const double trials_b = TrialsOf(measure, before, b);
    SetInterval(NewcombeDifference(a.value() * trials_a, trials_a,
                                   b.value() * trials_b, trials_b),
                v1::Interval::METHOD_WILSON, *figure.mutable_difference());
  }
  if (std::optional<v1::Design> design = DesignOf(measure, now, a)) {
    *figure.mutable_design() = *std::move(design);
  }
  SetClaim(PassRateIsGraded(now.quality), policy, figure);
  return figure;
}

std::optional<v1::Design> DesignOf(v1::Measure measure, const Scope& scope,
                                   const v1::Figure::Value& value) {
  if (value.state() != v1::Figure::STATE_OK) return std::nullopt;
  if (IsSurveyMeasure(measure)) return DesignOf(Ask(measure, scope));
  if (measure != v1::MEASURE_PASS_RATE || !PassRateIsGraded(scope.quality)) {
    return std::nullopt;
  }
  return DesignOf(Grading(scope.quality));
}

bool PassRateIsGraded(const QualityTotals& quality) {
  const std::int64_t plain = quality.inspected - quality.flagged;
  const std::int64_t graded = quality.flagged_graded + quality.plain_graded;
  return quality.inspected > 0 &&
         graded >= std::min(kMinGrades, quality.inspected) &&
         (quality.flagged == 0 || quality.flagged_graded > 0) &&
         (plain == 0 || quality.plain_graded > 0);
}

}  // namespace huifang::reporting

#include "services/reporting/survey_rules.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace huifang::reporting {
namespace {

// What a caller's answer means for a measure: yes, no, or not answered.
std::optional<bool> Response(v1::Measure measure, const CallFact& call) {
  if (call.disposition != Disposition::kComplete &&
      call.disposition != Disposition::kPartial) {
    return std::nullopt;
  }
  if (measure == v1::MEASURE_SATISFACTION_RATE) {
    if (call.verdict == Verdict::kNone ||
        call.verdict == Verdict::kUndetermined) {
      return std::nullopt;
    }
    return call.verdict != Verdict::kUnsatisfied;
  }
  static const std::map<v1::Measure, Question> kQuestions = {
      {v1::MEASURE_RESOLUTION_RATE, kSolved},
      {v1::MEASURE_CALLED_BACK_RATE, kJudgeCalled},
      {v1::MEASURE_TIMELY_RATE, kInTime},
      {v1::MEASURE_ATTITUDE_RATE, kAttitude},
      {v1::MEASURE_CLEAR_RATE, kClear}};
  const auto question = kQuestions.find(measure);
  if (question == kQuestions.end()) return std::nullopt;
  const Answer answer =
      call.answers[static_cast<std::size_t>(question->second)];
  if (answer == Answer::kNone) return std::nullopt;
  return answer == Answer::kYes;
}

}  // namespace

bool IsMember(const CallFact& call, const Scope& scope) {
  return call.close_day >= DayNumber(scope.span.first) &&
         call.close_day <= DayNumber(scope.span.last) &&
         (scope.division.empty() || call.division == scope.division) &&
         (scope.team.empty() || call.team == scope.team) &&
         (!scope.group.has_value() || call.group == *scope.group);
}

Survey Ask(v1::Measure measure, const Scope& scope) {
  std::map<std::pair<std::string, std::string>, Stratum> strata;
  std::map<std::pair<std::string, std::string>, bool> touched;
  Survey survey;
  if (scope.calls == nullptr) return survey;
  for (const CallFact& call : *scope.calls) {
    const auto key = std::make_pair(call.draw, call.stratum);
    Stratum& stratum = strata[key];
    stratum.population = call.stratum_population;
    const bool member = IsMember(call, scope);
    touched[key] |= member;
    const std::optional<bool> response = Response(measure, call);
    if (response.has_value()) {
      ++stratum.respondents;
      if (member) {
        ++stratum.members;
        stratum.successes += *response ? 1 : 0;
      }
    } else if (call.disposition != Disposition::kNotEligible) {
      ++stratum.missing;
      stratum.missing_members += member ? 1 : 0;
    }
  }
  std::vector<Stratum> relevant;
  for (const auto& [key, stratum] : strata) {
    if (touched[key]) relevant.push_back(stratum);
  }
  survey.estimate = EstimateProportion(relevant);
  survey.bounds = WorstCase(relevant);
  return survey;
}

v1::Design DesignOf(const Survey& survey) {
  const Estimate& estimate = survey.estimate;
  v1::Design design;
  design.set_standard_error(estimate.standard_error);
  design.set_design_effect(estimate.design_effect);
  design.set_effective_size(estimate.effective_size);
  design.set_degrees_of_freedom(estimate.degrees_of_freedom);
  design.set_strata(estimate.strata);
  design.set_lonely_strata(estimate.lonely_strata);
  design.set_population(estimate.population);
  design.set_worst_case(survey.bounds.lower);
  design.set_best_case(survey.bounds.upper);
  return design;
}

bool IsSurveyMeasure(v1::Measure measure) {
  return measure >= v1::MEASURE_SATISFACTION_RATE &&
         measure <= v1::MEASURE_CLEAR_RATE;
}

}  // namespace huifang::reporting

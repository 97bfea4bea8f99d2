#include "services/reporting/survey_rules.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/reporting/caller_rules.h"

namespace huifang::reporting {

std::optional<bool> ResponseTo(v1::Measure measure, const CallFact& call) {
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

bool IsMember(const CallFact& call, const Scope& scope) {
  return call.close_day >= DayNumber(scope.span.first) &&
         call.close_day <= DayNumber(scope.span.last) &&
         (scope.division.empty() || call.division == scope.division) &&
         (scope.team.empty() || call.team == scope.team) &&
         (!scope.group.has_value() || call.group == *scope.group);
}

Survey Ask(v1::Measure measure, const Scope& scope) {
  Survey survey;
  if (scope.calls == nullptr) return survey;
  const std::vector<CallFact>& calls = *scope.calls;
  // Strata that a member was drawn from, by draw and key.
  std::map<std::pair<std::string, std::string>, std::size_t> positions;
  for (const CallFact& call : calls) {
    if (IsMember(call, scope)) {
      positions.emplace(std::make_pair(call.draw, call.stratum), 0);
    }
  }
  std::size_t next = 0;
  for (auto& [key, position] : positions) position = next++;
  std::vector<Stratum> strata(positions.size());
  std::vector<CallerAnswers> answers;
  std::set<std::string> callers;
  bool repeated = false;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const CallFact& call = calls[i];
    const auto found = positions.find(std::make_pair(call.draw, call.stratum));
    if (found == positions.end()) continue;
    Stratum& stratum = strata[found->second];
    stratum.population = call.stratum_population;
    const bool member = IsMember(call, scope);
    const std::optional<bool> response = ResponseTo(measure, call);
    if (response.has_value()) {
      const int good = member && *response ? 1 : 0;
      ++stratum.respondents;
      stratum.members += member ? 1 : 0;
      stratum.successes += good;
      if (!call.caller.empty()) {
        repeated |= !callers.insert(call.caller).second;
      }
      answers.push_back({found->second, call.caller, 1, member ? 1 : 0, good});
      if (call.caller.empty()) answers.back().caller = absl::StrCat("#", i);
    } else if (call.disposition != Disposition::kNotEligible) {
      ++stratum.missing;
      stratum.missing_members += member ? 1 : 0;
    }
  }
  std::vector<std::int64_t> populations;
  for (const Stratum& stratum : strata) {
    populations.push_back(stratum.population);
  }
  // The two are the same where nobody answered twice.
  survey.estimate = repeated ? EstimateByCaller(populations, answers)
                             : EstimateProportion(strata);
  survey.bounds = WorstCase(strata);
  survey.simple = !repeated && IsSimpleSample(strata);
  return survey;
}

v1::Design DesignOf(const Estimate& estimate) {
  v1::Design design;
  design.set_standard_error(estimate.standard_error);
  design.set_design_effect(estimate.design_effect);
  design.set_effective_size(estimate.effective_size);
  design.set_degrees_of_freedom(estimate.degrees_of_freedom);
  design.set_strata(estimate.strata);
  design.set_lonely_strata(estimate.lonely_strata);
  design.set_population(estimate.population);
  design.set_members_in_frame(estimate.members_in_frame);
  design.set_independent(estimate.independent);
  return design;
}

v1::Design DesignOf(const Survey& survey) {
  v1::Design design = DesignOf(survey.estimate);
  design.set_worst_case(survey.bounds.lower);
  design.set_best_case(survey.bounds.upper);
  return design;
}

const std::vector<v1::Measure>& SurveyMeasures() {
  static const auto& measures = *new std::vector<v1::Measure>{
      v1::MEASURE_SATISFACTION_RATE, v1::MEASURE_RESOLUTION_RATE,
      v1::MEASURE_CALLED_BACK_RATE,  v1::MEASURE_TIMELY_RATE,
      v1::MEASURE_ATTITUDE_RATE,     v1::MEASURE_CLEAR_RATE};
  return measures;
}

bool IsSurveyMeasure(v1::Measure measure) {
  return measure >= v1::MEASURE_SATISFACTION_RATE &&
         measure <= v1::MEASURE_CLEAR_RATE;
}

}  // namespace huifang::reporting

#ifndef HUIFANG_SERVICES_REPORTING_SURVEY_RULES_H_
#define HUIFANG_SERVICES_REPORTING_SURVEY_RULES_H_

#include <optional>
#include <vector>

#include "services/reporting/estimate_rules.h"
#include "services/reporting/figure_rules.h"

namespace huifang::reporting {

// What the callers of a scope said to one question.
struct Survey {
  Estimate estimate;
  Limits bounds;        // were all who gave no answer of one mind
  bool simple = false;  // see IsSimpleSample; each caller once
};

// What callers are asked for.
const std::vector<v1::Measure>& SurveyMeasures();

// Whether callers are asked for the measure.
bool IsSurveyMeasure(v1::Measure measure);

// What a caller's answer means for a measure: yes, no, or not answered.
std::optional<bool> ResponseTo(v1::Measure measure, const CallFact& call);

// Answers of one caller are taken together, across strata too. Strata are those
// that a member of the scope was drawn from.
Survey Ask(v1::Measure measure, const Scope& scope);

// What an estimate rests on; worst and best case are the caller's to set.
v1::Design DesignOf(const Estimate& estimate);
v1::Design DesignOf(const Survey& survey);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_SURVEY_RULES_H_

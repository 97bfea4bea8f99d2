// Quality standards as JSON: one that passes the check judges any scores that
// pass theirs.
#include <string>
#include <vector>

#include "services/grading/rubric_rules.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace huifang::grading;
  using huifang::fuzz::Require;
  const auto rubric = ParseRubricJson(huifang::fuzz::Text(data, size));
  if (!rubric.ok() || !CheckRubric(*rubric).ok()) return 0;
  std::vector<std::string> rules;
  for (const RubricCriterion& criterion : rubric->criteria) {
    for (const RubricDeduction& deduction : criterion.deductions) {
      rules.push_back(deduction.rule_id);
    }
  }
  for (const auto& found : {std::vector<std::string>(), rules}) {
    const std::vector<CriterionScore> scores = ProposeScores(*rubric, found);
    if (!CheckScores(*rubric, scores).ok()) continue;
    const Verdict verdict = Judge(*rubric, scores);
    Require(verdict.total >= 0 && verdict.total <= 100, "a total is 0 to 100");
    Require(!verdict.tier.empty(), "a verdict has a tier");
  }
  return 0;
}

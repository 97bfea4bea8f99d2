// From points to a tier and a pass: data decides, no code knows a criterion.
#ifndef HUIFANG_SERVICES_GRADING_RUBRIC_RULES_H_
#define HUIFANG_SERVICES_GRADING_RUBRIC_RULES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace huifang::grading {

struct RubricDeduction {
  std::string rule_id;
  int points = 0;
};

struct RubricCriterion {
  std::string id;
  std::string display_name;
  std::string description;
  int weight = 0;
  int max_points = 0;
  bool critical = false;
  bool not_applicable_allowed = false;
  std::vector<RubricDeduction> deductions;
};

struct RubricTier {
  std::string code;
  std::string display_name;
  double min_score = 0;
};

// A quality standard (质检标准).
struct RubricData {
  std::string id;
  bool about_calls = false;
  std::string display_name;
  std::vector<RubricCriterion> criteria;
  std::vector<RubricTier> tiers;  // best first
  std::string lowest_passing_tier;
  std::vector<std::string> required_criteria;
};

struct CriterionScore {
  std::string criterion_id;
  double points = 0;
  bool not_applicable = false;
};

struct Verdict {
  double total = 0;  // 0 to 100
  std::string tier;
  std::string tier_display_name;
  bool passed = false;
};

// What is wrong with a rubric, or OK. Messages name the field.
absl::Status CheckRubric(const RubricData& rubric);

// Criteria of `base` with those of `own` in place of the same id; tiers and
// pass rule are `own`'s when given.
RubricData InheritRubric(const RubricData& base, const RubricData& own);

// INVALID_ARGUMENT unless there is exactly one score for each criterion,
// within its bounds, and at least one that applies.
absl::Status CheckScores(const RubricData& rubric,
                         const std::vector<CriterionScore>& scores);

// The weighted share of points, its tier, and whether it passes. A critical
// criterion without points caps the tier at the lowest. `scores` must have
// passed CheckScores.
Verdict Judge(const RubricData& rubric,
              const std::vector<CriterionScore>& scores);

// The points the rubric gives when nothing is known but the machine's
// findings, by rule id.
std::vector<CriterionScore> ProposeScores(
    const RubricData& rubric, const std::vector<std::string>& rule_ids);

// Reads the JSON of rubrics/*.json.
absl::StatusOr<RubricData> ParseRubricJson(absl::string_view json);

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_RUBRIC_RULES_H_

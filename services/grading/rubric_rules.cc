#include "services/grading/rubric_rules.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <exception>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "absl/strings/str_cat.h"

namespace huifang::grading {
namespace {

absl::Status Wrong(absl::string_view field, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": ", what));
}

const RubricCriterion* FindCriterion(const RubricData& rubric,
                                     absl::string_view id) {
  const auto it =
      std::find_if(rubric.criteria.begin(), rubric.criteria.end(),
                   [id](const RubricCriterion& c) { return c.id == id; });
  return it == rubric.criteria.end() ? nullptr : &*it;
}

bool IsId(absl::string_view id) {
  return !id.empty() && id.size() <= 40 &&
         std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

absl::Status CheckCriteria(const RubricData& rubric) {
  if (rubric.criteria.empty() || rubric.criteria.size() > 40) {
    return Wrong("criteria", "must be 1 to 40");
  }
  std::set<std::string> ids;
  for (const RubricCriterion& c : rubric.criteria) {
    const std::string field = absl::StrCat("criteria[", c.id, "]");
    if (!IsId(c.id)) return Wrong(field, "the id is 1 to 40 of [a-z0-9_]");
    if (!ids.insert(c.id).second) return Wrong(field, "the id is given twice");
    if (c.display_name.empty()) return Wrong(field, "display_name is empty");
    if (c.weight < 1 || c.weight > 1000) {
      return Wrong(field, "weight must be 1 to 1000");
    }
    if (c.max_points < 1 || c.max_points > 100) {
      return Wrong(field, "max_points must be 1 to 100");
    }
    for (const RubricDeduction& d : c.deductions) {
      if (d.points < 1 || d.points > c.max_points) {
        return Wrong(field, "a deduction must be 1 to max_points");
      }
    }
  }
  return absl::OkStatus();
}

absl::Status CheckTiers(const RubricData& rubric) {
  if (rubric.tiers.size() < 2 || rubric.tiers.size() > 9) {
    return Wrong("tiers", "must be 2 to 9");
  }
  std::set<std::string> codes;
  double above = 100.0 + 1e-9;
  for (const RubricTier& tier : rubric.tiers) {
    if (tier.code.empty() || !codes.insert(tier.code).second) {
      return Wrong("tiers", "codes must be given and differ");
    }
    if (tier.min_score >= above || tier.min_score < 0) {
      return Wrong("tiers", "min_score must fall from tier to tier");
    }
    above = tier.min_score;
  }
  if (rubric.tiers.back().min_score != 0) {
    return Wrong("tiers", "the last tier must start at 0");
  }
  return absl::OkStatus();
}

std::size_t TierIndex(const RubricData& rubric, absl::string_view code) {
  std::size_t index = 0;
  while (index < rubric.tiers.size() && rubric.tiers[index].code != code) {
    ++index;
  }
  return index;
}

// The library makes an int of any number, also of one that is none or too
// large. Beyond an int it is as wrong as the int's own end.
int Whole(const nlohmann::json& value) {
  using Limits = std::numeric_limits<int>;
  const std::int64_t number =
      value.get_ref<const nlohmann::json::number_integer_t&>();
  return static_cast<int>(
      std::clamp<std::int64_t>(number, Limits::min(), Limits::max()));
}

}  // namespace

absl::Status CheckRubric(const RubricData& rubric) {
  if (rubric.display_name.empty()) return Wrong("display_name", "is empty");
  if (absl::Status s = CheckCriteria(rubric); !s.ok()) return s;
  if (absl::Status s = CheckTiers(rubric); !s.ok()) return s;
  if (TierIndex(rubric, rubric.lowest_passing_tier) == rubric.tiers.size()) {
    return Wrong("pass_rule.lowest_passing_tier", "is no tier's code");
  }
  for (const std::string& id : rubric.required_criteria) {
    if (FindCriterion(rubric, id) == nullptr) {
      return Wrong("pass_rule.required_criteria",
                   absl::StrCat(id, " is no criterion"));
    }
  }
  return absl::OkStatus();
}

RubricData InheritRubric(const RubricData& base, const RubricData& own) {
  RubricData merged = own;
  merged.criteria.clear();
  for (const RubricCriterion& inherited : base.criteria) {
    const RubricCriterion* mine = FindCriterion(own, inherited.id);
    merged.criteria.push_back(mine != nullptr ? *mine : inherited);
  }
  for (const RubricCriterion& added : own.criteria) {
    if (FindCriterion(base, added.id) == nullptr) {
      merged.criteria.push_back(added);
    }
  }
  if (merged.tiers.empty()) merged.tiers = base.tiers;
  if (merged.lowest_passing_tier.empty()) {
    merged.lowest_passing_tier = base.lowest_passing_tier;
    merged.required_criteria = base.required_criteria;
  }
  return merged;
}

absl::Status CheckScores(const RubricData& rubric,
                         const std::vector<CriterionScore>& scores) {
  std::set<std::string> seen;
  bool any = false;
  for (const CriterionScore& score : scores) {
    const std::string field = absl::StrCat("scores[", score.criterion_id, "]");
    const RubricCriterion* c = FindCriterion(rubric, score.criterion_id);
    if (c == nullptr) return Wrong(field, "is no criterion of the rubric");
    if (!seen.insert(c->id).second) return Wrong(field, "is given twice");
    if (score.not_applicable) {
      if (!c->not_applicable_allowed) return Wrong(field, "always applies");
      continue;
    }
    any = true;
    if (!std::isfinite(score.points) || score.points < 0 ||
        score.points > c->max_points) {
      return Wrong(field, absl::StrCat("points must be 0 to ", c->max_points));
    }
  }
  if (seen.size() != rubric.criteria.size()) {
    return Wrong("scores", "every criterion needs one");
  }
  return any ? absl::OkStatus() : Wrong("scores", "none applies");
}

Verdict Judge(const RubricData& rubric,
              const std::vector<CriterionScore>& scores) {
  double gained = 0;
  double possible = 0;
  bool capped = false;
  bool required_missing = false;
  for (const CriterionScore& score : scores) {
    const RubricCriterion* c = FindCriterion(rubric, score.criterion_id);
    if (c == nullptr || score.not_applicable) continue;
    gained += c->weight * score.points / c->max_points;
    possible += c->weight;
    if (score.points > 0) continue;
    capped = capped || c->critical;
    required_missing =
        required_missing || std::find(rubric.required_criteria.begin(),
                                      rubric.required_criteria.end(),
                                      c->id) != rubric.required_criteria.end();
  }
  Verdict verdict;
  if (possible > 0) verdict.total = 100.0 * gained / possible;
  std::size_t index = rubric.tiers.size() - 1;
  // A sum of thirds must not miss a tier by the last bit of a double.
  constexpr double kRounding = 1e-9;
  for (std::size_t i = 0; i < rubric.tiers.size() && !capped; ++i) {
    if (verdict.total + kRounding < rubric.tiers[i].min_score) continue;
    index = i;
    break;
  }
  verdict.tier = rubric.tiers[index].code;
  verdict.tier_display_name = rubric.tiers[index].display_name;
  verdict.passed = !capped && !required_missing &&
                   index <= TierIndex(rubric, rubric.lowest_passing_tier);
  return verdict;
}

std::vector<CriterionScore> ProposeScores(
    const RubricData& rubric, const std::vector<std::string>& rule_ids) {
  std::vector<CriterionScore> scores;
  for (const RubricCriterion& c : rubric.criteria) {
    int left = c.max_points;
    for (const RubricDeduction& d : c.deductions) {
      if (std::find(rule_ids.begin(), rule_ids.end(), d.rule_id) !=
          rule_ids.end()) {
        left -= d.points;
      }
    }
    scores.push_back({c.id, static_cast<double>(std::max(0, left)), false});
  }
  return scores;
}

absl::StatusOr<RubricData> ParseRubricJson(absl::string_view json) {
  RubricData rubric;
  try {
    const auto root = nlohmann::json::parse(json.begin(), json.end());
    rubric.id = root.at("id");
    rubric.about_calls = root.at("subject") == "call";
    rubric.display_name = root.at("display_name");
    for (const auto& c : root.at("criteria")) {
      RubricCriterion criterion;
      criterion.id = c.at("id");
      criterion.display_name = c.at("display_name");
      criterion.description = c.value("description", "");
      criterion.weight = Whole(c.at("weight"));
      criterion.max_points = Whole(c.at("max_points"));
      criterion.critical = c.value("critical", false);
      criterion.not_applicable_allowed =
          c.value("not_applicable_allowed", false);
      for (const auto& d : c.value("deductions", nlohmann::json::array())) {
        criterion.deductions.push_back(
            {d.at("rule_id"), Whole(d.at("points"))});
      }
      rubric.criteria.push_back(std::move(criterion));
    }
    for (const auto& t : root.at("tiers")) {
      rubric.tiers.push_back(
          {t.at("code"), t.at("display_name"), t.at("min_score")});
    }
    const auto& pass = root.at("pass_rule");
    rubric.lowest_passing_tier = pass.at("lowest_passing_tier");
    rubric.required_criteria =
        pass.value("required_criteria", std::vector<std::string>());
  } catch (const std::exception& e) {
    return absl::InvalidArgumentError(absl::StrCat("rubric JSON: ", e.what()));
  }
  if (absl::Status s = CheckRubric(rubric); !s.ok()) return s;
  return rubric;
}

}  // namespace huifang::grading

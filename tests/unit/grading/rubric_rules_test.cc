#include "services/grading/rubric_rules.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "services/grading/inspection_rules.h"
#include "services/grading/rubrics.h"

namespace huifang::grading {
namespace {

std::string Text(const std::string& file) {
  for (const EmbeddedFile& f : kRubricFiles) {
    if (f.name == file) return std::string(f.text);
  }
  ADD_FAILURE() << file;
  return "";
}

RubricData Default(const std::string& file) {
  return ParseRubricJson(Text(file)).value();
}

std::vector<CriterionScore> Full(const RubricData& rubric) {
  return ProposeScores(rubric, {});
}

TEST(Rubric, DefaultsAreValidAndKnowOnlyRealRules) {
  for (const EmbeddedFile& file : kRubricFiles) {
    const absl::StatusOr<RubricData> rubric = ParseRubricJson(file.text);
    ASSERT_TRUE(rubric.ok()) << file.name << ": " << rubric.status();
    for (const RubricCriterion& criterion : rubric->criteria) {
      for (const RubricDeduction& deduction : criterion.deductions) {
        EXPECT_NE(FindRule(deduction.rule_id), nullptr) << deduction.rule_id;
      }
    }
  }
}

TEST(Rubric, EveryRuleCostsPointsSomewhere) {
  const RubricData rubric = Default("ticket.json");
  for (const RuleInfo& rule : AllRules()) {
    const Verdict verdict =
        Judge(rubric, ProposeScores(rubric, {std::string(rule.id)}));
    EXPECT_LT(verdict.total, 100) << rule.id;
  }
}

TEST(Rubric, TicketWithoutFindingsIsTierA) {
  const RubricData rubric = Default("ticket.json");
  const Verdict verdict = Judge(rubric, Full(rubric));
  EXPECT_DOUBLE_EQ(verdict.total, 100);
  EXPECT_EQ(verdict.tier, "A");
  EXPECT_TRUE(verdict.passed);
}

TEST(Rubric, CriticalCriterionWithoutPointsCapsTheTier) {
  const RubricData rubric = Default("ticket.json");
  const Verdict verdict =
      Judge(rubric, ProposeScores(rubric, {"forward_only"}));
  EXPECT_EQ(verdict.tier, "D");
  EXPECT_FALSE(verdict.passed);
}

TEST(Rubric, RequiredCriterionWithoutPointsFailsWhateverTheTier) {
  const RubricData rubric = Default("ticket.json");
  const Verdict verdict =
      Judge(rubric, ProposeScores(rubric, {"contradiction"}));
  EXPECT_EQ(verdict.tier, "A");
  EXPECT_FALSE(verdict.passed);
}

TEST(Rubric, NotApplicableTakesItsWeightOut) {
  const RubricData rubric = Default("ticket.json");
  std::vector<CriterionScore> scores = Full(rubric);
  scores[4] = {"completeness", 0, true};
  EXPECT_DOUBLE_EQ(Judge(rubric, scores).total, 100);
  scores[4] = {"completeness", 0, false};
  EXPECT_DOUBLE_EQ(Judge(rubric, scores).total, 90);
}

TEST(Rubric, TierStartsAtItsMinimum) {
  RubricData rubric = Default("ticket.json");
  for (RubricCriterion& criterion : rubric.criteria) criterion.weight = 1;
  std::vector<CriterionScore> scores = Full(rubric);
  for (CriterionScore& score : scores) score.points = 7.5;
  EXPECT_EQ(Judge(rubric, scores).tier, "B");
  scores[0].points = 7.4;
  EXPECT_EQ(Judge(rubric, scores).tier, "C");
}

TEST(Rubric, ScoresMustFit) {
  const RubricData rubric = Default("ticket.json");
  std::vector<CriterionScore> scores = Full(rubric);
  EXPECT_TRUE(CheckScores(rubric, scores).ok());
  scores[0].points = 11;
  EXPECT_FALSE(CheckScores(rubric, scores).ok());
  scores[0].points = -1;
  EXPECT_FALSE(CheckScores(rubric, scores).ok());
  scores[0] = {"timeliness", 0, true};
  EXPECT_FALSE(CheckScores(rubric, scores).ok());
  scores[0] = {"substance", 1, false};
  EXPECT_FALSE(CheckScores(rubric, scores).ok());
  scores.erase(scores.begin());
  EXPECT_FALSE(CheckScores(rubric, scores).ok());
}

TEST(Rubric, WrongRubricsAreRefused) {
  RubricData rubric = Default("ticket.json");
  rubric.tiers[1].min_score = 95;
  EXPECT_FALSE(CheckRubric(rubric).ok());
  rubric = Default("ticket.json");
  rubric.tiers.back().min_score = 1;
  EXPECT_FALSE(CheckRubric(rubric).ok());
  rubric = Default("ticket.json");
  rubric.lowest_passing_tier = "X";
  EXPECT_FALSE(CheckRubric(rubric).ok());
  rubric = Default("ticket.json");
  rubric.criteria[0].id = rubric.criteria[1].id;
  EXPECT_FALSE(CheckRubric(rubric).ok());
  EXPECT_FALSE(ParseRubricJson("{").ok());
  EXPECT_FALSE(ParseRubricJson("{}").ok());
}

TEST(Rubric, PointsAreWholeNumbersOfASize) {
  const std::string json = Text("ticket.json");
  ASSERT_TRUE(ParseRubricJson(json).ok());
  for (const std::string field : {"\"weight\": ", "\"max_points\": "}) {
    for (const char* wrong :
         {"1e48", "-1e48", "1.5", "4294967297", "18446744073709551615",
          "-18446744073709551615", "true", "\"1\""}) {
      std::string changed = json;
      const std::size_t at = json.find(field);
      ASSERT_NE(at, std::string::npos) << field;
      changed.insert(at + field.size(), absl::StrCat(wrong, ", \"was\": "));
      EXPECT_FALSE(ParseRubricJson(changed).ok()) << field << wrong;
    }
  }
}

TEST(Rubric, OwnCriteriaOverrideInheritedOnes) {
  const RubricData base = Default("ticket.json");
  RubricData own;
  own.id = "ticket";
  own.display_name = "本院标准";
  own.criteria.resize(2);
  own.criteria[0] = base.criteria[0];
  own.criteria[0].weight = 50;
  own.criteria[1].id = "warmth";
  own.criteria[1].display_name = "温度";
  own.criteria[1].weight = 5;
  own.criteria[1].max_points = 10;
  const RubricData merged = InheritRubric(base, own);
  EXPECT_TRUE(CheckRubric(merged).ok());
  EXPECT_EQ(merged.criteria.size(), base.criteria.size() + 1);
  EXPECT_EQ(merged.criteria[0].weight, 50);
  EXPECT_EQ(merged.criteria.back().id, "warmth");
  EXPECT_EQ(merged.tiers.size(), 4u);
}

}  // namespace
}  // namespace huifang::grading

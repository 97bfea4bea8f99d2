#include "services/reporting/roll_up_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/reporting/criteria_rules.h"
#include "services/reporting/roll_up_text.h"
#include "tests/unit/reporting/sample_courts.h"
#include "tests/unit/reporting/sample_facts.h"

namespace huifang::reporting {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::RollUp RollUpOf(const std::vector<v1::CourtFigures>& courts) {
  return AssembleRollUp(courts, *ParseSpan("2019-W30"), FigurePolicy());
}

std::vector<v1::Measure> ObstructedMeasures(const v1::RollUp::Line& line) {
  std::vector<v1::Measure> measures;
  for (const v1::RollUp::Obstacle& obstacle : line.obstacles()) {
    measures.push_back(obstacle.measure());
  }
  return measures;
}

TEST(PoolCourts, EqualsPoolingTheirStrataAtOnce) {
  const std::vector<Stratum> east = {WholeStratum(200, 30, 24),
                                     WholeStratum(300, 30, 27)};
  const std::vector<Stratum> west = {WholeStratum(900, 60, 51)};
  const v1::Figure a = SurveyFigure(v1::MEASURE_RESOLUTION_RATE, east);
  const v1::Figure b = SurveyFigure(v1::MEASURE_RESOLUTION_RATE, west);
  const Estimate pooled = PoolCourts({&a, &b});
  std::vector<Stratum> all = east;
  all.insert(all.end(), west.begin(), west.end());
  const Estimate once = EstimateProportion(all);
  EXPECT_NEAR(pooled.value, once.value, 1e-12);
  EXPECT_NEAR(pooled.standard_error, once.standard_error, 1e-12);
  EXPECT_EQ(pooled.degrees_of_freedom, once.degrees_of_freedom);
  EXPECT_EQ(pooled.strata, once.strata);
  EXPECT_NEAR(KornGraubard(pooled).lower, KornGraubard(once).lower, 1e-9);
  EXPECT_NEAR(KornGraubard(pooled).upper, KornGraubard(once).upper, 1e-9);
}

TEST(PoolCourts, CourtsThatSpeakForMoreTicketsWeighMore) {
  const v1::Figure small =
      SurveyFigure(v1::MEASURE_RESOLUTION_RATE, {WholeStratum(100, 50, 25)});
  const v1::Figure large =
      SurveyFigure(v1::MEASURE_RESOLUTION_RATE, {WholeStratum(900, 50, 45)});
  EXPECT_NEAR(PoolCourts({&small, &large}).value, 0.86, 1e-12);
}

TEST(PoolCourts, ACourtOfOneMindDoesNotMakeTheTotalCertain) {
  const v1::Figure alike =
      SurveyFigure(v1::MEASURE_RESOLUTION_RATE, {WholeStratum(900, 20, 20)});
  const v1::Figure mixed =
      SurveyFigure(v1::MEASURE_RESOLUTION_RATE, {WholeStratum(100, 20, 18)});
  const Estimate pooled = PoolCourts({&alike, &mixed});
  EXPECT_LE(pooled.effective_size, 40);
  EXPECT_LT(KornGraubard(pooled).lower, 0.95);
}

TEST(RollUp, TheTotalsBoundsTakeAllWhoWereNotHeardToBeOfOneMind) {
  const v1::RollUp roll_up = RollUpOf(
      {SampleCourt({.strata = {WholeStratum(100, 40, 30)}, .unreached = 10}),
       SampleCourt({.court = "110102",
                    .strata = {WholeStratum(300, 20, 15)},
                    .unreached = 20})});
  const v1::Design& design =
      FindTotal(roll_up, v1::MEASURE_RESOLUTION_RATE)->figure().design();
  // 30 and 15 yes, and none or all of the 10 and 20; weights 1 to 3.
  EXPECT_NEAR(design.worst_case(), 0.25 * 30 / 50 + 0.75 * 15 / 40, 1e-9);
  EXPECT_NEAR(design.best_case(), 0.25 * 40 / 50 + 0.75 * 35 / 40, 1e-9);
  EXPECT_FALSE(
      FindTotal(roll_up, v1::MEASURE_ON_TIME_RATE)->figure().has_design());
}

TEST(RollUp, TotalsOfHandlingAreSumsNotMeansOfRates) {
  const v1::RollUp roll_up =
      RollUpOf({SampleCourt({.on_time = {50, 100}}),
                SampleCourt({.court = "110102", .on_time = {810, 900}})});
  const v1::RollUp::Total& total =
      *FindTotal(roll_up, v1::MEASURE_ON_TIME_RATE);
  EXPECT_DOUBLE_EQ(total.figure().current().value(), 0.86);
  EXPECT_EQ(total.figure().current().denominator(), 1000);
  EXPECT_EQ(total.courts(), 2);
}

TEST(RollUp, AMissingCourtStandsInItsPlaceAndInEveryTotal) {
  const Span span = *ParseSpan("2019-W30");
  const v1::RollUp roll_up =
      RollUpOf({MissingFigures("110107", "北京市石景山区人民法院", span),
                SampleCourt({})});
  EXPECT_EQ(roll_up.missing(), 1);
  ASSERT_EQ(roll_up.lines_size(), 2);
  EXPECT_EQ(roll_up.lines(0).court().state(), v1::CourtFigures::STATE_MISSING);
  EXPECT_EQ(roll_up.lines(0).court().court_display_name(),
            "北京市石景山区人民法院");
  EXPECT_THAT(roll_up.lines(0).comparisons(), IsEmpty());
  EXPECT_EQ(TotalText(roll_up, *FindTotal(roll_up, v1::MEASURE_ON_TIME_RATE),
                      Locale::kChinese),
            "1家法院合并；1家法院缺报。");
}

TEST(RollUp, AnotherRubricBarsThePassRateOnly) {
  const v1::RollUp roll_up =
      RollUpOf({SampleCourt({}), SampleCourt({.court = "110102"}),
                SampleCourt({.court = "110105", .rubric = "#1f2e3d4c"})});
  const v1::RollUp::Line& other = roll_up.lines(2);
  EXPECT_THAT(ObstructedMeasures(other), ElementsAre(v1::MEASURE_PASS_RATE));
  EXPECT_EQ(ObstacleText(other.obstacles(0), Locale::kChinese),
            "质检标准不同：该院#1f2e3d4c，参与比较的为ticket/1");
  EXPECT_EQ(FindComparison(other, v1::MEASURE_PASS_RATE), nullptr);
  EXPECT_NE(FindComparison(other, v1::MEASURE_ON_TIME_RATE), nullptr);
  const v1::RollUp::Total& pass = *FindTotal(roll_up, v1::MEASURE_PASS_RATE);
  EXPECT_EQ(pass.courts(), 2);
  EXPECT_EQ(pass.incomparable(), 1);
  EXPECT_EQ(pass.figure().current().denominator(), 400);
}

TEST(RollUp, AnotherVerdictRuleBarsSatisfactionOnly) {
  const v1::RollUp roll_up =
      RollUpOf({SampleCourt({}), SampleCourt({.court = "110102"}),
                SampleCourt({.court = "110105", .verdict_rule = "strict/1"})});
  EXPECT_THAT(ObstructedMeasures(roll_up.lines(2)),
              ElementsAre(v1::MEASURE_SATISFACTION_RATE));
}

TEST(RollUp, ACriterionThatChangedWithinThePeriodIsNotCompared) {
  v1::CourtFigures changed = SampleCourt({.court = "110105"});
  SetVersions(v1::Criterion::KIND_VERDICT_RULE, {"items/1", "items/2"},
              changed);
  const v1::RollUp roll_up =
      RollUpOf({SampleCourt({}), SampleCourt({.court = "110102"}), changed});
  ASSERT_EQ(roll_up.lines(2).obstacles_size(), 1);
  EXPECT_EQ(ObstacleText(roll_up.lines(2).obstacles(0), Locale::kChinese),
            "满意度判定规则期内有变更：items/1；items/2");
}

TEST(RollUp, AReportWithoutCriteriaIsShownAndNotCompared) {
  v1::CourtFigures old = SampleCourt({.court = "110105"});
  old.clear_criteria();
  const v1::RollUp roll_up =
      RollUpOf({SampleCourt({}), SampleCourt({.court = "110102"}), old});
  EXPECT_THAT(roll_up.lines(2).comparisons(), IsEmpty());
  EXPECT_EQ(FindTotal(roll_up, v1::MEASURE_ON_TIME_RATE)->incomparable(), 1);
  EXPECT_EQ(ObstacleText(roll_up.lines(2).obstacles(0), Locale::kChinese),
            "报告未记录统计口径");
  EXPECT_GT(roll_up.lines(2).court().figures_size(), 0);
}

TEST(RollUp, NobodyIsComparedWhereNobodyKnowsTheCriteria) {
  v1::CourtFigures old = SampleCourt({});
  old.clear_criteria();
  const v1::RollUp roll_up = RollUpOf({old, old});
  for (const v1::RollUp::Total& total : roll_up.totals()) {
    EXPECT_EQ(total.courts(), 0);
    EXPECT_EQ(total.figure().current().state(), v1::Figure::STATE_NO_DATA);
  }
  EXPECT_THAT(ComparedMeasures(roll_up), IsEmpty());
}

TEST(RollUp, TheLateCourtIsFlaggedAndTheOthersAreNot) {
  const v1::RollUp roll_up =
      RollUpOf({SampleCourt({}), SampleCourt({.court = "110102"}),
                SampleCourt({.court = "110105"}),
                SampleCourt({.court = "110106", .on_time = {24, 40}})});
  const auto flag = [&](int line) {
    return FindComparison(roll_up.lines(line), v1::MEASURE_ON_TIME_RATE)
        ->flag();
  };
  EXPECT_EQ(flag(3), v1::Comparison::FLAG_LOW);
  for (const int line : {0, 1, 2}) {
    EXPECT_EQ(flag(line), v1::Comparison::FLAG_USUAL);
  }
  const v1::Comparison& late =
      *FindComparison(roll_up.lines(3), v1::MEASURE_ON_TIME_RATE);
  EXPECT_LT(late.difference().upper(), 0);
  EXPECT_LT(0.6, late.limit_lower());
  for (const v1::RollUp::Line& line : roll_up.lines()) {
    EXPECT_EQ(FindComparison(line, v1::MEASURE_RESOLUTION_RATE)->flag(),
              v1::Comparison::FLAG_USUAL);
  }
}

TEST(RollUp, TooFewAnswersAreAStateAndInNoTotal) {
  const v1::RollUp roll_up = RollUpOf(
      {SampleCourt({}), SampleCourt({.court = "110102"}),
       SampleCourt({.court = "110108", .strata = {WholeStratum(100, 4, 3)}})});
  const v1::RollUp::Line& few = roll_up.lines(2);
  EXPECT_EQ(
      FindFigure(few.court(), v1::MEASURE_RESOLUTION_RATE)->current().state(),
      v1::Figure::STATE_NOT_ENOUGH_DATA);
  EXPECT_EQ(FindComparison(few, v1::MEASURE_RESOLUTION_RATE)->flag(),
            v1::Comparison::FLAG_NOT_ENOUGH_DATA);
  const v1::RollUp::Total& total =
      *FindTotal(roll_up, v1::MEASURE_RESOLUTION_RATE);
  EXPECT_EQ(total.courts(), 2);
  EXPECT_EQ(total.unreadable(), 1);
  EXPECT_EQ(total.figure().current().denominator(), 120);
}

TEST(RollUp, ATargetIsMetOnlyWhenTheLowerLimitReachesIt) {
  const v1::RollUp roll_up =
      RollUpOf({SampleCourt({.strata = {WholeStratum(500, 60, 57)}}),
                SampleCourt({.court = "110102",
                             .strata = {WholeStratum(500, 60, 58)}})});
  const v1::Figure& satisfied =
      FindTotal(roll_up, v1::MEASURE_SATISFACTION_RATE)->figure();
  EXPECT_GT(satisfied.current().value(), 0.95);
  EXPECT_EQ(satisfied.claim(), v1::Figure::CLAIM_NOT_SUPPORTED);
}

TEST(RollUp, TheMachinesProposalsClaimNoPassRate) {
  const v1::RollUp roll_up =
      RollUpOf({SampleCourt({.passed = {199, 200}}),
                SampleCourt({.court = "110102", .passed = {198, 200}})});
  const v1::Figure& passed =
      FindTotal(roll_up, v1::MEASURE_PASS_RATE)->figure();
  EXPECT_EQ(passed.claim(), v1::Figure::CLAIM_NOT_SUPPORTED);
  EXPECT_FALSE(passed.note().empty());
}

TEST(SharedCriteria, MostCourtsDecideThenMostTrialsThenTheFirst) {
  const auto use = [](const char* rubric, std::int64_t trials) {
    const v1::CourtFigures court = SampleCourt({.rubric = rubric});
    return CriteriaUse{{court.criteria().begin(), court.criteria().end()},
                       trials};
  };
  const auto shared = [](const std::vector<CriteriaUse>& uses) {
    return SharedCriteria(v1::MEASURE_PASS_RATE,
                          uses)[v1::Criterion::KIND_RUBRIC];
  };
  EXPECT_EQ(shared({use("a", 900), use("b", 10), use("b", 10)}), "b");
  EXPECT_EQ(shared({use("a", 10), use("b", 20)}), "b");
  EXPECT_EQ(shared({use("a", 10), use("b", 10)}), "a");
  EXPECT_EQ(shared({use("?", 900), use("b", 1)}), "b");
}

TEST(CourtFigures, TellNoTicketAndNoPerson) {
  const v1::Report report = SampleReport("2019-W30", false);
  const v1::CourtFigures court = CourtFiguresOf(report);
  EXPECT_EQ(court.figures_size(), static_cast<int>(RollUpMeasures().size()));
  EXPECT_EQ(court.tallies_size(), 5);
  const std::string told = court.SerializeAsString();
  ASSERT_GT(report.items_size(), 0);
  for (const v1::Item& item : report.items()) {
    for (const std::string& text :
         {item.ticket(), item.handler(), item.handler_display_name()}) {
      if (text.empty()) continue;
      EXPECT_EQ(told.find(text), std::string::npos);
    }
  }
  EXPECT_EQ(told.find("divisions/"), std::string::npos);
  EXPECT_EQ(court.opinions(),
            report.opinions_size() + report.opinions_omitted());
}

}  // namespace
}  // namespace huifang::reporting

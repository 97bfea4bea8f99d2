#include "services/reporting/estimate_rules.h"

#include <gtest/gtest.h>

namespace huifang::reporting {
namespace {

const std::vector<Stratum> kOracle = {WholeStratum(400, 30, 28),
                                      WholeStratum(250, 20, 17),
                                      WholeStratum(150, 10, 7)};

// API student performance data of R's survey package, stratified by school
// type, P(sch.wide = Yes). The package keeps its weights in single precision
// (44.2099990845 for 4421/100), so its results differ from the exact ones in
// the ninth digit: 0.827948011 there, 0.8279480142 from whole numbers.
constexpr double kSinglePrecisionWeights = 5e-9;

const std::vector<Stratum> kApi = {WholeStratum(4421, 100, 91),
                                   WholeStratum(755, 50, 26),
                                   WholeStratum(1018, 50, 35)};

TEST(EstimateRulesTest, StratifiedEstimateMatchesOracle) {
  const Estimate e = EstimateProportion(kOracle);
  EXPECT_NEAR(e.value, 0.8635416667, 1e-10);
  // 0.04318208461; the published value is cut, not rounded.
  EXPECT_NEAR(e.standard_error, 0.0431820845, 1.2e-10);
  EXPECT_NEAR(e.standard_error_no_fpc, 0.0448557221, 1e-10);
  EXPECT_NEAR(e.design_effect, 1.009332, 5e-7);
  EXPECT_NEAR(e.effective_size, 63.194045, 5e-7);
  EXPECT_NEAR(KornGraubardSize(e), 63.101293, 5e-7);
  EXPECT_EQ(e.degrees_of_freedom, 57);
  EXPECT_EQ(e.population, 800);
  EXPECT_EQ(e.members, 60);
  // Without weights it would be 0.8666666667.
  EXPECT_EQ(e.successes, 52);
}

TEST(EstimateRulesTest, IntervalsMatchSvyciprop) {
  const Estimate e = EstimateProportion(kOracle);
  const Limits beta = KornGraubard(e);
  EXPECT_NEAR(beta.lower, 0.7537753824, 1e-10);
  EXPECT_NEAR(beta.upper, 0.9369739169, 1e-10);
  const Limits logit = LogitLimits(e);
  EXPECT_NEAR(logit.lower, 0.7523546317, 1e-10);
  EXPECT_NEAR(logit.upper, 0.9294869929, 1e-10);
  const Limits mean = MeanLimits(e);
  EXPECT_NEAR(mean.lower, 0.7770710338, 1e-10);
  EXPECT_NEAR(mean.upper, 0.9500122996, 1e-10);
  const Limits wilson = WilsonOnEffectiveSize(e);
  EXPECT_NEAR(wilson.lower, 0.757935, 5e-7);
  EXPECT_NEAR(wilson.upper, 0.927483, 5e-7);
}

TEST(EstimateRulesTest, SchoolDataMatchesSurveyPackage) {
  const Estimate e = EstimateProportion(kApi);
  EXPECT_NEAR(e.value, 0.827948011, kSinglePrecisionWeights);
  EXPECT_EQ(e.degrees_of_freedom, 197);
  const Limits beta = KornGraubard(e);
  EXPECT_NEAR(beta.lower, 0.7741713286, kSinglePrecisionWeights);
  EXPECT_NEAR(beta.upper, 0.8734315926, kSinglePrecisionWeights);
  const Limits logit = LogitLimits(e);
  EXPECT_NEAR(logit.lower, 0.7745396547, kSinglePrecisionWeights);
  EXPECT_NEAR(logit.upper, 0.8708148549, kSinglePrecisionWeights);
  const Limits mean = MeanLimits(e);
  EXPECT_NEAR(mean.lower, 0.779938181, kSinglePrecisionWeights);
  EXPECT_NEAR(mean.upper, 0.8759578419, kSinglePrecisionWeights);
}

TEST(EstimateRulesTest, WeeksArePooledNotAveraged) {
  const Estimate e = EstimateProportion(
      {WholeStratum(300, 60, 54), WholeStratum(500, 60, 60)});
  EXPECT_NEAR(e.value, 0.9625, 1e-12);
  EXPECT_NEAR(e.standard_error, 0.0131000, 5e-8);
}

TEST(EstimateRulesTest, SimpleRandomSampleGivesTheTextbookError) {
  const Estimate e = EstimateProportion({WholeStratum(1100, 60, 57)});
  EXPECT_NEAR(e.standard_error, 0.027589, 5e-7);
  EXPECT_NEAR(e.design_effect, 1, 1e-12);
}

TEST(EstimateRulesTest, AllAlikeFallsBackToTheExactInterval) {
  const Estimate e = EstimateProportion(
      {WholeStratum(300, 30, 30), WholeStratum(300, 30, 30)});
  EXPECT_EQ(e.value, 1);
  EXPECT_EQ(e.standard_error, 0);
  EXPECT_EQ(KornGraubard(e), ClopperPearson(60, 60));
  EXPECT_EQ(LogitLimits(e), ClopperPearson(60, 60));
  const Estimate none = EstimateProportion({WholeStratum(300, 20, 0)});
  EXPECT_EQ(none.value, 0);
  EXPECT_EQ(KornGraubard(none), ClopperPearson(0, 20));
}

TEST(EstimateRulesTest, HomogeneousStrataDoNotGiveAFalsePoint) {
  const Estimate e =
      EstimateProportion({WholeStratum(100, 10, 10), WholeStratum(100, 10, 0)});
  EXPECT_EQ(e.standard_error, 0);
  const Limits limits = KornGraubard(e);
  EXPECT_LT(limits.lower, 0.3);
  EXPECT_GT(limits.upper, 0.7);
}

TEST(EstimateRulesTest, StratumThatHidesItsSpreadBuysNoPrecision) {
  // All 40 flagged were graded, and 90 of 900 others, which all passed: the
  // variance comes out as 0, but 810 were never looked at.
  const Estimate e =
      EstimateProportion({WholeStratum(40, 40, 18), WholeStratum(900, 90, 90)});
  EXPECT_LE(e.effective_size, 130);
  EXPECT_LT(KornGraubard(e).lower, e.value - 0.01);
  EXPECT_GT(KornGraubard(e).upper, e.value + 0.01);
}

TEST(EstimateRulesTest, NearlyCompleteSampleIsStillComputed) {
  const Limits limits = KornGraubard(
      EstimateProportion({WholeStratum(1'000'001, 1'000'000, 900'000)}));
  EXPECT_NEAR(limits.lower, 0.9, 1e-4);
  EXPECT_NEAR(limits.upper, 0.9, 1e-4);
}

TEST(EstimateRulesTest, CensusHasNoWidth) {
  const Estimate e =
      EstimateProportion({WholeStratum(6, 6, 5), WholeStratum(4, 4, 4)});
  EXPECT_TRUE(e.census);
  EXPECT_EQ(KornGraubard(e), (Limits{0.9, 0.9}));
}

TEST(EstimateRulesTest, LonelyStratumIsFlaggedAndBorrowsSpread) {
  const Estimate e =
      EstimateProportion({WholeStratum(400, 30, 28), WholeStratum(20, 1, 1)});
  EXPECT_EQ(e.lonely_strata, 1);
  EXPECT_GT(e.standard_error, 0);
  // The point keeps its own weight: 400/420 * 28/30 + 20/420.
  EXPECT_NEAR(e.value, 400.0 / 420 * 28 / 30 + 20.0 / 420, 1e-12);
}

TEST(EstimateRulesTest, StratumWithoutRespondentsIsMergedAndFlagged) {
  const Estimate e =
      EstimateProportion({WholeStratum(100, 0, 0), WholeStratum(300, 20, 18)});
  EXPECT_EQ(e.lonely_strata, 1);
  EXPECT_EQ(e.population, 400);
  EXPECT_NEAR(e.value, 0.9, 1e-12);
}

TEST(EstimateRulesTest, NobodyHeardIsNoEstimate) {
  EXPECT_EQ(EstimateProportion({WholeStratum(100, 0, 0)}).members, 0);
  EXPECT_EQ(EstimateProportion({}).members, 0);
  EXPECT_FALSE(EstimateProportion({}).census);
}

TEST(EstimateRulesTest, DomainAcrossStrataIsWeightedAndWiderThanItsStratum) {
  // Half of each stratum's respondents belong to the division.
  const Estimate domain =
      EstimateProportion({{400, 40, 20, 16}, {100, 20, 10, 6}});
  // (400/40*16 + 100/20*6) / (400/40*20 + 100/20*10)
  EXPECT_NEAR(domain.value, 190.0 / 250, 1e-12);
  const Estimate whole =
      EstimateProportion({WholeStratum(200, 20, 16), WholeStratum(50, 10, 6)});
  EXPECT_NEAR(whole.value, domain.value, 1e-12);
  EXPECT_GT(domain.standard_error, 0.9 * whole.standard_error);
}

TEST(EstimateRulesTest, WorstCaseCountsTheUnreachedBothWays) {
  Stratum stratum = WholeStratum(400, 34, 30);
  stratum.missing = stratum.missing_members = 16;
  const Limits bounds = WorstCase({stratum});
  EXPECT_NEAR(bounds.lower, 0.60, 1e-12);
  EXPECT_NEAR(bounds.upper, 0.92, 1e-12);
  EXPECT_EQ(WorstCase({}), (Limits{0, 1}));
}

// Nobody is missing: there is nothing to be worst about.
TEST(EstimateRulesTest, WorstCaseOfAllAnswersIsTheWeightedRate) {
  const std::vector<Stratum> strata = {WholeStratum(900, 10, 10),
                                       WholeStratum(100, 10, 0)};
  const Limits bounds = WorstCase(strata);
  EXPECT_NEAR(bounds.lower, 0.9, 1e-12);
  EXPECT_NEAR(bounds.upper, 0.9, 1e-12);
  EXPECT_NEAR(EstimateProportion(strata).value, 0.9, 1e-12);
}

}  // namespace
}  // namespace huifang::reporting

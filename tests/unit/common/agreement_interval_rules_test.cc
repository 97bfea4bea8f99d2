#include "services/common/agreement_interval_rules.h"

#include <gtest/gtest.h>

#include <vector>

namespace huifang {
namespace {

const AgreementTable kTiers = {{20, 5, 1}, {3, 15, 4}, {0, 2, 10}};
const AgreementTable kNearlyAllPass = {{90, 3}, {4, 3}};

TEST(CohenKappaInterval, MatchesThePublishedValues) {
  const auto kappa =
      CohenKappaInterval({{20, 5}, {10, 15}}, KappaWeights::kNone);
  ASSERT_TRUE(kappa.has_value());
  EXPECT_NEAR(kappa->value, 0.4, 1e-12);
  EXPECT_NEAR(kappa->standard_error, 0.1270, 5e-5);
  EXPECT_NEAR(kappa->lower, .1511, 5e-5);
  EXPECT_NEAR(kappa->upper, .6489, 5e-5);
}

// The errors below were found by differentiating each coefficient by the shares
// of the table numerically (delta method), not from the formulas in the code.
TEST(CohenKappaInterval, WeightedErrorsAreThoseOfTheDeltaMethod) {
  EXPECT_NEAR(CohenKappaInterval(kTiers, KappaWeights::kNone)->standard_error,
              0.0858394, 5e-7);
  EXPECT_NEAR(CohenKappaInterval(kTiers, KappaWeights::kLinear)->standard_error,
              0.0758679, 5e-7);
  EXPECT_NEAR(
      CohenKappaInterval(kTiers, KappaWeights::kQuadratic)->standard_error,
      0.0714650, 5e-7);
}

TEST(GwetAc1Interval, ErrorIsThatOfTheDeltaMethod) {
  EXPECT_NEAR(GwetAc1Interval(kTiers)->standard_error, 0.0830681, 5e-7);
  const auto ac1 = GwetAc1Interval(kNearlyAllPass);
  EXPECT_NEAR(ac1->standard_error, 0.0310455, 5e-7);
  EXPECT_NEAR(ac1->lower, 0.920314 - 1.959964 * 0.0310455, 1e-6);
  EXPECT_NEAR(ac1->upper, 0.920314 + 1.959964 * 0.0310455, 1e-6);
}

// The same hundred pairs: kappa can say nearly anything, AC1 cannot.
TEST(GwetAc1Interval, IsNarrowWhereKappasIsNot) {
  const auto ac1 = GwetAc1Interval(kNearlyAllPass);
  const auto kappa = CohenKappaInterval(kNearlyAllPass, KappaWeights::kNone);
  EXPECT_GT(kappa->upper - kappa->lower, 4 * (ac1->upper - ac1->lower));
}

TEST(AgreementInterval, IsAbsentWhereAllAgree) {
  EXPECT_FALSE(CohenKappaInterval({{5, 0}, {0, 5}}, KappaWeights::kNone));
  EXPECT_FALSE(GwetAc1Interval({{5, 0}, {0, 5}}));
  EXPECT_FALSE(CohenKappaInterval({{9, 0}, {0, 0}}, KappaWeights::kNone));
  EXPECT_FALSE(KrippendorffAlphaInterval({{0, 0}, {1, 1}, {1, 1}},
                                         AlphaMetric::kNominal));
  EXPECT_FALSE(FleissKappaInterval({{0, 0}, {1, 1}}));
  EXPECT_FALSE(KrippendorffAlphaInterval({}, AlphaMetric::kNominal));
}

// Krippendorff's "C" data.
const Ratings kUnits = {{1, 1, 1},    {2, 2, 3, 2}, {3, 3, 3, 3}, {3, 3, 3, 3},
                        {2, 2, 2, 2}, {1, 2, 3, 4}, {4, 4, 4, 4}, {1, 1, 2, 1},
                        {2, 2, 2, 2}, {5, 5, 5},    {1, 1},       {3}};

// Limits of 10,000 replicates of a bootstrap written in Python; two runs of
// 2,000 differ by some hundredths.
TEST(Bootstrap, AgreesWithAnotherProgramsOne) {
  const auto nominal = KrippendorffAlphaInterval(kUnits, AlphaMetric::kNominal);
  ASSERT_TRUE(nominal.has_value());
  EXPECT_NEAR(nominal->value, 0.743421, 5e-7);
  EXPECT_NEAR(nominal->lower, 0.414, 0.03);
  EXPECT_NEAR(nominal->upper, 1.0, 0.03);
  const auto ordinal = KrippendorffAlphaInterval(kUnits, AlphaMetric::kOrdinal);
  EXPECT_NEAR(ordinal->lower, 0.443, 0.03);
  EXPECT_NEAR(ordinal->upper, 1.0, 0.03);
}

TEST(Bootstrap, SameSeedGivesTheSameInterval) {
  const auto once = KrippendorffAlphaInterval(kUnits, AlphaMetric::kOrdinal);
  const auto again = KrippendorffAlphaInterval(kUnits, AlphaMetric::kOrdinal);
  const auto other =
      KrippendorffAlphaInterval(kUnits, AlphaMetric::kOrdinal, {.seed = 2});
  EXPECT_EQ(once->lower, again->lower);
  EXPECT_EQ(once->upper, again->upper);
  EXPECT_NE(once->standard_error, other->standard_error);
}

}  // namespace
}  // namespace huifang

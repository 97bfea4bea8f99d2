#include "services/reporting/mean_rules.h"

#include <gtest/gtest.h>

namespace huifang::reporting {
namespace {

// Sums of api00 by school type in the `apistrat` sample of R's survey package.
TEST(MeanRules, SchoolDataMatchesSurveyPackage) {
  const MeanEstimate e = EstimateMean({{4421, 100, 67443, 47038637},
                                       {755, 50, 31291, 20167941},
                                       {1018, 50, 31830, 20940396}});
  // 662.28736357…; the published value is cut, not rounded.
  EXPECT_NEAR(e.value, 662.287363, 1e-6);
  EXPECT_NEAR(e.standard_error, 9.408941, 5e-7);
  EXPECT_EQ(e.degrees_of_freedom, 197);
  EXPECT_EQ(e.lonely_strata, 0);
}

TEST(MeanRules, IntervalIsStudents) {
  const MeanEstimate e = EstimateMean({{1'000'000, 4, 20, 120}});
  // s² = (120 - 4 · 25) / 3; t(3) = 3.182446.
  EXPECT_NEAR(StudentLimits(e).upper - 5, 3.182446 * 1.290994, 1e-4);
}

TEST(MeanRules, LonelyStratumJoinsItsNeighbour) {
  const MeanEstimate e =
      EstimateMean({{10, 1, 5, 25}, {90, 9, 27, 90}, {5, 0, 0, 0}});
  EXPECT_EQ(e.lonely_strata, 2);
  EXPECT_NEAR(e.value, 3.2, 1e-12);
  EXPECT_EQ(e.degrees_of_freedom, 9);
}

TEST(MeanRules, CensusHasNoError) {
  const MeanEstimate e = EstimateMean({{3, 3, 6, 14}, {1, 1, 4, 16}});
  EXPECT_TRUE(e.census);
  EXPECT_NEAR(e.value, 2.5, 1e-12);
  EXPECT_EQ(e.standard_error, 0);
}

TEST(MeanRules, NobodyHeardIsNoMean) {
  EXPECT_EQ(EstimateMean({{10, 0, 0, 0}}).respondents, 0);
  EXPECT_EQ(EstimateMean({}).respondents, 0);
}

}  // namespace
}  // namespace huifang::reporting

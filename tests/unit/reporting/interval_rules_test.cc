#include "services/reporting/interval_rules.h"

#include <gtest/gtest.h>

#include <cmath>

namespace huifang::reporting {
namespace {

struct Row {
  int x;
  int n;
  Limits wilson;
  Limits exact;
  Limits jeffreys;
};

// First four rows: Newcombe 1998. Values from statsmodels, six digits.
constexpr Row kRows[] = {
    {81, 263, {.255289, .366210}, {.252737, .367622}, {.254522, .365647}},
    {15, 148, {.062386, .160487}, {.057844, .161650}, {.060449, .157643}},
    {0, 20, {0, .161125}, {0, .168433}, {.000024, .116639}},
    {1, 29, {.006113, .171755}, {.000873, .177644}, {.003746, .150078}},
    {57, 60, {.862995, .982850}, {.860757, .989568}, {.872554, .985719}},
    {60, 60, {.939828, 1}, {.940371, 1}, {.959166, .999992}},
    {5, 6, {.436497, .969947}, {.358765, .995789}, {.441943, .981380}},
    {240, 240, {.984246, 1}, {.984747, 1}, {.989599, .999998}},
};

void ExpectLimits(const Limits& got, const Limits& want, double tolerance) {
  EXPECT_NEAR(got.lower, want.lower, tolerance);
  EXPECT_NEAR(got.upper, want.upper, tolerance);
}

constexpr double kSixDigits = 5.0001e-7;

TEST(IntervalRulesTest, WilsonMatchesPublishedValues) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(::testing::Message() << row.x << "/" << row.n);
    ExpectLimits(Wilson(row.x, row.n), row.wilson, kSixDigits);
  }
}

TEST(IntervalRulesTest, ClopperPearsonMatchesPublishedValues) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(::testing::Message() << row.x << "/" << row.n);
    ExpectLimits(ClopperPearson(row.x, row.n), row.exact, kSixDigits);
  }
}

TEST(IntervalRulesTest, JeffreysMatchesPublishedValues) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(::testing::Message() << row.x << "/" << row.n);
    ExpectLimits(Jeffreys(row.x, row.n), row.jeffreys, kSixDigits);
  }
}

TEST(IntervalRulesTest, ContinuityCorrectionMatchesPublishedValues) {
  ExpectLimits(WilsonCorrected(81, 263), {.253509, .368176}, kSixDigits);
  ExpectLimits(WilsonCorrected(0, 20), {0, .200453}, kSixDigits);
  ExpectLimits(WilsonCorrected(57, 60), {.8517539529, .9869976455}, 1e-9);
}

TEST(IntervalRulesTest, EndsAreExactlyZeroAndOne) {
  EXPECT_EQ(Wilson(0, 20).lower, 0);
  EXPECT_EQ(Wilson(60, 60).upper, 1);
  EXPECT_EQ(ClopperPearson(0, 20).lower, 0);
  EXPECT_EQ(ClopperPearson(60, 60).upper, 1);
}

TEST(IntervalRulesTest, LowerLimitOfAllPassIsTheNthRoot) {
  EXPECT_NEAR(LowerLimit(60, 60), std::pow(0.05, 1.0 / 60), 1e-12);
  EXPECT_NEAR(LowerLimit(60, 60), 0.951297, kSixDigits);
  EXPECT_NEAR(LowerLimit(240, 240), 0.987595, kSixDigits);
}

TEST(IntervalRulesTest, FinitePopulationIsExact) {
  EXPECT_EQ(Hypergeometric(57, 60, 300), (CountLimits{261, 296}));
  EXPECT_EQ(Hypergeometric(57, 60, 1100), (CountLimits{950, 1087}));
  EXPECT_EQ(Hypergeometric(60, 60, 200), (CountLimits{190, 200}));
  EXPECT_EQ(Hypergeometric(57, 60, 80), (CountLimits{73, 77}));
}

TEST(IntervalRulesTest, CensusLeavesNoDoubt) {
  EXPECT_EQ(Hypergeometric(57, 60, 60), (CountLimits{57, 57}));
  EXPECT_EQ(Hypergeometric(0, 5, 5), (CountLimits{0, 0}));
}

TEST(IntervalRulesTest, LargePopulationApproachesClopperPearson) {
  const CountLimits limits = Hypergeometric(57, 60, 200'000);
  EXPECT_NEAR(static_cast<double>(limits.lower) / 200'000, .860757, 2e-4);
  EXPECT_NEAR(static_cast<double>(limits.upper) / 200'000, .989568, 2e-4);
}

TEST(IntervalRulesTest, NewcombeDifferenceMatchesPublishedValue) {
  ExpectLimits(NewcombeDifference(57, 60, 50, 60), {0.002749, 0.234969},
               kSixDigits);
}

TEST(IntervalRulesTest, HigherLevelIsWider) {
  EXPECT_LT(Wilson(57, 60, 0.99).lower, Wilson(57, 60).lower);
  EXPECT_GT(Wilson(57, 60, 0.99).upper, Wilson(57, 60).upper);
}

}  // namespace
}  // namespace huifang::reporting

#include "services/reporting/response_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "services/reporting/estimate_rules.h"

namespace huifang::reporting {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

// Test data of R's outcomerate.
constexpr DispositionCounts kCounts = {.complete = 5,
                                       .partial = 3,
                                       .refusal = 2,
                                       .non_contact = 1,
                                       .other = 2,
                                       .unknown_household = 1,
                                       .unknown_other = 1,
                                       .not_eligible = 1};

TEST(ResponseRates, MatchThePublishedValues) {
  const ResponseRates rates = RatesOf(kCounts, 0.5);
  EXPECT_DOUBLE_EQ(rates.rr1, 1.0 / 3);
  EXPECT_DOUBLE_EQ(rates.rr2, 8.0 / 15);
  EXPECT_DOUBLE_EQ(rates.rr3, 5.0 / 14);
  EXPECT_DOUBLE_EQ(rates.rr4, 4.0 / 7);
  EXPECT_DOUBLE_EQ(rates.rr5, 5.0 / 13);
  EXPECT_DOUBLE_EQ(rates.rr6, 8.0 / 13);
  EXPECT_DOUBLE_EQ(rates.coop1, 5.0 / 12);
  EXPECT_DOUBLE_EQ(rates.coop2, 2.0 / 3);
  EXPECT_DOUBLE_EQ(rates.coop3, 1.0 / 2);
  EXPECT_DOUBLE_EQ(rates.coop4, 4.0 / 5);
  EXPECT_DOUBLE_EQ(rates.ref1, 2.0 / 15);
  EXPECT_DOUBLE_EQ(rates.ref2, 1.0 / 7);
  EXPECT_DOUBLE_EQ(rates.ref3, 2.0 / 13);
  EXPECT_DOUBLE_EQ(rates.con1, 4.0 / 5);
  EXPECT_DOUBLE_EQ(rates.con2, 6.0 / 7);
  EXPECT_DOUBLE_EQ(rates.con3, 12.0 / 13);
  EXPECT_DOUBLE_EQ(rates.loc1, 13.0 / 15);
}

TEST(ResponseRates, MatchTheExampleOfOutcomerate) {
  const ResponseRates rates = RatesOf({4, 2, 1, 1, 1, 1, 1, 1}, 0.9);
  EXPECT_NEAR(rates.rr1, .364, 5e-4);
  EXPECT_NEAR(rates.rr3, .370, 5e-4);
  EXPECT_NEAR(rates.rr5, .444, 5e-4);
  EXPECT_NEAR(rates.con1, .727, 5e-4);
}

TEST(ResponseRates, EligibleShareIsThatOfTheKnownCases) {
  EXPECT_DOUBLE_EQ(EligibleShare(kCounts), 13.0 / 14);
  EXPECT_TRUE(std::isnan(EligibleShare({.unknown_other = 1})));
}

TEST(ResponseRates, NobodyKnownIsNoRateNotZero) {
  const ResponseRates rates = RatesOf({.unknown_other = 1}, 0.5);
  EXPECT_TRUE(std::isnan(rates.rr5));
  EXPECT_TRUE(std::isnan(rates.coop1));
  EXPECT_EQ(rates.rr1, 0);
  EXPECT_TRUE(std::isnan(RatesOf({}, 1).rr1));
}

TEST(NonResponse, WeightingClassesMatchThePublishedValues) {
  const AdjustedRate rate =
      AdjustForNonResponse({{20, 30, 24, 23}, {20, 20, 10, 7}});
  EXPECT_THAT(rate.weights, ElementsAre(25, 40));
  EXPECT_NEAR(rate.value, 0.855, 1e-12);
  // Unadjusted.
  EXPECT_NEAR((23.0 + 7) / (24 + 10), .882353, 5e-7);
  EXPECT_NEAR(rate.kish_effect, 1.054, 1e-12);
  EXPECT_NEAR(rate.effective_size, 32.258, 5e-4);
  EXPECT_EQ(rate.merged, 0);
}

TEST(NonResponse, ClassInWhichNobodyWasHeardIsMergedAndCounted) {
  const AdjustedRate middle =
      AdjustForNonResponse({{1, 10, 10, 10}, {1, 5, 0, 0}, {1, 5, 5, 0}});
  EXPECT_THAT(middle.weights, ElementsAre(1, 0, 2));
  EXPECT_NEAR(middle.value, 0.5, 1e-12);
  EXPECT_EQ(middle.merged, 1);
  const AdjustedRate end =
      AdjustForNonResponse({{1, 10, 10, 5}, {1, 10, 0, 0}});
  EXPECT_THAT(end.weights, ElementsAre(DoubleNear(2, 1e-12), 0));
}

// The rates of a report are adjusted by stratum, whose answers stand for all of
// its tickets.
TEST(NonResponse, AStratumIsTheWeightingClass) {
  const Estimate estimate =
      EstimateProportion({WholeStratum(400, 20, 18), WholeStratum(250, 12, 7),
                          WholeStratum(80, 0, 0), WholeStratum(20, 3, 3)});
  const AdjustedRate adjusted = AdjustForNonResponse({{400.0 / 27, 27, 20, 18},
                                                      {250.0 / 17, 17, 12, 7},
                                                      {80.0 / 4, 4, 0, 0},
                                                      {20.0 / 4, 4, 3, 3}});
  EXPECT_NEAR(estimate.value, adjusted.value, 1e-12);
  EXPECT_EQ(estimate.lonely_strata, adjusted.merged);
}

TEST(NonResponse, NobodyHeardIsNoRate) {
  EXPECT_TRUE(std::isnan(AdjustForNonResponse({{1, 10, 0, 0}}).value));
  EXPECT_TRUE(std::isnan(AdjustForNonResponse({}).value));
}

}  // namespace
}  // namespace huifang::reporting

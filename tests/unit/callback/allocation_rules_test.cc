#include "services/callback/allocation_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace huifang::callback {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::Pointwise;

constexpr auto kProportional = AllocationMethod::kProportional;

std::vector<StratumSize> Sizes(const std::vector<std::int64_t>& populations) {
  std::vector<StratumSize> sizes;
  for (const std::int64_t population : populations) {
    sizes.push_back({population, 1});
  }
  return sizes;
}

std::int64_t Sum(const std::vector<std::int64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

TEST(SampleSize, MatchesThePublishedTable) {
  const PrecisionGoal half5{.margin = 0.05};
  const PrecisionGoal half10{.margin = 0.10};
  const PrecisionGoal high3{.margin = 0.03, .expected_share = 0.95};
  struct Row {
    std::int64_t population, half5, half10, high3;
  };
  for (const Row& row :
       {Row{60, 53, 38, 47}, Row{200, 132, 66, 101}, Row{300, 169, 73, 122},
        Row{600, 235, 83, 152}, Row{1100, 285, 89, 172},
        Row{3000, 341, 94, 190}, Row{0, 385, 97, 203}}) {
    EXPECT_EQ(SampleSizeFor(half5, row.population), row.half5);
    EXPECT_EQ(SampleSizeFor(half10, row.population), row.half10);
    EXPECT_EQ(SampleSizeFor(high3, row.population), row.high3);
  }
}

TEST(SampleSize, OfAnInfinitePopulationMatchesThePublishedValues) {
  EXPECT_NEAR(AnswersFor({.margin = 0.05}, 0), 384.1459, 5e-5);
  EXPECT_NEAR(AnswersFor({.margin = 0.10}, 0), 96.0365, 5e-5);
  EXPECT_NEAR(AnswersFor({.margin = 0.03, .expected_share = 0.95}, 0), 202.7437,
              5e-5);
}

TEST(SampleSize, GrowsByTheResponseRateButNeverPastTheFrame) {
  EXPECT_EQ(SampleSizeFor({.margin = 0.10, .response_rate = 0.5}, 1100), 177);
  EXPECT_EQ(SampleSizeFor({.margin = 0.05, .response_rate = 0.5}, 60), 60);
}

TEST(Allocation, LargestRemainder) {
  EXPECT_THAT(Allocate(Sizes({400, 250, 150, 80, 20}), 60, kProportional, 0),
              ElementsAre(27, 17, 10, 5, 1));
}

TEST(Allocation, QuotasBeforeRoundingMatchThePublishedValues) {
  EXPECT_THAT(Quotas(Sizes({400, 250, 150, 80, 20}), 60, kProportional, 0),
              Pointwise(DoubleNear(0.005), {26.67, 16.67, 10.0, 5.33, 1.33}));
}

TEST(Allocation, FloorIsMetAndTheRestRedistributed) {
  EXPECT_THAT(Allocate(Sizes({400, 250, 150, 80, 20}), 60, kProportional, 2),
              ElementsAre(26, 17, 10, 5, 2));
}

TEST(Allocation, Neyman) {
  const auto deviation = [](double p) { return std::sqrt(p * (1 - p)); };
  const std::vector<StratumSize> strata = {
      {400, deviation(0.05)}, {250, deviation(0.15)}, {150, deviation(0.30)}};
  EXPECT_THAT(Quotas(strata, 60, AllocationMethod::kNeyman, 0),
              Pointwise(DoubleNear(0.005), {21.33, 21.85, 16.82}));
  EXPECT_THAT(Allocate(strata, 60, AllocationMethod::kNeyman, 0),
              ElementsAre(21, 22, 17));
}

TEST(Allocation, Equal) {
  EXPECT_THAT(Allocate(Sizes({400, 250, 150}), 60, AllocationMethod::kEqual, 0),
              ElementsAre(20, 20, 20));
  EXPECT_THAT(Allocate(Sizes({400, 250, 3}), 60, AllocationMethod::kEqual, 0),
              ElementsAre(29, 28, 3));
}

TEST(Allocation, StratumNotLargerThanTheFloorIsACensus) {
  EXPECT_THAT(Allocate(Sizes({1000, 2, 1}), 60, kProportional, 5),
              ElementsAre(57, 2, 1));
}

TEST(Allocation, NothingIsDrawnTwiceWhenTheSampleIsTheFrame) {
  EXPECT_THAT(Allocate(Sizes({3, 4}), 60, kProportional, 2), ElementsAre(3, 4));
}

TEST(Allocation, FloorGivesWayWhenTheSampleIsTooSmallForIt) {
  EXPECT_THAT(Allocate(Sizes({50, 50, 50}), 3, kProportional, 2),
              ElementsAre(1, 1, 1));
  EXPECT_THAT(Allocate(Sizes({50, 40, 30}), 2, kProportional, 2),
              ElementsAre(1, 1, 0));
}

TEST(Allocation, EmptyFrame) {
  EXPECT_THAT(Allocate({}, 60, kProportional, 2), ElementsAre());
  EXPECT_THAT(Allocate(Sizes({0, 5}), 3, kProportional, 2), ElementsAre(0, 3));
}

TEST(Allocation, NeymanWithoutAnySpreadStillDrawsTheWholeSize) {
  EXPECT_EQ(Sum(Allocate({{10, 0}, {10, 0}}, 6, AllocationMethod::kNeyman, 0)),
            6);
}

// Sums, floors and caps hold whatever comes.
TEST(Allocation, SumFloorAndCapAlwaysHold) {
  std::uint32_t state = 12345;
  const auto next = [&state](std::uint32_t below) {
    state = state * 1664525 + 1013904223;
    return static_cast<std::int64_t>((state >> 8) % below);
  };
  for (int round = 0; round < 3000; ++round) {
    std::vector<StratumSize> sizes;
    std::int64_t total = 0;
    for (std::int64_t h = 0, strata = 1 + next(12); h < strata; ++h) {
      const std::int64_t population = next(round % 2 == 0 ? 10 : 500);
      sizes.push_back({population, static_cast<double>(next(100)) / 100});
      total += population;
    }
    const std::int64_t n = next(400);
    const std::int64_t floor = next(4);
    const auto method = static_cast<AllocationMethod>(1 + next(3));
    const std::vector<std::int64_t> counts = Allocate(sizes, n, method, floor);
    ASSERT_EQ(Sum(counts), std::min(n, total));
    std::int64_t floors = 0;
    for (const StratumSize& s : sizes) floors += std::min(s.population, floor);
    for (std::size_t h = 0; h < sizes.size(); ++h) {
      ASSERT_GE(counts[h], 0);
      ASSERT_LE(counts[h], sizes[h].population);
      if (floors <= n) {
        ASSERT_GE(counts[h], std::min(sizes[h].population, floor));
      }
    }
  }
}

TEST(ExpectedMargin, OfOneStratumIsTheSimpleOne) {
  // 1.959964 * sqrt((1 - 60/1100) * 0.25 / 59)
  EXPECT_NEAR(ExpectedMargin(Sizes({1100}), {60}, {0.25}), 0.124054, 1e-6);
  EXPECT_EQ(ExpectedMargin(Sizes({50}), {50}, {0.25}), 0);
}

TEST(ExpectedMargin, MatchesThePublishedHalfWidths) {
  EXPECT_NEAR(ExpectedMargin(Sizes({1100}), {60}, {0.95 * 0.05}), 0.0541, 5e-5);
  // A division of which six were drawn.
  EXPECT_NEAR(ExpectedMargin(Sizes({1100}), {6}, {0.9 * 0.1}), 0.262, 5e-4);
}

TEST(Cap, NoStratumGetsMoreAndTheOthersTakeTheRest) {
  EXPECT_THAT(Allocate(Sizes({400, 250, 150}), 60, kProportional, 2, 25),
              ElementsAre(25, 22, 13));
  // No room for all: the sample is smaller.
  EXPECT_THAT(Allocate(Sizes({400, 250, 5}), 60, kProportional, 2, 20),
              ElementsAre(20, 20, 5));
}

TEST(Capacity, EveryCallFindsTheCaller) {
  EXPECT_DOUBLE_EQ(MinutesPerTicket({}), 15);
  EXPECT_EQ(CapacityFor(900, {}), 60);
  EXPECT_EQ(CapacityFor(1, {}), 1);
}

// r = 0.5, three calls: 0.875 of the callers are found in 1.75 calls.
TEST(Capacity, CallsThatFindNobodyTakeTimeToo) {
  const CallingPace pace{.contact_rate = 0.5,
                         .minutes_per_call = 12,
                         .minutes_per_miss = 2,
                         .max_attempts = 3};
  EXPECT_DOUBLE_EQ(MinutesPerTicket(pace), 0.875 * 12 + 0.875 * 2);
  EXPECT_EQ(CapacityFor(600, pace), 48);
}

}  // namespace
}  // namespace huifang::callback

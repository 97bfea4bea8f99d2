#include "services/reporting/comparison_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace huifang::reporting {
namespace {

using ::testing::DoubleNear;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Pointwise;

// Newcombe's interval of the same two rates excludes zero: a report must say
// which of the two it used.
TEST(FisherExact, MatchesThePublishedValue) {
  EXPECT_NEAR(FisherExact({57, 60}, {50, 60}), 0.0748, 5e-5);
  EXPECT_GT(NewcombeDifference(57, 60, 50, 60).lower, 0);
}

// Fisher's own example, a lady tasting tea: three of four cups.
TEST(FisherExact, LadyTastingTea) {
  EXPECT_NEAR(FisherExact({3, 4}, {1, 4}), 34.0 / 70, 1e-12);
}

TEST(FisherExact, IsTheSameFromEitherSide) {
  EXPECT_DOUBLE_EQ(FisherExact({57, 60}, {50, 60}),
                   FisherExact({50, 60}, {57, 60}));
  EXPECT_DOUBLE_EQ(FisherExact({57, 60}, {30, 45}),
                   FisherExact({3, 60}, {15, 45}));
}

TEST(FisherExact, NothingToCompareIsNoDifference) {
  EXPECT_EQ(FisherExact({0, 0}, {3, 5}), 1);
  EXPECT_EQ(FisherExact({5, 5}, {9, 9}), 1);
  EXPECT_EQ(FisherExact({0, 5}, {0, 9}), 1);
}

TEST(FunnelLimits, LowerOnesMatchThePublishedValues) {
  struct Row {
    std::int64_t trials;
    double at_25, at_1;  // at 2.5 % and at 0.1 %
    double precision;
  };
  for (const Row& row : {Row{6, .667, .5, 5e-4}, Row{10, .8, .6, 1e-12},
                         Row{20, .85, .75, 1e-12}, Row{60, .883, .85, 5e-4},
                         Row{240, .921, .90, 5e-4}}) {
    SCOPED_TRACE(row.trials);
    EXPECT_NEAR(FunnelLimits(row.trials, 0.95, 0.025).lower, row.at_25,
                row.precision);
    EXPECT_NEAR(FunnelLimits(row.trials, 0.95, 0.001).lower, row.at_1,
                row.precision);
  }
}

TEST(FunnelLimits, LeaveNoMoreThanTheTailOutside) {
  for (const std::int64_t trials : {1, 6, 60, 240, 5000}) {
    const Limits limits = FunnelLimits(trials, 0.9, 0.025);
    const auto below = static_cast<std::int64_t>(
        limits.lower * static_cast<double>(trials) + 0.5);
    if (below > 0) {
      EXPECT_LE(BinomialPValue({below - 1, trials}, 0.9), 2 * 0.025);
    }
    EXPECT_GT(BinomialPValue({below, trials}, 0.9), 2 * 0.025);
  }
}

TEST(BinomialPValue, IsTwiceTheSmallerTail) {
  // P(X <= 3) of six at 0.95.
  EXPECT_NEAR(BinomialPValue({3, 6}, 0.95), 2 * 0.00222984375, 1e-12);
  EXPECT_EQ(BinomialPValue({6, 6}, 0.95), 1);
  EXPECT_EQ(BinomialPValue({0, 0}, 0.95), 1);
}

const std::vector<double> kPValues = {.001, .008, .039, .041,
                                      .042, .06,  .074, .205};

TEST(Corrections, BenjaminiHochbergMatchesThePublishedValues) {
  EXPECT_THAT(BenjaminiHochberg(kPValues),
              Pointwise(DoubleNear(5e-8), {.008, .032, .0672, .0672, .0672, .08,
                                           .0845714, .205}));
}

TEST(Corrections, HolmMatchesThePublishedValues) {
  EXPECT_THAT(Holm(kPValues),
              Pointwise(DoubleNear(1e-12),
                        {.008, .056, .234, .234, .234, .234, .234, .234}));
}

TEST(Corrections, KeepTheOrderGiven) {
  EXPECT_THAT(BenjaminiHochberg({.04, .01}),
              Pointwise(DoubleNear(1e-12), {.04, .02}));
  EXPECT_THAT(Holm({.04, .01}), Pointwise(DoubleNear(1e-12), {.04, .02}));
  EXPECT_TRUE(BenjaminiHochberg({}).empty());
}

std::vector<Standing> StandingsOf(const std::vector<Tally>& divisions) {
  std::vector<Standing> standings;
  for (const LeagueLine& line : JudgeLeague(divisions, {})) {
    standings.push_back(line.standing);
  }
  return standings;
}

TEST(JudgeLeague, OneBadDivisionStandsOutAndSmallOnesAreNotJudged) {
  EXPECT_THAT(
      StandingsOf({{114, 120},
                   {95, 120},
                   {58, 60},
                   {1, 4},
                   {113, 120},
                   {114, 120},
                   {112, 120},
                   {113, 120}}),
      ElementsAre(Standing::kUsual, Standing::kLow, Standing::kUsual,
                  Standing::kNotEnoughData, Standing::kUsual, Standing::kUsual,
                  Standing::kUsual, Standing::kUsual));
}

TEST(JudgeLeague, BetterThanTheOthersIsSeenToo) {
  EXPECT_THAT(StandingsOf({{240, 240}, {425, 500}}),
              ElementsAre(Standing::kHigh, Standing::kLow));
}

TEST(JudgeLeague, OneAloneHasNobodyToDifferFrom) {
  EXPECT_THAT(StandingsOf({{10, 240}, {1, 2}}), Each(Standing::kNotEnoughData));
  EXPECT_FALSE(JudgeLeague({{10, 240}}, {})[0].p_value.has_value());
}

// Of twenty divisions one falls below the 5 % line by chance.
TEST(JudgeLeague, ManyComparisonsDoNotMakeAnOutlier) {
  std::vector<Tally> divisions(19, Tally{57, 60});
  divisions.push_back({52, 60});
  const std::vector<LeagueLine> league = JudgeLeague(divisions, {});
  EXPECT_LT(*league.back().p_value, 0.05);
  EXPECT_GT(*league.back().adjusted_p_value, 0.05);
  EXPECT_THAT(StandingsOf(divisions), Each(Standing::kUsual));
}

TEST(JudgeLeague, CourtsOfOneMindAreRarelyToldApart) {
  std::mt19937_64 random(20190722);
  std::binomial_distribution<std::int64_t> large(240, 0.93);
  std::binomial_distribution<std::int64_t> small(30, 0.93);
  int flagged = 0;
  constexpr int kCourts = 1000;
  for (int court = 0; court < kCourts; ++court) {
    std::vector<Tally> divisions;
    for (int d = 0; d < 6; ++d) {
      divisions.push_back({large(random), 240});
      divisions.push_back({small(random), 30});
    }
    const std::vector<Standing> standings = StandingsOf(divisions);
    flagged += std::any_of(standings.begin(), standings.end(),
                           [](Standing s) { return s != Standing::kUsual; })
                   ? 1
                   : 0;
  }
  EXPECT_LE(flagged, kCourts * 5 / 100);
}

TEST(FisherExact, StaysExactForTensOfThousands) {
  // A hypergeometric and a binomial test agree when one body is endless.
  EXPECT_NEAR(FisherExact({940, 1000}, {9'500'000, 10'000'000}), 0.146534,
              1e-5);
  EXPECT_LT(FisherExact({9'000, 10'000}, {19'000, 20'000}), 1e-40);
}

}  // namespace
}  // namespace huifang::reporting

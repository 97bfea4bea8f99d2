#include "services/reporting/control_chart_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace huifang::reporting {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Montgomery's orange juice cans, 30 samples of 50; from the data of R's qcc.
std::vector<Tally> OrangeJuice() {
  std::vector<Tally> samples;
  for (const std::int64_t defects :
       {12, 15, 8, 10, 4,  7,  16, 9,  14, 10, 5,  6, 17, 12, 22,
        8,  10, 5, 13, 11, 20, 18, 24, 15, 9,  12, 7, 13, 9,  6}) {
    samples.push_back({defects, 50});
  }
  return samples;
}

const std::vector<Tally> kWeeks = {{56, 60}, {58, 62}, {55, 60}, {61, 64},
                                   {57, 61}, {50, 60}, {59, 63}, {60, 62},
                                   {58, 60}, {57, 64}};

TEST(PChart, OrangeJuiceMatchesThePublishedLimits) {
  const Baseline baseline = PBaseline(OrangeJuice());
  EXPECT_NEAR(baseline.center, 0.2313333, 5e-8);
  const Limits limits = ChartLimits(baseline, 50);
  EXPECT_NEAR(limits.lower, 0.0524275, 5e-8);
  EXPECT_NEAR(limits.upper, 0.4102391, 5e-8);
  EXPECT_THAT(ReadChart(OrangeJuice(), baseline, {}).signals,
              ElementsAre(Signal{ChartRule::kAboveLimits, 14},
                          Signal{ChartRule::kAboveLimits, 22}));
}

TEST(PChart, LimitsWithoutTheSamplesExplainedMatchThePublishedOnes) {
  std::vector<Tally> samples = OrangeJuice();
  samples.erase(samples.begin() + 22);
  samples.erase(samples.begin() + 14);
  const Baseline baseline = PBaseline(samples);
  EXPECT_NEAR(baseline.center, 0.215, 1e-12);
  const Limits limits = ChartLimits(baseline, 50);
  EXPECT_NEAR(limits.lower, 0.0407028, 5e-8);
  EXPECT_NEAR(limits.upper, 0.3892972, 5e-8);
}

TEST(PChart, WeeklySeriesMatchesThePublishedValues) {
  const Baseline baseline = PBaseline(kWeeks);
  EXPECT_NEAR(baseline.center, 0.926948052, 5e-10);
  EXPECT_NEAR(ChartLimits(baseline, 60).lower, .826165, 5e-7);
  // Week 6, 50 of 60, is inside.
  EXPECT_THAT(ReadChart(kWeeks, baseline, {}).signals, IsEmpty());
}

TEST(LaneyChart, SigmaMatchesThePublishedValues) {
  EXPECT_NEAR(LaneyBaseline(OrangeJuice()).sigma_z, 1.6608667, 5e-8);
  const Baseline weekly = LaneyBaseline(kWeeks);
  EXPECT_NEAR(weekly.sigma_z, 1.153147485, 5e-10);
  EXPECT_NEAR(ChartLimits(weekly, 60).lower, 0.810729868, 5e-10);
}

TEST(Chart, LimitsStayWithinZeroAndOne) {
  const Limits limits = ChartLimits(StatedBaseline(0.95), 6);
  EXPECT_GE(limits.lower, 0);
  EXPECT_EQ(limits.upper, 1);
}

TEST(Chart, FrozenLimitsDoNotFollowTheWeeksTheyJudge) {
  const Baseline baseline = PBaseline(kWeeks);
  std::vector<Tally> weeks = kWeeks;
  weeks.push_back({40, 60});
  const ChartReading reading = ReadChart(weeks, baseline, {});
  EXPECT_EQ(reading.limits.back(), ChartLimits(baseline, 60));
  EXPECT_THAT(reading.signals,
              ElementsAre(Signal{ChartRule::kBelowLimits, 10}));
}

TEST(Chart, TooFewWeeksAreShownNotAlarmed) {
  std::vector<Tally> weeks(kWeeks.begin(), kWeeks.begin() + 5);
  const Baseline baseline = PBaseline(weeks);
  weeks.push_back({20, 60});
  const ChartReading reading = ReadChart(weeks, baseline, {});
  EXPECT_EQ(reading.state, ChartState::kTooFew);
  EXPECT_EQ(reading.limits.size(), 6u);
  EXPECT_THAT(reading.signals, IsEmpty());
}

TEST(Chart, StatedCenterNeedsNoWeeksOfItsOwn) {
  const ChartReading reading =
      ReadChart({{56, 60}, {20, 60}}, StatedBaseline(0.93), {});
  EXPECT_EQ(reading.state, ChartState::kWatched);
  EXPECT_THAT(reading.signals, ElementsAre(Signal{ChartRule::kBelowLimits, 1}));
}

TEST(Chart, RateWithHardlyAnyDefectIsLeftToTheGapCharts) {
  const std::vector<Tally> weeks(20, Tally{59, 60});
  const ChartReading reading = ReadChart(weeks, PBaseline(weeks), {});
  EXPECT_EQ(reading.state, ChartState::kTooRare);
  EXPECT_THAT(reading.signals, IsEmpty());
}

TEST(Chart, NoTicketsAtAllAreTooFew) {
  EXPECT_EQ(ReadChart({}, PBaseline({}), {}).state, ChartState::kTooFew);
}

TEST(Chart, WeekWithoutTicketsKeepsItsPlaceAndSaysNothing) {
  std::vector<Tally> weeks = kWeeks;
  weeks.insert(weeks.begin() + 3, Tally{0, 0});
  weeks.push_back({40, 60});
  EXPECT_EQ(PBaseline(weeks).weeks, 11);
  const ChartReading reading = ReadChart(weeks, PBaseline(kWeeks), {});
  EXPECT_EQ(reading.limits.at(3), Limits());
  EXPECT_THAT(reading.signals,
              ElementsAre(Signal{ChartRule::kBelowLimits, 11}));
}

TEST(Runs, BoundsMatchThePublishedTable) {
  struct Row {
    int useful, longest_max, crossings_min;
  };
  for (const Row& row : {Row{10, 6, 2}, Row{12, 7, 3}, Row{20, 7, 6},
                         Row{24, 8, 8}, Row{52, 9, 20}}) {
    SCOPED_TRACE(row.useful);
    std::vector<double> values;
    for (int i = 0; i < row.useful; ++i) values.push_back(i % 2);
    const Runs runs = CountRuns(values, 0.5);
    EXPECT_EQ(runs.useful, row.useful);
    EXPECT_EQ(runs.longest_max, row.longest_max);
    EXPECT_EQ(runs.crossings_min, row.crossings_min);
    EXPECT_EQ(runs.crossings, row.useful - 1);
    EXPECT_FALSE(runs.signal);
  }
}

TEST(Runs, ValuesOnTheCenterCountForNeitherSide) {
  const Runs runs = CountRuns({1, 1, 0, 1, -1, 0}, 0);
  EXPECT_EQ(runs.useful, 4);
  EXPECT_EQ(runs.longest, 3);
  EXPECT_EQ(runs.crossings, 1);
  EXPECT_EQ(CountRuns({0, 0}, 0).useful, 0);
  EXPECT_FALSE(CountRuns({}, 0).signal);
}

// A shift too small for the limits is seen by its run.
TEST(Chart, LastingShiftIsSeenByItsRun) {
  std::vector<Tally> weeks;
  for (int i = 0; i < 10; ++i) weeks.push_back({i % 2 == 0 ? 54 : 56, 60});
  const Baseline baseline = PBaseline(weeks);
  for (int i = 0; i < 9; ++i) weeks.push_back({52, 60});
  EXPECT_THAT(ReadChart(weeks, baseline, {}).signals,
              ElementsAre(Signal{ChartRule::kRuns, 18}));
}

// Checked with a few lines of Python written from the formulas.
TEST(GapCharts, LimitsFollowTheirFormulas) {
  const GapBaseline g = GBaseline({12, 0, 40, 7, 25, 3, 18, 55, 9, 31, 2, 14});
  EXPECT_EQ(g.lower, 0);
  EXPECT_EQ(g.center, 13);
  EXPECT_NEAR(g.upper, 73.479726, 5e-7);
  const GapBaseline t =
      TBaseline({286,  948, 536, 124, 816, 729, 4,    143,  431,  8,
                 2837, 596, 81,  227, 603, 492, 1199, 1214, 2831, 96});
  EXPECT_EQ(t.lower, 0);
  EXPECT_NEAR(t.center, 430.040952, 5e-7);
  EXPECT_NEAR(t.upper, 6937.933488, 5e-7);
}

TEST(GapCharts, LongGapIsAnImprovementAndShortOnesARun) {
  const GapBaseline baseline =
      GBaseline({12, 0, 40, 7, 25, 3, 18, 55, 9, 31, 2, 14});
  EXPECT_THAT(ReadGaps({20, 90}, baseline, {}).signals,
              ElementsAre(Signal{ChartRule::kAboveLimits, 1}));
  const ChartReading worse =
      ReadGaps({40, 9, 31, 2, 20, 3, 1, 0, 2, 5, 1, 4, 3}, baseline, {});
  EXPECT_THAT(worse.signals, ElementsAre(Signal{ChartRule::kRuns, 12}));
}

TEST(GapCharts, TooFewDefectsAreShownNotAlarmed) {
  const ChartReading reading = ReadGaps({4, 900}, GBaseline({4, 5, 6}), {});
  EXPECT_EQ(reading.state, ChartState::kTooFew);
  EXPECT_THAT(reading.signals, IsEmpty());
}

TEST(GapCharts, EqualDaysBetweenAreNothingToJudgeBy) {
  EXPECT_EQ(TBaseline(std::vector<double>(12, 7.0)).gaps, 0);
}

}  // namespace
}  // namespace huifang::reporting

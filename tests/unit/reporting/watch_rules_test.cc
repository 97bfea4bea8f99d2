#include "services/reporting/watch_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "services/reporting/chart_text.h"
#include "services/reporting/gap_chart_rules.h"
#include "services/reporting/survey_disclosure.h"

namespace huifang::reporting {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

constexpr auto kPassed = v1::MEASURE_PASS_RATE;

// The weeks that end with a label, and the series of those that are given last.
std::vector<Span> WeeksTo(const char* label) {
  return SpansUpTo(*ParseSpan(label), kChartWeeks);
}

std::vector<Tally> Last(std::vector<Tally> weeks) {
  std::vector<Tally> all(kChartWeeks - weeks.size());
  all.insert(all.end(), weeks.begin(), weeks.end());
  return all;
}

const v1::ControlChart::Point& LastPoint(const v1::ControlChart& chart) {
  return chart.points(chart.points_size() - 1);
}

TEST(WatchRules, TheBaselineIsTheQuarterBefore) {
  const std::vector<Tally> steady(kChartWeeks, {57, 60});
  const v1::ControlChart chart =
      ChartOf(kPassed, WeeksTo("2019-W30"), steady, {}, false);
  EXPECT_EQ(chart.state(), v1::ControlChart::STATE_WATCHED);
  EXPECT_EQ(chart.baseline_start(), "2019-W14");  // 1 April is its Monday
  EXPECT_EQ(chart.baseline_end(), "2019-W26");
  EXPECT_EQ(chart.points(0).label(), "2019-W14");
  EXPECT_EQ(LastPoint(chart).label(), "2019-W30");
  EXPECT_FALSE(Alarms(chart, *ParseSpan("2019-W30")));
}

TEST(WatchRules, AWeekNeverMovesTheLimitsItIsJudgedBy) {
  std::vector<Tally> weeks(kChartWeeks, {57, 60});
  weeks.back() = {20, 60};
  const v1::ControlChart bad =
      ChartOf(kPassed, WeeksTo("2019-W30"), weeks, {}, false);
  weeks.back() = {60, 60};
  const v1::ControlChart good =
      ChartOf(kPassed, WeeksTo("2019-W30"), weeks, {}, false);
  EXPECT_EQ(LastPoint(bad).lower_limit(), LastPoint(good).lower_limit());
  EXPECT_TRUE(Alarms(bad, *ParseSpan("2019-W30")));
  EXPECT_FALSE(Alarms(good, *ParseSpan("2019-W30")));
}

TEST(WatchRules, TooFewWeeksAreShownAndDoNotAlarm) {
  const std::vector<Tally> weeks = Last({{57, 60}, {58, 60}, {20, 60}});
  const v1::ControlChart chart =
      ChartOf(kPassed, WeeksTo("2019-W30"), weeks, {}, false);
  EXPECT_EQ(chart.state(), v1::ControlChart::STATE_TOO_FEW);
  EXPECT_EQ(LastPoint(chart).numerator(), 20);
  EXPECT_THAT(LastPoint(chart).signals(), IsEmpty());
}

TEST(WatchRules, AFirstWeekHasNothingToBeHeldAgainst) {
  EXPECT_THAT(ChartOf(kPassed, WeeksTo("2019-W30"), Last({{20, 60}}), {}, false)
                  .points(),
              IsEmpty());
  // The court's rate is stated for it: that is a baseline.
  const v1::ControlChart chart =
      ChartOf(kPassed, WeeksTo("2019-W30"), Last({{10, 20}}),
              std::vector<Tally>(kChartWeeks, {570, 600}), false);
  EXPECT_TRUE(chart.court_baseline());
  EXPECT_THAT(chart.points(), Not(IsEmpty()));
}

TEST(WatchRules, AYoungDivisionIsHeldAgainstAMuchLargerCourt) {
  const std::vector<Tally> own = Last({{19, 20}, {19, 20}, {10, 20}});
  const std::vector<Tally> court(kChartWeeks, {570, 600});
  const v1::ControlChart chart =
      ChartOf(kPassed, WeeksTo("2019-W30"), own, court, false);
  EXPECT_TRUE(chart.court_baseline());
  EXPECT_THAT(LastPoint(chart).signals(), Not(IsEmpty()));
  // One that is half of the court has nobody to be held against.
  EXPECT_EQ(ChartOf(kPassed, WeeksTo("2019-W30"), own,
                    Last({{38, 40}, {38, 40}, {29, 40}}), false)
                .state(),
            v1::ControlChart::STATE_TOO_FEW);
}

TEST(WatchRules, AYoungDivisionThatDiffersIsHeldAgainstItself) {
  // Two of ten fail there, and always did; in the court one of twenty.
  const std::vector<Tally> court(kChartWeeks, {950, 1000});
  std::vector<Tally> own = {{80, 100}, {82, 100}, {79, 100}, {81, 100}};
  own.push_back({80, 100});
  const v1::ControlChart usual =
      ChartOf(kPassed, WeeksTo("2019-W30"), Last(own), court, false);
  EXPECT_EQ(usual.state(), v1::ControlChart::STATE_WATCHED);
  EXPECT_FALSE(usual.court_baseline());
  EXPECT_EQ(usual.baseline_points(), 4);
  EXPECT_FALSE(Alarms(usual, *ParseSpan("2019-W30")));
  own.back() = {55, 100};
  EXPECT_TRUE(
      Alarms(ChartOf(kPassed, WeeksTo("2019-W30"), Last(own), court, false),
             *ParseSpan("2019-W30")));
}

TEST(WatchRules, RareDefectsAreChartedByTheirGaps) {
  // One late ticket in ten days of 100; then ten in three days.
  std::map<int, Tally> days;
  const Span week = *ParseSpan("2019-W30");
  const int end = DayNumber(week.last);
  for (int day = end - 110; day <= end; ++day) {
    days[day] = {day % 8 == 0 ? 99 : 100, 100};
  }
  const v1::ControlChart quiet = GapChartOf(kPassed, week, days);
  EXPECT_EQ(quiet.kind(), v1::ControlChart::KIND_G);
  EXPECT_EQ(quiet.state(), v1::ControlChart::STATE_WATCHED);
  EXPECT_FALSE(Alarms(quiet, week));
  for (int day = end - 4; day <= end; ++day) days[day] = {98, 100};
  EXPECT_TRUE(Alarms(GapChartOf(kPassed, week, days), week));
}

TEST(WatchRules, OnlyRareFindingsAreChartedByTheDaysBetween) {
  const Span week = *ParseSpan("2019-W30");
  const int end = DayNumber(week.last);
  FindingDays findings;
  for (int day = end - 100; day <= end; ++day) {
    findings["over_simplified"][day] = 1;  // seven a week
    // Seven and nine days between, by turns.
    if (day % 16 == 0 || day % 16 == 7) findings["shirking"][day] = 1;
  }
  findings["off_topic"] = {{end - 9, 1}, {end, 1}};  // one gap only
  std::vector<v1::ControlChart> charts =
      RareFindingCharts(findings, week, {{"shirking", "推托"}});
  ASSERT_EQ(charts.size(), 1U);
  EXPECT_EQ(charts[0].rule(), "shirking");
  EXPECT_EQ(charts[0].kind(), v1::ControlChart::KIND_T);
  EXPECT_EQ(charts[0].state(), v1::ControlChart::STATE_WATCHED);
  EXPECT_EQ(charts[0].points(0).value() + charts[0].points(1).value(), 16);
  EXPECT_FALSE(Alarms(charts[0], week));
  EXPECT_EQ(ChartTitle(charts[0], Locale::kChinese),
            "全院 · 推托：相隔天数（t图）");
  // Four on one day: gaps below the limit.
  findings["shirking"][end] = 4;
  EXPECT_TRUE(Alarms(RareFindingCharts(findings, week, {})[0], week));
}

TEST(WatchRules, AFewTicketsWithAFindingAreShownAndAlarmNobody) {
  const Span week = *ParseSpan("2019-W30");
  const int end = DayNumber(week.last);
  const std::vector<v1::ControlChart> charts = RareFindingCharts(
      {{"shirking", {{end - 40, 1}, {end - 1, 1}, {end, 2}}}}, week, {});
  ASSERT_EQ(charts.size(), 1U);
  EXPECT_EQ(charts[0].state(), v1::ControlChart::STATE_TOO_FEW);
  EXPECT_FALSE(Alarms(charts[0], week));
}

// The alarms of five divisions over eight weeks, in the fourth of which a
// defect may begin.
struct Story {
  int by_week_7 = 0;  // the planted division alarmed
  int others = 0;     // another one did, in any week
};

Story Tell(std::uint64_t seed, std::int64_t tickets) {
  constexpr int kDivisions = 5;
  constexpr int kWeeks = 8;
  std::mt19937_64 random(seed);
  std::vector<std::vector<Tally>> divisions(kDivisions);
  std::vector<Tally> court(kWeeks);
  for (int week = 1; week <= kWeeks; ++week) {
    for (int d = 0; d < kDivisions; ++d) {
      const double rate = d == 0 && week >= 6 ? 0.7 : 0.95;
      std::binomial_distribution<std::int64_t> passed(tickets, rate);
      const Tally tally{passed(random), tickets};
      divisions[static_cast<std::size_t>(d)].push_back(tally);
      court[static_cast<std::size_t>(week - 1)].successes += tally.successes;
      court[static_cast<std::size_t>(week - 1)].trials += tally.trials;
    }
  }
  Story story;
  for (int week = 2; week <= kWeeks; ++week) {
    const Span span = Before(*ParseSpan("2019-W30"), kWeeks - week);
    const std::vector<Span> weeks = SpansUpTo(span, kChartWeeks);
    const auto until = [&](const std::vector<Tally>& all) {
      return Last({all.begin(), all.begin() + week});
    };
    for (int d = 0; d < kDivisions; ++d) {
      const v1::ControlChart chart =
          ChartOf(kPassed, weeks, until(divisions[static_cast<std::size_t>(d)]),
                  until(court), false);
      if (!Alarms(chart, span)) continue;
      if (d == 0) {
        story.by_week_7 |= week >= 6 && week <= 7 ? 1 : 0;
      } else {
        story.others = 1;
      }
    }
  }
  return story;
}

TEST(WatchRules, APlantedDefectAlarmsByWeek7AndNoOtherDivisionDoes) {
  constexpr int kSeeds = 400;
  // Four weeks of forty tickets say less of a division than more do.
  const std::map<std::int64_t, int> found_min = {
      {40, kSeeds * 94 / 100}, {60, kSeeds * 99 / 100}, {120, kSeeds}};
  for (const auto& [tickets, least] : found_min) {
    Story sum;
    for (int seed = 1; seed <= kSeeds; ++seed) {
      const Story story = Tell(static_cast<std::uint64_t>(seed), tickets);
      sum.by_week_7 += story.by_week_7;
      sum.others += story.others;
    }
    RecordProperty("found_of_400_at_" + std::to_string(tickets), sum.by_week_7);
    RecordProperty("false_of_400_at_" + std::to_string(tickets), sum.others);
    EXPECT_GE(sum.by_week_7, least) << tickets;
    EXPECT_LE(sum.others, kSeeds * 5 / 100) << tickets;
  }
}

void AddCalls(const std::string& division, int day, int count,
              std::vector<CallFact>& calls) {
  for (int i = 0; i < count; ++i) {
    CallFact& call = calls.emplace_back();
    call.division = division;
    call.close_day = day;
    call.disposition = Disposition::kComplete;
    call.verdict = Verdict::kSatisfied;
  }
}

constexpr auto kSatisfied = v1::MEASURE_SATISFACTION_RATE;

TEST(SurveyDisclosure, CourtMinusDivisionsDoesNotTell) {
  const Span week = *ParseSpan("2019-W30");
  std::vector<CallFact> calls;
  AddCalls("a", DayNumber(week.first), 30, calls);
  AddCalls("b", DayNumber(week.first), 28, calls);
  AddCalls("c", DayNumber(week.first), 2, calls);
  SurveyDisclosure disclosure(calls, 3);
  EXPECT_FALSE(disclosure.IsWithheld(kSatisfied, week, "", ""));
  EXPECT_FALSE(disclosure.IsWithheld(kSatisfied, week, "a", ""));
  EXPECT_TRUE(disclosure.IsWithheld(kSatisfied, week, "b", ""));
  EXPECT_TRUE(disclosure.IsWithheld(kSatisfied, week, "c", ""));
}

TEST(SurveyDisclosure, MonthMinusWeeksDoesNotTell) {
  // 1 July 2019 is a Monday: four whole weeks, and three days.
  const Span month = *ParseSpan("2019-07");
  std::vector<CallFact> calls;
  for (int week = 0; week < 4; ++week) {
    AddCalls("a", DayNumber(month.first) + 7 * week, 10, calls);
    AddCalls("b", DayNumber(month.first) + 7 * week, 12, calls);
  }
  {
    SurveyDisclosure disclosure(calls, 3);
    EXPECT_FALSE(disclosure.IsWithheld(kSatisfied, month, "a", ""));
  }
  AddCalls("a", DayNumber(month.last), 1, calls);
  AddCalls("b", DayNumber(month.last), 9, calls);
  SurveyDisclosure disclosure(calls, 3);
  EXPECT_TRUE(disclosure.IsWithheld(kSatisfied, month, "a", ""));
  // And a's month must not be the court's less b's.
  EXPECT_TRUE(disclosure.IsWithheld(kSatisfied, month, "b", "") ||
              disclosure.IsWithheld(kSatisfied, month, "", ""));
  EXPECT_FALSE(
      disclosure.IsWithheld(kSatisfied, *ParseSpan("2019-W27"), "a", ""));
}

TEST(SurveyDisclosure, ManyAnswersOfOneCallerAreOnePerson) {
  const Span week = *ParseSpan("2019-W30");
  std::vector<CallFact> calls;
  AddCalls("a", DayNumber(week.first), 30, calls);
  AddCalls("b", DayNumber(week.first), 6, calls);
  for (std::size_t i = 30; i < 36; ++i) calls[i].caller = "one";
  SurveyDisclosure disclosure(calls, 3);
  EXPECT_TRUE(disclosure.IsWithheld(kSatisfied, week, "b", ""));
}

TEST(SurveyDisclosure, OddDaysOfAMonthAreNotTold) {
  // July 2019 is four whole weeks, and three days with two callers.
  const Span month = *ParseSpan("2019-07");
  std::vector<CallFact> calls;
  for (int week = 0; week < 4; ++week) {
    AddCalls("a", DayNumber(month.first) + 7 * week, 10, calls);
  }
  AddCalls("a", DayNumber(month.last), 2, calls);
  SurveyDisclosure disclosure(calls, 3);
  // The weeks are out already: the month less them would be the two.
  EXPECT_FALSE(
      disclosure.IsWithheld(kSatisfied, *ParseSpan("2019-W28"), "", ""));
  EXPECT_TRUE(disclosure.IsWithheld(kSatisfied, month, "", ""));
}

TEST(SurveyDisclosure, ACallerOfTwoWeeksDoesNotHideOneOfTheOddDays) {
  // One caller in two of the weeks: the month has one person less than its
  // weeks and odd days together, and the odd days have two.
  const Span month = *ParseSpan("2019-07");
  std::vector<CallFact> calls;
  for (int week = 0; week < 4; ++week) {
    AddCalls("a", DayNumber(month.first) + 7 * week, 10, calls);
  }
  calls[0].caller = "again";
  calls[10].caller = "again";
  {
    SurveyDisclosure disclosure(calls, 3);
    EXPECT_FALSE(disclosure.IsWithheld(kSatisfied, month, "", ""))
        << "no odd days, nothing to tell";
  }
  AddCalls("a", DayNumber(month.last), 3, calls);
  {
    SurveyDisclosure disclosure(calls, 3);
    EXPECT_FALSE(disclosure.IsWithheld(kSatisfied, month, "", ""))
        << "three people are enough to be told of";
  }
  calls.pop_back();
  SurveyDisclosure disclosure(calls, 3);
  EXPECT_TRUE(disclosure.IsWithheld(kSatisfied, month, "", ""));
}

TEST(SurveyDisclosure, AStatisticsGroupsDoNotTellThroughTheirSum) {
  const Span week = *ParseSpan("2019-W30");
  std::vector<CallFact> calls;
  AddCalls("a", DayNumber(week.first), 12, calls);
  AddCalls("b", DayNumber(week.first), 2, calls);
  AddCalls("c", DayNumber(week.first), 20, calls);
  for (CallFact& call : calls) call.group = call.division;
  EXPECT_THAT(WithheldGroups(kSatisfied, week, calls,
                             {{"a", {}}, {"b", {}}, {"c", {}}}, 3),
              ::testing::ElementsAre("a", "b"));
}

}  // namespace
}  // namespace huifang::reporting

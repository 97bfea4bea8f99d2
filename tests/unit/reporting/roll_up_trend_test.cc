#include "services/reporting/roll_up_trend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/reporting/league_rules.h"
#include "services/reporting/roll_up_rules.h"
#include "services/reporting/roll_up_text.h"
#include "services/reporting/roll_up_trend_text.h"
#include "tests/unit/reporting/sample_courts.h"

namespace huifang::reporting {
namespace {

using Rate = v1::RollUp::TrendRate;

constexpr v1::Measure kPass = v1::MEASURE_PASS_RATE;
constexpr v1::Measure kOnTime = v1::MEASURE_ON_TIME_RATE;

v1::RollUp RollUpOf(const std::vector<v1::CourtFigures>& courts,
                    const char* week = "2019-W30") {
  return AssembleRollUp(courts, *ParseSpan(week), FigurePolicy());
}

v1::CourtFigures Missing(const char* court) {
  return MissingFigures(court, "", *ParseSpan("2019-W30"));
}

Rate::Standing Standing(const v1::RollUp& roll_up, int point,
                        v1::Measure measure) {
  return FindRate(roll_up.trend(point), measure)->standing();
}

TEST(RollUpTrend, LooksBackEightWeeksOrSixMonths) {
  const std::vector<Span> weeks = RollUpSpans(*ParseSpan("2019-W03"));
  ASSERT_EQ(weeks.size(), 8U);
  EXPECT_EQ(SpanLabel(weeks.front()), "2018-W48");
  EXPECT_EQ(SpanLabel(weeks.back()), "2019-W03");
  const std::vector<Span> months = RollUpSpans(*ParseSpan("2019-03"));
  ASSERT_EQ(months.size(), 6U);
  EXPECT_EQ(SpanLabel(months.front()), "2018-10");
}

TEST(RollUpTrend, EndsWithTheRollUpItself) {
  const v1::RollUp before =
      RollUpOf({SampleCourt({.on_time = {100, 200}})}, "2019-W29");
  v1::RollUp roll_up = RollUpOf({SampleCourt({})});
  SetTrend({before}, roll_up);
  ASSERT_EQ(roll_up.trend_size(), 2);
  EXPECT_EQ(roll_up.trend(0).period(), "2019-W29");
  EXPECT_EQ(roll_up.trend(0).sources_digest(), before.sources_digest());
  EXPECT_EQ(roll_up.trend(1).sources_digest(), roll_up.sources_digest());
  for (const v1::Measure measure : CourtMeasures()) {
    EXPECT_EQ(FindRate(roll_up.trend(1), measure)->total().SerializeAsString(),
              FindTotal(roll_up, measure)->SerializeAsString());
    EXPECT_EQ(Standing(roll_up, 0, measure), Rate::STANDING_COMPARED);
  }
  const v1::Trend drawn = TrendOf(roll_up, kOnTime);
  EXPECT_DOUBLE_EQ(drawn.points(0).value().value(), 0.5);
  EXPECT_DOUBLE_EQ(drawn.points(1).value().value(), 0.9);
}

TEST(RollUpTrend, APeriodWithoutReportsIsAGapNotAZero) {
  v1::RollUp roll_up = RollUpOf({SampleCourt({})});
  SetTrend({RollUpOf({Missing("110101")}, "2019-W29")}, roll_up);
  EXPECT_EQ(roll_up.trend(0).delivered(), 0);
  EXPECT_EQ(roll_up.trend(0).missing(), 1);
  EXPECT_EQ(Standing(roll_up, 0, kOnTime), Rate::STANDING_NO_DATA);
  EXPECT_EQ(TrendOf(roll_up, kOnTime).points(0).value().state(),
            v1::Figure::STATE_NO_DATA);
  EXPECT_EQ(DeliveredPeriods(roll_up), 1);
  EXPECT_EQ(NoTrendText(roll_up, Locale::kChinese),
            "近2期中有法院送交报告的只有1期，尚无趋势。");
}

TEST(RollUpTrend, FewerThanHalfOfTheCourtsAreNotTheRegion) {
  const auto courts = [](int delivered) {
    std::vector<v1::CourtFigures> all = {SampleCourt({}),
                                         SampleCourt({.court = "110102"}),
                                         Missing("110105"), Missing("110106")};
    if (delivered == 1) all[1] = Missing("110102");
    return all;
  };
  v1::RollUp roll_up = RollUpOf(courts(2));
  SetTrend({RollUpOf(courts(1), "2019-W29")}, roll_up);
  EXPECT_EQ(Standing(roll_up, 0, kOnTime), Rate::STANDING_FEW_COURTS);
  EXPECT_EQ(Standing(roll_up, 1, kOnTime), Rate::STANDING_COMPARED);
  EXPECT_EQ(TrendOf(roll_up, kOnTime).points(0).value().state(),
            v1::Figure::STATE_NO_DATA);
  EXPECT_EQ(ComparedPeriods(roll_up, kOnTime), 1);
}

TEST(RollUpTrend, CourtsThatToldItUnderUnknownCriteriaAreTooFewNotNoData) {
  v1::CourtFigures old = SampleCourt({});
  old.clear_criteria();
  v1::RollUp roll_up = RollUpOf({SampleCourt({})});
  SetTrend({RollUpOf({old}, "2019-W29")}, roll_up);
  EXPECT_EQ(Standing(roll_up, 0, kOnTime), Rate::STANDING_FEW_COURTS);
  EXPECT_EQ(Standing(roll_up, 1, kOnTime), Rate::STANDING_COMPARED);
}

TEST(RollUpTrend, AnotherRubricBreaksTheLineOfThePassRateOnly) {
  v1::RollUp roll_up = RollUpOf({SampleCourt({})});
  SetTrend({RollUpOf({SampleCourt({.rubric = "ticket/0"})}, "2019-W29")},
           roll_up);
  EXPECT_EQ(Standing(roll_up, 0, kPass), Rate::STANDING_OTHER_CRITERIA);
  EXPECT_EQ(Standing(roll_up, 0, kOnTime), Rate::STANDING_COMPARED);
  EXPECT_EQ(NoTrendText(roll_up, Locale::kChinese),
            "可比的不足两期，看不出趋势：质检合格率。");
}

TEST(RollUpTrend, WhereThisPeriodHasNothingTheNewestThatHasDecides) {
  v1::RollUp roll_up = RollUpOf({Missing("110101")});
  SetTrend({RollUpOf({SampleCourt({.rubric = "ticket/0"})}, "2019-W28"),
            RollUpOf({SampleCourt({})}, "2019-W29")},
           roll_up);
  EXPECT_EQ(Standing(roll_up, 0, kPass), Rate::STANDING_OTHER_CRITERIA);
  EXPECT_EQ(Standing(roll_up, 1, kPass), Rate::STANDING_COMPARED);
  EXPECT_EQ(Standing(roll_up, 2, kPass), Rate::STANDING_NO_DATA);
}

}  // namespace
}  // namespace huifang::reporting

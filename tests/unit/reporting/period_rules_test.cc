#include "services/reporting/period_rules.h"

#include <gtest/gtest.h>

namespace huifang::reporting {
namespace {

Span Parse(absl::string_view label) {
  absl::StatusOr<Span> span = ParseSpan(label);
  EXPECT_TRUE(span.ok()) << span.status();
  return span.ok() ? *span : Span{};
}

TEST(PeriodRulesTest, WeekRunsMondayToSunday) {
  const Span span = Parse("2019-W30");
  EXPECT_EQ(DayText(span.first), "2019-07-22");
  EXPECT_EQ(DayText(span.last), "2019-07-28");
  EXPECT_EQ(SpanTitle(span), "2019年第30周（7月22日至7月28日）");
}

TEST(PeriodRulesTest, WeekOneHoldsTheFourthOfJanuary) {
  EXPECT_EQ(DayText(Parse("2020-W01").first), "2019-12-30");
  EXPECT_EQ(DayText(Parse("2021-W01").first), "2021-01-04");
  EXPECT_EQ(DayText(Parse("2020-W53").last), "2021-01-03");
  EXPECT_EQ(DayText(Parse("2018-W01").first), "2018-01-01");
}

TEST(PeriodRulesTest, YearsOfFiftyTwoWeeksHaveNoFiftyThird) {
  EXPECT_FALSE(ParseSpan("2019-W53").ok());
  EXPECT_FALSE(ParseSpan("2019-W00").ok());
  EXPECT_TRUE(ParseSpan("2015-W53").ok());
}

TEST(PeriodRulesTest, LabelsSurviveTheRoundTrip) {
  for (const char* label :
       {"2019-W30", "2020-W53", "2020-W01", "2019-07", "2024-02", "2021-W01"}) {
    EXPECT_EQ(SpanLabel(Parse(label)), label);
  }
}

TEST(PeriodRulesTest, MonthsEndOnTheirLastDay) {
  EXPECT_EQ(DayText(Parse("2024-02").last), "2024-02-29");
  EXPECT_EQ(DayText(Parse("2019-07").last), "2019-07-31");
}

TEST(PeriodRulesTest, TheSpanBeforeCrossesTheYear) {
  EXPECT_EQ(SpanLabel(Before(Parse("2020-W01"))), "2019-W52");
  EXPECT_EQ(SpanLabel(Before(Parse("2021-W01"))), "2020-W53");
  EXPECT_EQ(SpanLabel(Before(Parse("2019-01"))), "2018-12");
  EXPECT_EQ(SpansUpTo(Parse("2019-01"), 3).front(), Parse("2018-11"));
}

TEST(PeriodRulesTest, DaysBeginAtMidnightInShanghai) {
  const Span span = Parse("2019-W30");
  EXPECT_EQ(absl::FormatTime(StartTime(span), absl::UTCTimeZone()),
            "2019-07-21T16:00:00+00:00");
  EXPECT_EQ(DayOf(StartTime(span)), span.first);
  EXPECT_EQ(DayOf(EndTime(span) - absl::Microseconds(1)), span.last);
}

TEST(PeriodRulesTest, MalformedPeriodsAreRefused) {
  for (const char* label :
       {"", "2019", "2019-W3", "2019W30", "2019-13", "2019-00", "1999-07",
        "2019-W3x", "2019-7", "2019-07-01", "-019-07"}) {
    EXPECT_FALSE(ParseSpan(label).ok()) << label;
  }
}

TEST(PeriodRulesTest, ImpossibleDaysAreRefused) {
  EXPECT_FALSE(ParseDay("2019-02-30").ok());
  EXPECT_FALSE(ParseDay("2019-7-1").ok());
  EXPECT_EQ(*ParseDay("2019-07-22"), absl::CivilDay(2019, 7, 22));
  EXPECT_EQ(DayOfNumber(DayNumber(absl::CivilDay(2019, 7, 22))),
            absl::CivilDay(2019, 7, 22));
}

}  // namespace
}  // namespace huifang::reporting

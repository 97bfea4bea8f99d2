#include "services/callback/period_rules.h"

#include <gtest/gtest.h>

#include "services/common/clock.h"

namespace huifang::callback {
namespace {

Period Days(const char* from, const char* to) {
  return {ParseDate(from).value(), ParseDate(to).value()};
}

TEST(Period, IsoWeekHasItsName) {
  EXPECT_EQ(PeriodLabel(Days("2019-07-22", "2019-07-28")), "2019-W30");
  EXPECT_EQ(PeriodLabel(Days("2026-07-27", "2026-08-02")), "2026-W31");
}

TEST(Period, WeekBelongsToTheYearOfItsThursday) {
  EXPECT_EQ(PeriodLabel(Days("2019-12-30", "2020-01-05")), "2020-W01");
  EXPECT_EQ(PeriodLabel(Days("2020-12-28", "2021-01-03")), "2020-W53");
}

TEST(Period, OtherPeriodsAreNamedByTheirEnds) {
  EXPECT_EQ(PeriodLabel(Days("2019-07-22", "2019-07-29")),
            "2019-07-22..2019-07-29");
  EXPECT_EQ(PeriodLabel(Days("2019-07-23", "2019-07-29")),
            "2019-07-23..2019-07-29");
}

TEST(Period, BeginsAndEndsAtCourtMidnight) {
  const Period week = Days("2019-07-22", "2019-07-28");
  EXPECT_EQ(StartOf(week), absl::FromCivil(absl::CivilHour(2019, 7, 21, 16),
                                           absl::UTCTimeZone()));
  EXPECT_EQ(EndOf(week) - StartOf(week), absl::Hours(24 * 7));
}

TEST(Period, PastWeekIsMondayToSunday) {
  const auto at = [](int day, int hour) {
    return PastWeek(
        absl::FromCivil(absl::CivilHour(2026, 8, day, hour), CourtTimeZone()));
  };
  EXPECT_EQ(PeriodLabel(at(3, 0)), "2026-W31");   // Monday, first hour
  EXPECT_EQ(PeriodLabel(at(9, 23)), "2026-W31");  // Sunday, last hour
  EXPECT_EQ(PeriodLabel(at(10, 0)), "2026-W32");
}

TEST(Period, OnlyRealDaysAreDays) {
  EXPECT_TRUE(ParseDate("2024-02-29").ok());
  for (const char* bad :
       {"2023-02-29", "2019-7-22", "2019-07-22 ", "1999-01-01", "",
        "2019/07/22", "-019-07-22", "2019-13-01"}) {
    EXPECT_FALSE(ParseDate(bad).ok()) << bad;
  }
}

TEST(TimeOfDay, IsStrict) {
  EXPECT_EQ(ParseTimeOfDay("08:30")->minute, 30);
  EXPECT_TRUE(ParseTimeOfDay("24:00").ok());
  for (const char* bad : {"8:30", "24:01", "08:60", "ab:cd", "", "08:3"}) {
    EXPECT_FALSE(ParseTimeOfDay(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace huifang::callback

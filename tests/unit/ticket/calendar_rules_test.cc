#include "services/ticket/calendar_rules.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "services/ticket/calendar_data.h"
#include "tests/support/data_dir.h"

namespace huifang::ticket {
namespace {

absl::CivilDay Day(const char* text) { return ParseDay(text).value(); }

CalendarLayer Layer(absl::string_view text) {
  return ParseCalendarLayer(text).value();
}

struct NthDay {
  const char* from;
  int count;
  const char* expected;
};

class NthWorkingDay : public ::testing::TestWithParam<NthDay> {};

TEST_P(NthWorkingDay, IsThePublishedOne) {
  const absl::StatusOr<WorkingDay> day =
      WorkingCalendar::BuiltIn().AddWorkingDays(Day(GetParam().from),
                                                GetParam().count);
  ASSERT_TRUE(day.ok()) << day.status();
  EXPECT_EQ(absl::FormatCivilTime(day->day), GetParam().expected);
  EXPECT_FALSE(day->provisional);
}

INSTANTIATE_TEST_SUITE_P(
    Vectors, NthWorkingDay,
    ::testing::Values(NthDay{"2025-09-26", 1, "2025-09-28"},
                      NthDay{"2025-09-26", 5, "2025-10-10"},
                      NthDay{"2025-09-30", 3, "2025-10-11"},
                      NthDay{"2025-01-24", 3, "2025-02-05"},
                      NthDay{"2025-04-30", 5, "2025-05-12"},
                      NthDay{"2025-12-31", 1, "2026-01-04"},
                      NthDay{"2026-02-13", 3, "2026-02-25"},
                      NthDay{"2026-09-18", 7, "2026-09-29"},
                      NthDay{"2024-09-13", 3, "2024-09-19"},
                      NthDay{"2024-02-09", 3, "2024-02-20"},
                      NthDay{"2020-01-23", 3, "2020-02-05"}));

TEST(WorkingCalendarTest, YearsHaveTheirNumberOfWorkingDays) {
  const WorkingCalendar calendar = WorkingCalendar::BuiltIn();
  const std::map<int, int> expected = {{2019, 250}, {2020, 249}, {2021, 250},
                                       {2022, 249}, {2023, 249}, {2024, 251},
                                       {2025, 248}, {2026, 248}};
  for (const auto& [year, count] : expected) {
    EXPECT_EQ(calendar.CountWorkingDays(year), count) << year;
  }
}

TEST(WorkingCalendarTest, MakeUpDaysAreWorked) {
  const WorkingCalendar calendar = WorkingCalendar::BuiltIn();
  for (const char* day :
       {"2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11",
        "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20",
        "2026-10-10"}) {
    EXPECT_TRUE(calendar.IsWorking(Day(day))) << day;
    EXPECT_TRUE(absl::StrContains(calendar.Judge(Day(day)).why, "调休"));
  }
}

TEST(WorkingCalendarTest, NextYearsNoticeChangesLateDecember) {
  WorkingCalendar calendar;
  calendar.AddNotices(Layer("notice 2018\noff 2018-10-01 国庆节\n"), "2018");
  EXPECT_FALSE(calendar.IsWorking(Day("2018-12-29")));
  EXPECT_TRUE(calendar.IsProvisional(Day("2018-12-29")));
  calendar.AddNotices(Layer("notice 2019\nwork 2018-12-29 元旦\n"), "2019");
  EXPECT_TRUE(calendar.IsWorking(Day("2018-12-29")));
  EXPECT_FALSE(calendar.IsProvisional(Day("2018-12-29")));
}

TEST(WorkingCalendarTest, OlderNoticeNeverUndoesANewerOne) {
  WorkingCalendar calendar;
  calendar.AddNotices(Layer("notice 2019\noff 2018-12-31 元旦\n"), "2019");
  calendar.AddNotices(Layer("notice 2018\nwork 2018-12-31 x\n"), "2018");
  EXPECT_FALSE(calendar.IsWorking(Day("2018-12-31")));
}

TEST(WorkingCalendarTest, EmergencyChangeOfTheSameYearWins) {
  WorkingCalendar calendar;
  calendar.AddNotices(Layer("notice 2020\nwork 2020-02-01 春节\n"), "2020.1");
  calendar.AddNotices(Layer("notice 2020\noff 2020-02-01 延长假期\n"),
                      "2020.2");
  EXPECT_FALSE(calendar.IsWorking(Day("2020-02-01")));
  EXPECT_EQ(calendar.version(), "2020.1+2020.2");
}

TEST(WorkingCalendarTest, CourtsOwnDayWinsOverEveryNotice) {
  WorkingCalendar calendar = WorkingCalendar::BuiltIn();
  calendar.AddCourtDays(Layer("off 2026-03-04 搬迁\nwork 2026-10-01 值班\n"),
                        "110102.1");
  EXPECT_FALSE(calendar.IsWorking(Day("2026-03-04")));
  EXPECT_TRUE(calendar.IsWorking(Day("2026-10-01")));
  EXPECT_EQ(calendar.version(), "cn-2026.1+110102.1");
  EXPECT_TRUE(WorkingCalendar::BuiltIn().IsWorking(Day("2026-03-04")));
}

TEST(WorkingCalendarTest, DeadlineIntoAYearWithoutNoticeIsProvisional) {
  const WorkingCalendar calendar = WorkingCalendar::BuiltIn();
  EXPECT_FALSE(calendar.AddWorkingDays(Day("2026-12-21"), 3)->provisional);
  EXPECT_TRUE(calendar.AddWorkingDays(Day("2026-12-24"), 1)->provisional);
  EXPECT_TRUE(calendar.AddWorkingDays(Day("2026-12-31"), 1)->provisional);
  EXPECT_TRUE(calendar.Judge(Day("2027-05-04")).provisional);
}

TEST(WorkingCalendarTest, RefusesACountThatIsNoDeadline) {
  const WorkingCalendar calendar = WorkingCalendar::BuiltIn();
  EXPECT_FALSE(calendar.AddWorkingDays(Day("2026-01-05"), -1).ok());
  EXPECT_FALSE(calendar.AddWorkingDays(Day("2026-01-05"), 1001).ok());
}

TEST(CalendarLayerTest, ErrorNamesTheLine) {
  const absl::Status status =
      ParseCalendarLayer("notice 2026\n\nfree 2026-01-01\n").status();
  EXPECT_TRUE(absl::StrContains(status.message(), "line 3")) << status;
  EXPECT_FALSE(ParseCalendarLayer("off 2026-02-30 x").ok());
  EXPECT_FALSE(ParseCalendarLayer("off 2026-02-03..2026-02-01 x").ok());
  EXPECT_FALSE(ParseCalendarLayer("off 2026-02-03..2027-02-01 x").ok());
  EXPECT_FALSE(ParseCalendarLayer("off label").ok());
}

// Our own data says what the collected notices say, day for day.
TEST(CalendarDataTest, AgreesWithTheCollectedNotices) {
  HUIFANG_DATA_OR_SKIP(path, "cn_workdays.csv");
  const CalendarLayer layer = Layer(BuiltInCalendar());
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  std::size_t rows = 0;
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = absl::StrSplit(line, ',');
    ASSERT_EQ(cells.size(), 4u) << line;
    const auto entry = layer.entries.find(Day(cells[0].c_str()));
    ASSERT_NE(entry, layer.entries.end()) << line;
    EXPECT_EQ(entry->second.working, cells[1] == "work") << line;
    EXPECT_EQ(entry->second.label, cells[2]) << line;
    EXPECT_EQ(std::to_string(entry->second.notice_year),
              std::string(absl::StripAsciiWhitespace(cells[3])));
    ++rows;
  }
  EXPECT_EQ(rows, layer.entries.size());
}

}  // namespace
}  // namespace huifang::ticket

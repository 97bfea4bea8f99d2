#include "clients/cli/import/row_mapper.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/import/time_parser.h"
#include "services/common/clock.h"
#include "services/common/proto_time.h"

namespace huifang::cli {
namespace {

namespace v1 = ticket::v1;

const std::vector<std::string> kHeader = {"id", "text", "at", "x", "y"};

struct Mapped {
  v1::ImportRow row;
  std::optional<RowFault> fault;
};

// Maps one row under a sound mapping with one more rule.
Mapped Map(const std::string& rule, std::vector<std::string> cells) {
  const absl::StatusOr<Mapping> mapping = ParseMapping(absl::StrCat(
      R"({"fields": {
      "source_id": {"column": "id"}, "content": {"column": "text"},
      "create_time": {"column": "at"}, "state": {"constant": "OPEN"})",
      rule.empty() ? "" : ", ", rule, "}}"));
  EXPECT_TRUE(mapping.ok()) << mapping.status();
  Mapped mapped;
  if (!mapping.ok()) return mapped;
  CsvRow row;
  row.line = 7;
  row.cells = std::move(cells);
  mapped.fault = RowMapper(*mapping, kHeader).Map(row, mapped.row);
  return mapped;
}

std::vector<std::string> Row(std::string x, std::string y = "") {
  return {"1", "words", "2019-07-22 09:30:00", std::move(x), std::move(y)};
}

std::string Local(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", FromTimestamp(time),
                          CourtTimeZone());
}

TEST(RowMapperTest, FillsTheRowAndTrimsInvisibleSpace) {
  const Mapped mapped = Map(
      R"("caller_phone": {"column": "x"}, "division": {"column": "y"},
         "reply": {"constant": "答复"}, "reply_time": {"column": "at"})",
      Row("\xE3\x80\x80 13800000000\xC2\xA0", "民一庭"));
  ASSERT_FALSE(mapped.fault.has_value()) << mapped.fault->message;
  EXPECT_EQ(mapped.row.line(), 7);
  EXPECT_EQ(mapped.row.ticket().source_id(), "1");
  EXPECT_EQ(mapped.row.ticket().caller().phone(), "13800000000");
  EXPECT_EQ(mapped.row.division_label(), "民一庭");
  EXPECT_EQ(Local(mapped.row.ticket().create_time()), "2019-07-22 09:30:00");
  ASSERT_EQ(mapped.row.ticket().replies_size(), 1);
  EXPECT_EQ(Local(mapped.row.ticket().replies(0).reply_time()),
            "2019-07-22 09:30:00");
}

TEST(RowMapperTest, RowsOwnFaultPassesThrough) {
  const absl::StatusOr<Mapping> mapping = ParseMapping(
      R"({"fields": {"source_id": {"column": "id"},
          "content": {"column": "text"}, "create_time": {"column": "at"},
          "state": {"constant": "OPEN"}}})");
  CsvRow row;
  row.fault = RowFault{"text", "NOT_UTF8", "m"};
  v1::ImportRow out;
  EXPECT_EQ(RowMapper(*mapping, kHeader).Map(row, out)->reason, "NOT_UTF8");
}

struct BadCell {
  const char* rule;
  const char* cell;
  const char* reason;
};

class RefusedCell : public ::testing::TestWithParam<BadCell> {};

TEST_P(RefusedCell, NamesItsColumn) {
  const Mapped mapped = Map(GetParam().rule, Row(GetParam().cell));
  ASSERT_TRUE(mapped.fault.has_value());
  EXPECT_EQ(mapped.fault->column, "x");
  EXPECT_EQ(mapped.fault->reason, GetParam().reason);
  EXPECT_FALSE(mapped.fault->message.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Cells, RefusedCell,
    ::testing::Values(
        BadCell{R"("due_time": {"column": "x"})", "soon", "BAD_TIME"},
        BadCell{R"("due_time": {"column": "x"})", "2019-02-30", "BAD_TIME"},
        BadCell{R"("due_time": {"column": "x"})", "2019-02-30 09:00:00",
                "BAD_TIME"},
        BadCell{R"("forward_count": {"column": "x"})", "two", "BAD_NUMBER"},
        BadCell{R"("generated": {"column": "x"})", "perhaps", "BAD_BOOLEAN"},
        BadCell{R"("kind": {"column": "x"})", "抱怨", "UNMAPPED_VALUE"},
        BadCell{R"("kind": {"column": "x", "map": {"投诉": "COMPLAINT"}})",
                "抱怨", "UNMAPPED_VALUE"},
        BadCell{R"("title": {"column": "x", "map": {"a": "b"},
                             "on_unmapped": "reject"})",
                "c", "UNMAPPED_VALUE"},
        BadCell{R"("title": {"column": "x", "required": true})", "　",
                "MISSING_VALUE"},
        BadCell{R"("close_time": {"after": "create_time",
                                  "days_column": "x"})",
                "-1", "BAD_NUMBER"}));

TEST(RowMapperTest, EmptyStateIsRefusedNotGuessed) {
  const absl::StatusOr<Mapping> mapping = ParseMapping(
      R"({"fields": {"source_id": {"column": "id"},
          "content": {"column": "text"}, "create_time": {"column": "at"},
          "state": {"column": "x", "map": {"办结": "CLOSED"}}}})");
  CsvRow row;
  row.cells = Row("");
  v1::ImportRow out;
  EXPECT_EQ(RowMapper(*mapping, kHeader).Map(row, out)->reason,
            "MISSING_VALUE");
  row.cells = Row("办结");
  EXPECT_FALSE(RowMapper(*mapping, kHeader).Map(row, out).has_value());
  EXPECT_EQ(out.ticket().state(), v1::Ticket::STATE_CLOSED);
}

TEST(RowMapperTest, MapDefaultAndConstant) {
  const char* rule =
      R"("kind": {"column": "x", "map": {"投诉": "COMPLAINT"},
                  "default": "OTHER", "on_unmapped": "default"},
         "channel": {"constant": "WEB"})";
  EXPECT_EQ(Map(rule, Row("投诉")).row.ticket().kind(), v1::KIND_COMPLAINT);
  EXPECT_EQ(Map(rule, Row("抱怨")).row.ticket().kind(), v1::KIND_OTHER);
  EXPECT_EQ(Map(rule, Row("")).row.ticket().kind(), v1::KIND_OTHER);
  EXPECT_EQ(Map(rule, Row("")).row.ticket().channel(), v1::CHANNEL_WEB);
}

TEST(RowMapperTest, MappedTargetCountsEvenWhereItIsEmpty) {
  const char* rule = R"("due_time": {"column": "x"})";
  const Mapped none = Map(rule, Row(""));
  EXPECT_TRUE(none.row.ticket().due_time_imported());
  EXPECT_FALSE(none.row.ticket().has_due_time());
  EXPECT_TRUE(Map(rule, Row("2019-07-23")).row.ticket().has_due_time());
  EXPECT_FALSE(Map("", Row("")).row.ticket().due_time_imported());
}

TEST(RowMapperTest, IdFromTheTextsIsTheSameInEveryImport) {
  const char* rule = R"("party_id": {"hash_of": ["x", "y"], "prefix": "p-"})";
  const std::string first =
      Map(rule, Row("ab", "c")).row.ticket().caller().party_id();
  EXPECT_EQ(first, Map(rule, Row("ab", "c")).row.ticket().caller().party_id());
  EXPECT_NE(first, Map(rule, Row("a", "bc")).row.ticket().caller().party_id());
  EXPECT_EQ(first.size(), 26u);
}

TEST(RowMapperTest, SpreadTakesOneOfTheGivenValues) {
  const char* rule =
      R"("division": {"hash_of": "x", "over": ["civil-1", "civil-2"]})";
  int first = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string label =
        Map(rule, Row(absl::StrCat("u", i))).row.division_label();
    ASSERT_TRUE(label == "civil-1" || label == "civil-2");
    first += label == "civil-1" ? 1 : 0;
  }
  EXPECT_NEAR(first, 500, 80);
}

TEST(RowMapperTest, TimeAfterAnotherByDaysAtATimeOfDay) {
  const Mapped mapped = Map(
      R"("close_time": {"after": "create_time", "days_column": "x",
                        "time_of_day": "17:00:00"},
         "reply_time": {"after": "create_time", "hours": 1.5})",
      Row("3"));
  EXPECT_EQ(Local(mapped.row.ticket().close_time()), "2019-07-25 17:00:00");
  EXPECT_EQ(Local(mapped.row.ticket().reply_time()), "2019-07-22 11:00:00");
}

TEST(RowMapperTest, LongTextIsCutAtACharacter) {
  const Mapped mapped =
      Map(R"("title": {"column": "x", "max_characters": 2})", Row("诉讼费"));
  EXPECT_EQ(mapped.row.ticket().title(), "诉讼");
}

struct WrittenTime {
  const char* format;
  const char* text;
  const char* utc;
};

class TimeForm : public ::testing::TestWithParam<WrittenTime> {};

TEST_P(TimeForm, IsRead) {
  const TimeStyle style{{GetParam().format}, CourtTimeZone(), std::nullopt};
  const std::optional<absl::Time> time = ParseLocalTime(style, GetParam().text);
  ASSERT_TRUE(time.has_value());
  EXPECT_EQ(absl::FormatTime("%Y-%m-%d %H:%M:%S", *time, absl::UTCTimeZone()),
            GetParam().utc);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, TimeForm,
    ::testing::Values(
        WrittenTime{"%Y-%m-%d %H:%M:%S", "2019-07-22 09:30:00",
                    "2019-07-22 01:30:00"},
        WrittenTime{"%Y-%m-%d %H:%M:%S", "２０１９-07-22 09:30:00　",
                    "2019-07-22 01:30:00"},
        WrittenTime{"%Y/%m/%d %H:%M", "2019/7/2 9:05", "2019-07-02 01:05:00"},
        WrittenTime{"%Y年%m月%d日", "2019年7月22日", "2019-07-21 16:00:00"},
        WrittenTime{"%d/%m/%Y %H:%M", "26/08/2023 23:47",
                    "2023-08-26 15:47:00"},
        WrittenTime{"%d-%b-%y", "26-Aug-23", "2023-08-25 16:00:00"},
        WrittenTime{"excel_serial", "43668.5", "2019-07-22 04:00:00"},
        WrittenTime{"unix_seconds", "1563759000", "2019-07-22 01:30:00"},
        WrittenTime{"unix_milliseconds", "1563759000000",
                    "2019-07-22 01:30:00"}));

TEST(TimeParserTest, SummerTimeOfTheGivenZoneCounts) {
  absl::TimeZone boston;
  if (!absl::LoadTimeZone("America/New_York", &boston)) {
    GTEST_SKIP() << "no time zone data: install tzdata";
  }
  const TimeStyle style{{"%Y-%m-%d %H:%M:%S"}, boston, std::nullopt};
  EXPECT_EQ(
      *ParseLocalTime(style, "2015-07-01 12:00:00"),
      absl::FromCivil(absl::CivilHour(2015, 7, 1, 16), absl::UTCTimeZone()));
  EXPECT_EQ(
      *ParseLocalTime(style, "2015-01-01 12:00:00"),
      absl::FromCivil(absl::CivilHour(2015, 1, 1, 17), absl::UTCTimeZone()));
}

TEST(TimeParserTest, TimeOfDayFillsDatesOnly) {
  const TimeStyle style{
      {"%Y-%m-%d %H:%M:%S", "%Y-%m-%d"}, absl::UTCTimeZone(), absl::Hours(9)};
  EXPECT_EQ(absl::ToUnixSeconds(*ParseLocalTime(style, "2019-07-22")) % 86400,
            9 * 3600);
  EXPECT_EQ(absl::ToUnixSeconds(*ParseLocalTime(style, "2019-07-22 00:00:01")) %
                86400,
            1);
}

}  // namespace
}  // namespace huifang::cli

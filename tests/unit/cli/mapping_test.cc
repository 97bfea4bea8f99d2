#include "clients/cli/import/mapping.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace huifang::cli {
namespace {

// A sound mapping with one more rule.
std::string With(absl::string_view rule) {
  return absl::StrCat(R"({"fields": {
      "source_id": {"column": "id"}, "content": {"column": "text"},
      "create_time": {"column": "at"}, "state": {"constant": "OPEN"})",
                      rule.empty() ? "" : ", ", rule, "}}");
}

TEST(MappingTest, DefaultsAreTheCourtsTimeAndTheUsualFormats) {
  const absl::StatusOr<Mapping> mapping = ParseMapping(With(""));
  ASSERT_TRUE(mapping.ok()) << mapping.status();
  const FieldRule& rule = mapping->fields.at("create_time");
  EXPECT_EQ(rule.formats[0], "%Y-%m-%d %H:%M:%S");
  EXPECT_EQ(absl::FromCivil(absl::CivilHour(2019, 7, 22, 8), *rule.time_zone),
            absl::FromCivil(absl::CivilDay(2019, 7, 22), absl::UTCTimeZone()));
  EXPECT_TRUE(rule.required);
  EXPECT_EQ(mapping->delimiter, ',');
}

struct BadMapping {
  const char* rule;
  const char* says;
};

class RefusedMapping : public ::testing::TestWithParam<BadMapping> {};

TEST_P(RefusedMapping, SaysWhereAndWhatIsPossible) {
  const absl::Status status = ParseMapping(With(GetParam().rule)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(status.message(), GetParam().says)) << status;
}

INSTANTIATE_TEST_SUITE_P(
    Rules, RefusedMapping,
    ::testing::Values(
        BadMapping{R"("colour": {"column": "c"})", "fields.colour is no field"},
        BadMapping{R"("title": {"colum": "c"})", "fields.title.colum is"},
        BadMapping{R"("title": {})", "exactly one of"},
        BadMapping{R"("title": {"column": "a", "constant": "b"})",
                   "exactly one of"},
        BadMapping{R"("title": {"column": 5.5})", "must be a string"},
        BadMapping{R"("kind": {"constant": "RUDE"})", "is no kind; possible"},
        BadMapping{R"("kind": {"column": "k", "map": {"投诉": "X"}})",
                   "fields.kind.map.投诉"},
        BadMapping{R"("kind": {"column": "k", "formats": ["%Y"]})",
                   "fields.kind.formats is unknown"},
        BadMapping{R"("due_time": {"column": "d", "time_zone": "Mars"})",
                   "no time zone"},
        BadMapping{R"("due_time": {"column": "d", "time_of_day": "9"})",
                   "HH:MM:SS"},
        BadMapping{R"("due_time": {"hash_of": ["d"]})",
                   "fields.due_time.hash_of is unknown"},
        BadMapping{R"("close_time": {"after": "reply_time", "hours": 1})",
                   "names reply_time, which is not mapped"},
        BadMapping{R"("close_time": {"after": "title", "hours": 1})",
                   "must name another time"},
        BadMapping{R"("title": {"column": "a", "on_unmapped": "default"})",
                   "needs a default"},
        BadMapping{R"("title": {"column": "a", "max_characters": -1})",
                   "must be 0 to"}));

TEST(MappingTest, WhatATicketCannotBeWithoutMustBeMapped) {
  const absl::Status status =
      ParseMapping(R"({"fields": {"content": {"column": "c"}}})").status();
  EXPECT_TRUE(absl::StrContains(status.message(), "fields.source_id"))
      << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "hash_of")) << status;
}

TEST(MappingTest, BrokenJsonSaysWhere) {
  const absl::Status status = ParseMapping("{\n \"fields\": ]").status();
  EXPECT_TRUE(absl::StrContains(status.message(), "line 2")) << status;
  EXPECT_FALSE(ParseMapping("[]").ok());
  EXPECT_FALSE(ParseMapping("{}").ok());
}

TEST(MappingTest, NumberTooLargeForTheLibraryIsRefused) {
  const absl::Status status = ParseMapping(R"({"fields": 9e9999})").status();
  EXPECT_TRUE(absl::StrContains(status.message(), "not JSON")) << status;
}

TEST(MappingTest, MissingColumnsAreListedBesideThoseThere) {
  const absl::StatusOr<Mapping> mapping = ParseMapping(With(""));
  EXPECT_TRUE(CheckHeader(*mapping, {"id", "text", "at", "more"}).ok());
  const absl::Status status = CheckHeader(*mapping, {"id", "body"});
  EXPECT_TRUE(absl::StrContains(status.message(), "at, text")) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "it has: id, body"));
}

TEST(MappingTest, ServersFieldLeadsBackToTheColumn) {
  const absl::StatusOr<Mapping> mapping = ParseMapping(With(
      R"("caller_phone": {"column": "tel"}, "division": {"column": "d"})"));
  EXPECT_EQ(mapping->ColumnOf("ticket.caller.phone"), "tel");
  EXPECT_EQ(mapping->ColumnOf("division_label"), "d");
  EXPECT_EQ(mapping->ColumnOf("ticket.create_time"), "at");
  EXPECT_EQ(mapping->ColumnOf("ticket.state"), "");
  EXPECT_EQ(mapping->ColumnOf("nonsense"), "");
}

}  // namespace
}  // namespace huifang::cli

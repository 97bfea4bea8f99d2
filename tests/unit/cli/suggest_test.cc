#include "clients/cli/import/suggest.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "clients/cli/import/mapping.h"
#include "tests/support/data_dir.h"

namespace huifang::cli {
namespace {

struct Proposal {
  Mapping mapping;
  std::string notes;
};

Proposal Suggest(std::unique_ptr<ByteSource> source, char delimiter = ',') {
  auto reader = CsvReader::Open(std::move(source), delimiter);
  EXPECT_TRUE(reader.ok()) << reader.status();
  const absl::StatusOr<Suggestion> suggestion =
      SuggestMapping(**reader, "", delimiter);
  EXPECT_TRUE(suggestion.ok()) << suggestion.status();
  const absl::StatusOr<Mapping> mapping = ParseMapping(suggestion->json);
  EXPECT_TRUE(mapping.ok()) << mapping.status();
  return {*mapping, absl::StrJoin(suggestion->notes, "\n")};
}

std::string ColumnOf(const Proposal& proposal, const char* field) {
  const auto it = proposal.mapping.fields.find(field);
  if (it == proposal.mapping.fields.end()) return "(not mapped)";
  return absl::StrJoin(it->second.columns, "+");
}

TEST(SuggestTest, ChineseHeader) {
  const Proposal proposal = Suggest(FromText(
      "工单编号,来电时间,来电号码,诉求类型,诉求内容,承办庭室,承办法官,"
      "答复内容,办结时间,工单状态,备注\n"
      "X1,2023/5/6 9:05,13800000000,投诉,内容,民一庭,张三,已答复,"
      "2023年5月8日,已办结,无\n"
      "X2,2023/5/7 19:05,13800000001,联系法官,内容,民二庭,李四,,,办理中,\n"));
  EXPECT_EQ(ColumnOf(proposal, "source_id"), "工单编号");
  EXPECT_EQ(ColumnOf(proposal, "create_time"), "来电时间");
  EXPECT_EQ(ColumnOf(proposal, "caller_phone"), "来电号码");
  EXPECT_EQ(ColumnOf(proposal, "content"), "诉求内容");
  EXPECT_EQ(ColumnOf(proposal, "division"), "承办庭室");
  EXPECT_EQ(ColumnOf(proposal, "handler"), "承办法官");
  EXPECT_EQ(ColumnOf(proposal, "reply"), "答复内容");
  EXPECT_EQ(ColumnOf(proposal, "close_time"), "办结时间");
  const FieldRule& kind = proposal.mapping.fields.at("kind");
  EXPECT_EQ(kind.values.at("联系法官"), "CONTACT_JUDGE");
  const FieldRule& state = proposal.mapping.fields.at("state");
  EXPECT_EQ(state.values.at("已办结"), "CLOSED");
  EXPECT_EQ(state.values.at("办理中"), "DISPATCHED");
  EXPECT_EQ(proposal.mapping.fields.at("create_time").formats[0],
            "%Y/%m/%d %H:%M");
  EXPECT_EQ(proposal.mapping.fields.at("close_time").formats[0],
            "%Y年%m月%d日");
  EXPECT_TRUE(absl::StrContains(proposal.notes, "not used: 备注"));
}

TEST(SuggestTest, WhatTheFileLacksIsMarkedAsInvented) {
  const Proposal proposal =
      Suggest(FromText("question;answer\nq1;a1\nq2;a2\n"), ';');
  EXPECT_EQ(ColumnOf(proposal, "content"), "question");
  EXPECT_EQ(ColumnOf(proposal, "reply"), "answer");
  EXPECT_FALSE(proposal.mapping.fields.at("source_id").hash_of.empty());
  EXPECT_TRUE(absl::StrContains(proposal.notes, "create_time: INVENTED"));
  EXPECT_EQ(proposal.mapping.delimiter, ';');
}

TEST(SuggestTest, UnknownWordsAreToBeChecked) {
  const Proposal proposal = Suggest(
      FromText("id,content,date,kind\n1,a,2020-01-01,投诉\n2,b,2020-01-02,"
               "zzz\n"));
  EXPECT_TRUE(absl::StrContains(proposal.notes, "CHECK")) << proposal.notes;
  EXPECT_TRUE(absl::StrContains(proposal.notes, "zzz"));
}

TEST(SuggestTest, OrderOfDayAndMonthIsTheOneThatFitsEveryCell) {
  const Proposal us =
      Suggest(FromText("id,content,date\n1,a,05/06/2023\n2,b,05/26/2023\n"));
  EXPECT_EQ(us.mapping.fields.at("create_time").formats,
            std::vector<std::string>{"%m/%d/%Y"});
  EXPECT_FALSE(absl::StrContains(us.notes, "other way round"));
  const Proposal unsure =
      Suggest(FromText("id,content,date\n1,a,05/06/2023\n2,b,05/07/2023\n"));
  EXPECT_TRUE(absl::StrContains(unsure.notes, "other way round"));
}

TEST(SuggestTest, DatesWithoutSeparators) {
  const Proposal proposal =
      Suggest(FromText("id,content,date\n1,a,20230506\n2,b,20230526\n"));
  EXPECT_EQ(proposal.mapping.fields.at("create_time").formats,
            std::vector<std::string>{"%E4Y%m%d"});
}

TEST(SuggestTest, DelimiterIsTheOneTheHeaderUsesMost) {
  EXPECT_EQ(GuessDelimiter("a,b,c\n"), ',');
  EXPECT_EQ(GuessDelimiter("a;b;c,d\n"), ';');
  EXPECT_EQ(GuessDelimiter("a\tb\n;;;;"), '\t');
  EXPECT_EQ(GuessDelimiter(""), ',');
}

Proposal OfFile(const std::string& path) {
  return Suggest(*OpenFile(path, ""));
}

TEST(SuggestTest, RealHeaders) {
  HUIFANG_DATA_OR_SKIP(gov, "gov_replies.csv");
  const Proposal replies = OfFile(gov);
  EXPECT_EQ(ColumnOf(replies, "source_id"), "ticket_id");
  EXPECT_EQ(ColumnOf(replies, "reply_time"), "replied_at");
  EXPECT_EQ(ColumnOf(replies, "close_time"), "replied_at");
  EXPECT_EQ(ColumnOf(replies, "party_id"), "user");
  HUIFANG_DATA_OR_SKIP(city, "city311_2015.csv");
  const Proposal requests = OfFile(city);
  EXPECT_EQ(ColumnOf(requests, "source_id"), "case_enquiry_id");
  EXPECT_EQ(ColumnOf(requests, "due_time"), "sla_target_dt");
  EXPECT_EQ(ColumnOf(requests, "close_time"), "closed_dt");
  EXPECT_EQ(ColumnOf(requests, "state"), "case_status");
  EXPECT_EQ(ColumnOf(requests, "reply"), "closure_reason");
  HUIFANG_DATA_OR_SKIP(orders, "hotline_orders.csv");
  const Proposal hotline = OfFile(orders);
  EXPECT_EQ(ColumnOf(hotline, "create_time"), "created_date");
  EXPECT_EQ(ColumnOf(hotline, "kind"), "nature");
  EXPECT_EQ(hotline.mapping.fields.at("channel").values.at("微信"), "APP");
  EXPECT_EQ(hotline.mapping.fields.at("close_time").days_column,
            "days_to_final_reply");
  HUIFANG_DATA_OR_SKIP(csat, "csat.csv");
  const Proposal survey = OfFile(csat);
  EXPECT_EQ(ColumnOf(survey, "create_time"), "Issue_reported at");
  EXPECT_EQ(ColumnOf(survey, "reply"), "(not mapped)");
}

}  // namespace
}  // namespace huifang::cli

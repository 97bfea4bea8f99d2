#include "services/ticket/import_rules.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace huifang::ticket {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1767600000);

v1::ImportRow Good() {
  v1::ImportRow row;
  row.set_line(2);
  v1::Ticket& ticket = *row.mutable_ticket();
  ticket.set_source_id("A1");
  ticket.set_title("问诉讼费如何交纳");
  ticket.mutable_create_time()->set_seconds(1700000000);
  ticket.mutable_close_time()->set_seconds(1700000100);
  ticket.set_state(v1::Ticket::STATE_CLOSED);
  return row;
}

TEST(ImportRowTest, GoodRowIsBroughtToItsStoredForm) {
  v1::ImportRow row = Good();
  row.mutable_ticket()->mutable_caller()->set_phone("+86 138 1234 0000");
  row.mutable_ticket()->set_case_number("（2021）京0102民初7664号");
  EXPECT_FALSE(CheckImportRow(kNow, row).has_value());
  EXPECT_EQ(row.ticket().caller().phone(), "13812340000");
  EXPECT_EQ(row.ticket().case_number(), "(2021)京0102民初7664号");
}

TEST(ImportRowTest, CaseNumberOfNoFormIsKeptAsWritten) {
  v1::ImportRow row = Good();
  row.mutable_ticket()->set_case_number(" 2021京0102民初7664 ");
  EXPECT_FALSE(CheckImportRow(kNow, row).has_value());
  EXPECT_EQ(row.ticket().case_number(), "2021京0102民初7664");
}

struct BadRow {
  const char* name;
  std::function<void(v1::Ticket&)> spoil;
  const char* field;
  const char* reason;
};

class BadImportRow : public ::testing::TestWithParam<BadRow> {};

TEST_P(BadImportRow, IsRefusedWithFieldAndReason) {
  v1::ImportRow row = Good();
  GetParam().spoil(*row.mutable_ticket());
  const std::optional<RowProblem> problem = CheckImportRow(kNow, row);
  ASSERT_TRUE(problem.has_value());
  EXPECT_EQ(problem->field, std::string("ticket.") + GetParam().field);
  EXPECT_EQ(problem->reason, GetParam().reason);
  EXPECT_FALSE(problem->message.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Rows, BadImportRow,
    ::testing::Values(
        BadRow{"NoId", [](auto& t) { t.clear_source_id(); }, "source_id",
               "MISSING_VALUE"},
        BadRow{"NoTime", [](auto& t) { t.clear_create_time(); }, "create_time",
               "MISSING_VALUE"},
        BadRow{"NoText", [](auto& t) { t.set_title("　"); }, "content",
               "MISSING_VALUE"},
        BadRow{
            "Year1899",
            [](auto& t) { t.mutable_create_time()->set_seconds(-2209075200); },
            "create_time", "TIME_OUT_OF_RANGE"},
        BadRow{"Year1970",
               [](auto& t) { t.mutable_create_time()->set_seconds(0); },
               "create_time", "TIME_OUT_OF_RANGE"},
        BadRow{"Future",
               [](auto& t) {
                 t.mutable_create_time()->set_seconds(1767600000 + 90000);
               },
               "create_time", "TIME_OUT_OF_RANGE"},
        BadRow{"ClosedFirst",
               [](auto& t) { t.mutable_close_time()->set_seconds(1699999999); },
               "close_time", "CLOSED_BEFORE_CREATED"},
        BadRow{"RepliedFirst",
               [](auto& t) { t.mutable_reply_time()->set_seconds(1699999999); },
               "reply_time", "REPLIED_BEFORE_CREATED"},
        BadRow{"ReplyFirst",
               [](auto& t) {
                 t.add_replies()->mutable_reply_time()->set_seconds(1699999999);
               },
               "replies", "REPLIED_BEFORE_CREATED"},
        BadRow{"NoCloseTime", [](auto& t) { t.clear_close_time(); },
               "close_time", "MISSING_VALUE"},
        BadRow{"OpenButClosed",
               [](auto& t) { t.set_state(v1::Ticket::STATE_OPEN); }, "state",
               "CLOSE_TIME_WITHOUT_CLOSURE"},
        BadRow{"Phone",
               [](auto& t) { t.mutable_caller()->set_phone("138abc"); },
               "caller.phone", "BAD_PHONE"},
        BadRow{"LongTitle", [](auto& t) { t.set_title(std::string(201, 'x')); },
               "title", "TOO_LONG"},
        BadRow{
            "LongReply",
            [](auto& t) { t.add_replies()->set_text(std::string(20001, 'x')); },
            "replies", "TOO_LONG"}),
    [](const auto& info) { return info.param.name; });

TEST(ImportRowTest, ARowThatNoConsumerCouldReceiveIsRefused) {
  v1::ImportRow row = Good();
  for (int i = 0; i < 60; ++i) {
    row.mutable_ticket()->add_replies()->set_text(std::string(19'000, 'x'));
  }
  const auto problem = CheckImportRow(kNow, row);
  ASSERT_TRUE(problem.has_value());
  EXPECT_EQ(problem->reason, "TOO_LONG");
  EXPECT_EQ(problem->field, "ticket.replies");
}

TEST(FollowImportTest, ProgressIsTakenAnotherMatterIsNot) {
  v1::Ticket stored = Good().ticket();
  stored.set_state(v1::Ticket::STATE_DISPATCHED);
  stored.clear_close_time();
  EXPECT_TRUE(MayFollowImport(stored, Good().ticket()));
  EXPECT_FALSE(MayFollowImport(Good().ticket(), stored));
  v1::Ticket other = Good().ticket();
  other.set_title("另一件事");
  EXPECT_FALSE(MayFollowImport(stored, other));
}

TEST(FollowImportTest, WhatWasDoneHereIsNotUndone) {
  const v1::Ticket row = Good().ticket();
  EXPECT_FALSE(WorkedOnHere(row, row));
  const auto worked_on = [&](auto change) {
    v1::Ticket stored = row;
    change(stored);
    return WorkedOnHere(stored, row);
  };
  EXPECT_TRUE(worked_on([](auto& t) { t.set_reopen_count(1); }));
  EXPECT_TRUE(worked_on([](auto& t) { t.set_transfer_count(1); }));
  EXPECT_TRUE(worked_on([](auto& t) { t.set_return_count(1); }));
  EXPECT_TRUE(worked_on([](auto& t) { t.add_replies()->set_text("已联系"); }));
  EXPECT_TRUE(
      worked_on([](auto& t) { t.set_state(v1::Ticket::STATE_CANCELLED); }));
  EXPECT_FALSE(
      worked_on([](auto& t) { t.set_state(v1::Ticket::STATE_REPLIED); }));
  v1::Ticket more = row;
  more.add_replies()->set_text("已联系");
  EXPECT_FALSE(WorkedOnHere(row, more));
  v1::Ticket stored = row;
  stored.add_replies()->set_text("本院的答复");
  EXPECT_TRUE(WorkedOnHere(stored, more));
}

TEST(FollowImportTest, WhatARowLeavesOpenStays) {
  v1::Ticket stored = Good().ticket();
  stored.set_category("执行");
  stored.set_key_supervision(true);
  stored.set_callback_consent(false);
  stored.set_handler("courts/110102/staff/s1");
  v1::Ticket row = Good().ticket();
  row.set_priority(v1::PRIORITY_URGENT);
  KeepWhatIsOpen(stored, row);
  EXPECT_EQ(row.category(), "执行");
  EXPECT_EQ(row.handler(), "courts/110102/staff/s1");
  EXPECT_EQ(row.priority(), v1::PRIORITY_URGENT);
  EXPECT_TRUE(row.key_supervision());
  EXPECT_TRUE(row.has_callback_consent() && !row.callback_consent());
}

}  // namespace
}  // namespace huifang::ticket

// Imports, and exports of what they brought.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <thread>
#include <vector>

#include "tests/contract/ticket/ticket_service_fixture.h"

namespace huifang::ticket {
namespace {

using ::testing::SizeIs;

using ImportContract = TicketServiceTest;

// 500 tickets of a page, with everything that people wrote, may be more than a
// client takes.
TEST_P(ImportContract, LargeTicketsComeInMorePages) {
  std::vector<v1::ImportRow> rows;
  for (int i = 1; i <= 5; ++i) {
    v1::ImportRow& row = rows.emplace_back(Row(absl::StrCat("t", i), i));
    for (int k = 0; k < 15; ++k) {
      row.mutable_ticket()->add_replies()->set_text(std::string(20'000, 'x'));
    }
    row.mutable_ticket()->set_content(std::string(20'000, 'y'));
    ASSERT_EQ(Import({row}).created_count(), 1);
  }
  // Nine of these have more than 2 MiB.
  for (int i = 6; i <= 12; ++i) {
    v1::ImportRow row = rows.front();
    row.set_line(i);
    row.mutable_ticket()->set_source_id(absl::StrCat("t", i));
    ASSERT_EQ(Import({row}).created_count(), 1);
  }
  v1::ListTicketsRequest list;
  list.set_parent(kCourt);
  list.set_page_size(500);
  ASSERT_OK_AND_ASSIGN(v1::ListTicketsResponse page,
                       Call(&Stub::ListTickets, list));
  EXPECT_LT(page.ByteSizeLong(), std::size_t{4} << 20);
  int seen = page.tickets_size();
  EXPECT_LT(seen, 12);
  while (!page.next_page_token().empty()) {
    list.set_page_token(page.next_page_token());
    page = Call(&Stub::ListTickets, list).value();
    seen += page.tickets_size();
  }
  EXPECT_EQ(seen, 12);
  v1::ExportTicketsRequest request;
  request.set_parent(kCourt);
  grpc::ClientContext context;
  const auto reader = stub_->ExportTickets(&context, request);
  v1::ExportTicketsResponse response;
  int exported = 0;
  while (reader->Read(&response)) exported += response.tickets_size();
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(exported, 12);
}

TEST_P(ImportContract, ImportTakesGoodRowsAndNamesBadOnes) {
  std::vector<v1::ImportRow> rows = {Row("a", 2), Row("b", 3), Row("c", 4),
                                     Row("d", 5)};
  rows[1].set_division_label("不存在的庭");
  *rows[2].mutable_ticket()->mutable_close_time() =
      ToTimestamp(host_.clock().Now() - absl::Hours(100));
  const v1::ImportTicketsResponse first = Import(rows);
  EXPECT_EQ(first.created_count(), 2);
  ASSERT_THAT(first.results(), SizeIs(2));
  EXPECT_EQ(first.results(0).line(), 3);
  EXPECT_EQ(first.results(0).reason(), "UNKNOWN_DIVISION");
  EXPECT_EQ(first.results(1).reason(), "CLOSED_BEFORE_CREATED");
  const v1::ImportTicketsResponse again = Import({rows[0], rows[3]});
  EXPECT_EQ(again.unchanged_count(), 2);
  rows[0].mutable_ticket()->set_title("另一件事");
  EXPECT_EQ(Import({rows[0]}).results(0).reason(), "DUPLICATE_SOURCE_ID");
}

// Batches that come faster than they are written share a commit, but never one
// of two courts.
TEST_P(ImportContract, BatchesOfAStreamAreAnsweredInTheirOrder) {
  constexpr int kBatches = 24;
  grpc::ClientContext context;
  const auto stream = stub_->ImportTickets(&context);
  std::thread sender([&] {
    for (int i = 0; i < kBatches; ++i) {
      v1::ImportTicketsRequest request;
      request.set_parent(i % 4 == 3 ? "courts/110105" : kCourt);
      for (int line = 0; line <= i; ++line) {
        v1::ImportRow row = Row(absl::StrCat("r", line), line);
        row.clear_division_label();
        *request.add_rows() = row;
      }
      EXPECT_TRUE(stream->Write(request));
    }
    stream->WritesDone();
  });
  std::map<std::string, int> known;
  for (int i = 0; i < kBatches; ++i) {
    v1::ImportTicketsResponse response;
    EXPECT_TRUE(stream->Read(&response)) << i;
    int& there = known[i % 4 == 3 ? "courts/110105" : kCourt];
    EXPECT_EQ(response.unchanged_count(), there) << i;
    EXPECT_EQ(response.created_count(), i + 1 - there) << i;
    there = i + 1;
  }
  sender.join();
  EXPECT_TRUE(stream->Finish().ok());
  for (const auto& [court, count] : known) {
    v1::ListTicketsRequest list;
    list.set_parent(court);
    list.set_page_size(100);
    EXPECT_EQ(Call(&Stub::ListTickets, list)->tickets_size(), count) << court;
  }
}

TEST_P(ImportContract, ImportedTicketMayMoveOnButNotBack) {
  v1::ImportRow open = Row("a", 2);
  open.mutable_ticket()->set_state(v1::Ticket::STATE_DISPATCHED);
  open.mutable_ticket()->clear_close_time();
  EXPECT_EQ(Import({open}).created_count(), 1);
  EXPECT_EQ(Import({Row("a", 2)}).updated_count(), 1);
  EXPECT_EQ(Import({open}).rejected_count(), 1);
}

// At every moment: while a batch is read, prepared, written, answered.
TEST_P(ImportContract, CancelledImportsLeaveTheServiceWhole) {
  constexpr int kImports = 100;
  for (int i = 0; i < kImports; ++i) {
    grpc::ClientContext context;
    const auto stream = stub_->ImportTickets(&context);
    v1::ImportTicketsRequest request;
    request.set_parent(kCourt);
    for (int line = 0; line < 20; ++line) {
      *request.add_rows() = Row(absl::StrCat("c", i, "-", line), line);
    }
    v1::ImportTicketsResponse response;
    // No more than is taken before somebody reads the first answer.
    for (int batch = 0; batch <= i % 3; ++batch) stream->Write(request);
    if (i % 2 == 1) stream->Read(&response);
    context.TryCancel();
    while (stream->Read(&response)) {
    }
    EXPECT_FALSE(stream->Finish().ok()) << i;
  }
  EXPECT_EQ(Import({Row("last", 1)}).created_count(), 1);
}

TEST_P(ImportContract, ImportDoesNotUndoWhatWasDoneHere) {
  v1::ImportRow row = Row("a", 2);
  EXPECT_EQ(Import({row}).created_count(), 1);
  v1::ListTicketsRequest list;
  list.set_parent(kCourt);
  v1::ReopenTicketRequest reopen;
  reopen.set_name(Call(&Stub::ListTickets, list)->tickets(0).name());
  reopen.set_reason("诉求人称未解决");
  ASSERT_OK(Call(&Stub::ReopenTicket, reopen));
  row.mutable_ticket()->set_category("执行");
  const v1::ImportTicketsResponse again = Import({row, Row("b", 3)});
  EXPECT_EQ(again.created_count(), 1);
  ASSERT_THAT(again.results(), SizeIs(1));
  EXPECT_EQ(again.results(0).reason(), "WORKED_ON_HERE");
  v1::GetTicketRequest get;
  get.set_name(reopen.name());
  EXPECT_EQ(Call(&Stub::GetTicket, get)->state(), v1::Ticket::STATE_REOPENED);
}

TEST_P(ImportContract, ReplyWithoutATimeIsKnownSinceItWasImported) {
  v1::ImportRow row = Row("a", 2);
  row.mutable_ticket()->set_state(v1::Ticket::STATE_REPLIED);
  row.mutable_ticket()->clear_close_time();
  row.mutable_ticket()->add_replies()->set_text("已电话联系");
  EXPECT_EQ(Import({row}).created_count(), 1);
  v1::ListTicketsRequest list;
  list.set_parent(kCourt);
  const v1::Ticket found = Call(&Stub::ListTickets, list)->tickets(0);
  EXPECT_GE(found.reply_time().seconds(), found.create_time().seconds());
  EXPECT_GE(found.replies(0).reply_time().seconds(),
            found.create_time().seconds());
}

TEST_P(ImportContract, ImportedRepeatIsLinkedToTheTicketBefore) {
  v1::ImportRow first = Row("a", 1);
  v1::ImportRow second = Row("b", 2);
  for (v1::ImportRow* row : {&first, &second}) {
    row->mutable_ticket()->mutable_caller()->set_phone("13800001234");
    row->mutable_ticket()->set_case_number("(2021)京0102民初7664号");
  }
  *second.mutable_ticket()->mutable_create_time() = ToTimestamp(
      FromTimestamp(first.ticket().create_time()) + absl::Minutes(30));
  EXPECT_EQ(Import({first, second}).created_count(), 2);
  v1::ListTicketsRequest list;
  list.set_parent(kCourt);
  const auto found = Call(&Stub::ListTickets, list);
  ASSERT_OK(found);
  ASSERT_THAT(found->tickets(), SizeIs(2));
  EXPECT_EQ(found->tickets(0).repeat_of(), found->tickets(1).name());
  EXPECT_EQ(found->tickets(1).repeat_of(), "");
}

TEST_P(ImportContract, ImportedRowCannotClaimToBeARepeat) {
  v1::ImportRow row = Row("a", 1);
  row.mutable_ticket()->set_repeat_of("courts/110102/tickets/of-somebody");
  Import({row});
  v1::ListTicketsRequest list;
  list.set_parent(kCourt);
  const auto found = Call(&Stub::ListTickets, list);
  ASSERT_OK(found);
  ASSERT_THAT(found->tickets(), SizeIs(1));
  EXPECT_EQ(found->tickets(0).repeat_of(), "");
}

TEST_P(ImportContract, ExportIsTheFrameOfAWeek) {
  Import({Row("a", 1), Row("b", 2), Row("c", 3)});
  Created();  // open: not in the frame
  v1::ExportTicketsRequest request;
  request.set_parent(kCourt);
  *request.mutable_filter()->mutable_close_time_from() =
      ToTimestamp(host_.clock().Now() - absl::Hours(200));
  request.set_without_text(true);
  grpc::ClientContext context;
  const auto stream = stub_->ExportTickets(&context, request);
  v1::ExportTicketsResponse response;
  int tickets = 0;
  while (stream->Read(&response)) tickets += response.tickets_size();
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(tickets, 3);
}

TEST_P(ImportContract, AnExportReadsOnlyTheFieldsAskedFor) {
  v1::ImportRow row = Row("a", 1);
  row.mutable_ticket()->set_title("标题");
  Import({row});
  v1::ExportTicketsRequest request;
  request.set_parent(kCourt);
  request.mutable_read_mask()->add_paths("kind");
  // What is searched in need not come along.
  request.mutable_filter()->set_text(row.ticket().content());
  const auto read = [&](v1::ExportTicketsResponse& response) {
    grpc::ClientContext context;
    const auto stream = stub_->ExportTickets(&context, request);
    stream->Read(&response);
    v1::ExportTicketsResponse rest;
    while (stream->Read(&rest)) {
    }
    return rpc::FromGrpcStatus(stream->Finish());
  };
  v1::ExportTicketsResponse response;
  ASSERT_OK(read(response));
  ASSERT_THAT(response.tickets(), SizeIs(1));
  const v1::Ticket& ticket = response.tickets(0);
  EXPECT_NE(ticket.name(), "");
  EXPECT_EQ(ticket.kind(), row.ticket().kind());
  EXPECT_TRUE(ticket.has_close_time());
  EXPECT_EQ(ticket.title(), "");
  EXPECT_EQ(ticket.content(), "");
  EXPECT_FALSE(ticket.has_caller());
  request.mutable_read_mask()->add_paths("no_such_field");
  EXPECT_EQ(read(response).code(), absl::StatusCode::kInvalidArgument);
}

INSTANTIATE_TEST_SUITE_P(Engines, ImportContract,
                         ::testing::ValuesIn(Engines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang::ticket

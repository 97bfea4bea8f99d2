#include "services/ticket/ticket_fields.h"

#include <gtest/gtest.h>

namespace huifang::ticket {
namespace {

v1::Ticket Full() {
  v1::Ticket ticket;
  ticket.set_name("courts/110102/tickets/a");
  ticket.set_title("标题");
  ticket.set_content("内容");
  ticket.set_division("courts/110102/divisions/civil-1");
  ticket.set_state(v1::Ticket::STATE_CLOSED);
  ticket.mutable_caller()->set_phone("138****1234");
  ticket.mutable_create_time()->set_seconds(1);
  ticket.mutable_due_time()->set_seconds(2);
  ticket.mutable_close_time()->set_seconds(3);
  ticket.add_replies()->set_text("答复");
  return ticket;
}

v1::Ticket Kept(const v1::ExportTicketsRequest& request) {
  v1::Ticket ticket;
  EXPECT_TRUE(ticket.ParseFromString(
      KeepFields(Full().SerializeAsString(), FieldsOf(request)).value()));
  return ticket;
}

TEST(TicketFields, NoMaskKeepsEverything) {
  EXPECT_EQ(Kept({}).SerializeAsString(), Full().SerializeAsString());
}

TEST(TicketFields, WithoutTextLeavesOutContentAndRepliesOnly) {
  v1::ExportTicketsRequest request;
  request.set_without_text(true);
  v1::Ticket rest = Full();
  rest.clear_content();
  rest.clear_replies();
  EXPECT_EQ(Kept(request).SerializeAsString(), rest.SerializeAsString());
  request.mutable_read_mask()->add_paths("content");
  EXPECT_EQ(Kept(request).content(), "");
}

TEST(TicketFields, AMaskKeepsItsFieldsAndWhatAPageEndsWith) {
  v1::ExportTicketsRequest request;
  request.mutable_read_mask()->add_paths("division");
  request.mutable_read_mask()->add_paths("caller");
  const v1::Ticket kept = Kept(request);
  EXPECT_EQ(kept.name(), Full().name());
  EXPECT_EQ(kept.division(), Full().division());
  EXPECT_EQ(kept.caller().phone(), Full().caller().phone());
  EXPECT_EQ(kept.create_time().seconds(), 1);
  EXPECT_EQ(kept.close_time().seconds(), 3);
  EXPECT_EQ(kept.title(), "");
  EXPECT_EQ(kept.state(), v1::Ticket::STATE_UNSPECIFIED);
  EXPECT_FALSE(kept.has_due_time());
  EXPECT_EQ(kept.replies_size(), 0);
}

TEST(TicketFields, OverdueComesWithWhatItIsWorkedOutFrom) {
  v1::ExportTicketsRequest request;
  request.mutable_read_mask()->add_paths("overdue");
  const v1::Ticket kept = Kept(request);
  EXPECT_EQ(kept.state(), v1::Ticket::STATE_CLOSED);
  EXPECT_TRUE(kept.has_due_time());
}

TEST(TicketFields, ABrokenBodyIsNotSent) {
  EXPECT_EQ(KeepFields("\x0a\x7f", FieldSet()).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST(TicketFields, AnUnparsedTicketLooksTheSameOnTheWire) {
  v1::ExportTicketsResponse parsed;
  v1::ExportTicketsResponse raw;
  for (int i = 0; i < 2; ++i) {
    *parsed.add_tickets() = Full();
    AddSerialized(Full().SerializeAsString(), raw);
  }
  EXPECT_EQ(raw.SerializeAsString(), parsed.SerializeAsString());
}

}  // namespace
}  // namespace huifang::ticket

// The ticket service as its callers see it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/contract/ticket/ticket_service_fixture.h"

namespace huifang::ticket {
namespace {

using ::huifang::testing::HasReason;
using ::huifang::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

using TicketServiceContract = TicketServiceTest;

TEST_P(TicketServiceContract, PersonalDataIsMaskedAndSealedAtRest) {
  const v1::Ticket ticket = Created();
  EXPECT_EQ(ticket.caller().phone(), "138****1234");
  EXPECT_EQ(ticket.caller().display_name(), "杨**");
  ASSERT_OK(db_->Read([&](sql::Session& session) {
    return session.Query(
        "SELECT body, sealed FROM tickets UNION ALL "
        "SELECT payload, payload FROM events",
        {}, [&](const sql::Row& row) {
          for (const int column : {0, 1}) {
            EXPECT_THAT(row.Blob(column), Not(HasSubstr("13800001234")));
            EXPECT_THAT(row.Blob(column), Not(HasSubstr("小明")));
          }
          return absl::OkStatus();
        });
  }));
  v1::RevealCallerRequest reveal;
  reveal.set_name(ticket.name());
  EXPECT_THAT(Call(&Stub::RevealCaller, reveal), HasReason("INVALID_FIELDS"));
  reveal.set_reason("回访");
  EXPECT_EQ(Call(&Stub::RevealCaller, reveal)->phone(), "13800001234");
}

TEST_P(TicketServiceContract, RepeatedCreateIsTheSameTicket) {
  v1::CreateTicketRequest request = NewTicket();
  request.set_request_id(kRequestId);
  const v1::Ticket first = Call(&Stub::CreateTicket, request).value();
  EXPECT_EQ(Call(&Stub::CreateTicket, request)->name(), first.name());
  request.mutable_ticket()->set_content("别的");
  EXPECT_THAT(Call(&Stub::CreateTicket, request),
              HasReason("REQUEST_ID_REUSED"));
}

TEST_P(TicketServiceContract, LifeRunsFromDispatchToClosure) {
  const v1::Ticket ticket = Created();
  v1::CloseTicketRequest early;
  early.set_name(ticket.name());
  EXPECT_THAT(Call(&Stub::CloseTicket, early),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  const v1::Ticket closed = Closed(ticket.name());
  EXPECT_EQ(closed.state(), v1::Ticket::STATE_CLOSED);
  EXPECT_TRUE(closed.has_close_time());
  EXPECT_FALSE(closed.overdue());
  v1::GetTicketTimelineRequest timeline;
  timeline.set_name(ticket.name());
  EXPECT_THAT(Call(&Stub::GetTicketTimeline, timeline)->entries(),
              SizeIs(5));  // created, dispatched, accepted, reply, closed
}

TEST_P(TicketServiceContract, StaleEtagIsRefused) {
  const v1::Ticket ticket = Created();
  EXPECT_OK(Dispatch(ticket.name(), ticket.etag()));
  EXPECT_THAT(Dispatch(ticket.name(), ticket.etag()), HasReason("STALE_ETAG"));
}

TEST_P(TicketServiceContract, UnknownDivisionIsNotFound) {
  v1::DispatchTicketRequest request;
  request.set_name(Created().name());
  request.set_division("courts/110102/divisions/nowhere");
  EXPECT_THAT(Call(&Stub::DispatchTicket, request),
              HasReason("NOT_IN_DIRECTORY"));
}

TEST_P(TicketServiceContract, ForeignCourtSeesNothing) {
  const v1::Ticket ticket = Created();
  host_.admission().SetCaller(host_.CallAs("admin", "110105"));
  EXPECT_THAT(Get(ticket.name()),
              StatusIs(absl::StatusCode::kPermissionDenied));
  host_.admission().SetCaller(host_.CallAs("admin", ""));
  const std::string id = ticket.name().substr(ticket.name().rfind('/'));
  EXPECT_THAT(Get("courts/110105/tickets" + id), HasReason("NO_TICKET"));
}

TEST_P(TicketServiceContract, WrongRoleIsRefused) {
  host_.admission().SetCaller(host_.CallAs("leader", "110102"));
  EXPECT_THAT(Call(&Stub::CreateTicket, NewTicket()),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_P(TicketServiceContract, PagesCoverAllOnceAndTokensFitTheirQuery) {
  for (int i = 0; i < 7; ++i) {
    Created();
    host_.clock().Advance(absl::Seconds(i % 2));  // equal times too
  }
  v1::ListTicketsRequest request;
  request.set_parent(kCourt);
  request.set_page_size(3);
  std::set<std::string> names;
  int pages = 0;
  do {
    const auto page = Call(&Stub::ListTickets, request);
    ASSERT_OK(page);
    for (const v1::Ticket& ticket : page->tickets()) {
      EXPECT_TRUE(names.insert(ticket.name()).second);
    }
    request.set_page_token(page->next_page_token());
    ++pages;
    if (pages == 1) {
      v1::ListTicketsRequest other = request;
      other.mutable_filter()->set_division(kDivision);
      EXPECT_THAT(Call(&Stub::ListTickets, other),
                  StatusIs(absl::StatusCode::kInvalidArgument));
    }
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 3);
  EXPECT_THAT(names, SizeIs(7));
}

TEST_P(TicketServiceContract, RepeatCallerIsFoundByPhoneAndByCase) {
  const v1::Ticket first = Created();
  host_.clock().Advance(absl::Hours(5));
  const v1::Ticket second = Created();
  EXPECT_EQ(second.repeat_of(), first.name());
  v1::GetCallerTimelineRequest by_phone;
  by_phone.set_parent(kCourt);
  by_phone.set_phone("+86 138-0000-1234");
  const auto found = Call(&Stub::GetCallerTimeline, by_phone);
  ASSERT_OK(found);
  ASSERT_THAT(found->tickets(), SizeIs(2));
  EXPECT_EQ(found->tickets(0).name(), second.name());
  v1::GetCallerTimelineRequest by_case;
  by_case.set_parent(kCourt);
  by_case.set_case_number("(2021)京0102民初7664号");
  EXPECT_THAT(Call(&Stub::GetCallerTimeline, by_case)->tickets(), SizeIs(2));
  by_phone.set_phone("138000012AB");
  EXPECT_THAT(Call(&Stub::GetCallerTimeline, by_phone),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

// Its task may wait for days until somebody redrives it.
TEST_P(TicketServiceContract, ConveyanceIsTriedAgainAfterDaysAndWrittenOnce) {
  const std::string name = Closed(Created().name()).name();
  v1::AddConveyanceRequest words;
  words.set_name(name);
  words.set_text("希望给个时间");
  words.set_conveyance("courts/110102/conveyances/c1");
  words.set_request_id(kRequestId);
  v1::ReopenTicketRequest reopen;
  reopen.set_name(name);
  reopen.set_reason("回访反映未解决");
  reopen.set_conveyance(words.conveyance());
  reopen.set_request_id(kRequestId);
  ASSERT_OK(Call(&Stub::AddConveyance, words));
  ASSERT_OK(Call(&Stub::ReopenTicket, reopen));
  const v1::Ticket closed = Closed(name);

  host_.clock().Advance(absl::Hours(25));
  ASSERT_OK(ExpireRequests(*db_, host_.clock().Now(), 1000));
  ASSERT_OK(Call(&Stub::AddConveyance, words));
  ASSERT_OK(Call(&Stub::ReopenTicket, reopen));
  EXPECT_EQ(Get(name)->DebugString(), closed.DebugString());
  reopen.clear_conveyance();
  reopen.clear_request_id();
  EXPECT_EQ(Call(&Stub::ReopenTicket, reopen)->reopen_count(), 2)
      << "a person asks anew";
}

TEST_P(TicketServiceContract, CancelNeedsASecondPerson) {
  const v1::Ticket ticket = Created();
  v1::CancelTicketRequest cancel;
  cancel.set_name(ticket.name());
  cancel.set_reason("重复登记");
  cancel.set_approver(kHead);
  host_.admission().SetCaller(host_.CallAs("head", "110102", kHead));
  EXPECT_THAT(Call(&Stub::CancelTicket, cancel),
              StatusIs(absl::StatusCode::kInvalidArgument));
  host_.admission().SetCaller(host_.CallAs("head", "110102", kJudge));
  EXPECT_EQ(Call(&Stub::CancelTicket, cancel)->state(),
            v1::Ticket::STATE_CANCELLED);
}

INSTANTIATE_TEST_SUITE_P(Engines, TicketServiceContract,
                         ::testing::ValuesIn(Engines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang::ticket

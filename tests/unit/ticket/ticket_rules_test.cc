#include "services/ticket/ticket_rules.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "services/common/error.h"

namespace huifang::ticket {
namespace {

using State = v1::Ticket::State;

const absl::Time kNow = absl::FromUnixSeconds(1767600000);
const Assignment kFirst = {"courts/110102/divisions/civil-1", "",
                           "courts/110102/staff/zhang"};
const Assignment kOther = {"courts/110102/divisions/civil-2", "", ""};

v1::Reply Words(const char* text) {
  v1::Reply reply;
  reply.set_text(text);
  return reply;
}

v1::Ticket In(State state) {
  v1::Ticket ticket;
  ticket.set_state(state);
  ticket.set_division(kFirst.division);
  ticket.set_handler(kFirst.handler);
  return ticket;
}

using Verb = std::function<absl::Status(v1::Ticket&)>;

const std::map<std::string, Verb>& Verbs() {
  static const auto* const kVerbs = new std::map<std::string, Verb>{
      {"answer", [](auto& t) { return Answer(Words("w"), kNow, t); }},
      {"dispatch", [](auto& t) { return Dispatch(kFirst, kNow, t); }},
      {"accept", [](auto& t) { return Accept("", t); }},
      {"reply", [](auto& t) { return AddReply(Words("w"), kNow, t); }},
      {"close", [](auto& t) { return Close(kNow, t); }},
      {"return", [](auto& t) { return Return("not ours", t); }},
      {"transfer", [](auto& t) { return Transfer(kOther, "theirs", t); }},
      {"reopen", [](auto& t) { return Reopen("unsolved", t); }},
      {"cancel", [](auto& t) { return Cancel("twice", "head", "me", t); }},
  };
  return *kVerbs;
}

// Every verb in every state: what the life allows, and nothing else.
TEST(TicketLifeTest, OnlyTheseMovesExist) {
  const std::map<State, std::map<std::string, State>> life = {
      {v1::Ticket::STATE_OPEN,
       {{"answer", v1::Ticket::STATE_ANSWERED_AT_DESK},
        {"dispatch", v1::Ticket::STATE_DISPATCHED},
        {"cancel", v1::Ticket::STATE_CANCELLED}}},
      {v1::Ticket::STATE_DISPATCHED,
       {{"accept", v1::Ticket::STATE_ACCEPTED},
        {"return", v1::Ticket::STATE_RETURNED},
        {"transfer", v1::Ticket::STATE_DISPATCHED},
        {"cancel", v1::Ticket::STATE_CANCELLED}}},
      {v1::Ticket::STATE_ACCEPTED,
       {{"reply", v1::Ticket::STATE_REPLIED},
        {"return", v1::Ticket::STATE_RETURNED},
        {"transfer", v1::Ticket::STATE_DISPATCHED},
        {"cancel", v1::Ticket::STATE_CANCELLED}}},
      {v1::Ticket::STATE_REPLIED,
       {{"reply", v1::Ticket::STATE_REPLIED},
        {"close", v1::Ticket::STATE_CLOSED},
        {"cancel", v1::Ticket::STATE_CANCELLED}}},
      {v1::Ticket::STATE_CLOSED, {{"reopen", v1::Ticket::STATE_REOPENED}}},
      {v1::Ticket::STATE_ANSWERED_AT_DESK,
       {{"reopen", v1::Ticket::STATE_REOPENED}}},
      {v1::Ticket::STATE_RETURNED,
       {{"answer", v1::Ticket::STATE_ANSWERED_AT_DESK},
        {"dispatch", v1::Ticket::STATE_DISPATCHED},
        {"cancel", v1::Ticket::STATE_CANCELLED}}},
      {v1::Ticket::STATE_REOPENED,
       {{"answer", v1::Ticket::STATE_ANSWERED_AT_DESK},
        {"dispatch", v1::Ticket::STATE_DISPATCHED},
        {"cancel", v1::Ticket::STATE_CANCELLED}}},
      {v1::Ticket::STATE_CANCELLED, {}},
  };
  for (const auto& [state, moves] : life) {
    for (const auto& [name, verb] : Verbs()) {
      v1::Ticket ticket = In(state);
      const absl::Status status = verb(ticket);
      const auto move = moves.find(name);
      if (move != moves.end()) {
        EXPECT_TRUE(status.ok()) << name << " " << StateName(state) << status;
        EXPECT_EQ(ticket.state(), move->second) << name;
      } else {
        EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition)
            << name << " " << StateName(state);
        EXPECT_EQ(ErrorReason(status), "WRONG_STATE");
        EXPECT_EQ(ticket.SerializeAsString(), In(state).SerializeAsString());
      }
    }
  }
}

TEST(TicketLifeTest, WrongStateSaysWhatCanBeDone) {
  v1::Ticket ticket = In(v1::Ticket::STATE_DISPATCHED);
  const absl::Status status = Close(kNow, ticket);
  EXPECT_TRUE(absl::StrContains(status.message(),
                                "DISPATCHED; it can be: accept, return"))
      << status;
}

TEST(TicketLifeTest, OnlyTheFirstDispatchStartsTheClock) {
  v1::Ticket ticket = In(v1::Ticket::STATE_OPEN);
  ASSERT_TRUE(Dispatch(kFirst, kNow, ticket).ok());
  const std::int64_t first = ticket.dispatch_time().seconds();
  ASSERT_TRUE(Return("not ours", ticket).ok());
  ASSERT_TRUE(Dispatch(kOther, kNow + absl::Hours(48), ticket).ok());
  ASSERT_TRUE(Transfer(kFirst, "back", ticket).ok());
  EXPECT_EQ(ticket.dispatch_time().seconds(), first);
  EXPECT_EQ(ticket.return_count(), 1);
  EXPECT_EQ(ticket.transfer_count(), 1);
}

TEST(TicketLifeTest, TransferMustGoSomewhereElseWithAReason) {
  v1::Ticket ticket = In(v1::Ticket::STATE_ACCEPTED);
  EXPECT_FALSE(Transfer(kFirst, "same", ticket).ok());
  EXPECT_FALSE(Transfer(kOther, "", ticket).ok());
  EXPECT_FALSE(Transfer(kOther, "　", ticket).ok());
  EXPECT_FALSE(Transfer({}, "nowhere", ticket).ok());
  EXPECT_EQ(ticket.transfer_count(), 0);
}

TEST(TicketLifeTest, AcceptingNeedsAHandler) {
  v1::Ticket ticket = In(v1::Ticket::STATE_DISPATCHED);
  ticket.clear_handler();
  EXPECT_EQ(Accept("", ticket).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(Accept("courts/110102/staff/li", ticket).ok());
  EXPECT_EQ(ticket.handler(), "courts/110102/staff/li");
}

TEST(TicketLifeTest, NobodyCancelsAlone) {
  v1::Ticket ticket = In(v1::Ticket::STATE_OPEN);
  EXPECT_FALSE(Cancel("why", "", "me", ticket).ok());
  EXPECT_FALSE(Cancel("why", "me", "me", ticket).ok());
  EXPECT_FALSE(Cancel("", "head", "me", ticket).ok());
  EXPECT_EQ(ticket.state(), v1::Ticket::STATE_OPEN);
}

TEST(ReplyTest, EditIsANewRevisionAndTheFirstReplyTimeStays) {
  v1::Ticket ticket = In(v1::Ticket::STATE_ACCEPTED);
  ASSERT_TRUE(AddReply(Words("first"), kNow, ticket).ok());
  v1::Reply edit = Words("second");
  edit.set_replaces_revision(1);
  edit.set_by_phone(true);
  ASSERT_TRUE(AddReply(edit, kNow + absl::Hours(1), ticket).ok());
  ASSERT_EQ(ticket.replies_size(), 2);
  EXPECT_EQ(ticket.replies(0).text(), "first");
  EXPECT_EQ(ticket.replies(1).revision(), 2);
  EXPECT_EQ(ticket.replies(1).replaces_revision(), 1);
  EXPECT_EQ(ticket.reply_time().seconds(), absl::ToUnixSeconds(kNow));
  EXPECT_TRUE(ticket.contact_recorded());
  edit.set_replaces_revision(3);
  EXPECT_FALSE(AddReply(edit, kNow, ticket).ok());
}

TEST(ReplyTest, EmptyOrBrokenWordsAreNoReply) {
  v1::Ticket ticket = In(v1::Ticket::STATE_ACCEPTED);
  EXPECT_FALSE(AddReply(Words(" 　 "), kNow, ticket).ok());
  EXPECT_FALSE(AddReply(Words("\xff"), kNow, ticket).ok());
  EXPECT_EQ(ticket.state(), v1::Ticket::STATE_ACCEPTED);
  EXPECT_EQ(ticket.replies_size(), 0);
}

TEST(ReopenTest, CountsAndIsOpenAgain) {
  v1::Ticket ticket = In(v1::Ticket::STATE_REPLIED);
  ASSERT_TRUE(Close(kNow, ticket).ok());
  EXPECT_TRUE(IsClosed(ticket.state()));
  ASSERT_TRUE(Reopen("unsolved", ticket).ok());
  EXPECT_FALSE(ticket.has_close_time());
  EXPECT_EQ(ticket.reopen_count(), 1);
  EXPECT_FALSE(IsFinished(ticket.state()));
}

}  // namespace
}  // namespace huifang::ticket

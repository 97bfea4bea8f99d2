#include "services/reporting/repeat_call_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/common/clock.h"
#include "services/common/proto_time.h"
#include "services/reporting/period_rules.h"

namespace huifang::reporting {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kCourt[] = "110102";
constexpr char kCase[] = "(2021)京0102民初7664号";

absl::Time Now() {
  return absl::FromCivil(absl::CivilHour(2019, 7, 29, 14), CourtTimeZone());
}

WatchedTicket TicketOf(const std::string& id, const std::string& caller,
                       bool re_raised, int days_ago = 3) {
  WatchedTicket ticket;
  ticket.id = id;
  ticket.caller = caller;
  ticket.re_raised = re_raised;
  ticket.division = "civil-1";
  ticket.create_time = Now() - days_ago * absl::Hours(24);
  return ticket;
}

// Four tickets of one caller, three of them re-raised.
std::vector<WatchedTicket> FourOf(const std::string& caller) {
  std::vector<WatchedTicket> tickets;
  for (int i = 0; i < 4; ++i) {
    tickets.push_back(TicketOf(absl::StrCat(caller, i), caller, i > 0, 9 - i));
  }
  return tickets;
}

std::vector<v1::Alert> Look(const std::vector<WatchedTicket>& tickets,
                            const AlertPolicy& policy = {}) {
  return RepeatCalls(kCourt, tickets,
                     {{"courts/110102/divisions/civil-1", "民事审判一庭"}},
                     Now(), policy);
}

TEST(RepeatCallRules, OneCallerAgainAndAgainRaisesOneAlertWithItsTickets) {
  std::vector<WatchedTicket> tickets = FourOf("k1");
  tickets[0].close_time = Now() - absl::Hours(24);
  const std::vector<v1::Alert> alerts = Look(tickets);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].rule(), v1::Alert::RULE_REPEAT_CALLER);
  EXPECT_EQ(alerts[0].caller_key(), "k1");
  EXPECT_EQ(alerts[0].division(), "courts/110102/divisions/civil-1");
  EXPECT_EQ(alerts[0].role(), "head");
  EXPECT_EQ(alerts[0].period(), "2019-W31");
  EXPECT_THAT(alerts[0].summary(),
              HasSubstr("同一来电人30日内来电4次，其中同一事项重复反映3次；"
                        "在办3件；涉及民事审判一庭"));
  ASSERT_THAT(alerts[0].tickets(), SizeIs(4));
  EXPECT_EQ(alerts[0].tickets(0).name(), "courts/110102/tickets/k13");
  EXPECT_TRUE(alerts[0].tickets(0).re_raised());
  EXPECT_FALSE(alerts[0].tickets(3).re_raised());
  EXPECT_TRUE(alerts[0].tickets(3).closed());
  EXPECT_EQ(alerts[0].observations(0).label(), "2019-06-30/2019-07-29");
  EXPECT_EQ(alerts[0].observations(0).numerator(), 4);
  EXPECT_EQ(alerts[0].observations(0).upper_limit(), 3);
}

TEST(RepeatCallRules, FewerTicketsRaiseNothing) {
  std::vector<WatchedTicket> tickets = FourOf("k1");
  tickets.pop_back();
  EXPECT_THAT(Look(tickets), IsEmpty());
  EXPECT_THAT(Look(tickets, {.repeat = {.tickets = 3}}), SizeIs(1));
}

TEST(RepeatCallRules, NoneIsRaisedWhereItIsOff) {
  EXPECT_THAT(Look(FourOf("k1"), {.repeat = {.tickets = 0}}), IsEmpty());
}

TEST(RepeatCallRules, WhoHasSeveralMattersIsNoCluster) {
  std::vector<WatchedTicket> tickets = FourOf("counsel");
  for (WatchedTicket& ticket : tickets) ticket.re_raised = false;
  EXPECT_THAT(Look(tickets), IsEmpty());
}

TEST(RepeatCallRules, UnknownCallersAreNotOneCaller) {
  EXPECT_THAT(Look(FourOf("")), IsEmpty());
}

TEST(RepeatCallRules, OneCaseIsOneAlertWhoeverCalls) {
  std::vector<WatchedTicket> tickets;
  for (int i = 0; i < 4; ++i) {
    tickets.push_back(TicketOf(absl::StrCat("t", i),
                               i < 2 ? "plaintiff" : "defendant", false));
    tickets.back().case_number = kCase;
  }
  const std::vector<v1::Alert> alerts = Look(tickets);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].case_number(), kCase);
  EXPECT_EQ(alerts[0].caller_key(), "");
  EXPECT_THAT(alerts[0].summary(), HasSubstr(kCase));
}

TEST(RepeatCallRules, TheCallerOfSuchACaseIsNotRungTwice) {
  std::vector<WatchedTicket> tickets = FourOf("k1");
  for (WatchedTicket& ticket : tickets) ticket.case_number = kCase;
  EXPECT_THAT(Look(tickets), SizeIs(1));
  for (WatchedTicket& other : FourOf("k1")) {
    other.id += "-other";
    tickets.push_back(other);
  }
  const std::vector<v1::Alert> alerts = Look(tickets);
  ASSERT_THAT(alerts, SizeIs(2));
  EXPECT_EQ(alerts[1].caller_key(), "k1");
  EXPECT_THAT(alerts[1].tickets(), SizeIs(4));
}

TEST(RepeatCallRules, SeveralDivisionsAreTheOfficersBusiness) {
  std::vector<WatchedTicket> tickets = FourOf("k1");
  tickets[1].division = "civil-2";
  const std::vector<v1::Alert> alerts = Look(tickets);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].division(), "");
  EXPECT_EQ(alerts[0].role(), "officer");
}

TEST(RepeatCallRules, OnlyAnotherCallMakesAnotherAlert) {
  std::vector<WatchedTicket> tickets = FourOf("k1");
  const std::string name = Look(tickets)[0].name();
  const auto later =
      RepeatCalls(kCourt, tickets, {}, Now() + absl::Hours(24 * 9), {});
  ASSERT_THAT(later, SizeIs(1));
  EXPECT_EQ(later[0].name(), name);
  tickets.push_back(TicketOf("k1-new", "k1", true, 1));
  EXPECT_NE(Look(tickets)[0].name(), name);
}

TEST(RepeatCallRules, TheSeriesIsTheCallersAndNotTheDivisions) {
  std::vector<WatchedTicket> tickets = FourOf("k1");
  const v1::Alert one = Look(tickets)[0];
  tickets[1].division = "civil-2";
  EXPECT_EQ(SeriesOf(Look(tickets)[0]), SeriesOf(one));
  EXPECT_NE(SeriesOf(Look(FourOf("k2"))[0]), SeriesOf(one));
}

}  // namespace
}  // namespace huifang::reporting

#include "services/reporting/lasting_alert_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/common/proto_time.h"
#include "tests/support/matchers.h"

namespace huifang::reporting {
namespace {

using ::testing::SizeIs;

constexpr char kCourt[] = "110102";
const absl::Time kNow = absl::FromUnixSeconds(1564390800);

class LastingAlertRules : public ::testing::Test {
 protected:
  LastingAlertRules() {
    for (const char* id : {"t1", "t2"}) {
      WatchedTicket ticket;
      ticket.id = id;
      ticket.division = "civil-1";
      ticket.create_time = kNow - absl::Hours(24);
      ticket.due_time = kNow + absl::Hours(4);
      tickets_[id] = ticket;
    }
    alert_ = Fired();
  }

  v1::Alert Fired() const {
    v1::Alert alert;
    alert.set_rule(v1::Alert::RULE_OVERDUE_RISK);
    alert.set_division("courts/110102/divisions/civil-1");
    std::vector<WatchedTicket> tickets;
    for (const auto& [id, ticket] : tickets_) tickets.push_back(ticket);
    LinkTickets(kCourt, kNow, tickets, alert);
    OpenAlert(kCourt, SeriesOf(alert), kNow, {}, alert);
    return alert;
  }
  void Close(const std::string& id) {
    tickets_[id].close_time = kNow + absl::Hours(1);
  }
  bool Update(const v1::Alert* fired = nullptr,
              absl::Duration later = absl::Hours(2)) {
    return BringUpToDate(tickets_, fired, kNow + later, alert_);
  }

  TicketsNow tickets_;
  v1::Alert alert_;
};

TEST_F(LastingAlertRules, NothingNewChangesNothing) {
  EXPECT_FALSE(Update());
  EXPECT_EQ(FromTimestamp(alert_.update_time()), kNow);
}

TEST_F(LastingAlertRules, ItShowsWhatBecameOfItsTickets) {
  Close("t1");
  EXPECT_TRUE(Update());
  EXPECT_TRUE(alert_.tickets(0).closed());
  EXPECT_FALSE(alert_.tickets(1).closed());
  EXPECT_EQ(alert_.state(), v1::Alert::STATE_OPEN);
  EXPECT_EQ(FromTimestamp(alert_.update_time()), kNow + absl::Hours(2));
  EXPECT_TRUE(Update(nullptr, absl::Hours(5)));
  EXPECT_FALSE(alert_.tickets(0).overdue());
  EXPECT_TRUE(alert_.tickets(1).overdue());
}

TEST_F(LastingAlertRules, ItClosesByItselfWhenTheLastTicketIs) {
  Close("t1");
  tickets_["t2"].cancelled = true;
  EXPECT_TRUE(Update());
  EXPECT_EQ(alert_.state(), v1::Alert::STATE_RESOLVED);
  EXPECT_EQ(alert_.resolver(), "");
  EXPECT_NE(alert_.resolution(), "");
  EXPECT_FALSE(DueTime(alert_).has_value());
}

TEST_F(LastingAlertRules, AnAcknowledgedOneClosesByItselfToo) {
  ASSERT_OK(AcknowledgeAlert("wang", kNow, alert_));
  tickets_.clear();
  EXPECT_TRUE(Update());
  EXPECT_EQ(alert_.state(), v1::Alert::STATE_RESOLVED);
  EXPECT_EQ(alert_.acknowledger(), "wang");
}

TEST_F(LastingAlertRules, AMutedOneWaitsForTheEndOfItsMute) {
  ASSERT_OK(MuteAlert("li", "迁移", kNow,
                      absl::ToCivilDay(kNow, absl::UTCTimeZone()) + 3, alert_));
  Close("t1");
  Close("t2");
  EXPECT_TRUE(Update());
  EXPECT_EQ(alert_.state(), v1::Alert::STATE_MUTED);
  ASSERT_TRUE(DoDue(FromTimestamp(alert_.mute_until_time()), {}, alert_));
  EXPECT_TRUE(Update());
  EXPECT_EQ(alert_.state(), v1::Alert::STATE_RESOLVED);
}

TEST_F(LastingAlertRules, WhatFiresAgainIsTakenUpAndNotRaisedAgain) {
  ASSERT_OK(AcknowledgeAlert("wang", kNow, alert_));
  const std::string name = alert_.name();
  Close("t1");
  WatchedTicket third = tickets_["t2"];
  third.id = "t3";
  v1::Alert fired;
  fired.set_rule(v1::Alert::RULE_OVERDUE_RISK);
  fired.set_division(alert_.division());
  fired.set_summary("三件");
  LinkTickets(kCourt, kNow, {tickets_["t2"], third}, fired);
  EXPECT_TRUE(Update(&fired));
  EXPECT_EQ(alert_.name(), name);
  EXPECT_EQ(alert_.state(), v1::Alert::STATE_ACKNOWLEDGED);
  EXPECT_EQ(alert_.summary(), "三件");
  ASSERT_THAT(alert_.tickets(), SizeIs(3));
  EXPECT_EQ(alert_.tickets(1).name(), "courts/110102/tickets/t3");
  EXPECT_EQ(alert_.tickets(2).name(), "courts/110102/tickets/t1");
  EXPECT_TRUE(alert_.tickets(2).closed());
}

TEST_F(LastingAlertRules, ARiskThatMovedToAnotherDivisionIsSettledHere) {
  Close("t1");
  tickets_["t2"].division = "civil-2";
  EXPECT_TRUE(Update());
  EXPECT_EQ(alert_.state(), v1::Alert::STATE_RESOLVED);
}

TEST_F(LastingAlertRules, ARepeatCallerIsNotSettledByATransfer) {
  alert_.set_rule(v1::Alert::RULE_REPEAT_CALLER);
  tickets_["t2"].division = "civil-2";
  Close("t1");
  Update();
  EXPECT_EQ(alert_.state(), v1::Alert::STATE_OPEN);
}

TEST_F(LastingAlertRules, RepeatCallsLastWhileTheyGoOn) {
  alert_.set_rule(v1::Alert::RULE_REPEAT_CALLER);
  v1::Alert fired = alert_;
  Close("t1");
  Close("t2");
  Update(&fired);
  EXPECT_EQ(alert_.state(), v1::Alert::STATE_OPEN);
  Update();
  EXPECT_EQ(alert_.state(), v1::Alert::STATE_RESOLVED);
}

TEST_F(LastingAlertRules, ALongListIsCutAndCounted) {
  std::vector<WatchedTicket> many(kMaxLinkedTickets + 7, tickets_["t1"]);
  for (std::size_t i = 0; i < many.size(); ++i) {
    many[i].id = absl::StrCat("m", i);
  }
  v1::Alert alert;
  LinkTickets(kCourt, kNow, many, alert);
  EXPECT_THAT(alert.tickets(), SizeIs(kMaxLinkedTickets));
  EXPECT_EQ(alert.tickets_omitted(), 7);
}

}  // namespace
}  // namespace huifang::reporting

#include "services/reporting/overdue_risk_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

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
constexpr absl::Duration kWeek = absl::Hours(24 * 7);

// Monday of 2019-W31, 14:00 in court time.
absl::Time Now() {
  return absl::FromCivil(absl::CivilHour(2019, 7, 29, 14), CourtTimeZone());
}

const DisplayNames& Names() {
  static const auto* const kNames =
      new DisplayNames{{"courts/110102/divisions/civil-1", "民事审判一庭"}};
  return *kNames;
}

class OverdueRiskRules : public ::testing::Test {
 protected:
  OverdueRiskRules() {
    facts_.known_since = Now() - 20 * kWeek;
    facts_.names = &Names();
  }

  // Tickets that are open for the two days around the look of `back` weeks ago.
  void AddBacklog(int back, int open, int at_risk,
                  const std::string& division = "civil-1") {
    const absl::Time look = Now() - back * kWeek;
    for (int i = 0; i < open; ++i) {
      WatchedTicket& ticket = facts_.tickets.emplace_back();
      ticket.id = absl::StrCat(division, "-", back, "-", i);
      ticket.division = division;
      ticket.create_time = look - absl::Hours(24);
      ticket.due_time = look + absl::Hours(10 + i);
      if (i < at_risk) ticket.warn_time = look - absl::Hours(2);
      if (back > 0) ticket.close_time = look + absl::Hours(24);
    }
  }
  void AddEarlierWeeks(int weeks, int open, int at_risk) {
    for (int back = 1; back <= weeks; ++back) {
      AddBacklog(back, open, at_risk);
    }
  }

  std::vector<v1::Alert> Look(const AlertPolicy& policy = {}) const {
    return OverdueRisks(kCourt, facts_, Now(), policy);
  }

  BacklogFacts facts_;
};

TEST_F(OverdueRiskRules, MoreAtRiskThanEarlierWeeksExplainRaisesOneAlert) {
  AddEarlierWeeks(13, 20, 2);
  AddBacklog(0, 20, 12);
  const std::vector<v1::Alert> alerts = Look();
  ASSERT_THAT(alerts, SizeIs(1));
  const v1::Alert& alert = alerts[0];
  EXPECT_EQ(alert.rule(), v1::Alert::RULE_OVERDUE_RISK);
  EXPECT_EQ(alert.division(), "courts/110102/divisions/civil-1");
  EXPECT_EQ(alert.role(), "head");
  EXPECT_EQ(alert.period(), "2019-W31");
  EXPECT_EQ(alert.state(), v1::Alert::STATE_OPEN);
  EXPECT_THAT(alert.summary(), HasSubstr("在办20件，临期12件、超期0件"));
  EXPECT_THAT(alert.summary(), HasSubstr("民事审判一庭"));
  EXPECT_THAT(alert.chart_svg(), HasSubstr("<svg"));
}

TEST_F(OverdueRiskRules, TheAlertCarriesItsTicketsAndEveryWeekWithItsLimits) {
  AddEarlierWeeks(13, 20, 2);
  AddBacklog(0, 20, 12);
  const std::vector<v1::Alert> alerts = Look();
  ASSERT_THAT(alerts, SizeIs(1));
  ASSERT_THAT(alerts[0].tickets(), SizeIs(12));
  EXPECT_EQ(alerts[0].tickets(0).name(), "courts/110102/tickets/civil-1-0-0");
  EXPECT_LT(FromTimestamp(alerts[0].tickets(0).due_time()),
            FromTimestamp(alerts[0].tickets(11).due_time()));
  EXPECT_FALSE(alerts[0].tickets(0).overdue());
  ASSERT_THAT(alerts[0].observations(), SizeIs(14));
  const v1::Alert::Observation& first = alerts[0].observations(0);
  EXPECT_EQ(first.label(), "2019-W18");
  EXPECT_EQ(first.numerator(), 2);
  EXPECT_EQ(first.denominator(), 20);
  EXPECT_FALSE(first.fired());
  const v1::Alert::Observation& last = alerts[0].observations(13);
  EXPECT_TRUE(last.fired());
  EXPECT_GT(last.value(), last.upper_limit());
}

TEST_F(OverdueRiskRules, WhatEarlierWeeksExplainRaisesNothing) {
  AddEarlierWeeks(13, 20, 12);
  AddBacklog(0, 20, 13);
  EXPECT_THAT(Look(), IsEmpty());
}

TEST_F(OverdueRiskRules, TooFewEarlierWeeksRaiseNothing) {
  AddEarlierWeeks(9, 20, 2);
  AddBacklog(0, 20, 20);
  EXPECT_THAT(Look(), IsEmpty());
  AddBacklog(10, 20, 2);
  EXPECT_THAT(Look(), SizeIs(1));
}

TEST_F(OverdueRiskRules, WeeksBeforeWarningsWereKnownDoNotCount) {
  AddEarlierWeeks(13, 20, 0);
  AddBacklog(0, 20, 12);
  facts_.known_since = Now() - 9 * kWeek - absl::Hours(1);
  EXPECT_THAT(Look(), IsEmpty());
  facts_.known_since = absl::InfiniteFuture();
  EXPECT_THAT(Look(), IsEmpty());
}

TEST_F(OverdueRiskRules, OneOrTwoTicketsAreLeftToTheirOwnLadder) {
  AddEarlierWeeks(13, 20, 0);
  AddBacklog(0, 2, 2);
  EXPECT_THAT(Look(), IsEmpty());
  AddBacklog(0, 3, 3);
  EXPECT_THAT(Look(), SizeIs(1));
}

TEST_F(OverdueRiskRules, AnOverdueTicketIsAtRiskWithoutAWarning) {
  AddEarlierWeeks(13, 20, 0);
  AddBacklog(0, 8, 0);
  for (WatchedTicket& ticket : facts_.tickets) {
    if (ticket.close_time == absl::InfiniteFuture()) {
      ticket.due_time = Now() - absl::Hours(1);
    }
  }
  const std::vector<v1::Alert> alerts = Look();
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_TRUE(alerts[0].tickets(0).overdue());
  EXPECT_THAT(alerts[0].summary(), HasSubstr("临期0件、超期8件"));
}

TEST_F(OverdueRiskRules, TicketsNobodyWasGivenGoToTheOfficer) {
  for (int back = 1; back <= 13; ++back) AddBacklog(back, 20, 0, "");
  AddBacklog(0, 20, 12, "");
  const std::vector<v1::Alert> alerts = Look();
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].division(), "");
  EXPECT_EQ(alerts[0].role(), "officer");
  EXPECT_THAT(alerts[0].summary(), HasSubstr("未派单"));
}

TEST_F(OverdueRiskRules, AnotherLookOfTheDayHasTheSameNameTomorrowAnother) {
  AddEarlierWeeks(13, 20, 0);
  AddBacklog(0, 20, 12);
  const std::string name = Look()[0].name();
  const auto later = OverdueRisks(kCourt, facts_, Now() + absl::Hours(2), {});
  ASSERT_THAT(later, SizeIs(1));
  EXPECT_EQ(later[0].name(), name);
  const auto tomorrow =
      OverdueRisks(kCourt, facts_, Now() + absl::Hours(10), {});
  ASSERT_THAT(tomorrow, SizeIs(1));
  EXPECT_NE(tomorrow[0].name(), name);
}

// Weeks whose shares swing by themselves, 5 to 60 %: Laney's limits, not those
// of chance alone.
TEST_F(OverdueRiskRules, ADivisionWhoseWeeksDifferMuchIsHeldAgainstThat) {
  for (int back = 1; back <= 13; ++back) {
    AddBacklog(back, 40, back % 2 == 0 ? 2 : 24);
  }
  AddBacklog(0, 40, 28);
  EXPECT_THAT(Look(), IsEmpty());
}

// Backlogs that chance alone makes, of three sizes and shares.
TEST(RiskChart, QuietDivisionsRarelyAlarm) {
  std::mt19937_64 random(20190729);
  for (const auto& [open, share] :
       {std::pair(8, 0.3), std::pair(25, 0.2), std::pair(120, 0.1)}) {
    std::binomial_distribution<int> at_risk(open, share);
    int alarms = 0;
    constexpr int kLooks = 4000;
    for (int look = 0; look < kLooks; ++look) {
      std::vector<Tally> weeks;
      for (int week = 0; week < 14; ++week) {
        weeks.push_back({at_risk(random), open});
      }
      const v1::ControlChart chart = RiskChart(weeks, Now(), {});
      alarms += chart.points(13).signals_size();
    }
    EXPECT_LE(alarms, kLooks * 0.00135 * 2) << open;
  }
}

}  // namespace
}  // namespace huifang::reporting

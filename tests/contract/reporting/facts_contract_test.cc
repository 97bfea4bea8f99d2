// Facts and what is read of them, on SQLite and on PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/common/status_macros.h"
#include "services/reporting/facts_reader.h"
#include "services/reporting/period_rules.h"
#include "services/reporting/statistics_store.h"
#include "tests/contract/reporting/reporting_fixture.h"
#include "tests/support/backends.h"
#include "tests/support/matchers.h"

namespace huifang::reporting {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class FactsContract : public ReportingFixture {};

TEST_P(FactsContract, CountsTicketsOfTheirClosingWeek) {
  Apply(TicketEventOf({.id = "1"}));
  Apply(TicketEventOf({.id = "2", .late = true}));
  Apply(TicketEventOf({.id = "3", .instant = true}));
  Apply(TicketEventOf({.id = "4", .closed_day = 28}));
  Apply(TicketEventOf({.id = "5", .closed_day = 29}));  // next week
  Apply(TicketEventOf({.id = "6", .closed_day = 21}));  // week before
  const v1::Report report = Report("2019-W30", "");
  EXPECT_EQ(Figure(report, v1::MEASURE_TICKETS_CLOSED).current().value(), 4);
  EXPECT_EQ(Figure(report, v1::MEASURE_TICKETS_CLOSED).previous().value(), 1);
  const v1::Figure on_time = Figure(report, v1::MEASURE_ON_TIME_RATE);
  EXPECT_EQ(on_time.current().numerator(), 2);
  EXPECT_EQ(on_time.current().denominator(), 3);
  EXPECT_DOUBLE_EQ(
      Figure(report, v1::MEASURE_INSTANT_ANSWER_RATE).current().value(), 0.25);
  EXPECT_DOUBLE_EQ(Figure(report, v1::MEASURE_TRANSIT_HOURS).current().value(),
                   5);
}

TEST_P(FactsContract, AnEventAppliedTwiceCountsOnce) {
  for (int i = 0; i < 3; ++i) {
    Apply(TicketEventOf({.id = "1"}));
    Apply(InspectionOf({.id = "1"}, "acknowledgement_only"));
    Apply(GradeOf({.id = "1"}, "D", false));
    Apply(CallOf({.id = "c1", .ticket = "1"}));
  }
  const v1::Report report = Report("2019-W30", "");
  EXPECT_EQ(Figure(report, v1::MEASURE_TICKETS_CLOSED).current().value(), 1);
  EXPECT_EQ(Figure(report, v1::MEASURE_INSPECTED).current().value(), 1);
  EXPECT_EQ(Figure(report, v1::MEASURE_CALLBACKS_DRAWN).current().value(), 1);
  ASSERT_EQ(report.findings_size(), 1);
  EXPECT_EQ(report.findings(0).count(), 1);
}

TEST_P(FactsContract, AnInterviewMadeAgainCountsOnce) {
  Apply(TicketEventOf({.id = "1"}));
  Apply(CallOf({.id = "c1", .ticket = "1"}));
  callback::v1::CallbackEvent again =
      CallOf({.id = "c2",
              .ticket = "1",
              .verdict = callback::v1::VERDICT_UNSATISFIED});
  again.mutable_callback()->set_recall_of("courts/110102/callbacks/c1");
  // As programs of before re-calls tell of it.
  Apply(again);
  again.set_type(callback::v1::CallbackEvent::TYPE_RECALL_CHANGED);
  *again.mutable_recall() = again.callback();
  again.clear_callback();
  Apply(again);
  const v1::Report report = Report("2019-W30", "");
  EXPECT_EQ(Figure(report, v1::MEASURE_CALLBACKS_DRAWN).current().value(), 1);
  int calls = 0;
  ASSERT_OK(db_->Read([&](sql::Session& session) {
    return session
        .QueryOne(
            "SELECT COUNT(*) FROM call_facts", {},
            [&](const sql::Row& row) { calls = static_cast<int>(row.Int(0)); })
        .status();
  }));
  EXPECT_EQ(calls, 1);
}

TEST_P(FactsContract, AnOlderVersionNeverWins) {
  Apply(TicketEventOf({.id = "1", .version = 5}));
  Apply(TicketEventOf({.id = "1", .closed_day = 0, .version = 4}));
  EXPECT_EQ(Figure(Report("2019-W30", ""), v1::MEASURE_TICKETS_CLOSED)
                .current()
                .value(),
            1);
}

TEST_P(FactsContract, AReopenedTicketLeavesItsWeek) {
  Apply(TicketEventOf({.id = "1"}));
  Apply(InspectionOf({.id = "1"}, "acknowledgement_only"));
  Apply(TicketEventOf({.id = "1", .closed_day = 0, .version = 2}));
  auto withdrawn = InspectionOf({.id = "1"}, "acknowledgement_only");
  withdrawn.mutable_inspection()->set_state(
      grading::v1::Inspection::STATE_WITHDRAWN);
  Apply(withdrawn);
  const v1::Report report = Report("2019-W30", "");
  EXPECT_EQ(Figure(report, v1::MEASURE_TICKETS_CLOSED).current().value(), 0);
  EXPECT_EQ(Figure(report, v1::MEASURE_INSPECTED).current().value(), 0);
  EXPECT_EQ(report.findings_size(), 0);
  EXPECT_EQ(report.items_size(), 0);
}

TEST_P(FactsContract, OverdueAndOpenIsSeenAsItStoodAtTheEnd) {
  // Due on the 20th, still open.
  Apply(TicketEventOf({.id = "1", .closed_day = 0}));
  const v1::Figure open =
      Figure(Report("2019-W30", ""), v1::MEASURE_OVERDUE_OPEN);
  EXPECT_EQ(open.current().value(), 1);
  EXPECT_EQ(open.previous().value(), 1);
  // Closed late on the 30th: it was open and late when week 30 ended.
  auto late = TicketEventOf({.id = "1", .closed_day = 30, .version = 2});
  *late.mutable_ticket()->mutable_due_time() =
      TicketEventOf({.id = "x", .closed_day = 20}).ticket().due_time();
  Apply(late);
  EXPECT_EQ(Figure(Report("2019-W30", ""), v1::MEASURE_OVERDUE_OPEN)
                .current()
                .value(),
            1);
  EXPECT_EQ(Figure(Report("2019-W31", ""), v1::MEASURE_OVERDUE_OPEN)
                .current()
                .value(),
            0);
}

TEST_P(FactsContract, WhatIsDueLaterInARunningPeriodIsNotLate) {
  ApplyDirectory();
  Apply(TicketEventOf({.id = "1", .closed_day = 0}));
  auto later = TicketEventOf({.id = "2", .closed_day = 0});
  *later.mutable_ticket()->mutable_due_time() =
      TicketEventOf({.id = "x", .closed_day = 26}).ticket().due_time();
  Apply(later);
  const auto overdue = [&](absl::Time now) {
    ReportFacts facts;
    EXPECT_OK(db_->Read([&](sql::Session& session) -> absl::Status {
      ASSIGN_OR_RETURN(facts, FactsReader(session, kCourt, now)
                                  .ReadReport(*ParseSpan("2019-W30"), ""));
      return absl::OkStatus();
    }));
    std::int64_t late = 0;
    for (const auto& [group, totals] : facts.spans.back().tickets) {
      late += totals.overdue_open;
    }
    return late;
  };
  const absl::Time end = EndTime(*ParseSpan("2019-W30"));
  EXPECT_EQ(overdue(end - absl::Hours(5 * 24)), 1);
  EXPECT_EQ(overdue(end), 2);
}

TEST_P(FactsContract, AListThatGoesOnSaysSo) {
  ApplyDirectory();
  const auto supervise = [&](int count) {
    for (int i = 0; i < count; ++i) {
      auto event = TicketEventOf({.id = absl::StrCat(i), .closed_day = 0});
      event.mutable_ticket()->set_key_supervision(true);
      Apply(event);
    }
  };
  supervise(50);
  EXPECT_FALSE(Report("2019-W30", "").supervisions_cut());
  supervise(51);
  const v1::Report report = Report("2019-W30", "");
  EXPECT_TRUE(report.supervisions_cut());
  EXPECT_EQ(report.supervisions_size(), 50);
}

TEST_P(FactsContract, ItemsBringProblemSuggestionAndQuote) {
  ApplyDirectory();
  Apply(TicketEventOf({.id = "1"}));
  Apply(InspectionOf({.id = "1"}, "acknowledgement_only"));
  Apply(CallOf({.id = "c1",
                .ticket = "1",
                .verdict = callback::v1::VERDICT_UNSATISFIED,
                .opinion = "希望早点有结果"}));
  // Three are heard: fewer, and what they said would be left out.
  Apply(CallOf({.id = "c2", .ticket = "2"}));
  Apply(CallOf({.id = "c3", .ticket = "3"}));
  Apply(TicketEventOf({.id = "2"}));
  Apply(InspectionOf({.id = "2"}, ""));
  const v1::Report report = Report("2019-W30", "civil-1");
  ASSERT_EQ(report.items_size(), 1);
  const v1::Item& item = report.items(0);
  EXPECT_EQ(item.ticket_number(), "S-1");
  EXPECT_EQ(item.division_display_name(), "民事审判一庭");
  EXPECT_EQ(item.verdict(), "不满意");
  EXPECT_EQ(item.opinion(), "希望早点有结果");
  EXPECT_THAT(item.problem(), HasSubstr("仅表示收悉"));
  EXPECT_THAT(item.problem(), HasSubstr("问题未解决"));
  EXPECT_FALSE(item.suggestion().empty());
  ASSERT_EQ(item.findings_size(), 1);
  EXPECT_EQ(item.findings(0).quote(), "已收悉");
  EXPECT_THAT(item.reply(), HasSubstr("已收悉"));
  ASSERT_EQ(report.opinions_size(), 1);
}

TEST_P(FactsContract, WordsOfTooFewCallersAreNoItem) {
  ApplyDirectory();
  for (const char* id : {"1", "2"}) {
    Apply(TicketEventOf({.id = id, .late = id[0] == '1'}));
    Apply(CallOf({.id = absl::StrCat("c", id),
                  .ticket = id,
                  .verdict = callback::v1::VERDICT_UNSATISFIED,
                  .opinion = "希望早点有结果"}));
  }
  for (const char* division : {"", "civil-1"}) {
    const v1::Report report = Report("2019-W30", division);
    ASSERT_EQ(report.items_size(), 1);  // the late one
    EXPECT_EQ(report.items_omitted(), 0);
    EXPECT_EQ(report.items(0).ticket_number(), "S-1");
    EXPECT_EQ(report.items(0).verdict(), "");
    EXPECT_EQ(report.items(0).callback(), "");
    EXPECT_THAT(report.items(0).problem(), Not(HasSubstr("回访")));
    EXPECT_EQ(report.opinions_size(), 0);
    EXPECT_EQ(report.opinions_omitted(), 2);
  }
}

TEST_P(FactsContract, CallsFromTheReserveAreCounted) {
  callback::v1::CallbackEvent event = CallOf({.id = "c1", .ticket = "1"});
  event.mutable_callback()->set_reserve_order(2);
  Apply(event);
  Apply(CallOf({.id = "c2", .ticket = "2"}));
  EXPECT_THAT(Report("2019-W30", "").method().sentences(),
              Contains(HasSubstr("其中1件系从备选中")));
  EXPECT_THAT(Report("2019-W30", "civil-1").method().sentences(),
              Contains(HasSubstr("其中1件系从备选中")));
}

TEST_P(FactsContract, NumbersInWordsAreMasked) {
  ticket::v1::TicketEvent event = TicketEventOf({.id = "1"});
  event.mutable_ticket()->set_content("请回电13812345678，张先生");
  event.mutable_ticket()->mutable_replies(0)->set_text("已致电010-66551234");
  Apply(event);
  grading::v1::GradeEvent inspected =
      InspectionOf({.id = "1"}, "acknowledgement_only");
  inspected.mutable_inspection()
      ->mutable_findings(0)
      ->mutable_quotes(0)
      ->set_text("已致电010-66551234");
  Apply(inspected);
  const v1::Report report = Report("2019-W30", "");
  ASSERT_EQ(report.items_size(), 1);
  EXPECT_EQ(report.items(0).matter(), "请回电138****5678，张先生");
  EXPECT_EQ(report.items(0).reply(), "已致电010-****1234");
  EXPECT_EQ(report.items(0).findings(0).quote(), "已致电010-****1234");
}

TEST_P(FactsContract, DivisionsDoNotSeeEachOther) {
  ApplyDirectory();
  Apply(TicketEventOf({.id = "1"}));
  Apply(TicketEventOf({.id = "2", .division = "civil-2", .late = true}));
  Apply(InspectionOf({.id = "2", .division = "civil-2"}, "forward_only"));
  const v1::Report first = Report("2019-W30", "civil-1");
  EXPECT_EQ(Figure(first, v1::MEASURE_TICKETS_CLOSED).current().value(), 1);
  EXPECT_EQ(first.items_size(), 0);
  EXPECT_EQ(first.findings_size(), 0);
  const v1::Report whole = Report("2019-W30", "");
  EXPECT_EQ(Figure(whole, v1::MEASURE_TICKETS_CLOSED).current().value(), 2);
  ASSERT_EQ(whole.groups_size(), 2);
  EXPECT_EQ(whole.groups(1).display_name(), "民事审判二庭");
}

TEST_P(FactsContract, SatisfactionIsWeightedByStratum) {
  // 9 of 10 of a stratum of 100, 5 of 10 of a stratum of 300.
  for (int i = 0; i < 20; ++i) {
    const bool first = i < 10;
    const bool good = first ? i < 9 : i < 15;
    Apply(CallOf({.id = absl::StrCat("c", i),
                  .ticket = absl::StrCat("t", i),
                  .division = first ? "civil-1" : "civil-2",
                  .population = first ? 100 : 300,
                  .verdict = good ? callback::v1::VERDICT_SATISFIED
                                  : callback::v1::VERDICT_UNSATISFIED}));
  }
  const v1::Figure figure =
      Figure(Report("2019-W30", ""), v1::MEASURE_SATISFACTION_RATE);
  EXPECT_NEAR(figure.current().value(), 0.25 * 0.9 + 0.75 * 0.5, 1e-12);
  EXPECT_EQ(figure.current().numerator(), 14);
  EXPECT_EQ(figure.current().denominator(), 20);
  EXPECT_EQ(figure.design().strata(), 2);
  EXPECT_EQ(figure.claim(), v1::Figure::CLAIM_MISSED);
}

TEST_P(FactsContract, AnswersOfAnAbortedDrawCountNowhere) {
  for (int i = 0; i < 8; ++i) {
    const std::string id = absl::StrCat("t", i);
    Apply(TicketEventOf({.id = id}));
    Apply(CallOf({.id = absl::StrCat("c", i), .ticket = id}));
  }
  const auto completed = [this] {
    return Figure(Report("2019-W30", ""), v1::MEASURE_CALLBACKS_COMPLETED)
        .current()
        .value();
  };
  ASSERT_EQ(completed(), 8);
  callback::v1::CallbackEvent aborted;
  aborted.set_court(kCourt);
  aborted.set_type(callback::v1::CallbackEvent::TYPE_DRAW_ENDED);
  aborted.mutable_draw()->set_name("courts/110102/draws/d1");
  aborted.mutable_draw()->set_state(callback::v1::Draw::STATE_ABORTED);
  aborted.mutable_draw()->set_version(9);
  Apply(aborted);
  EXPECT_EQ(completed(), 0);
}

TEST_P(FactsContract, ReportNamesTheBundleAndWhoGaveItsSeed) {
  for (int i = 0; i < 8; ++i) {
    const std::string id = absl::StrCat("t", i);
    Apply(TicketEventOf({.id = id}));
    Apply(CallOf({.id = absl::StrCat("c", i), .ticket = id}));
  }
  callback::v1::CallbackEvent drawn;
  drawn.set_court(kCourt);
  drawn.set_type(callback::v1::CallbackEvent::TYPE_DRAWN);
  callback::v1::Draw& draw = *drawn.mutable_draw();
  draw.set_name("courts/110102/draws/d1");
  draw.set_state(callback::v1::Draw::STATE_DRAWN);
  draw.set_version(4);
  draw.set_bundle_digest("9f2b");
  draw.set_public_seed("5eed");
  draw.set_seeder("server");
  draw.mutable_applied_plan()->set_seed_source(
      callback::v1::SamplingPlan::SEED_SOURCE_SERVER);
  Apply(drawn);
  const auto line = [this] { return Report("2019-W30", "").method().draws(0); };
  EXPECT_EQ(line().bundle_digest(), "9f2b");
  EXPECT_EQ(line().public_seed(), "5eed");
  EXPECT_EQ(line().seeder(), "server");
  EXPECT_EQ(line().seed_source(), "SERVER");
}

TEST_P(FactsContract, OpinionsOfOneCallAreListedOneByOne) {
  callback::v1::CallbackEvent event = CallOf({.id = "c1", .ticket = "t1"});
  Apply(TicketEventOf({.id = "t1"}));
  // Three are heard: fewer, and what they said would be left out.
  Apply(CallOf({.id = "c2", .ticket = "2"}));
  Apply(CallOf({.id = "c3", .ticket = "3"}));
  event.mutable_callback()->set_opinion("早点回复；别再推诿");
  event.mutable_callback()->add_opinions("早点回复");
  event.mutable_callback()->add_opinions("别再推诿");
  Apply(event);
  const v1::Report report = Report("2019-W30", "");
  ASSERT_EQ(report.opinions_size(), 2);
  EXPECT_EQ(report.opinions(0).text(), "早点回复");
  EXPECT_EQ(report.opinions(1).text(), "别再推诿");
}

TEST_P(FactsContract, FindingStruckOutByAPersonIsGone) {
  Apply(TicketEventOf({.id = "1"}));
  Apply(InspectionOf({.id = "1"}, "over_simplified"));
  const auto over_simplified = [this] {
    return Figure(Report("2019-W30", ""), v1::MEASURE_OVER_SIMPLIFIED_RATE)
        .current()
        .numerator();
  };
  ASSERT_EQ(over_simplified(), 1);
  grading::v1::GradeEvent graded = GradeOf({.id = "1"}, "D", false);
  graded.mutable_grade()->add_rejected_rules("over_simplified");
  Apply(graded);
  EXPECT_EQ(over_simplified(), 0);
  // The machine looks again, and still has not the last word.
  Apply(InspectionOf({.id = "1"}, "over_simplified", 2));
  EXPECT_EQ(over_simplified(), 0);
  const v1::Report report = Report("2019-W30", "");
  ASSERT_EQ(report.items_size(), 1);  // the person let it fail
  EXPECT_EQ(report.items(0).findings_size(), 0);
}

TEST_P(FactsContract, AGradeReplacesTheMachinesProposal) {
  Apply(TicketEventOf({.id = "1"}));
  Apply(InspectionOf({.id = "1"}, "over_simplified"));
  Apply(GradeOf({.id = "1"}, "C", true));
  const v1::Report report = Report("2019-W30", "");
  EXPECT_EQ(Figure(report, v1::MEASURE_PASS_RATE).current().value(), 1);
  EXPECT_EQ(report.items_size(), 0);
  EXPECT_EQ(report.tiers(2).count(), 1);
}

TEST_P(FactsContract, AnotherCourtsFactsStayOut) {
  auto foreign = TicketEventOf({.id = "1"});
  foreign.set_court("110101");
  Apply(foreign);
  EXPECT_EQ(Figure(Report("2019-W30", ""), v1::MEASURE_TICKETS_CLOSED)
                .current()
                .value(),
            0);
}

TEST_P(FactsContract, StatisticsGroupByTwoDimensions) {
  ApplyDirectory();
  Apply(TicketEventOf({.id = "1"}));
  Apply(TicketEventOf({.id = "2", .late = true}));
  Apply(TicketEventOf({.id = "3", .division = "civil-2"}));
  Apply(CallOf({.id = "c1", .ticket = "1"}));
  v1::QueryStatisticsRequest request;
  request.set_parent("courts/110102");
  request.set_start_day("2019-07-22");
  request.set_end_day("2019-07-28");
  request.add_group_by(v1::QueryStatisticsRequest::DIMENSION_DIVISION);
  request.add_group_by(v1::QueryStatisticsRequest::DIMENSION_KIND);
  StatisticsStore store(*db_);
  ASSERT_OK_AND_ASSIGN(const StatisticsFacts facts,
                       store.Query(kCourt, request));
  ASSERT_EQ(facts.groups.size(), 2U);
  EXPECT_THAT(
      facts.groups.begin()->first,
      ElementsAre("courts/110102/divisions/civil-1", "KIND_CONTACT_JUDGE"));
  EXPECT_EQ(facts.groups.begin()->second.tickets.closed, 2);
  EXPECT_EQ(facts.groups.begin()->second.tickets.on_time, 1);
  ASSERT_EQ(facts.calls.size(), 1U);
  EXPECT_EQ(facts.calls[0].group, JoinKey(facts.groups.begin()->first));
}

INSTANTIATE_TEST_SUITE_P(Engines, FactsContract,
                         ::testing::ValuesIn(testing::SqlEngines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang::reporting

#include "services/reporting/report_state_rules.h"

#include <gtest/gtest.h>

#include "services/common/error.h"

namespace huifang::reporting {
namespace {

v1::Report InState(v1::Report::State state) {
  v1::Report report;
  report.set_state(state);
  return report;
}

TEST(ReportStateRulesTest, EachStepNeedsTheOneBefore) {
  const absl::Time now = absl::FromUnixSeconds(1);
  for (const v1::Report::State state :
       {v1::Report::STATE_BUILDING, v1::Report::STATE_READY,
        v1::Report::STATE_FAILED, v1::Report::STATE_REVIEWED,
        v1::Report::STATE_APPROVED, v1::Report::STATE_DELIVERED,
        v1::Report::STATE_ACKNOWLEDGED}) {
    v1::Report r = InState(state);
    EXPECT_EQ(Review("officer", now, r).ok(), state == v1::Report::STATE_READY);
    v1::Report a = InState(state);
    EXPECT_EQ(Approve("head", now, a).ok(),
              state == v1::Report::STATE_REVIEWED);
    v1::Report b = InState(state);
    EXPECT_EQ(Deliver(now, b).ok(), state == v1::Report::STATE_APPROVED);
    v1::Report c = InState(state);
    EXPECT_EQ(Acknowledge("head", "", now, c).ok(),
              state == v1::Report::STATE_DELIVERED);
  }
}

TEST(ReportStateRulesTest, WhoBuiltOrReviewedItCannotApproveIt) {
  const absl::Time now = absl::FromUnixSeconds(1);
  v1::Report report = InState(v1::Report::STATE_READY);
  report.set_creator("li");
  ASSERT_TRUE(Review("wang", now, report).ok());
  EXPECT_EQ(ErrorReason(Approve("li", now, report)), "SAME_PERSON");
  EXPECT_EQ(ErrorReason(Approve("wang", now, report)), "SAME_PERSON");
  EXPECT_EQ(report.state(), v1::Report::STATE_REVIEWED);
  EXPECT_TRUE(Approve("zhao", now, report).ok());
  EXPECT_EQ(report.approver(), "zhao");
}

TEST(ReportStateRulesTest, AnEditTakesTheReviewBack) {
  v1::Report report = InState(v1::Report::STATE_READY);
  report.add_items();
  ASSERT_TRUE(Review("wang", absl::FromUnixSeconds(1), report).ok());
  v1::UpdateReportRequest request;
  request.mutable_report()->add_items()->set_number(1);
  ASSERT_TRUE(Edit(request, report).ok());
  EXPECT_EQ(report.state(), v1::Report::STATE_READY);
  EXPECT_EQ(report.reviewer(), "");
}

TEST(ReportStateRulesTest, AnEditOfTheProblemLeavesTheSuggestion) {
  v1::Report report = InState(v1::Report::STATE_READY);
  v1::Item& item = *report.add_items();
  item.set_suggestion("old");
  item.set_suggestion_en("old");
  v1::UpdateReportRequest request;
  v1::Item& edit = *request.mutable_report()->add_items();
  edit.set_number(1);
  edit.set_problem("new");
  ASSERT_TRUE(Edit(request, report).ok());
  EXPECT_EQ(report.items(0).problem(), "new");
  EXPECT_EQ(report.items(0).suggestion(), "old");
  EXPECT_EQ(report.items(0).suggestion_en(), "old");
}

TEST(ReportStateRulesTest, DraftsAreNotForHandlers) {
  for (const v1::Report::State state :
       {v1::Report::STATE_BUILDING, v1::Report::STATE_READY,
        v1::Report::STATE_REVIEWED, v1::Report::STATE_APPROVED,
        v1::Report::STATE_DELIVERED, v1::Report::STATE_ACKNOWLEDGED}) {
    const bool delivered = state == v1::Report::STATE_DELIVERED ||
                           state == v1::Report::STATE_ACKNOWLEDGED;
    EXPECT_EQ(CheckReader("handler", InState(state)).ok(), delivered);
    EXPECT_TRUE(CheckReader("head", InState(state)).ok());
  }
}

TEST(ReportStateRulesTest, AnEditedAnswerHasNoOldEnglish) {
  v1::Report report = InState(v1::Report::STATE_READY);
  v1::LeaderAnswer& answer = *report.add_answers();
  answer.set_question(v1::LeaderAnswer::QUESTION_SOLVED);
  answer.set_answer("旧");
  answer.set_answer_en("old");
  v1::UpdateReportRequest request;
  *request.mutable_report()->add_answers() = answer;
  ASSERT_TRUE(Edit(request, report).ok());
  EXPECT_EQ(report.answers(0).answer_en(), "old");
  request.mutable_report()->mutable_answers(0)->set_answer("新");
  ASSERT_TRUE(Edit(request, report).ok());
  EXPECT_EQ(report.answers(0).answer_en(), "");
}

TEST(ReportStateRulesTest, ACorrectionSaysWhyAndWhatChanged) {
  v1::Report delivered = InState(v1::Report::STATE_DELIVERED);
  delivered.set_name("courts/110102/reports/1");
  v1::Figure& old = *delivered.add_figures();
  old.set_measure(v1::MEASURE_PASS_RATE);
  old.mutable_current()->set_value(0.9);
  old.mutable_previous()->set_value(0.5);
  v1::Figure& same = *delivered.add_figures();
  same.set_measure(v1::MEASURE_TICKETS_CLOSED);
  same.mutable_current()->set_value(40);
  v1::Report next;
  EXPECT_EQ(ErrorReason(Correct(delivered, "  ", next)),
            "CORRECTION_REASON_NEEDED");
  ASSERT_TRUE(Correct(delivered, "补录两件", next).ok());
  EXPECT_EQ(next.corrects(), delivered.name());
  *next.mutable_figures() = delivered.figures();
  next.mutable_figures(0)->mutable_current()->set_value(0.8);
  // The period before is another report's.
  next.mutable_figures(1)->mutable_previous()->set_value(39);
  NameChanges(delivered, next);
  ASSERT_EQ(next.correction_changes_size(), 1);
  EXPECT_EQ(next.correction_changes(0).measure(), v1::MEASURE_PASS_RATE);
  EXPECT_EQ(next.correction_changes(0).before().value(), 0.9);
  EXPECT_EQ(next.correction_changes(0).after().value(), 0.8);
}

TEST(ReportStateRulesTest, AnUnbuiltReportCannotBeShown) {
  EXPECT_FALSE(CheckReadable(InState(v1::Report::STATE_BUILDING)).ok());
  EXPECT_FALSE(CheckReadable(InState(v1::Report::STATE_FAILED)).ok());
  EXPECT_TRUE(CheckReadable(InState(v1::Report::STATE_APPROVED)).ok());
}

TEST(ReportStateRulesTest, EditingWhatIsNotThereIsNotFound) {
  v1::Report report = InState(v1::Report::STATE_READY);
  v1::UpdateReportRequest request;
  request.mutable_report()->add_items()->set_number(1);
  EXPECT_TRUE(absl::IsNotFound(Edit(request, report)));
}

TEST(ReportStateRulesTest, TheMaskKeepsTheRest) {
  v1::Report report = InState(v1::Report::STATE_READY);
  report.add_items()->set_problem("old");
  report.add_answers()->set_question(v1::LeaderAnswer::QUESTION_SOLVED);
  v1::UpdateReportRequest request;
  request.mutable_update_mask()->add_paths("answers");
  v1::LeaderAnswer& answer = *request.mutable_report()->add_answers();
  answer.set_question(v1::LeaderAnswer::QUESTION_SOLVED);
  answer.set_answer("new");
  v1::Item& item = *request.mutable_report()->add_items();
  item.set_number(1);
  item.set_problem("new");
  EXPECT_TRUE(Edit(request, report).ok());
  EXPECT_EQ(report.answers(0).answer(), "new");
  EXPECT_EQ(report.items(0).problem(), "old");
}

}  // namespace
}  // namespace huifang::reporting

#include "services/reporting/report_state_rules.h"

#include <gtest/gtest.h>

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
        v1::Report::STATE_FAILED, v1::Report::STATE_APPROVED,
        v1::Report::STATE_DELIVERED, v1::Report::STATE_ACKNOWLEDGED}) {
    v1::Report a = InState(state);
    EXPECT_EQ(Approve("head", now, a).ok(), state == v1::Report::STATE_READY);
    v1::Report b = InState(state);
    EXPECT_EQ(Deliver(now, b).ok(), state == v1::Report::STATE_APPROVED);
    v1::Report c = InState(state);
    EXPECT_EQ(Acknowledge("head", "", now, c).ok(),
              state == v1::Report::STATE_DELIVERED);
  }
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

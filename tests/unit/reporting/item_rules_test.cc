#include "services/reporting/item_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace huifang::reporting {
namespace {

namespace callback = huifang::callback::v1;
using ::testing::HasSubstr;
using ::testing::Not;

ItemFacts Facts() {
  ItemFacts facts;
  facts.ticket = "courts/110102/tickets/0197c3a2-5e10-7c41-9b0e-3f4d8c2a1b77";
  facts.inspection.set_proposed_tier("D");
  huifang::grading::v1::Finding& finding = *facts.inspection.add_findings();
  finding.set_rule_id("forward_only");
  finding.add_quotes()->set_text("已转至执行局");
  return facts;
}

TEST(ItemRulesTest, TheReviewersWordsComeFirst) {
  ItemFacts facts = Facts();
  facts.graded = true;
  facts.grade.set_tier("D");
  facts.grade.set_comment("答复没有结论");
  facts.grade.set_suggestion("三日内补充答复。");
  const v1::Item item = MakeItem(facts, 1, {});
  EXPECT_EQ(item.problem(), "答复没有结论。");
  EXPECT_EQ(item.suggestion(), "三日内补充答复。");
  EXPECT_TRUE(item.graded());
}

TEST(ItemRulesTest, WithoutAReviewerTheRuleSpeaks) {
  const v1::Item item = MakeItem(Facts(), 1, {});
  EXPECT_EQ(item.problem(), "质检发现：只转不办。");
  EXPECT_EQ(item.suggestion(), AdviceFor("forward_only", Locale::kChinese));
  EXPECT_EQ(item.findings(0).quote(), "已转至执行局");
  EXPECT_FALSE(item.graded());
}

TEST(ItemRulesTest, TheCallersDenialIsPartOfTheProblem) {
  ItemFacts facts = Facts();
  facts.called = true;
  facts.callback.set_verdict(callback::VERDICT_UNSATISFIED);
  facts.callback.mutable_items()->set_judge_called(callback::ANSWER_NO);
  facts.callback.mutable_items()->set_attitude(callback::ANSWER_YES);
  const v1::Item item = MakeItem(facts, 1, {});
  EXPECT_THAT(item.problem(), HasSubstr("未接到法官回电"));
  EXPECT_THAT(item.problem(), Not(HasSubstr("态度")));
}

TEST(ItemRulesTest, EveryItemHasASuggestion) {
  ItemFacts facts;
  facts.ticket = "courts/110102/tickets/t";
  EXPECT_FALSE(MakeItem(facts, 1, {}).suggestion().empty());
  facts.overdue = true;
  EXPECT_EQ(MakeItem(facts, 1, {}).suggestion(),
            AdviceFor("overdue", Locale::kChinese));
}

TEST(ItemRulesTest, ATicketBornHereIsNumberedByTheEndOfItsId) {
  EXPECT_EQ(MakeItem(Facts(), 1, {}).ticket_number(), "3f4d8c2a1b77");
}

}  // namespace
}  // namespace huifang::reporting

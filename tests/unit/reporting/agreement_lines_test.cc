#include "services/reporting/agreement_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/reporting/report_csv.h"
#include "services/reporting/report_html.h"
#include "tests/support/matchers.h"

namespace huifang::reporting {
namespace {

using ::testing::HasSubstr;
using Line = v1::AgreementLine;

grading::v1::Agreement Reviews(int pairs) {
  grading::v1::Agreement agreement;
  agreement.set_pairs(pairs);
  agreement.set_observed(0.9);
  grading::v1::AgreementFigure& figure = *agreement.add_figures();
  figure.set_statistic(grading::v1::AgreementFigure::STATISTIC_LINEAR_KAPPA);
  figure.set_state(pairs < 20
                       ? grading::v1::AgreementFigure::STATE_NOT_ENOUGH_DATA
                       : grading::v1::AgreementFigure::STATE_OK);
  figure.set_value(0.71);
  figure.set_lower(0.52);
  figure.set_upper(0.9);
  return agreement;
}

TEST(AgreementLinesTest, TooFewPairsGiveNoCoefficient) {
  const Line few = ReviewLine(Reviews(19));
  EXPECT_EQ(few.state(), Line::STATE_NOT_ENOUGH_DATA);
  EXPECT_EQ(few.pairs(), 19);
  EXPECT_EQ(ObservedText(few), "");
  EXPECT_EQ(CoefficientText(few, Locale::kChinese), "数据不足");
  const Line enough = ReviewLine(Reviews(20));
  EXPECT_EQ(CoefficientText(enough, Locale::kEnglish),
            "κ linear 0.71 (0.52–0.90)");
  EXPECT_EQ(ObservedText(enough), "90.0%");
}

TEST(AgreementLinesTest, APeerThatIsAwayIsSaidToBeMissing) {
  const Line reviews = ReviewLine(absl::UnavailableError("away"));
  EXPECT_EQ(reviews.state(), Line::STATE_MISSING);
  const std::vector<Line> recalls = RecallLines(absl::UnavailableError("away"));
  ASSERT_EQ(recalls.size(), 1U);
  v1::Report report;
  report.mutable_period()->set_label("2019-W30");
  *report.add_agreements() = reviews;
  *report.add_agreements() = recalls[0];
  EXPECT_THAT(*RenderHtml(report, Locale::kChinese), HasSubstr("未取得"));
  EXPECT_THAT(RenderCsv(report, Locale::kEnglish), HasSubstr("MISSING"));
}

TEST(AgreementLinesTest, ACoefficientWithoutIntervalIsNotPrinted) {
  callback::v1::RecallAgreement agreement;
  callback::v1::QuestionAgreement& verdict = *agreement.add_questions();
  verdict.set_question("verdict");
  verdict.set_pairs(30);
  verdict.mutable_kappa()->set_value(1);
  verdict.mutable_gwet_ac1()->set_value(0.8);
  verdict.mutable_gwet_ac1()->set_lower(0.6);
  verdict.mutable_gwet_ac1()->set_upper(1);
  agreement.add_questions()->set_question("answers.s1.own");
  agreement.mutable_questions(1)->set_pairs(30);
  const std::vector<Line> lines = RecallLines(agreement);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(JudgedText(lines[0], Locale::kChinese), "盲复访：满意度");
  EXPECT_EQ(CoefficientText(lines[0], Locale::kChinese),
            "AC1 0.80（0.60–1.00）");
  EXPECT_EQ(RecallLines(callback::v1::RecallAgreement())[0].state(),
            Line::STATE_NO_DATA);
}

}  // namespace
}  // namespace huifang::reporting

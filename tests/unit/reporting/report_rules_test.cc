#include "services/reporting/report_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "services/reporting/comparison_text.h"
#include "tests/unit/reporting/sample_facts.h"

namespace huifang::reporting {
namespace {

using ::testing::Contains;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ReportRulesTest, SerialNumbersAreWrittenAsCourtsDo) {
  const Span week = *ParseSpan("2019-W30");
  EXPECT_EQ(SerialNumber("北京市西城区人民法院", "", week, 1),
            "西法回访周报〔2019〕30号");
  EXPECT_EQ(SerialNumber("北京市西城区人民法院", "民事审判一庭",
                         *ParseSpan("2019-07"), 2),
            "西法回访月报〔2019〕7号·民事审判一庭（第2版）");
  EXPECT_EQ(SerialNumber("", "", week, 1), "本法回访周报〔2019〕30号");
}

TEST(ReportRulesTest, AnswersTheFourQuestionsInOrder) {
  const v1::Report report = SampleReport("2019-W30", false);
  ASSERT_EQ(report.answers_size(), 4);
  EXPECT_EQ(report.answers(0).question(), v1::LeaderAnswer::QUESTION_SOLVED);
  EXPECT_EQ(report.answers(1).question(), v1::LeaderAnswer::QUESTION_COMPLIANT);
  EXPECT_EQ(report.answers(2).question(), v1::LeaderAnswer::QUESTION_IN_TIME);
  EXPECT_EQ(report.answers(3).question(), v1::LeaderAnswer::QUESTION_OPINIONS);
  for (const v1::LeaderAnswer& answer : report.answers()) {
    EXPECT_FALSE(answer.answer().empty());
  }
}

TEST(ReportRulesTest, TheSameFactsGiveTheSameReport) {
  EXPECT_EQ(SampleReport("2019-W30", false).SerializeAsString(),
            SampleReport("2019-W30", false).SerializeAsString());
}

TEST(ReportRulesTest, ItemsThatAreNotPrintedAreCounted) {
  const v1::Report report = SampleReport("2019-W30", false);
  EXPECT_EQ(report.items_size() + report.items_omitted(), 9);
}

TEST(ReportRulesTest, FindingsAreAParetoThatEndsAtOne) {
  const v1::Report report = SampleReport("2019-W30", false);
  for (int i = 1; i < report.findings_size(); ++i) {
    EXPECT_GE(report.findings(i - 1).count(), report.findings(i).count());
  }
  EXPECT_DOUBLE_EQ(
      report.findings(report.findings_size() - 1).cumulative_share(), 1);
}

TEST(ReportRulesTest, EmptyWeekIsAReportThatSaysSo) {
  ReportFacts facts;
  facts.court = "courts/110102";
  for (const Span& span : SpansUpTo(*ParseSpan("2019-W30"), kTrendSpans)) {
    facts.spans.emplace_back().span = span;
  }
  const v1::Report report = AssembleReport(facts, FigurePolicy());
  EXPECT_EQ(report.trends_size(), 0);
  EXPECT_EQ(report.items_size(), 0);
  EXPECT_THAT(report.answers(2).answer(), HasSubstr("没有办结"));
}

TEST(ReportRulesTest, MonthPoolsItsWeeksStrata) {
  const v1::Report report = SampleReport("2019-07", false);
  for (const v1::Figure& figure : report.figures()) {
    if (figure.measure() == v1::MEASURE_SATISFACTION_RATE) {
      EXPECT_EQ(figure.design().strata(), 20);  // 4 weeks of 5 strata
    }
  }
}

TEST(ReportRulesTest, TheNoteClaimsNoReplacementThatDidNotHappen) {
  ReportFacts facts = SampleFacts("2019-W30", false);
  const auto sentences = [&] {
    const v1::Report report = AssembleReport(facts, FigurePolicy());
    return std::make_pair(absl::StrJoin(report.method().sentences(), ""),
                          absl::StrJoin(report.method().sentences_en(), " "));
  };
  EXPECT_THAT(sentences().first, HasSubstr("未从备选中递补"));
  EXPECT_THAT(sentences().first, Not(HasSubstr("替补")));
  EXPECT_THAT(sentences().second, HasSubstr("Nobody was added"));
  facts.from_reserve = 3;
  EXPECT_THAT(sentences().first, HasSubstr("其中3件系从备选中"));
  EXPECT_THAT(sentences().second, HasSubstr("3 were added from the reserve"));
}

// Divisions at 96 % in time but one, which is at 75 %.
v1::Report ReportOfOneSlowDivision() {
  ReportFacts facts = SampleFacts("2019-W30", false);
  for (auto& [group, totals] : facts.spans.back().tickets) {
    totals.with_due = 200;
    totals.on_time = absl::EndsWith(group, "civil-2") ? 150 : 192;
  }
  return AssembleReport(facts, FigurePolicy());
}

TEST(ReportRulesTest, SaysWhichDivisionsTrulyDiffer) {
  const v1::Report report = ReportOfOneSlowDivision();
  for (const v1::GroupLine& group : report.groups()) {
    const v1::Comparison* c = FindComparison(group, v1::MEASURE_ON_TIME_RATE);
    ASSERT_NE(c, nullptr);
    if (absl::EndsWith(group.group(), "civil-2")) {
      EXPECT_EQ(c->flag(), v1::Comparison::FLAG_LOW);
      EXPECT_LT(0.75, c->limit_lower());
      EXPECT_LT(c->difference().upper(), 0);
      EXPECT_LT(c->difference().lower(), 0.75 - c->center());
    }
    EXPECT_LE(c->p_value(), c->adjusted_p_value());
  }
  EXPECT_THAT(DifferenceTexts(report, Locale::kChinese),
              Contains(ContainsRegex(
                  "按期办结率：民事审判二庭（75\\.0%，相差−[0-9.]+至−[0-9.]+"
                  "个百分点，p<0\\.001）明显低于其余合计")));
  EXPECT_THAT(
      DifferenceTexts(report, Locale::kEnglish),
      Contains(ContainsRegex(
          "Closed on time: lower than all others together: 民事审判二庭 "
          "\\(75\\.0%, −[0-9.]+ to −[0-9.]+ pp, p<0\\.001\\)")));
}

TEST(ReportRulesTest, WithoutAFlagNoDivisionIsNamed) {
  ReportFacts facts = SampleFacts("2019-W30", false);
  for (auto& [group, totals] : facts.spans.back().tickets) {
    totals.with_due = 200;
    totals.on_time = 192;
  }
  const v1::Report report = AssembleReport(facts, FigurePolicy());
  EXPECT_THAT(DifferenceTexts(report, Locale::kChinese),
              Contains("按期办结率：5个庭室没有超出偶然波动的差异。"));
}

}  // namespace
}  // namespace huifang::reporting

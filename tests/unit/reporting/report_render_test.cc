#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "services/reporting/labels.h"
#include "services/reporting/report_csv.h"
#include "services/reporting/report_docx.h"
#include "services/reporting/report_html.h"
#include "services/reporting/report_text.h"
#include "services/reporting/report_xlsx.h"
#include "tests/support/matchers.h"
#include "tests/unit/reporting/forms.h"
#include "tests/unit/reporting/sample_facts.h"

namespace huifang::reporting {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string Html(const v1::Report& report, Locale locale = Locale::kChinese) {
  const absl::StatusOr<std::string> page = RenderHtml(report, locale);
  EXPECT_OK(page.status());
  return page.value_or("");
}

// The texts of a workbook's parts.
std::string Sheets(const v1::Report& report) {
  const absl::StatusOr<std::string> book = RenderXlsx(report, Locale::kChinese);
  EXPECT_OK(book.status());
  std::string texts;
  for (const auto& [name, text] : Unzip(book.value_or(""))) texts += text;
  EXPECT_THAT(texts, HasSubstr("<worksheet"));
  return texts;
}

TEST(ReportRenderTest, ThePageStandsAlone) {
  const std::string page = Html(SampleReport("2019-W30", false));
  EXPECT_THAT(page, HasSubstr("北京市西城区人民法院"));
  EXPECT_THAT(page, HasSubstr("西法回访周报〔2019〕30号"));
  EXPECT_THAT(page, HasSubstr("<svg"));
  for (const char* outside : {"<script", "<link", "<img", "@import", "url("}) {
    EXPECT_THAT(page, Not(HasSubstr(outside)));
  }
}

TEST(ReportRenderTest, GeneratedDataAreDeclared) {
  v1::Report report = SampleReport("2019-W30", false);
  EXPECT_THAT(Html(report), HasSubstr("演示数据声明"));
  report.mutable_method()->set_generated_tickets(0);
  report.mutable_method()->set_simulated_callbacks(0);
  EXPECT_THAT(Html(report), Not(HasSubstr("演示数据声明")));
}

TEST(ReportRenderTest, ACorrectionIsPrintedInEveryForm) {
  v1::Report report = SampleReport("2019-W30", false);
  EXPECT_THAT(Html(report), Not(HasSubstr("更正：")));
  report.set_corrects("courts/110102/reports/1");
  report.set_corrects_serial_number("西法回访周报〔2019〕30号");
  report.set_correction_reason("补录两件漏报工单");
  v1::FigureChange& change = *report.add_correction_changes();
  change.set_measure(v1::MEASURE_PASS_RATE);
  change.set_unit(v1::Figure::UNIT_RATE);
  change.mutable_before()->set_state(v1::Figure::STATE_OK);
  change.mutable_before()->set_value(0.95);
  change.mutable_after()->set_state(v1::Figure::STATE_OK);
  change.mutable_after()->set_value(0.9);
  for (const std::string& form :
       {Html(report), RenderCsv(report, Locale::kChinese), Sheets(report)}) {
    EXPECT_THAT(form, HasSubstr("更正：本期更正已送交的西法回访周报〔2019〕30号"
                                "。理由：补录两件漏报工单。"));
    EXPECT_THAT(form, HasSubstr("95.0% → 90.0%"));
  }
  EXPECT_THAT(Html(report, Locale::kEnglish), HasSubstr("Correction of "));
}

// Whoever holds a bundle can match it to the report.
TEST(ReportRenderTest, BundleAndSeedOfEachDrawArePrintedWhereKnown) {
  v1::Report report = SampleReport("2019-W30", false);
  v1::MethodNote::DrawLine& draw = *report.mutable_method()->mutable_draws(0);
  for (const std::string& form : {Html(report), Sheets(report)}) {
    EXPECT_THAT(form, HasSubstr("验证包摘要"));
    EXPECT_THAT(form, HasSubstr(draw.bundle_digest()));
    EXPECT_THAT(
        form, HasSubstr("公开种子 5eed0123456789ab（冻结后由服务器随机生成）"));
  }
  draw.set_seeder("head-1");
  draw.set_seed_source("GIVEN");
  EXPECT_THAT(Html(report), HasSubstr("（冻结前由head-1给定）"));
  draw.clear_bundle_digest();
  draw.clear_public_seed();
  EXPECT_THAT(Html(report), Not(HasSubstr("验证包摘要")));
  EXPECT_THAT(Html(report), Not(HasSubstr("公开种子")));
}

TEST(ReportRenderTest, CallersWordsCannotBecomeMarkup) {
  v1::Report report = SampleReport("2019-W30", false);
  report.mutable_items(0)->set_matter("<script>alert(1)</script>{{court}}");
  report.mutable_items(0)->set_reply("<b>已收悉</b>");
  const std::string page = Html(report);
  EXPECT_THAT(page, Not(HasSubstr("<script>")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)"));
  EXPECT_THAT(page, HasSubstr("{{court}}"));
  EXPECT_THAT(page, Not(HasSubstr("<b>已")));
}

TEST(ReportRenderTest, QuotedWordsAreMarkedInTheReply) {
  EXPECT_THAT(Html(SampleReport("2019-W30", false)),
              HasSubstr("<span class=\"quote\">已收悉</span>"));
}

TEST(ReportRenderTest, MarkQuotesKeepsEveryByte) {
  const std::string text = "已收悉，会尽快处理。已收悉";
  std::string joined;
  int marked = 0;
  for (const TextPart& part : MarkQuotes(text, {"已收悉", "会尽快", ""})) {
    joined += part.text;
    marked += part.marked ? 1 : 0;
  }
  EXPECT_EQ(joined, text);
  EXPECT_EQ(marked, 3);
}

TEST(ReportRenderTest, EnglishPageHasEnglishHeadings) {
  const std::string page =
      Html(SampleReport("2019-W30", false), Locale::kEnglish);
  EXPECT_THAT(page, HasSubstr("Item by item"));
  EXPECT_THAT(page, HasSubstr("lang=\"en\""));
}

TEST(ReportRenderTest, ListsThatGoOnSayItInEveryDocument) {
  v1::Report report = SampleReport("2019-W30", false);
  EXPECT_THAT(Html(report), Not(HasSubstr("未全部列出")));
  report.set_supervisions_cut(true);
  report.set_trainings_cut(true);
  EXPECT_THAT(Html(report), HasSubstr("重点督办、培训较多，未全部列出。"));
  EXPECT_THAT(
      Html(report, Locale::kEnglish),
      HasSubstr("Listed in part only: tickets under supervision, trainings."));
  const absl::StatusOr<std::string> document =
      RenderDocx(report, Locale::kChinese);
  ASSERT_OK(document.status());
  EXPECT_THAT(Unzip(*document)["word/document.xml"],
              HasSubstr("重点督办、培训较多，未全部列出。"));
}

TEST(ReportRenderTest, AnEmptyReportStillRenders) {
  v1::Report report;
  report.mutable_period()->set_label("2019-W30");
  EXPECT_THAT(Html(report), HasSubstr("</html>"));
  EXPECT_THAT(RenderCsv(report, Locale::kChinese), StartsWith("\xEF\xBB\xBF"));
  EXPECT_OK(RenderXlsx(report, Locale::kChinese).status());
}

TEST(ReportRenderTest, CsvHasAByteOrderMarkAndNoFormula) {
  v1::Report report = SampleReport("2019-W30", false);
  report.mutable_items(0)->set_problem("=HYPERLINK(\"x\")");
  const std::string csv = RenderCsv(report, Locale::kChinese);
  EXPECT_THAT(csv, StartsWith("\xEF\xBB\xBF"));
  EXPECT_THAT(csv, HasSubstr("\"'=HYPERLINK(\"\"x\"\")\""));
}

TEST(ReportRenderTest, SuppressedFiguresNeverReachTheCsv) {
  v1::Report report;
  v1::Figure& figure = *report.add_figures();
  figure.set_measure(v1::MEASURE_SATISFACTION_RATE);
  figure.set_unit(v1::Figure::UNIT_RATE);
  figure.mutable_current()->set_state(v1::Figure::STATE_SUPPRESSED);
  figure.mutable_current()->set_denominator(2);
  EXPECT_THAT(RenderCsv(report, Locale::kChinese),
              HasSubstr(",,,,,,,,SUPPRESSED"));
}

TEST(ReportRenderTest, WorkbookIsAZipWithItsSheets) {
  const absl::StatusOr<std::string> book =
      RenderXlsx(SampleReport("2019-W30", false), Locale::kChinese);
  ASSERT_OK(book.status());
  EXPECT_THAT(*book, StartsWith("PK"));
  for (int sheet = 1; sheet <= 5; ++sheet) {
    EXPECT_THAT(*book, HasSubstr("xl/worksheets/sheet" + std::to_string(sheet) +
                                 ".xml"));
  }
  EXPECT_THAT(*book, HasSubstr("xl/charts/chart1.xml"));
}

TEST(ReportRenderTest, ComparisonsAreInEveryForm) {
  const v1::Report report = SampleReport("2019-W30", false);
  const std::string page = Html(report);
  EXPECT_THAT(page, HasSubstr("哪些庭室确有差异"));
  EXPECT_THAT(page, HasSubstr("class='funnel warning'"));
  EXPECT_THAT(RenderCsv(report, Locale::kChinese),
              HasSubstr("comparison,MEASURE_ON_TIME_RATE"));
  const absl::StatusOr<std::string> book = RenderXlsx(report, Locale::kEnglish);
  ASSERT_OK(book.status());
  EXPECT_THAT(*book, HasSubstr("xl/worksheets/sheet6.xml"));
}

// What stands from `from` on up to `to`.
std::string Between(const std::string& text, const std::string& from,
                    const std::string& to) {
  const std::size_t begin = text.find(from);
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find(to, begin) - begin);
}

std::string Unescaped(const std::string& text) {
  return absl::StrReplaceAll(text, {{"&gt;", ">"}, {"&lt;", "<"}});
}

// n, interval and bounds beside every rate of every division.
TEST(ReportRenderTest, RatesOfGroupsStandBesideWhatTheyRestOn) {
  const v1::Report report = SampleReport("2019-W30", false);
  const std::string page = Html(report);
  const absl::StatusOr<std::string> docx = RenderDocx(report, Locale::kChinese);
  const absl::StatusOr<std::string> xlsx = RenderXlsx(report, Locale::kChinese);
  ASSERT_OK(docx.status());
  ASSERT_OK(xlsx.status());
  const std::string document = Unzip(*docx).at("word/document.xml");
  const auto parts = Unzip(*xlsx);
  const std::string sheet = parts.at("xl/worksheets/sheet3.xml");
  const std::string strings = parts.at("xl/sharedStrings.xml");
  int sampled = 0;
  for (const v1::GroupLine& group : report.groups()) {
    const std::string& name = group.display_name();
    const std::string row =
        Unescaped(Between(page, "<tr><td>" + name + "</td>", "</tr>"));
    const std::string table =
        document.substr(document.find("w:tblGrid", document.find("各庭情况")));
    const std::string line =
        Unescaped(Between(table, ">" + name + "<", "</w:tr>"));
    for (const v1::Figure& figure : group.figures()) {
      if (figure.unit() != v1::Figure::UNIT_RATE ||
          figure.current().state() != v1::Figure::STATE_OK) {
        continue;
      }
      const std::string basis = BasisText(figure.current());
      const std::string interval =
          IntervalText(figure.current(), Locale::kChinese);
      for (const std::string& cells : {row, line}) {
        EXPECT_THAT(cells, HasSubstr(">" + basis + "<"));
        EXPECT_THAT(cells, HasSubstr(">" + interval + "<"));
      }
      EXPECT_THAT(strings, HasSubstr(">" + basis + "<"));
      const v1::Interval& limits = figure.current().interval();
      std::vector<double> numbers = {limits.lower(), limits.upper()};
      if (figure.has_design()) {
        ++sampled;
        for (const std::string& cells : {row, line}) {
          EXPECT_THAT(cells, HasSubstr("最坏界"));
          EXPECT_THAT(cells, HasSubstr(BoundsText(figure) + "<"));
        }
        numbers.push_back(figure.design().worst_case());
        numbers.push_back(figure.design().best_case());
      }
      for (const double number : numbers) {
        EXPECT_THAT(sheet, HasSubstr(absl::StrFormat("<v>%.16G</v>", number)));
      }
    }
  }
  EXPECT_GE(sampled, 6);
}

TEST(ReportRenderTest, AlmostAllIsNotAll) {
  EXPECT_EQ(PercentText(0.9999), ">99.9%");
  EXPECT_EQ(PercentText(1), "100.0%");
  EXPECT_EQ(PercentText(0.0001), "<0.1%");
  EXPECT_EQ(PercentText(0), "0.0%");
}

TEST(ReportRenderTest, FileNamesAreSafe) {
  v1::Report report = SampleReport("2019-W30", true);
  report.set_division_display_name("../../民一庭:x");
  const std::string name = FileName(report, "html");
  EXPECT_EQ(name.find('/'), std::string::npos);
  EXPECT_EQ(name.find(':'), std::string::npos);
}

}  // namespace
}  // namespace huifang::reporting

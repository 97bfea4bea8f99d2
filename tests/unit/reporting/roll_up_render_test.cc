#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/reporting/roll_up_file.h"
#include "services/reporting/roll_up_text.h"
#include "services/reporting/roll_up_trend.h"
#include "tests/support/matchers.h"
#include "tests/unit/reporting/forms.h"
#include "tests/unit/reporting/sample_courts.h"

namespace huifang::reporting {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string Html(const v1::RollUp& roll_up, Locale locale = Locale::kChinese) {
  const absl::StatusOr<std::string> page = RenderHtml(roll_up, locale);
  EXPECT_OK(page.status());
  return page.value_or("");
}

TEST(RollUpRender, ThePageStandsAlone) {
  const std::string page = Html(SampleRollUp());
  EXPECT_THAT(page, HasSubstr("北京市高级人民法院"));
  EXPECT_THAT(page, HasSubstr("<svg"));
  for (const char* outside : {"<script", "<link", "<img", "@import", "url("}) {
    EXPECT_THAT(page, Not(HasSubstr(outside)));
  }
}

std::map<std::string, std::string> Docx(const v1::RollUp& roll_up,
                                        Locale locale = Locale::kChinese) {
  const absl::StatusOr<std::string> file = RenderDocx(roll_up, locale);
  EXPECT_OK(file.status());
  return Unzip(file.value_or(""));
}

TEST(RollUpRender, TheDocumentSaysWhatThePageSays) {
  const std::map<std::string, std::string> parts = Docx(SampleRollUp());
  ExpectSoundDocx(parts);
  EXPECT_EQ(parts.count("word/media/chart1.png"), 1U);
  EXPECT_THAT(parts.at("docProps/core.xml"),
              HasSubstr("辖区法院回访质检汇总（周） 2019-W30"));
  const std::string& document = parts.at("word/document.xml");
  std::size_t at = 0;
  for (const char* text :
       {"北京市高级人民法院", "应报6家，已报5家", "解决了吗", "合规吗",
        "按时即答了吗", "有何意见建议", "各院情况", "缺报", "合计", "回访应答",
        "趋势", "哪些法院确有差异", "缺报与口径不同",
        "质检标准不同：该院#1f2e3d4c", "来源与口径"}) {
    const std::size_t next = document.find(text, at);
    ASSERT_NE(next, std::string::npos) << text;
    at = next;
  }
}

TEST(RollUpRender, EveryFormNamesTheMissingCourt) {
  const v1::RollUp roll_up = SampleRollUp();
  EXPECT_THAT(Html(roll_up), HasSubstr("北京市石景山区人民法院"));
  EXPECT_THAT(Html(roll_up), HasSubstr("缺报：本期没有已送交的报告"));
  EXPECT_THAT(Docx(roll_up).at("word/document.xml"),
              HasSubstr("北京市石景山区人民法院"));
  EXPECT_THAT(RenderCsv(roll_up, Locale::kChinese),
              HasSubstr("110107,\"北京市石景山区人民法院\",,,MISSING"));
  EXPECT_THAT(Html(roll_up), HasSubstr("应报6家，已报5家"));
}

TEST(RollUpRender, EverySampledRateHasItsWorstCaseBoundsInEveryForm) {
  v1::RollUp roll_up = SampleRollUp();
  const auto bound = [](double worst, double best, v1::Figure& figure) {
    figure.mutable_design()->set_worst_case(worst);
    figure.mutable_design()->set_best_case(best);
  };
  bound(0.123, 0.987,
        *roll_up.mutable_lines(0)->mutable_court()->mutable_figures(1));
  bound(0.234, 0.876, *roll_up.mutable_totals(1)->mutable_figure());
  for (const char* bounds : {"12.3%–98.7%", "23.4%–87.6%"}) {
    EXPECT_THAT(Html(roll_up), HasSubstr(absl::StrCat("最坏界<br>", bounds)));
    EXPECT_THAT(Docx(roll_up).at("word/document.xml"), HasSubstr(bounds));
  }
  // The leader's answer says them too.
  EXPECT_THAT(Html(roll_up, Locale::kEnglish),
              HasSubstr("· worst case 23.4%–87.6%</small>"));
  for (const char* row : {",0.123,0.987", ",0.234,0.876"}) {
    EXPECT_THAT(RenderCsv(roll_up, Locale::kChinese), HasSubstr(row));
  }
  const absl::StatusOr<std::string> book =
      RenderXlsx(roll_up, Locale::kChinese);
  ASSERT_OK(book.status());
  EXPECT_THAT(Unzip(*book).at("xl/worksheets/sheet1.xml"),
              AllOf(HasSubstr("<v>0.234"), HasSubstr("<v>0.876")));
  EXPECT_THAT(Unzip(*book).at("xl/worksheets/sheet2.xml"),
              AllOf(HasSubstr("<v>0.123"), HasSubstr("<v>0.987")));
}

// All that a form's reader can see, whatever the form.
std::map<std::string, std::string> Seen(const v1::RollUp& roll_up) {
  std::map<std::string, std::string> forms = {
      {"html", Html(roll_up)},
      {"docx", Docx(roll_up).at("word/document.xml")},
      {"csv", RenderCsv(roll_up, Locale::kChinese)}};
  const absl::StatusOr<std::string> book =
      RenderXlsx(roll_up, Locale::kChinese);
  EXPECT_OK(book.status());
  for (const auto& [name, part] : Unzip(book.value_or(""))) {
    forms["xlsx"] += part;
  }
  return forms;
}

TEST(RollUpRender, EveryFormSaysHowManyWereHeardInEachCourtAndInAll) {
  std::map<std::string, std::string> forms = Seen(SampleRollUp());
  // 60 of 72 in the first court, 244 of 304 in all five.
  EXPECT_THAT(forms["html"],
              AllOf(HasSubstr("<td>60</td><td>72</td><td>83.3%</td>"),
                    HasSubstr("<td>244</td><td>304</td><td>80.3%</td>"),
                    HasSubstr("I 244 · NC 60")));
  EXPECT_THAT(forms["docx"], AllOf(HasSubstr("83.3%"), HasSubstr("80.3%"),
                                   HasSubstr("I 244 · NC 60")));
  EXPECT_THAT(forms["csv"], HasSubstr("MEASURE_RESPONSE_RATE,\"回访完成率\",OK,"
                                      "0.8026315789,,,,244,304"));
  EXPECT_THAT(forms["xlsx"],
              AllOf(HasSubstr("<v>244</v>"), HasSubstr("<v>304</v>")));
}

TEST(RollUpRender, EveryFormNamesTheBundlesAndWhatItWasMadeFrom) {
  const v1::RollUp roll_up = SampleRollUp();
  for (const auto& [form, text] : Seen(roll_up)) {
    SCOPED_TRACE(form);
    for (const int line : {0, 4}) {
      EXPECT_THAT(
          text,
          HasSubstr(roll_up.lines(line).court().draws(0).bundle_digest()));
    }
    EXPECT_THAT(text, HasSubstr(roll_up.sources_digest()));
    EXPECT_THAT(text, HasSubstr("法回访周报〔2019〕30号"));
  }
  v1::RollUp unknown = roll_up;
  v1::CourtFigures& court = *unknown.mutable_lines(0)->mutable_court();
  court.mutable_draws(0)->clear_bundle_digest();
  court.set_draws_omitted(3);
  EXPECT_THAT(Html(unknown),
              AllOf(HasSubstr("未记录"), HasSubstr("另有3次抽样未列出")));
}

TEST(RollUpRender, EveryFormSaysWhereTheTrendHasAGapAndWhy) {
  std::map<std::string, std::string> forms = Seen(SampleRollUp());
  EXPECT_THAT(forms["html"], HasSubstr("无数据：没有法院送交报告"));
  EXPECT_THAT(forms["docx"], HasSubstr("无数据：没有法院送交报告"));
  for (const char* form : {"html", "docx", "xlsx"}) {
    EXPECT_THAT(forms[form], AllOf(HasSubstr("可比法院不足半数"),
                                   HasSubstr("口径与最近一期不同")));
  }
  EXPECT_THAT(forms["csv"],
              AllOf(HasSubstr(",NO_DATA,"), HasSubstr(",FEW_COURTS,"),
                    HasSubstr(",OTHER_CRITERIA,"), HasSubstr(",2019-W29,")));
  EXPECT_THAT(forms["html"], HasSubstr("已报5/6家"));
}

TEST(RollUpRender, TheWorkbooksChartsNameNoMarkerThatTheFormatLacks) {
  const absl::StatusOr<std::string> book =
      RenderXlsx(SampleRollUp(), Locale::kChinese);
  ASSERT_OK(book.status());
  int markers = 0;
  for (const auto& [name, part] : Unzip(*book)) {
    const std::string symbol = "<c:symbol val=\"";
    for (std::size_t at = part.find(symbol); at != std::string::npos;
         at = part.find(symbol, at + 1)) {
      const std::size_t from = at + symbol.size();
      // Of ST_MarkerStyle, ECMA-376 part 1, 21.2.3.27.
      EXPECT_THAT(part.substr(from, part.find('"', from) - from),
                  AnyOf("circle", "dash", "diamond", "dot", "none", "plus",
                        "square", "star", "triangle", "x", "auto"));
      ++markers;
    }
  }
  EXPECT_GT(markers, 0);
}

TEST(RollUpRender, WithoutEarlierReportsThereIsNoTrendAndThatIsSaid) {
  v1::RollUp roll_up = SampleRollUp();
  SetTrend({}, roll_up);
  const std::string page = Html(roll_up);
  EXPECT_THAT(page, HasSubstr("近1期中有法院送交报告的只有1期，尚无趋势。"));
  EXPECT_THAT(page, Not(HasSubstr("已报5/6家")));
  ExpectSoundDocx(Docx(roll_up));
}

TEST(RollUpRender, SaysWhyACourtIsNotCompared) {
  const v1::RollUp roll_up = SampleRollUp();
  EXPECT_THAT(Html(roll_up), HasSubstr("质检标准不同：该院#1f2e3d4c"));
  EXPECT_THAT(RenderCsv(roll_up, Locale::kChinese),
              HasSubstr("NOT_COMPARABLE"));
}

TEST(RollUpRender, FlagsOnlyTheCourtThatDiffers) {
  const v1::RollUp roll_up = SampleRollUp();
  const std::vector<std::string> texts =
      DifferenceTexts(roll_up, Locale::kChinese);
  EXPECT_THAT(texts[0], HasSubstr("没有超出偶然波动的差异"));
  EXPECT_THAT(texts[0], Not(HasSubstr("明显")));
  EXPECT_THAT(texts[3], HasSubstr("北京市丰台区人民法院（60.0%，p<0.001）明显"
                                  "低于其余合计"));
  EXPECT_THAT(texts[3], Not(HasSubstr("西城")));
}

TEST(RollUpRender, EnglishHasOnlyTheCourtsNamesInChinese) {
  v1::RollUp roll_up = SampleRollUp();
  roll_up.set_court_display_name("High Court");
  for (v1::RollUp::Line& line : *roll_up.mutable_lines()) {
    line.mutable_court()->set_court_display_name("Court");
    line.mutable_court()->set_serial_number("No. 30");
  }
  const std::string page = Html(roll_up, Locale::kEnglish);
  for (const std::string& text :
       {page.substr(page.find("<body>")),
        Docx(roll_up, Locale::kEnglish).at("word/document.xml")}) {
    EXPECT_THAT(text, HasSubstr("Which courts truly differ"));
    for (std::size_t i = 0; i + 2 < text.size(); ++i) {
      // U+4E00 to U+9FFF begin with E4 B8 to E9 BF.
      const auto lead = static_cast<unsigned char>(text[i]);
      ASSERT_FALSE(lead >= 0xE4 && lead <= 0xE9)
          << text.substr(i > 40 ? i - 40 : 0, 90);
    }
  }
}

TEST(RollUpRender, GeneratedDataAreDeclared) {
  v1::RollUp roll_up = SampleRollUp();
  EXPECT_THAT(Html(roll_up), Not(HasSubstr("演示数据声明")));
  roll_up.mutable_lines(0)->mutable_court()->set_generated_tickets(7);
  EXPECT_THAT(Html(roll_up), HasSubstr("演示数据声明"));
}

TEST(RollUpRender, NamesNeverBecomeFormulasOrMarkup) {
  v1::RollUp roll_up = SampleRollUp();
  roll_up.mutable_lines(0)->mutable_court()->set_court_display_name(
      "=1+1<b>\"");
  EXPECT_THAT(RenderCsv(roll_up, Locale::kChinese),
              HasSubstr("\"'=1+1<b>\"\"\""));
  EXPECT_THAT(Html(roll_up), Not(HasSubstr("<b>")));
  ExpectSoundDocx(Docx(roll_up));
}

TEST(RollUpRender, ComesInFiveFormsAndRefusesOthers) {
  const v1::RollUp roll_up = SampleRollUp();
  for (const v1::ReportFormat format :
       {v1::REPORT_FORMAT_HTML, v1::REPORT_FORMAT_XLSX, v1::REPORT_FORMAT_DOCX,
        v1::REPORT_FORMAT_CSV, v1::REPORT_FORMAT_PROTO}) {
    for (const Locale locale : {Locale::kChinese, Locale::kEnglish}) {
      const absl::StatusOr<ReportFile> file =
          RenderFile(roll_up, format, locale);
      ASSERT_OK(file.status());
      EXPECT_FALSE(file->bytes.empty());
      EXPECT_THAT(file->name, StartsWith("辖区法院汇总-110000-2019-W30."));
    }
  }
  EXPECT_EQ(RenderFile(roll_up, v1::REPORT_FORMAT_UNSPECIFIED, Locale::kChinese)
                .status()
                .code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace huifang::reporting

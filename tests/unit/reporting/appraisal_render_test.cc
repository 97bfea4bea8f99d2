#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/reporting/appraisal_file.h"
#include "tests/support/matchers.h"
#include "tests/unit/reporting/forms.h"
#include "tests/unit/reporting/sample_appraisal.h"

namespace huifang::reporting {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(AppraisalRender, ThePageSaysWhoDiffersWhatIsLeftOutAndWhatWasCorrected) {
  const v1::Appraisal sheet = SampleAppraisal();
  ASSERT_OK_AND_ASSIGN(const std::string page,
                       AppraisalHtml(sheet, Locale::kChinese));
  EXPECT_THAT(page, HasSubstr("北京市西城区人民法院"));
  EXPECT_THAT(page, HasSubstr("更正第1版。理由：一件复评改判。"));
  EXPECT_THAT(page, HasSubstr("12368-201907-0412"));
  EXPECT_THAT(page, HasSubstr("明显偏低"));
  EXPECT_THAT(page, HasSubstr("数据不足"));
  EXPECT_THAT(page, HasSubstr("李法官&lt;b&gt;"));
  EXPECT_THAT(page, HasSubstr("2019-08-20 17:00"));
  ASSERT_OK_AND_ASSIGN(const std::string english,
                       AppraisalHtml(sheet, Locale::kEnglish));
  EXPECT_THAT(english, HasSubstr("Correction of version 1. Reason"));
  EXPECT_THAT(english, HasSubstr("no rank"));
  EXPECT_THAT(english, HasSubstr("not enough data"));
}

TEST(AppraisalRender, TheDocumentSaysWhatThePageSays) {
  ASSERT_OK_AND_ASSIGN(const std::string file,
                       AppraisalDocx(SampleAppraisal(), Locale::kChinese));
  const std::map<std::string, std::string> parts = Unzip(file);
  ExpectSoundDocx(parts);
  const std::string& document = parts.at("word/document.xml");
  std::size_t at = 0;
  for (const char* text :
       {"北京市西城区人民法院", "更正第1版。理由：一件复评改判。", "更正内容",
        "庭室", "承办人", "李法官&lt;b&gt;", "数据不足", "考核排除",
        "12368-201907-0412", "2019-08-20 17:00"}) {
    const std::size_t next = document.find(text, at);
    ASSERT_NE(next, std::string::npos) << text;
    at = next;
  }
  EXPECT_THAT(parts.at("docProps/core.xml"),
              HasSubstr("回访质检考核表 2019-07"));
}

TEST(AppraisalRender, TheTableRunsNoFormula) {
  const std::string table = AppraisalCsv(SampleAppraisal(), Locale::kChinese);
  EXPECT_THAT(table, StartsWith("\xEF\xBB\xBF类别,"));
  EXPECT_THAT(table, HasSubstr("\"'=诉求超出法院职责"));
  EXPECT_THAT(table, HasSubstr("MEASURE_PASS_RATE"));
  EXPECT_THAT(table, HasSubstr("NOT_ENOUGH_DATA"));
}

TEST(AppraisalRender, EveryFormIsPrinted) {
  const v1::Appraisal sheet = SampleAppraisal();
  for (const auto& [format, name] :
       {std::pair{v1::REPORT_FORMAT_HTML, "回访质检考核表-2019-07-v2.html"},
        std::pair{v1::REPORT_FORMAT_XLSX, "回访质检考核表-2019-07-v2.xlsx"},
        std::pair{v1::REPORT_FORMAT_DOCX, "回访质检考核表-2019-07-v2.docx"},
        std::pair{v1::REPORT_FORMAT_CSV, "回访质检考核表-2019-07-v2.csv"},
        std::pair{v1::REPORT_FORMAT_PROTO, "回访质检考核表-2019-07-v2.pb"}}) {
    ASSERT_OK_AND_ASSIGN(const ReportFile file,
                         RenderAppraisal(sheet, format, Locale::kChinese));
    EXPECT_EQ(file.name, name);
    EXPECT_FALSE(file.bytes.empty());
  }
  EXPECT_FALSE(
      RenderAppraisal(sheet, v1::REPORT_FORMAT_UNSPECIFIED, Locale::kChinese)
          .ok());
}

TEST(AppraisalRender, AnEmptySheetIsPrintedAndSaysSo) {
  v1::Appraisal sheet;
  sheet.set_name("courts/110102/appraisals/none");
  ASSERT_OK_AND_ASSIGN(const std::string page,
                       AppraisalHtml(sheet, Locale::kChinese));
  EXPECT_THAT(page, HasSubstr("本期没有可计入的工单。"));
  EXPECT_THAT(page, HasSubstr("本期没有排除的工单。"));
  EXPECT_THAT(page, Not(HasSubstr("更正")));
  ASSERT_OK(AppraisalXlsx(sheet, Locale::kEnglish).status());
}

}  // namespace
}  // namespace huifang::reporting

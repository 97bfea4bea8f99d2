#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/common/clock.h"
#include "services/common/proto_time.h"
#include "services/reporting/appraisal_correction.h"
#include "services/reporting/appraisal_file.h"
#include "services/reporting/appraisal_rules.h"
#include "tests/support/matchers.h"
#include "tests/unit/reporting/forms.h"

namespace huifang::reporting {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

absl::Time At(int month, int day, int hour) {
  return absl::FromCivil(absl::CivilHour(2019, month, day, hour),
                         CourtTimeZone());
}

HandledFacts Line(std::int64_t closed, std::int64_t graded, std::int64_t passed,
                  std::int64_t late) {
  HandledFacts line;
  line.tickets.closed = closed;
  line.tickets.with_due = closed;
  line.tickets.on_time = closed - late;
  line.quality.inspected = closed;
  line.quality.flagged = graded / 2;
  line.quality.flagged_graded = graded / 2;
  line.quality.flagged_passed =
      std::max<std::int64_t>(0, graded / 2 - (graded - passed));
  line.quality.plain_graded = graded - graded / 2;
  line.quality.plain_passed = passed - line.quality.flagged_passed;
  line.tiers = {
      {"A", passed / 2}, {"B", passed - passed / 2}, {"D", graded - passed}};
  line.findings = {{"over_simplified", graded - passed}, {"overdue", late}};
  return line;
}

AppraisalFacts Facts(std::int64_t passed_of_wang) {
  AppraisalFacts facts;
  facts.court = "courts/110102";
  facts.span = ParseSpan("2019-07").value();
  facts.appeals = {
      .open_windows = 0, .last_end = At(8, 20, 17), .appeals = {}, .any = true};
  const auto name = [&](const char* collection, const char* id,
                        const char* text) {
    const std::string full = absl::StrCat("courts/110102/", collection, id);
    facts.names[full] = text;
    return full;
  };
  facts.names["courts/110102"] = "北京市西城区人民法院";
  const std::string civil = name("divisions/", "civil-1", "民事审判一庭");
  const std::string second = name("divisions/", "civil-2", "民事审判二庭");
  facts.lines[{civil, name("staff/", "wang", "王法官")}] =
      Line(120, 48, passed_of_wang, 2);
  facts.lines[{civil, name("staff/", "li", "李法官<b>")}] = Line(96, 40, 39, 1);
  facts.lines[{second, name("staff/", "chen", "陈助理")}] =
      Line(110, 44, 43, 9);
  facts.lines[{second, name("staff/", "zhao", "赵法官")}] = Line(14, 6, 3, 0);
  facts.lines[{second, ""}] = Line(30, 0, 0, 0);
  facts.lines[{civil, "courts/110102/staff/li"}].excluded = 1;
  v1::AppraisalExclusion& one = facts.exclusions.emplace_back();
  one.set_name("courts/110102/appraisalExclusions/x1");
  one.set_ticket("courts/110102/tickets/t9");
  one.set_ticket_number("12368-201907-0412");
  one.set_division_display_name("民事审判一庭");
  one.set_reason("=诉求超出法院职责");
  one.set_requester("officer-yang");
  one.set_decider("head-zhao");
  *one.mutable_create_time() = ToTimestamp(At(7, 25, 10));
  *one.mutable_decide_time() = ToTimestamp(At(7, 26, 9));
  for (int i = 0; i < 24; ++i) {
    CallFact& call = facts.calls.emplace_back();
    call.draw = "d1";
    call.stratum = "s";
    call.stratum_population = 200;
    call.division = i % 2 == 0 ? civil : second;
    call.group = HandlerGroup(
        {call.division,
         absl::StrCat("courts/110102/staff/", i % 2 == 0 ? "wang" : "chen")});
    call.close_day = DayNumber(absl::CivilDay(2019, 7, 10));
    call.ticket = absl::StrCat("c", i);
    call.caller = call.ticket;
    call.disposition = Disposition::kComplete;
    call.verdict = i % 6 == 0 ? Verdict::kUnsatisfied : Verdict::kSatisfied;
  }
  return facts;
}

v1::Appraisal Corrected() {
  const auto sheet = [](std::int64_t passed) {
    return AssembleAppraisal(Facts(passed), FigurePolicy(), AppraisalPolicy());
  };
  v1::Appraisal before = sheet(29);
  before.set_name("courts/110102/appraisals/one");
  before.set_version(1);
  v1::Appraisal made = sheet(30);
  EXPECT_OK(CorrectAppraisal(before, "一件复评改判", made));
  made.set_name("courts/110102/appraisals/two");
  made.set_version(2);
  made.set_creator("officer-yang");
  *made.mutable_create_time() = ToTimestamp(At(9, 2, 10));
  return made;
}

TEST(AppraisalRender, ThePageSaysWhoDiffersWhatIsLeftOutAndWhatWasCorrected) {
  const v1::Appraisal sheet = Corrected();
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
                       AppraisalDocx(Corrected(), Locale::kChinese));
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
  const std::string table = AppraisalCsv(Corrected(), Locale::kChinese);
  EXPECT_THAT(table, StartsWith("\xEF\xBB\xBF类别,"));
  EXPECT_THAT(table, HasSubstr("\"'=诉求超出法院职责"));
  EXPECT_THAT(table, HasSubstr("MEASURE_PASS_RATE"));
  EXPECT_THAT(table, HasSubstr("NOT_ENOUGH_DATA"));
}

TEST(AppraisalRender, EveryFormIsPrinted) {
  const v1::Appraisal sheet = Corrected();
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

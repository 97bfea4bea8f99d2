#include "services/reporting/report_docx.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "services/reporting/report_csv.h"
#include "services/reporting/report_html.h"
#include "services/reporting/roll_up_file.h"
#include "services/reporting/template_check.h"
#include "services/reporting/xml_check.h"
#include "tests/support/matchers.h"
#include "tests/unit/reporting/forms.h"
#include "tests/unit/reporting/sample_courts.h"
#include "tests/unit/reporting/sample_facts.h"

namespace huifang::reporting {
namespace {

using ::testing::HasSubstr;

using Parts = std::map<std::string, std::string>;

Parts Docx(const v1::Report& report, Locale locale = Locale::kChinese) {
  const absl::StatusOr<std::string> file = RenderDocx(report, locale);
  EXPECT_OK(file.status());
  return Unzip(file.value_or(""));
}

TEST(ReportDocxTest, ThePackageIsWholeAndItsXmlWellFormed) {
  for (const bool division : {false, true}) {
    const Parts parts = Docx(SampleReport("2019-07", division));
    ExpectSoundDocx(parts);
    EXPECT_EQ(parts.count("word/media/chart8.png"), 1U);
  }
}

TEST(ReportDocxTest, ItSaysWhatThePageSays) {
  const v1::Report report = SampleReport("2019-W30", false);
  const std::string document = Docx(report).at("word/document.xml");
  std::size_t at = 0;
  for (const char* text :
       {"西法回访周报〔2019〕30号", "解决了吗", "合规吗", "按时即答了吗",
        "有何意见建议", "总体情况", "趋势", "各庭情况", "逐条问题与改进建议",
        "改进建议、督办与培训", "统计口径与方法", "抽样框摘要"}) {
    const std::size_t next = document.find(text, at);
    ASSERT_NE(next, std::string::npos) << text;
    at = next;
  }
  EXPECT_THAT(document, HasSubstr("<w:tblHeader/>"));
  EXPECT_THAT(document, HasSubstr(report.items(0).matter()));
  EXPECT_THAT(document, HasSubstr(report.method().draws(0).frame_digest()));
  EXPECT_THAT(document, HasSubstr(report.method().draws(0).bundle_digest()));
  EXPECT_THAT(document, HasSubstr("公开种子 5eed0123456789ab"));
}

TEST(ReportDocxTest, CallersWordsCannotBreakTheDocument) {
  v1::Report report = SampleReport("2019-W30", false);
  report.mutable_items(0)->set_matter("</w:t>&<x>\x01 {{court}}");
  const std::string document = Docx(report).at("word/document.xml");
  EXPECT_OK(CheckXml("document", document));
  EXPECT_THAT(document, HasSubstr("&lt;/w:t&gt;&amp;&lt;x&gt; {{court}}"));
}

TEST(ReportDocxTest, TheSameReportGivesTheSameBytes) {
  const v1::Report report = SampleReport("2019-W30", true);
  EXPECT_EQ(*RenderDocx(report, Locale::kEnglish),
            *RenderDocx(report, Locale::kEnglish));
}

bool IsHanText(const std::string& text) {
  return text.find("\xE3\x80\x82") != std::string::npos ||  // 。
         std::any_of(text.begin(), text.end(), [](char c) {
           return (static_cast<unsigned char>(c) & 0xF0) == 0xE0;
         });
}

// What is the court's own, in its own language: every text of the report but
// those that are kept in English too.
void CollectData(const google::protobuf::Message& message,
                 std::vector<std::string>& data) {
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  const google::protobuf::Reflection& get = *message.GetReflection();
  for (int i = 0; i < type.field_count(); ++i) {
    const google::protobuf::FieldDescriptor* field = type.field(i);
    const bool translated =
        type.FindFieldByName(absl::StrCat(field->name(), "_en")) != nullptr ||
        field->name() == "verdict";
    const int count = field->is_repeated() ? get.FieldSize(message, field) : 1;
    for (int n = 0; n < count; ++n) {
      if (field->cpp_type() ==
          google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) {
        if (field->is_repeated()) {
          CollectData(get.GetRepeatedMessage(message, field, n), data);
        } else if (get.HasField(message, field)) {
          CollectData(get.GetMessage(message, field), data);
        }
      } else if (field->cpp_type() ==
                     google::protobuf::FieldDescriptor::CPPTYPE_STRING &&
                 !translated) {
        data.push_back(field->is_repeated()
                           ? get.GetRepeatedString(message, field, n)
                           : get.GetString(message, field));
      }
    }
  }
}

// The Chinese that stands in `text` and is not the court's own.
std::string LeftOver(std::string text, const v1::Report& report) {
  std::vector<std::string> data;
  CollectData(report, data);
  // Reviewers' words stay as they wrote them, within sentences of ours.
  for (const ItemFacts& item : SampleFacts("2019-W30", false).items) {
    data.push_back(item.grade.comment());
    data.push_back(item.grade.suggestion());
  }
  std::sort(data.begin(), data.end(),
            [](const auto& a, const auto& b) { return a.size() > b.size(); });
  text = absl::StrReplaceAll(text,
                             {{"<span class=\"quote\">", ""}, {"</span>", ""}});
  for (const std::string& own : data) {
    if (IsHanText(own)) text = absl::StrReplaceAll(text, {{own, ""}});
  }
  std::string left;
  for (const char& c : text) {
    // Lead bytes E3 to E9: from 、 on through the ideographs; EF: full width.
    const auto byte = static_cast<unsigned char>(c);
    if ((byte >= 0xE3 && byte <= 0xE9) || byte == 0xEF) {
      const auto at = static_cast<std::size_t>(&c - text.data());
      absl::StrAppend(&left, text.substr(at > 30 ? at - 30 : 0, 90), "\n");
      if (left.size() > 600) break;
    }
  }
  return left;
}

TEST(ReportDocxTest, AnEnglishReportIsEnglishButForTheCourtsOwnWords) {
  for (const bool division : {false, true}) {
    const v1::Report report = SampleReport("2019-W30", division);
    const absl::StatusOr<std::string> page =
        RenderHtml(report, Locale::kEnglish);
    ASSERT_OK(page.status());
    // Names of fonts are Chinese in style sheets.
    EXPECT_EQ(LeftOver(page->substr(page->find("</style>")), report), "");
    EXPECT_EQ(LeftOver(RenderCsv(report, Locale::kEnglish).substr(3), report),
              "");
  }
}

class TemplateFolder : public ::testing::Test {
 protected:
  TemplateFolder()
      : folder_(absl::StrCat(
            ::testing::TempDir(), "templates-",
            ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ + "/courts/110102");
  }
  ~TemplateFolder() override { std::filesystem::remove_all(folder_); }

  void Put(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + "/" + name, std::ios::binary) << text;
  }

  const std::string folder_;
};

TEST_F(TemplateFolder, ACourtsTemplateStandsInForIt) {
  Put("report.html.mustache", "all {{court}}");
  Put("courts/110102/report.html.mustache", "own {{court}}");
  ASSERT_OK_AND_ASSIGN(const TemplateSet templates, LoadTemplates(folder_));
  v1::Report report = SampleReport("2019-W30", false);
  EXPECT_EQ(*RenderHtml(report, Locale::kChinese, templates),
            "own 北京市西城区人民法院");
  report.set_name("courts/110101/reports/1");
  EXPECT_EQ(*RenderHtml(report, Locale::kChinese, templates),
            "all 北京市西城区人民法院");
}

TEST_F(TemplateFolder, ABrokenTemplateIsNamedAtTheStart) {
  const std::pair<std::string, std::string> broken[] = {
      {"report.html.mustache", "{{#figures}} never closed"},
      {"courts/110102/document.xml.mustache",
       "<a>{{#answers}}<b>{{/answers}}</a>"},
      {"roll_up_document.xml.mustache", "<a>"},
      {"report.htm.mustache", "a name that no report uses"},
      {"footer.xml.mustache", "\xFF"},
      {"chart.css", std::string(kMaxTemplateBytes + 1, ' ')}};
  for (const auto& [name, text] : broken) {
    Put(name, text);
    const absl::Status status = LoadTemplates(folder_).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << name;
    EXPECT_THAT(std::string(status.message()),
                HasSubstr(name.substr(name.rfind('/') + 1)));
    std::filesystem::remove(folder_ + "/" + name);
  }
  Put("courts/110102/styles.xml.mustache", "<styles/>");
  EXPECT_OK(LoadTemplates(folder_).status());
  EXPECT_FALSE(LoadTemplates(folder_ + "/nowhere").ok());
}

TEST_F(TemplateFolder, ARollUpsDocumentIsPrintedFromItsOwn) {
  Put("roll_up_document.xml.mustache", "<own>{{court}}</own>");
  ASSERT_OK_AND_ASSIGN(const TemplateSet templates, LoadTemplates(folder_));
  const absl::StatusOr<std::string> file =
      RenderDocx(SampleRollUp(), Locale::kChinese, templates);
  ASSERT_OK(file.status());
  EXPECT_EQ(Unzip(*file).at("word/document.xml"),
            "<own>北京市高级人民法院</own>");
}

TEST_F(TemplateFolder, TheOriginalsCanBeWrittenAndUsed) {
  const std::string originals = folder_ + "-originals";
  std::filesystem::remove_all(originals);
  ASSERT_OK(WriteTemplates(originals));
  EXPECT_FALSE(WriteTemplates(originals).ok());  // never over an edited file
  ASSERT_OK_AND_ASSIGN(const TemplateSet templates, LoadTemplates(originals));
  const v1::Report report = SampleReport("2019-W30", false);
  EXPECT_EQ(*RenderDocx(report, Locale::kChinese, templates),
            *RenderDocx(report, Locale::kChinese));
  std::filesystem::remove_all(originals);
}

}  // namespace
}  // namespace huifang::reporting

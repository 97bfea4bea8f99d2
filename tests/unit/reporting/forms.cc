#include "tests/unit/reporting/forms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zip.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/reporting/report_csv.h"
#include "services/reporting/report_docx.h"
#include "services/reporting/report_html.h"
#include "services/reporting/report_xlsx.h"
#include "services/reporting/xml_check.h"
#include "tests/support/matchers.h"

namespace huifang::reporting {
namespace {

// Expects of each value that follows `tag` that its like is in `defined`.
void ExpectDefined(const std::string& text, const std::string& tag,
                   const std::string& defined, const std::string& definition) {
  for (std::size_t at = text.find(tag); at != std::string::npos;
       at = text.find(tag, at + 1)) {
    const std::size_t begin = at + tag.size();
    const std::string value = text.substr(begin, text.find('"', begin) - begin);
    ASSERT_THAT(defined, ::testing::HasSubstr(
                             absl::StrCat(definition, "=\"", value, "\"")));
  }
}

}  // namespace

std::map<std::string, std::string> Unzip(const std::string& bytes) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source =
      zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t* archive = zip_open_from_source(source, ZIP_CHECKCONS, &error);
  EXPECT_NE(archive, nullptr) << zip_error_strerror(&error);
  std::map<std::string, std::string> parts;
  if (archive == nullptr) return parts;
  for (zip_int64_t i = 0; i < zip_get_num_entries(archive, 0); ++i) {
    zip_stat_t stat;
    zip_stat_index(archive, static_cast<zip_uint64_t>(i), 0, &stat);
    std::string text(stat.size, '\0');
    zip_file_t* file =
        zip_fopen_index(archive, static_cast<zip_uint64_t>(i), 0);
    EXPECT_EQ(zip_fread(file, text.data(), text.size()),
              static_cast<zip_int64_t>(text.size()));
    zip_fclose(file);
    parts[stat.name] = text;
  }
  zip_discard(archive);
  return parts;
}

void ExpectSoundDocx(const std::map<std::string, std::string>& parts) {
  for (const char* name :
       {"[Content_Types].xml", "_rels/.rels", "word/document.xml",
        "word/_rels/document.xml.rels", "word/styles.xml", "word/footer.xml",
        "word/numbering.xml", "word/fontTable.xml", "docProps/core.xml"}) {
    ASSERT_EQ(parts.count(name), 1U) << name;
  }
  std::string files;
  for (const auto& [name, bytes] : parts) {
    absl::StrAppend(&files, "part=\"", absl::StripPrefix(name, "word/"), "\" ");
    if (absl::EndsWith(name, ".png")) {
      EXPECT_THAT(bytes, ::testing::StartsWith("\x89PNG")) << name;
    } else {
      EXPECT_OK(CheckXml(name, bytes));
    }
  }
  const std::string& document = parts.at("word/document.xml");
  const std::string& relations = parts.at("word/_rels/document.xml.rels");
  ExpectDefined(document, "r:embed=\"", relations, "Id");
  ExpectDefined(relations, "Target=\"", files, "part");
  for (const char* tag :
       {"<w:pStyle w:val=\"", "<w:rStyle w:val=\"", "<w:tblStyle w:val=\""}) {
    ExpectDefined(document, tag, parts.at("word/styles.xml"), "w:styleId");
  }
}

std::map<std::string, std::string> Forms(const v1::Report& report) {
  std::map<std::string, std::string> forms = {
      {"proto", report.SerializeAsString()}};
  for (const Locale locale : {Locale::kChinese, Locale::kEnglish}) {
    const char* language = locale == Locale::kEnglish ? " en" : " zh";
    const absl::StatusOr<std::string> html = RenderHtml(report, locale);
    EXPECT_OK(html.status());
    forms[absl::StrCat("html", language)] = html.value_or("");
    forms[absl::StrCat("csv", language)] = RenderCsv(report, locale);
    for (const bool docx : {true, false}) {
      const absl::StatusOr<std::string> file =
          docx ? RenderDocx(report, locale) : RenderXlsx(report, locale);
      EXPECT_OK(file.status());
      for (const auto& [name, bytes] : Unzip(file.value_or(""))) {
        if (name == "docProps/core.xml") continue;
        absl::StrAppend(&forms[absl::StrCat(docx ? "docx" : "xlsx", language)],
                        bytes);
      }
    }
  }
  return forms;
}

}  // namespace huifang::reporting

#include "tests/unit/reporting/forms.h"

#include <gtest/gtest.h>
#include <zip.h>

#include "absl/strings/str_cat.h"
#include "services/reporting/report_csv.h"
#include "services/reporting/report_docx.h"
#include "services/reporting/report_html.h"
#include "services/reporting/report_xlsx.h"
#include "tests/support/matchers.h"

namespace huifang::reporting {

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

// Writes a Word document of every kind, in both languages, into a folder, for
// docx_office.sh to open. Usage: docx_samples FOLDER
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "services/reporting/appraisal_file.h"
#include "services/reporting/report_docx.h"
#include "services/reporting/roll_up_file.h"
#include "tests/unit/reporting/sample_appraisal.h"
#include "tests/unit/reporting/sample_courts.h"
#include "tests/unit/reporting/sample_facts.h"

namespace huifang::reporting {
namespace {

void Write(const std::string& path, const absl::StatusOr<std::string>& bytes) {
  std::ofstream file(path, std::ios::binary);
  if (bytes.ok()) file << *bytes;
  if (!bytes.ok() || !file.flush()) {
    std::fprintf(stderr, "%s: %s\n", path.c_str(),
                 bytes.status().ToString().c_str());
    std::exit(1);
  }
}

void WriteAll(const std::string& folder, Locale locale) {
  const auto path = [&](const char* kind) {
    return absl::StrCat(folder, "/", kind,
                        locale == Locale::kEnglish ? "_en" : "_zh", ".docx");
  };
  Write(path("week"), RenderDocx(SampleReport("2019-W30", false), locale));
  Write(path("month"), RenderDocx(SampleReport("2019-07", false), locale));
  Write(path("division"), RenderDocx(SampleReport("2019-07", true), locale));
  Write(path("appraisal"), AppraisalDocx(SampleAppraisal(), locale));
  Write(path("roll_up"), RenderDocx(SampleRollUp(), locale));
}

}  // namespace
}  // namespace huifang::reporting

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: docx_samples FOLDER\n");
    return 2;
  }
  huifang::reporting::WriteAll(argv[1], huifang::reporting::Locale::kChinese);
  huifang::reporting::WriteAll(argv[1], huifang::reporting::Locale::kEnglish);
  return 0;
}

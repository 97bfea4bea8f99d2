#include "services/reporting/roll_up_file.h"

#include <utility>

#include "services/common/error.h"
#include "services/common/status_macros.h"
#include "services/reporting/roll_up_text.h"

namespace huifang::reporting {

absl::StatusOr<ReportFile> RenderFile(const v1::RollUp& roll_up,
                                      v1::ReportFormat format, Locale locale,
                                      const TemplateSet& templates) {
  switch (format) {
    case v1::REPORT_FORMAT_HTML: {
      ASSIGN_OR_RETURN(std::string page,
                       RenderHtml(roll_up, locale, templates));
      return ReportFile{FileName(roll_up, "html"), kHtmlType, std::move(page)};
    }
    case v1::REPORT_FORMAT_XLSX: {
      ASSIGN_OR_RETURN(std::string book, RenderXlsx(roll_up, locale));
      return ReportFile{FileName(roll_up, "xlsx"), kXlsxType, std::move(book)};
    }
    case v1::REPORT_FORMAT_DOCX: {
      ASSIGN_OR_RETURN(std::string document,
                       RenderDocx(roll_up, locale, templates));
      return ReportFile{FileName(roll_up, "docx"), kDocxType,
                        std::move(document)};
    }
    case v1::REPORT_FORMAT_CSV:
      return ReportFile{FileName(roll_up, "csv"), kCsvType,
                        RenderCsv(roll_up, locale)};
    case v1::REPORT_FORMAT_PROTO:
      return ReportFile{FileName(roll_up, "pb"), kProtoType,
                        roll_up.SerializeAsString()};
    default:
      return MakeError(absl::StatusCode::kInvalidArgument, "BAD_FORMAT",
                       "format: want HTML, XLSX, DOCX, CSV or PROTO");
  }
}

}  // namespace huifang::reporting

#include "services/reporting/appraisal_file.h"

#include <utility>

#include "services/common/error.h"
#include "services/common/status_macros.h"

namespace huifang::reporting {

absl::StatusOr<ReportFile> RenderAppraisal(const v1::Appraisal& sheet,
                                           v1::ReportFormat format,
                                           Locale locale,
                                           const TemplateSet& templates) {
  switch (format) {
    case v1::REPORT_FORMAT_HTML: {
      ASSIGN_OR_RETURN(std::string page,
                       AppraisalHtml(sheet, locale, templates));
      return ReportFile{AppraisalFileName(sheet, "html"), kHtmlType,
                        std::move(page)};
    }
    case v1::REPORT_FORMAT_XLSX: {
      ASSIGN_OR_RETURN(std::string book, AppraisalXlsx(sheet, locale));
      return ReportFile{AppraisalFileName(sheet, "xlsx"), kXlsxType,
                        std::move(book)};
    }
    case v1::REPORT_FORMAT_DOCX: {
      ASSIGN_OR_RETURN(std::string document,
                       AppraisalDocx(sheet, locale, templates));
      return ReportFile{AppraisalFileName(sheet, "docx"), kDocxType,
                        std::move(document)};
    }
    case v1::REPORT_FORMAT_CSV:
      return ReportFile{AppraisalFileName(sheet, "csv"), kCsvType,
                        AppraisalCsv(sheet, locale)};
    case v1::REPORT_FORMAT_PROTO:
      return ReportFile{AppraisalFileName(sheet, "pb"), kProtoType,
                        sheet.SerializeAsString()};
    default:
      return MakeError(absl::StatusCode::kInvalidArgument, "BAD_FORMAT",
                       "format: want HTML, XLSX, DOCX, CSV or PROTO");
  }
}

}  // namespace huifang::reporting

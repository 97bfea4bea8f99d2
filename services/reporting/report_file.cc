#include "services/reporting/report_file.h"

#include <utility>

#include "services/common/error.h"
#include "services/common/status_macros.h"
#include "services/reporting/report_csv.h"
#include "services/reporting/report_docx.h"
#include "services/reporting/report_html.h"
#include "services/reporting/report_text.h"
#include "services/reporting/report_xlsx.h"

namespace huifang::reporting {

absl::StatusOr<ReportFile> RenderFile(const v1::Report& report,
                                      v1::ReportFormat format, Locale locale,
                                      const TemplateSet& templates) {
  switch (format) {
    case v1::REPORT_FORMAT_HTML: {
      ASSIGN_OR_RETURN(std::string page, RenderHtml(report, locale, templates));
      return ReportFile{FileName(report, "html"), kHtmlType, std::move(page)};
    }
    case v1::REPORT_FORMAT_XLSX: {
      ASSIGN_OR_RETURN(std::string book, RenderXlsx(report, locale));
      return ReportFile{FileName(report, "xlsx"), kXlsxType, std::move(book)};
    }
    case v1::REPORT_FORMAT_DOCX: {
      ASSIGN_OR_RETURN(std::string document,
                       RenderDocx(report, locale, templates));
      return ReportFile{FileName(report, "docx"), kDocxType,
                        std::move(document)};
    }
    case v1::REPORT_FORMAT_CSV:
      return ReportFile{FileName(report, "csv"), kCsvType,
                        RenderCsv(report, locale)};
    case v1::REPORT_FORMAT_PROTO:
      return ReportFile{FileName(report, "pb"), kProtoType,
                        report.SerializeAsString()};
    default:
      return MakeError(absl::StatusCode::kInvalidArgument, "BAD_FORMAT",
                       "format: want HTML, XLSX, DOCX, CSV or PROTO");
  }
}

}  // namespace huifang::reporting

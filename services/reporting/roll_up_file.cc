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
      return ReportFile{FileName(roll_up, "html"), "text/html; charset=utf-8",
                        std::move(page)};
    }
    case v1::REPORT_FORMAT_XLSX: {
      ASSIGN_OR_RETURN(std::string book, RenderXlsx(roll_up, locale));
      return ReportFile{FileName(roll_up, "xlsx"),
                        "application/vnd.openxmlformats-officedocument."
                        "spreadsheetml.sheet",
                        std::move(book)};
    }
    case v1::REPORT_FORMAT_CSV:
      return ReportFile{FileName(roll_up, "csv"), "text/csv; charset=utf-8",
                        RenderCsv(roll_up, locale)};
    case v1::REPORT_FORMAT_PROTO:
      return ReportFile{FileName(roll_up, "pb"), "application/x-protobuf",
                        roll_up.SerializeAsString()};
    default:
      return MakeError(absl::StatusCode::kInvalidArgument, "BAD_FORMAT",
                       "format: a roll-up comes as HTML, XLSX, CSV or PROTO");
  }
}

}  // namespace huifang::reporting

#include "services/reporting/report_docx.h"

#include "services/common/resource_name.h"
#include "services/reporting/docx_package.h"
#include "services/reporting/report_html.h"

namespace huifang::reporting {

absl::StatusOr<std::string> RenderDocx(const v1::Report& report, Locale locale,
                                       const TemplateSet& templates) {
  return PrintDocx(CourtOfName(report.name()), "document.xml.mustache",
                   templates, [&](const ChartMaker& charts) {
                     return ReportPage(report, locale, charts);
                   });
}

}  // namespace huifang::reporting

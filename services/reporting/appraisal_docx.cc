#include "services/common/resource_name.h"
#include "services/reporting/appraisal_file.h"
#include "services/reporting/docx_package.h"

namespace huifang::reporting {

absl::StatusOr<std::string> AppraisalDocx(const v1::Appraisal& sheet,
                                          Locale locale,
                                          const TemplateSet& templates) {
  return PrintDocx(
      CourtOfName(sheet.name()), "appraisal_document.xml.mustache", templates,
      // A sheet has no charts.
      [&](const ChartMaker&) { return AppraisalPage(sheet, locale); });
}

}  // namespace huifang::reporting

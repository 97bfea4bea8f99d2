#include "services/common/resource_name.h"
#include "services/reporting/docx_package.h"
#include "services/reporting/roll_up_file.h"

namespace huifang::reporting {

absl::StatusOr<std::string> RenderDocx(const v1::RollUp& roll_up, Locale locale,
                                       const TemplateSet& templates) {
  return PrintDocx(CourtOfName(roll_up.name()), "roll_up_document.xml.mustache",
                   templates, [&](const ChartMaker& charts) {
                     return RollUpPage(roll_up, locale, charts);
                   });
}

}  // namespace huifang::reporting

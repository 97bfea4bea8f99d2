#ifndef HUIFANG_SERVICES_REPORTING_REPORT_HTML_H_
#define HUIFANG_SERVICES_REPORTING_REPORT_HTML_H_

#include <string>

#include "absl/status/statusor.h"
#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/labels.h"
#include "services/reporting/template_set.h"

namespace huifang::reporting {

// All that the templates may print, in the order of the page; HTML and Word
// documents are both made of it.
PageData ReportPage(const v1::Report& report, Locale locale,
                    const ChartMaker& charts);

// A report as one self-contained page: no script, no outside resource, prints
// on A4. INVALID_ARGUMENT if a template is broken.
absl::StatusOr<std::string> RenderHtml(const v1::Report& report, Locale locale,
                                       const TemplateSet& templates = {});

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_REPORT_HTML_H_

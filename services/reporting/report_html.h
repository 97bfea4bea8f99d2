#ifndef HUIFANG_SERVICES_REPORTING_REPORT_HTML_H_
#define HUIFANG_SERVICES_REPORTING_REPORT_HTML_H_

#include <string>

#include "absl/status/statusor.h"
#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/labels.h"

namespace huifang::reporting {

// A report as one self-contained page: no script, no outside resource, prints
// on A4. INTERNAL if the template itself is broken.
absl::StatusOr<std::string> RenderHtml(const v1::Report& report, Locale locale);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_REPORT_HTML_H_

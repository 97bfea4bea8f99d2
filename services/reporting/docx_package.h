#ifndef HUIFANG_SERVICES_REPORTING_DOCX_PACKAGE_H_
#define HUIFANG_SERVICES_REPORTING_DOCX_PACKAGE_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "services/reporting/template_set.h"

namespace huifang::reporting {

// The Word document whose text is what the template named `document` prints
// from the page that `make_page` returns. The charts that it hands over become
// pictures; styles, footer and properties are the templates that all documents
// share, and print `subject`, `period_label`, `court` and `t.lang`.
// INVALID_ARGUMENT when a template prints what is no XML.
absl::StatusOr<std::string> PrintDocx(
    const std::string& court, const char* document,
    const TemplateSet& templates,
    absl::FunctionRef<PageData(const ChartMaker& charts)> make_page);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_DOCX_PACKAGE_H_

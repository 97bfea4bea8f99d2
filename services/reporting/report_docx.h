#ifndef HUIFANG_SERVICES_REPORTING_REPORT_DOCX_H_
#define HUIFANG_SERVICES_REPORTING_REPORT_DOCX_H_

#include <string>

#include "absl/status/statusor.h"
#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/labels.h"
#include "services/reporting/template_set.h"

namespace huifang::reporting {

// A report as a Word document: the page that RenderHtml makes, in the same
// order, its charts as pictures. INVALID_ARGUMENT when a template prints what
// is no XML.
absl::StatusOr<std::string> RenderDocx(const v1::Report& report, Locale locale,
                                       const TemplateSet& templates = {});

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_REPORT_DOCX_H_

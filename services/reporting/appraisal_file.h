#ifndef HUIFANG_SERVICES_REPORTING_APPRAISAL_FILE_H_
#define HUIFANG_SERVICES_REPORTING_APPRAISAL_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "huifang/reporting/v1/appraisal_service.pb.h"
#include "services/reporting/appraisal_text.h"
#include "services/reporting/report_file.h"
#include "services/reporting/template_set.h"

namespace huifang::reporting {

// All that the templates may print; HTML and Word documents are both made of
// it.
PageData AppraisalPage(const v1::Appraisal& sheet, Locale locale);

// A sheet as one self-contained page that prints on A4. INVALID_ARGUMENT if a
// template is broken.
absl::StatusOr<std::string> AppraisalHtml(const v1::Appraisal& sheet,
                                          Locale locale,
                                          const TemplateSet& templates = {});

// The same page as a Word document. INVALID_ARGUMENT when a template prints
// what is no XML.
absl::StatusOr<std::string> AppraisalDocx(const v1::Appraisal& sheet,
                                          Locale locale,
                                          const TemplateSet& templates = {});

// Divisions, handlers, exclusions and method, a worksheet each; numbers are
// numbers.
absl::StatusOr<std::string> AppraisalXlsx(const v1::Appraisal& sheet,
                                          Locale locale);

// One table, UTF-8 with a BOM, its rows told apart by the first column.
std::string AppraisalCsv(const v1::Appraisal& sheet, Locale locale);

// INVALID_ARGUMENT for a format that there is not.
absl::StatusOr<ReportFile> RenderAppraisal(const v1::Appraisal& sheet,
                                           v1::ReportFormat format,
                                           Locale locale,
                                           const TemplateSet& templates = {});

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_APPRAISAL_FILE_H_

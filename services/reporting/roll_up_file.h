#ifndef HUIFANG_SERVICES_REPORTING_ROLL_UP_FILE_H_
#define HUIFANG_SERVICES_REPORTING_ROLL_UP_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "huifang/reporting/v1/roll_up_service.pb.h"
#include "services/reporting/labels.h"
#include "services/reporting/report_file.h"
#include "services/reporting/template_set.h"

namespace huifang::reporting {

// INVALID_ARGUMENT for a format that there is not.
absl::StatusOr<ReportFile> RenderFile(const v1::RollUp& roll_up,
                                      v1::ReportFormat format, Locale locale,
                                      const TemplateSet& templates = {});

// All that the templates may print; HTML and Word documents are both made of
// it.
PageData RollUpPage(const v1::RollUp& roll_up, Locale locale,
                    const ChartMaker& charts);

// One self-contained page. INVALID_ARGUMENT if a template is broken.
absl::StatusOr<std::string> RenderHtml(const v1::RollUp& roll_up, Locale locale,
                                       const TemplateSet& templates = {});

// The same page as a Word document. INVALID_ARGUMENT when a template prints
// what is no XML.
absl::StatusOr<std::string> RenderDocx(const v1::RollUp& roll_up, Locale locale,
                                       const TemplateSet& templates = {});

// A workbook: totals, courts, response, trends with native charts, comparisons
// with native funnels, sources with criteria and draws.
absl::StatusOr<std::string> RenderXlsx(const v1::RollUp& roll_up,
                                       Locale locale);

// One row for each court and measure, response included, and for each rate of
// the trend; UTF-8 with BOM.
std::string RenderCsv(const v1::RollUp& roll_up, Locale locale);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_ROLL_UP_FILE_H_

#ifndef HUIFANG_SERVICES_REPORTING_ROLL_UP_FILE_H_
#define HUIFANG_SERVICES_REPORTING_ROLL_UP_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "huifang/reporting/v1/roll_up_service.pb.h"
#include "services/reporting/labels.h"
#include "services/reporting/report_file.h"
#include "services/reporting/template_set.h"

namespace huifang::reporting {

// INVALID_ARGUMENT for a format that a roll-up does not have.
absl::StatusOr<ReportFile> RenderFile(const v1::RollUp& roll_up,
                                      v1::ReportFormat format, Locale locale,
                                      const TemplateSet& templates = {});

// One self-contained page. INVALID_ARGUMENT if a template is broken.
absl::StatusOr<std::string> RenderHtml(const v1::RollUp& roll_up, Locale locale,
                                       const TemplateSet& templates = {});

// A workbook: totals, courts, comparisons with native funnels, criteria.
absl::StatusOr<std::string> RenderXlsx(const v1::RollUp& roll_up,
                                       Locale locale);

// One row for each court and measure, UTF-8 with BOM.
std::string RenderCsv(const v1::RollUp& roll_up, Locale locale);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_ROLL_UP_FILE_H_

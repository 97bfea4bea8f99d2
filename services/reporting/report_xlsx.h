#ifndef HUIFANG_SERVICES_REPORTING_REPORT_XLSX_H_
#define HUIFANG_SERVICES_REPORTING_REPORT_XLSX_H_

#include <string>

#include "absl/status/statusor.h"
#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/labels.h"

namespace huifang::reporting {

// A report as a workbook with native charts: 汇总, 趋势, 分庭, 逐条, 方法.
absl::StatusOr<std::string> RenderXlsx(const v1::Report& report, Locale locale);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_REPORT_XLSX_H_

#ifndef HUIFANG_SERVICES_REPORTING_REPORT_CSV_H_
#define HUIFANG_SERVICES_REPORTING_REPORT_CSV_H_

#include <string>

#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/labels.h"

namespace huifang::reporting {

// A report as one table, UTF-8 with a BOM so that spreadsheets read Chinese:
// a row for each figure, trend point, tier, finding, division and item, told
// apart by the first column. Texts that a spreadsheet would run as a formula
// are quoted with an apostrophe.
std::string RenderCsv(const v1::Report& report, Locale locale);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_REPORT_CSV_H_

#ifndef HUIFANG_SERVICES_REPORTING_REPORT_FILE_H_
#define HUIFANG_SERVICES_REPORTING_REPORT_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "huifang/reporting/v1/reporting_service.pb.h"
#include "services/reporting/labels.h"
#include "services/reporting/template_set.h"

namespace huifang::reporting {

inline constexpr char kHtmlType[] = "text/html; charset=utf-8";
inline constexpr char kXlsxType[] =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
inline constexpr char kDocxType[] =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
inline constexpr char kCsvType[] = "text/csv; charset=utf-8";
inline constexpr char kProtoType[] = "application/x-protobuf";

// A report as something to save or to print.
struct ReportFile {
  std::string name;
  std::string mime_type;
  std::string bytes;
};

// INVALID_ARGUMENT for a format that there is not.
absl::StatusOr<ReportFile> RenderFile(const v1::Report& report,
                                      v1::ReportFormat format, Locale locale,
                                      const TemplateSet& templates = {});

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_REPORT_FILE_H_

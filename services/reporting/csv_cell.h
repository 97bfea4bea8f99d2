#ifndef HUIFANG_SERVICES_REPORTING_CSV_CELL_H_
#define HUIFANG_SERVICES_REPORTING_CSV_CELL_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "huifang/reporting/v1/reporting_resources.pb.h"

namespace huifang::reporting::csv {

// Quoted, and never a formula.
inline std::string Text(absl::string_view text) {
  // =, +, - and @ start a formula in spreadsheets.
  const bool formula =
      !text.empty() && (text[0] == '=' || text[0] == '+' || text[0] == '-' ||
                        text[0] == '@' || text[0] == '\t' || text[0] == '\r');
  return absl::StrCat("\"", formula ? "'" : "",
                      absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

inline std::string Number(double value) {
  return absl::StrFormat("%.10g", value);
}

inline const char* StateText(v1::Figure::State state) {
  switch (state) {
    case v1::Figure::STATE_OK:
      return "OK";
    case v1::Figure::STATE_NOT_ENOUGH_DATA:
      return "NOT_ENOUGH_DATA";
    case v1::Figure::STATE_SUPPRESSED:
      return "SUPPRESSED";
    default:
      return "NO_DATA";
  }
}

}  // namespace huifang::reporting::csv

#endif  // HUIFANG_SERVICES_REPORTING_CSV_CELL_H_

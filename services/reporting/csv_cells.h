// Cells of a CSV file that spreadsheets open.
#ifndef HUIFANG_SERVICES_REPORTING_CSV_CELLS_H_
#define HUIFANG_SERVICES_REPORTING_CSV_CELLS_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"

namespace huifang::reporting::csv {

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

}  // namespace huifang::reporting::csv

#endif  // HUIFANG_SERVICES_REPORTING_CSV_CELLS_H_

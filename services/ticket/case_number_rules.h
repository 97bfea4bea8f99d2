#ifndef HUIFANG_SERVICES_TICKET_CASE_NUMBER_RULES_H_
#define HUIFANG_SERVICES_TICKET_CASE_NUMBER_RULES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace huifang::ticket {

// Case number (案号) in the form of 法〔2015〕137号 as amended by
// 法〔2018〕335号, e.g. (2021)京0102民初7664号.
struct CaseNumber {
  int year = 0;
  // 法院代字: 最高法, or a province with none, two or four digits.
  std::string court_code;
  // 专门审判代字, one character or empty: 知 in 最高法知民终.
  std::string special;
  // 类型代字, e.g. 民初.
  std::string type;
  // False for a type our table does not have; its annex grows, so this is no
  // error.
  bool type_known = false;
  std::string serial;
  // 之一 and the like, or empty.
  std::string suffix;
};

// Strict: brackets of any of the three kinds, full-width digits and blanks are
// tolerated. INVALID_ARGUMENT says what is missing.
absl::StatusOr<CaseNumber> ParseCaseNumber(absl::string_view text);

// The one spelling that look-ups compare: ASCII brackets and digits.
std::string FormatCaseNumber(const CaseNumber& number);

// A case number as it is stored.
struct StoredCaseNumber {
  std::string text;
  // Older than 2016, e.g. （2014）长民二（商）初字第2459号: kept as written but
  // for full-width forms, searchable by its whole text only.
  bool legacy = false;
};

// Accepts the current form, and the older ones that begin with a bracketed
// year and end with 号. INVALID_ARGUMENT otherwise.
absl::StatusOr<StoredCaseNumber> AcceptCaseNumber(absl::string_view text);

// Administrative code of a basic court, "110102" for 京0102; empty for other
// courts, whose codes follow no such rule.
std::string AdministrativeCode(absl::string_view court_code);

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_CASE_NUMBER_RULES_H_

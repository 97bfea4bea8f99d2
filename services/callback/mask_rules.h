#ifndef HUIFANG_SERVICES_CALLBACK_MASK_RULES_H_
#define HUIFANG_SERVICES_CALLBACK_MASK_RULES_H_

#include <string>

#include "absl/strings/string_view.h"

namespace huifang::callback {

// Words as an officer took them down, with phone and identity numbers masked:
// a run of 7 or more digits (in groups of three or more, a final X too) keeps
// its last four, and of 11 or more also its first three. Dates and case numbers
// keep their digits: their runs are shorter.
std::string MaskNumbers(absl::string_view text);

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_MASK_RULES_H_

#ifndef HUIFANG_SERVICES_COMMON_MASK_NUMBERS_H_
#define HUIFANG_SERVICES_COMMON_MASK_NUMBERS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace huifang {

// Words as people wrote them, with phone and identity numbers masked: a run of
// 7 or more digits, full-width ones too (in groups of three or more, a final X
// too), keeps its last four, and of 11 or more also its first three. Dates and
// case numbers keep their digits: their runs are shorter.
std::string MaskNumbers(absl::string_view text);

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_MASK_NUMBERS_H_

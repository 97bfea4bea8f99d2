#ifndef HUIFANG_SERVICES_TICKET_PHONE_RULES_H_
#define HUIFANG_SERVICES_TICKET_PHONE_RULES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace huifang::ticket {

// Brings a telephone number to the one form that look-ups compare:
//   mobile     13800000000
//   landline   01062697000, with extension 01062697000-801
//   400, 800   4008123123
//   local      62697000 (seven or eight digits without area code)
//   abroad     +85221234567 (only with + or 00 and another code than 86)
// Full-width digits, spaces, dots, dashes, brackets and +86/0086/86 are
// tolerated. INVALID_ARGUMENT says what is wrong and never repeats the number,
// which is personal data.
absl::StatusOr<std::string> NormalizePhone(absl::string_view text);

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_PHONE_RULES_H_

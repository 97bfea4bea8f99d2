// Names such as courts/110102/tickets/0197-…: collection and id in turns.
#ifndef HUIFANG_SERVICES_COMMON_RESOURCE_NAME_H_
#define HUIFANG_SERVICES_COMMON_RESOURCE_NAME_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace huifang {

// A name of the form courts/{court}/{collection}/{id}.
struct ResourceName {
  std::string court;
  std::string id;
};

// Parses courts/{court}; `court` must be six digits. INVALID_ARGUMENT if not.
absl::StatusOr<std::string> ParseCourt(absl::string_view name);

// Parses courts/{court}/{collection}/{id}. The id is 1 to 64 characters of
// [A-Za-z0-9._-]. INVALID_ARGUMENT if not.
absl::StatusOr<ResourceName> ParseResourceName(absl::string_view name,
                                               absl::string_view collection);

// courts/{court}/{collection}/{id}
std::string MakeResourceName(absl::string_view court,
                             absl::string_view collection,
                             absl::string_view id);

// The court of any name that starts with courts/{court}; "-" for courts/-;
// empty if there is none.
std::string CourtOfName(absl::string_view name);

// What follows the last slash; all of `name` if there is none.
inline std::string IdOf(absl::string_view name) {
  return std::string(name.substr(name.rfind('/') + 1));
}

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_RESOURCE_NAME_H_

// Resource names out of what a person types.
#ifndef HUIFANG_CLIENTS_CLI_NAMES_H_
#define HUIFANG_CLIENTS_CLI_NAMES_H_

#include <string>

#include "absl/strings/string_view.h"

namespace huifang::cli {

// --court CODE to courts/CODE.
std::string CourtName(absl::string_view court);

// Last part of a resource name: courts/110102/tickets/X to X.
absl::string_view ResourceId(absl::string_view name);

// Full name, or an id that is completed: ("draws", "110102", "X") to
// courts/110102/draws/X.
std::string CompleteName(absl::string_view collection, absl::string_view court,
                         absl::string_view name_or_id);

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_NAMES_H_

#ifndef HUIFANG_CLIENTS_CLI_IMPORT_WORDS_H_
#define HUIFANG_CLIENTS_CLI_IMPORT_WORDS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace huifang::cli {

// How headers of old systems name a field, the usual names first. All in lower
// case, without blanks, underscores and dashes.
const std::vector<absl::string_view>& HeaderWords(absl::string_view field);

// What a cell's word means for an enum field, e.g. 电话 for channel is PHONE;
// empty if it is not known.
std::string MeaningOf(absl::string_view field, absl::string_view word);

// A header as HeaderWords spells it.
std::string PlainHeader(absl::string_view header);

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_IMPORT_WORDS_H_

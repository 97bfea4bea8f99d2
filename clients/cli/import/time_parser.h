#ifndef HUIFANG_CLIENTS_CLI_IMPORT_TIME_PARSER_H_
#define HUIFANG_CLIENTS_CLI_IMPORT_TIME_PARSER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace huifang::cli {

// How the times of one column are written; see FieldRule.
struct TimeStyle {
  std::vector<std::string> formats;
  absl::TimeZone zone;
  std::optional<absl::Duration> time_of_day;
};

// The instant `text` names in the first format that fits whole; nullopt if none
// does. Full-width digits are read too.
std::optional<absl::Time> ParseLocalTime(const TimeStyle& style,
                                         absl::string_view text);

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_IMPORT_TIME_PARSER_H_

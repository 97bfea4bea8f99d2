#ifndef HUIFANG_CLIENTS_CLI_IMPORT_SUGGEST_H_
#define HUIFANG_CLIENTS_CLI_IMPORT_SUGGEST_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/cli/import/csv_reader.h"

namespace huifang::cli {

// A proposal for a mapping file, to be read by a person before use.
struct Suggestion {
  // Passes ParseMapping.
  std::string json;
  // What was guessed, what was made up, which columns are left; one a line.
  std::vector<std::string> notes;
};

// Proposes a mapping from the header, in Chinese or English, and from the
// first rows: which column is which, how dates are written, what the words of
// channel, kind and state mean.
absl::StatusOr<Suggestion> SuggestMapping(CsvReader& reader,
                                          const std::string& encoding,
                                          char delimiter);

// The delimiter the first line uses most: comma, semicolon, tab or bar.
char GuessDelimiter(absl::string_view head);

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_IMPORT_SUGGEST_H_

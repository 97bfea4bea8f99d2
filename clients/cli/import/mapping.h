#ifndef HUIFANG_CLIENTS_CLI_IMPORT_MAPPING_H_
#define HUIFANG_CLIENTS_CLI_IMPORT_MAPPING_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clients/cli/import/fields.h"

namespace huifang::cli {

// Where a field's value comes from and how it is read. Exactly one of
// `columns`, `constant`, `hash_of` and `after` is set.
struct FieldRule {
  // {"column": "x"} or {"columns": ["x", "y"], "join": "/"}.
  std::vector<std::string> columns;
  std::string join = " ";
  // {"constant": "x"}.
  std::optional<std::string> constant;
  // {"hash_of": ["x", "y"], "prefix": "lc-"}: an id made of what the row says,
  // the same in every import. With "over": one of these values, chosen by the
  // hash.
  std::vector<std::string> hash_of;
  std::string prefix;
  std::vector<std::string> over;
  // {"after": "create_time", "hours": 2} or {"after": …, "days_column": "d"}:
  // a time that the file gives as a distance only.
  std::string after;
  double hours = 0;
  std::string days_column;

  // Value to its replacement, looked up after trimming.
  std::map<std::string, std::string> values;
  // A value that `values` lacks: "reject" (enums' default), "keep" (texts'
  // default) or "default".
  std::string on_unmapped;
  // Stands in for an empty cell.
  std::optional<std::string> fallback;
  // An empty cell refuses the row.
  bool required = false;
  // A longer text is cut; 0 does not cut.
  std::size_t max_characters = 0;

  // Formats of absl::ParseTime, tried in order; also "excel_serial",
  // "unix_seconds" and "unix_milliseconds".
  std::vector<std::string> formats;
  std::optional<absl::TimeZone> time_zone;
  // "HH:MM:SS" for values that are a date only.
  std::optional<absl::Duration> time_of_day;
  // {"constant": …, "spread_hours": 120}: rows without any time are laid over
  // this span by their hash, so that they do not all fall on one instant.
  double spread_hours = 0;
};

// A mapping file: how the columns of an export feed a ticket's fields.
struct Mapping {
  std::string description;
  char delimiter = ',';
  std::string encoding;
  std::map<std::string, FieldRule> fields;

  // Columns any rule reads.
  std::vector<std::string> Columns() const;

  // The column behind a field of the import row ("ticket.close_time"), for
  // reports of what the server refused; empty if it was no column.
  std::string ColumnOf(absl::string_view row_field) const;
};

// Strict: unknown keys, unknown fields, impossible combinations and values
// that no enum has are errors that name the place, e.g.
// "fields.create_time.formats[1]".
absl::StatusOr<Mapping> ParseMapping(absl::string_view json);

// The header has every column the mapping reads; the error lists both.
absl::Status CheckHeader(const Mapping& mapping,
                         const std::vector<std::string>& header);

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_IMPORT_MAPPING_H_

#ifndef HUIFANG_CLIENTS_CLI_IMPORT_FIELDS_H_
#define HUIFANG_CLIENTS_CLI_IMPORT_FIELDS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace huifang::cli {

// What a field of a ticket can hold.
enum class FieldType { kText, kEnum, kTime, kBool, kNumber };

struct FieldInfo {
  // As the mapping file spells it.
  absl::string_view name;
  FieldType type;
  // Field of the import row, as the server's results name it.
  absl::string_view row_field;
  // Chinese and English, for --help and errors.
  absl::string_view meaning;
};

// Every field a mapping may fill.
const std::vector<FieldInfo>& ImportFields();
const FieldInfo* FindField(absl::string_view name);

// The names an enum field takes, e.g. PHONE, MESSAGE, … for channel.
std::vector<std::string> EnumNames(absl::string_view field);

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_IMPORT_FIELDS_H_

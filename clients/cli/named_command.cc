#include "clients/cli/named_command.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

namespace huifang::cli {
namespace {

std::string PrefixOf(const google::protobuf::EnumDescriptor& type) {
  return std::string(absl::StripSuffix(type.value(0)->name(), "UNSPECIFIED"));
}

}  // namespace

std::string EnumLabel(const google::protobuf::EnumDescriptor& type,
                      int number) {
  const google::protobuf::EnumValueDescriptor* value =
      type.FindValueByNumber(number);
  if (value == nullptr) return absl::StrCat(number);  // of a newer server
  return std::string(absl::StripPrefix(value->name(), PrefixOf(type)));
}

absl::StatusOr<int> ParseEnumLabel(const google::protobuf::EnumDescriptor& type,
                                   absl::string_view option,
                                   absl::string_view text) {
  const std::string wanted = absl::AsciiStrToUpper(text);
  std::vector<std::string> labels;
  for (int i = 1; i < type.value_count(); ++i) {
    labels.push_back(EnumLabel(type, type.value(i)->number()));
    if (labels.back() == wanted) return type.value(i)->number();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      option, " ", text, ": want one of ", absl::StrJoin(labels, ", ")));
}

}  // namespace huifang::cli

// A court's directory as JSON or CSV: what is accepted is about this court, and
// reads the same twice.
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "clients/cli/import/directory_file.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using huifang::cli::ParseDirectory;
  using huifang::fuzz::Require;
  const absl::string_view text = huifang::fuzz::Text(data, size);
  const auto directory = ParseDirectory(text, "110102");
  if (!directory.ok()) {
    Require(!directory.status().message().empty(), "a refusal says why");
    return 0;
  }
  std::set<std::string> names;
  const auto own = [&](const std::string& name) {
    Require(absl::StartsWith(name, "courts/110102/"), "a name is of the court");
    Require(names.insert(name).second, "no name is there twice");
  };
  for (const auto& one : directory->divisions()) own(one.name());
  for (const auto& one : directory->teams()) own(one.name());
  for (const auto& one : directory->staff()) own(one.name());
  const auto again = ParseDirectory(text, "110102");
  Require(again.ok() &&
              again->SerializeAsString() == directory->SerializeAsString(),
          "a directory reads the same twice");
  return 0;
}

// Resource names: an accepted one is rebuilt letter by letter, and the court
// that admission reads off a name is the one that the parser finds.
#include <string>

#include "services/common/resource_name.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace huifang;
  const absl::string_view name = fuzz::Text(data, size);
  for (const char* collection : {"tickets", "callbacks", "draws", "reports"}) {
    const auto parsed = ParseResourceName(name, collection);
    if (!parsed.ok()) continue;
    fuzz::Require(
        MakeResourceName(parsed->court, collection, parsed->id) == name,
        "a name is made of its parts");
    fuzz::Require(CourtOfName(name) == parsed->court,
                  "admission and parser see one court");
  }
  const auto court = ParseCourt(name);
  if (court.ok()) {
    fuzz::Require(CourtOfName(name) == *court,
                  "admission and parser see one court");
  }
  return 0;
}

// Which courts a superior court sees: what is accepted keeps its bounds.
#include <string>

#include "services/reporting/court_tree.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace huifang::reporting;
  using huifang::fuzz::Require;
  const auto tree = CourtTree::Parse(huifang::fuzz::Text(data, size));
  if (!tree.ok()) {
    Require(!tree.status().message().empty(), "a refusal says why");
    return 0;
  }
  const SuperiorCourt* superior = tree->Find("110000");
  if (superior == nullptr) return 0;
  Require(superior->courts.size() <= kMaxLowerCourts, "not too many courts");
  for (const LowerCourt& lower : superior->courts) {
    Require(lower.court.size() == 6, "a court has six digits");
    Require(!lower.display_name.empty(), "a court has a name");
  }
  return 0;
}

// Text of any bytes: what the helpers promise about UTF-8, and that a masked
// text shows no number long enough to call or to identify somebody.
#include <algorithm>
#include <string>

#include "services/common/crypto.h"
#include "services/common/mask_numbers.h"
#include "services/common/text.h"
#include "tests/fuzz/fuzz.h"

namespace huifang {
namespace {

using fuzz::Require;

// Longest run of digits, full-width ones included.
std::size_t LongestRun(absl::string_view text) {
  const std::string folded = FoldFullWidth(text);
  std::size_t run = 0;
  std::size_t longest = 0;
  for (const char c : folded) {
    run = c >= '0' && c <= '9' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

void TryUtf8(absl::string_view text) {
  const bool valid = !FindInvalidUtf8(text).has_value();
  absl::string_view rest = text;
  std::string copy;
  std::size_t count = 0;
  while (const auto c = NextCodePoint(rest)) {
    AppendUtf8(*c, copy);
    ++count;
  }
  Require(copy == text.substr(0, copy.size()), "decoding and encoding agree");
  Require(valid == rest.empty(), "both readers find the same fault");
  Require(CodePointCount(text) == count, "characters are counted once");
  Require(FirstCodePoints(text, count / 2).size() <= text.size(),
          "a head is no longer than its text");
  if (!valid) return;
  Require(!FindInvalidUtf8(FoldFullWidth(text)).has_value(),
          "folding keeps text valid");
  const absl::string_view trimmed = TrimText(text);
  Require(TrimText(trimmed) == trimmed, "trimming twice changes nothing");
  Require(!FindInvalidUtf8(trimmed).has_value(), "trimming keeps text valid");
  Require(!FindInvalidUtf8(MaskName(text)).has_value(),
          "a masked name stays valid");
  Require(!FindInvalidUtf8(MaskNumbers(text)).has_value(),
          "masking keeps text valid");
}

}  // namespace
}  // namespace huifang

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace huifang;
  const absl::string_view text = fuzz::Text(data, size);
  TryUtf8(text);
  const std::string masked = MaskNumbers(text);
  if (!FindInvalidUtf8(text).has_value()) {
    fuzz::Require(LongestRun(masked) < 7, "no seven digits in a row are shown");
  }
  fuzz::Require(MaskNumbers(masked) == masked, "masking twice changes nothing");
  (void)MaskPhone(text);
  return 0;
}

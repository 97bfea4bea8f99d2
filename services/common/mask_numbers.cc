#include "services/common/mask_numbers.h"

#include <cstddef>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace huifang {
namespace {

constexpr std::size_t kLeastDigits = 7;
constexpr std::size_t kKeepHead = 3;
constexpr std::size_t kKeepTail = 4;

// Bytes of the digit that begins at `at`: 1, 3 for a full-width one (U+FF10 to
// U+FF19), 0 for none.
std::size_t DigitBytes(absl::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  if (text[at] >= '0' && text[at] <= '9') return 1;
  if (!absl::StartsWith(text.substr(at), "\xEF\xBC") || at + 2 >= text.size()) {
    return 0;
  }
  const auto last = static_cast<unsigned char>(text[at + 2]);
  return last >= 0x90 && last <= 0x99 ? 3 : 0;
}

// A dash or space inside a number: the next group has three digits or more,
// which tells a phone number from a date.
bool IsJoint(absl::string_view text, std::size_t at) {
  constexpr int kGroup = 3;
  if (at >= text.size() || (text[at] != '-' && text[at] != ' ')) return false;
  ++at;
  for (int i = 0; i < kGroup; ++i) {
    const std::size_t bytes = DigitBytes(text, at);
    if (bytes == 0) return false;
    at += bytes;
  }
  return true;
}

// One digit or joint of a number.
struct Piece {
  absl::string_view text;
  bool digit = true;
};

void AppendMasked(const std::vector<Piece>& number, std::size_t digits,
                  std::string& out) {
  // Short numbers would show more than they hide.
  const std::size_t head = digits >= 11 ? kKeepHead : 0;
  std::size_t seen = 0;
  for (const Piece& piece : number) {
    const bool hidden = piece.digit && digits >= kLeastDigits && seen >= head &&
                        seen + kKeepTail < digits;
    absl::StrAppend(&out, hidden ? "*" : piece.text);
    if (piece.digit) ++seen;
  }
}

}  // namespace

std::string MaskNumbers(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    if (DigitBytes(text, at) == 0) {
      out.push_back(text[at++]);
      continue;
    }
    std::vector<Piece> number;
    std::size_t digits = 0;
    while (true) {
      if (const std::size_t bytes = DigitBytes(text, at); bytes > 0) {
        number.push_back({text.substr(at, bytes)});
        ++digits;
        at += bytes;
      } else if (IsJoint(text, at)) {
        number.push_back({text.substr(at++, 1), /*digit=*/false});
      } else {
        break;
      }
    }
    if (at < text.size() && (text[at] == 'X' || text[at] == 'x')) {
      number.push_back({text.substr(at++, 1)});
      ++digits;
    }
    AppendMasked(number, digits, out);
  }
  return out;
}

}  // namespace huifang

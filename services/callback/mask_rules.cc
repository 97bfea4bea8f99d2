#include "services/callback/mask_rules.h"

#include <vector>

namespace huifang::callback {
namespace {

constexpr std::size_t kLeastDigits = 7;
constexpr std::size_t kKeepHead = 3;
constexpr std::size_t kKeepTail = 4;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A dash or space inside a number: the next group has three digits or more,
// which tells a phone number from a date.
bool IsJoint(absl::string_view text, std::size_t at) {
  constexpr std::size_t kGroup = 3;
  if (text[at] != '-' && text[at] != ' ') return false;
  if (at + kGroup >= text.size()) return false;
  for (std::size_t i = at + 1; i <= at + kGroup; ++i) {
    if (!IsDigit(text[i])) return false;
  }
  return true;
}

}  // namespace

std::string MaskNumbers(absl::string_view text) {
  std::string masked(text);
  for (std::size_t begin = 0; begin < masked.size(); ++begin) {
    if (!IsDigit(masked[begin])) continue;
    std::vector<std::size_t> digits;
    std::size_t at = begin;
    while (at < masked.size() && (IsDigit(masked[at]) || IsJoint(masked, at))) {
      if (IsDigit(masked[at])) digits.push_back(at);
      ++at;
    }
    if (at < masked.size() && (masked[at] == 'X' || masked[at] == 'x')) {
      digits.push_back(at);
    }
    if (digits.size() >= kLeastDigits) {
      // Short numbers would show more than they hide.
      const std::size_t head = digits.size() >= 11 ? kKeepHead : 0;
      for (std::size_t i = head; i + kKeepTail < digits.size(); ++i) {
        masked[digits[i]] = '*';
      }
    }
    begin = at;
  }
  return masked;
}

}  // namespace huifang::callback

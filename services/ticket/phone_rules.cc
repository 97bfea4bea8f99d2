#include "services/ticket/phone_rules.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/common/text.h"

namespace huifang::ticket {
namespace {

constexpr std::size_t kExtensionDigitsMax = 6;

absl::Status Bad(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("phone number ", why));
}

struct Parts {
  std::string digits;
  // Digits after 转 or #.
  std::string extension;
  // Digits after the last dash: the extension of a landline, if what stands
  // before it is complete.
  std::size_t last_group = 0;
  bool plus = false;
};

bool IsDash(char32_t c) {
  return c == U'-' || c == 0x2013 || c == 0x2014 || c == 0x2212;
}

bool IsSeparator(char32_t c) {
  return c == U' ' || c == U'\t' || c == U'.' || c == U'(' || c == U')' ||
         c == U'/' || c == 0x00A0 || c == 0x200B;
}

absl::StatusOr<Parts> Split(absl::string_view text) {
  const std::string folded = FoldFullWidth(TrimText(text));
  absl::string_view rest = folded;
  Parts parts;
  std::string* into = &parts.digits;
  std::size_t position = 0;
  parts.plus = absl::ConsumePrefix(&rest, "+");
  while (!rest.empty()) {
    ++position;
    const std::optional<char32_t> c = NextCodePoint(rest);
    if (!c.has_value()) return Bad("is not valid UTF-8");
    if (*c < 0x80 && absl::ascii_isdigit(static_cast<unsigned char>(*c))) {
      into->push_back(static_cast<char>(*c));
      ++parts.last_group;
    } else if (*c == U'转' || *c == U'轉' || *c == U'#') {
      into = &parts.extension;
    } else if (*c == U'*') {
      return Bad("is masked with *; give the full number");
    } else if (IsDash(*c)) {
      parts.last_group = 0;
    } else if (!IsSeparator(*c)) {
      return Bad(absl::StrCat("has a letter or sign at character ", position,
                              "; use digits, spaces and dashes"));
    }
  }
  return parts;
}

bool AllDigitsSame(absl::string_view digits) {
  return std::all_of(digits.begin(), digits.end(),
                     [&](char c) { return c == digits[0]; });
}

bool IsMobile(absl::string_view digits) {
  return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3';
}

// 0 + area code (10, 2x, or three digits) + a seven or eight digit number that
// starts with 2 to 9.
// 0 when `digits` do not begin with a landline.
std::size_t LandlineLength(absl::string_view digits, std::size_t last_group) {
  if (digits.size() < 10 || digits[0] != '0' || digits[1] == '0') return 0;
  const bool short_area = digits[1] == '2' || absl::StartsWith(digits, "010");
  const std::size_t area = short_area ? 3 : 4;
  const std::size_t number_max = area + 8;
  if (digits[area] < '2') return 0;
  if (digits.size() < number_max - (short_area ? 0 : 1)) return 0;
  const std::size_t before =
      digits.size() - std::min(digits.size(), last_group);
  if (!short_area && before == number_max - 1) return before;
  return std::min(digits.size(), number_max);
}

// The digits before the last dash if they can be a local number, as in
// 62697000-801; 0 otherwise.
std::size_t LocalLength(absl::string_view digits, std::size_t last_group) {
  const std::size_t before =
      digits.size() - std::min(digits.size(), last_group);
  return digits[0] >= '2' && (before == 7 || before == 8) ? before : 0;
}

absl::StatusOr<std::string> Domestic(const Parts& parts,
                                     absl::string_view digits) {
  if (IsMobile(digits)) return std::string(digits);
  // 4008-883-558 and 4008883#558 are one number: wherever it is cut, ten digits
  // of a service line are no local number with an extension.
  const std::string whole = absl::StrCat(digits, parts.extension);
  if (whole.size() == 10 &&
      (absl::StartsWith(whole, "400") || absl::StartsWith(whole, "800"))) {
    return whole;
  }
  std::string number(digits);
  std::string extension = parts.extension;
  const std::size_t before = LocalLength(digits, parts.last_group);
  if (before > 0 && extension.empty()) {
    number = std::string(digits.substr(0, before));
    extension = std::string(digits.substr(before));
  }
  const bool local = (number.size() == 7 || number.size() == 8) &&
                     number[0] >= '2' && !AllDigitsSame(number);
  if (!local) {
    const std::size_t length = LandlineLength(digits, parts.last_group);
    if (length == 0) {
      return Bad(absl::StrCat(
          "with ", digits.size(),
          " digits is neither a mobile (11 digits from 13 to 19), a landline "
          "with area code, nor a 400 number"));
    }
    // What follows a complete landline is its extension: 010-62697000-801.
    number = std::string(digits.substr(0, length));
    extension = absl::StrCat(digits.substr(length), extension);
  }
  if (extension.size() > kExtensionDigitsMax) {
    return Bad("has more digits than a landline with its extension");
  }
  return extension.empty() ? number : absl::StrCat(number, "-", extension);
}

}  // namespace

absl::StatusOr<std::string> NormalizePhone(absl::string_view text) {
  absl::StatusOr<Parts> split = Split(text);
  if (!split.ok()) return split.status();
  const Parts parts = *std::move(split);
  absl::string_view digits = parts.digits;
  if (digits.empty()) return Bad("is empty");
  const bool abroad = absl::ConsumePrefix(&digits, "00") || parts.plus;
  bool china = false;
  // 86130086-13000 is a local number with its extension, no mobile.
  if (abroad || (digits.size() == 13 && IsMobile(digits.substr(2)) &&
                 LocalLength(digits, parts.last_group) == 0)) {
    china = absl::ConsumePrefix(&digits, "86");
  }
  if (digits.empty()) return Bad("is empty behind its country code");
  if (abroad && !china) {
    // No country code begins with 0.
    if (digits.size() < 7 || digits.size() > 15 || digits[0] == '0') {
      return Bad("abroad must have 7 to 15 digits, the first not 0");
    }
    return absl::StrCat("+", digits);
  }
  // Behind +86 the area code loses its zero.
  if (china && !IsMobile(digits) && digits[0] != '0' && digits.size() >= 9 &&
      !absl::StartsWith(digits, "400") && !absl::StartsWith(digits, "800")) {
    return Domestic(parts, absl::StrCat("0", digits));
  }
  return Domestic(parts, digits);
}

}  // namespace huifang::ticket

#include "services/common/text.h"

#include <array>

namespace huifang {
namespace {

// Length of the sequence `lead` starts, 0 for a byte that cannot start one.
std::size_t SequenceLength(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  return lead < 0xF5 ? 4 : 0;
}

bool IsBlank(char32_t c) {
  return c == U' ' || (c >= U'\t' && c <= U'\r') || c == 0x3000 ||
         c == 0x00A0 || c == 0x200B || c == 0xFEFF;
}

// Start of the last code point of non-empty `text`.
std::size_t LastStart(absl::string_view text) {
  std::size_t at = text.size() - 1;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
  return at;
}

}  // namespace

std::optional<char32_t> NextCodePoint(absl::string_view& rest) {
  if (rest.empty()) return std::nullopt;
  const auto lead = static_cast<unsigned char>(rest[0]);
  const std::size_t length = SequenceLength(lead);
  if (length == 0 || length > rest.size()) return std::nullopt;
  constexpr std::array<unsigned char, 5> kLeadMask = {0, 0x7F, 0x1F, 0x0F, 7};
  constexpr std::array<char32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  char32_t code_point = lead & kLeadMask[length];
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(rest[i]);
    if ((byte & 0xC0) != 0x80) return std::nullopt;
    code_point = (code_point << 6) | (byte & 0x3F);
  }
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (code_point < kSmallest[length] || code_point > 0x10FFFF || surrogate) {
    return std::nullopt;
  }
  rest.remove_prefix(length);
  return code_point;
}

void AppendUtf8(char32_t c, std::string& out) {
  const auto put = [&out](char32_t byte) {
    out.push_back(static_cast<char>(static_cast<unsigned char>(byte)));
  };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

std::optional<std::size_t> FindInvalidUtf8(absl::string_view text) {
  absl::string_view rest = text;
  while (!rest.empty()) {
    // Most of a CSV's structure is ASCII: skip it without decoding.
    if (static_cast<unsigned char>(rest[0]) < 0x80) {
      rest.remove_prefix(1);
    } else if (!NextCodePoint(rest).has_value()) {
      return text.size() - rest.size();
    }
  }
  return std::nullopt;
}

std::size_t CodePointCount(absl::string_view text) {
  std::size_t count = 0;
  while (NextCodePoint(text).has_value()) ++count;
  return count;
}

std::string FoldFullWidth(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const absl::string_view before = text;
    const std::optional<char32_t> c = NextCodePoint(text);
    if (!c.has_value()) {
      out.append(text.data(), text.size());
      break;
    }
    if (*c >= 0xFF01 && *c <= 0xFF5E) {
      out.push_back(static_cast<char>(*c - 0xFEE0));
    } else if (*c == 0x3000) {
      out.push_back(' ');
    } else {
      out.append(before.data(), before.size() - text.size());
    }
  }
  return out;
}

absl::string_view TrimText(absl::string_view text) {
  while (!text.empty()) {
    absl::string_view rest = text;
    const std::optional<char32_t> c = NextCodePoint(rest);
    if (!c.has_value() || !IsBlank(*c)) break;
    text = rest;
  }
  while (!text.empty()) {
    const std::size_t at = LastStart(text);
    absl::string_view last = text.substr(at);
    const std::optional<char32_t> c = NextCodePoint(last);
    if (!c.has_value() || !IsBlank(*c)) break;
    text = text.substr(0, at);
  }
  return text;
}

absl::string_view FirstCodePoints(absl::string_view text, std::size_t count) {
  absl::string_view rest = text;
  for (std::size_t i = 0; i < count; ++i) {
    if (!NextCodePoint(rest).has_value()) break;
  }
  return text.substr(0, text.size() - rest.size());
}

bool IsHan(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) ||
         (c >= 0x20000 && c <= 0x323AF) || (c >= 0xF900 && c <= 0xFAFF);
}

}  // namespace huifang

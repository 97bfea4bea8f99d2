#include "services/grading/normalized_text.h"

#include <algorithm>
#include <optional>

#include "services/common/text.h"

namespace huifang::grading {
namespace {

// A quotation longer than this is taken for an unbalanced mark.
constexpr std::size_t kQuotedCharsMax = 80;

bool IsBlank(char32_t c) {
  return c == U' ' || c == U'\t' || c == U'\r' || c == U'\v' || c == U'\f' ||
         c == 0x3000 || c == 0x00A0 || c == 0x200B || c == 0xFEFF ||
         c == 0x2002 || c == 0x2003;
}

bool IsAsciiWord(char16_t c) { return c < 0x80 && IsWordChar(c); }

char16_t Fold(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
  if (c >= U'A' && c <= U'Z') c += 0x20;
  return c > 0xFFFF ? char16_t{0xFFFD} : static_cast<char16_t>(c);
}

bool EndsClause(char16_t c) {
  return c == u',' || c == u'。' || c == u';' || c == u'!' || c == u'?' ||
         c == u':' || c == u'\n' || c == u'…';
}

bool IsDigit(char16_t c) { return c >= u'0' && c <= u'9'; }

// End of the quotation that opens at `open`, or nothing if it never closes
// near by.
std::optional<std::size_t> ClosingMark(const std::u16string& chars,
                                       std::size_t open) {
  const char16_t close = chars[open] == u'“' ? u'”' : u'》';
  const std::size_t limit = std::min(chars.size(), open + kQuotedCharsMax);
  for (std::size_t i = open + 1; i < limit; ++i) {
    if (chars[i] == close) return i;
  }
  return std::nullopt;
}

}  // namespace

NormalizedText::NormalizedText(absl::string_view original) {
  chars_.reserve(original.size() / 2);
  byte_begin_.reserve(original.size() / 2);
  byte_end_.reserve(original.size() / 2);
  absl::string_view rest = original;
  bool blank_before = false;
  std::uint32_t at = 0;
  while (!rest.empty() && chars_.size() < kCharsMax) {
    const std::optional<char32_t> code_point = NextCodePoint(rest);
    if (!code_point.has_value()) break;
    const auto end = static_cast<std::uint32_t>(original.size() - rest.size());
    if (IsBlank(*code_point)) {
      blank_before = true;
    } else {
      const char16_t c = Fold(*code_point);
      if (blank_before && !chars_.empty() && IsAsciiWord(c) &&
          IsAsciiWord(chars_.back())) {
        chars_.push_back(u' ');
        byte_begin_.push_back(byte_end_.back());
        byte_end_.push_back(at);
      }
      chars_.push_back(c);
      byte_begin_.push_back(at);
      byte_end_.push_back(end);
      blank_before = false;
    }
    at = end;
  }
}

Quote NormalizedText::MakeQuote(absl::string_view field,
                                absl::string_view original, Span span) const {
  Quote quote;
  quote.field = std::string(field);
  span.end = std::min(span.end, chars_.size());
  if (span.begin >= span.end) return quote;
  const std::size_t begin = byte_begin_[span.begin];
  const std::size_t end = byte_end_[span.end - 1];
  const absl::string_view words =
      FirstCodePoints(original.substr(begin, end - begin), kQuoteCharsMax);
  quote.text = std::string(words);
  quote.byte_offset = static_cast<std::int32_t>(begin);
  quote.byte_length = static_cast<std::int32_t>(words.size());
  quote.char_offset =
      static_cast<std::int32_t>(CodePointCount(original.substr(0, begin)));
  quote.char_length = static_cast<std::int32_t>(CodePointCount(words));
  return quote;
}

std::size_t CountWordChars(std::u16string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), IsWordChar));
}

std::vector<Span> SplitClauses(const NormalizedText& text) {
  const std::u16string& chars = text.chars();
  std::vector<Span> clauses;
  std::size_t begin = 0;
  const auto close = [&](std::size_t end) {
    if (CountWordChars(text.at({begin, end})) > 0) {
      clauses.push_back({begin, end});
    }
    begin = end + 1;
  };
  for (std::size_t i = 0; i < chars.size(); ++i) {
    const char16_t c = chars[i];
    if (c == u'“' || c == u'《') {
      i = ClosingMark(chars, i).value_or(i);
      continue;
    }
    if (!EndsClause(c)) continue;
    const bool between_digits = (c == u',' || c == u':') && i > 0 &&
                                i + 1 < chars.size() && IsDigit(chars[i - 1]) &&
                                IsDigit(chars[i + 1]);
    if (!between_digits) close(i);
  }
  if (begin < chars.size()) close(chars.size());
  return clauses;
}

}  // namespace huifang::grading

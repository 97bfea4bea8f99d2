#ifndef HUIFANG_SERVICES_GRADING_NORMALIZED_TEXT_H_
#define HUIFANG_SERVICES_GRADING_NORMALIZED_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace huifang::grading {

// A stretch of a normalised text, in its characters.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;

  std::size_t size() const { return end - begin; }
};

// Words of a field exactly as they stand there.
struct Quote {
  std::string field;
  std::int32_t byte_offset = 0;
  std::int32_t byte_length = 0;
  std::int32_t char_offset = 0;
  std::int32_t char_length = 0;
  std::string text;
};

// A text as the rules read it: full-width forms folded to ASCII, letters in
// lower case, and no blanks (spaces, U+3000, U+00A0, U+200B) except one space
// between two ASCII words. Line feeds stay, as they end clauses. Every
// character remembers where it stands in the original, so that a finding can
// quote the original. Characters outside the basic plane become U+FFFD; bytes
// that are not UTF-8 end the text.
class NormalizedText {
 public:
  NormalizedText() = default;
  // Reads at most `kCharsMax` characters; the rest is ignored.
  explicit NormalizedText(absl::string_view original);

  static constexpr std::size_t kCharsMax = 20000;

  const std::u16string& chars() const { return chars_; }
  std::size_t size() const { return chars_.size(); }
  bool empty() const { return chars_.empty(); }
  std::u16string_view at(Span span) const {
    return std::u16string_view(chars_).substr(span.begin, span.size());
  }

  // Quotes `span` out of `original`, which must be the text this was made
  // from; cut to `kQuoteCharsMax` characters.
  Quote MakeQuote(absl::string_view field, absl::string_view original,
                  Span span) const;

  static constexpr std::size_t kQuoteCharsMax = 200;

 private:
  std::u16string chars_;
  // Byte offset of each character in the original.
  std::vector<std::uint32_t> byte_begin_;
  std::vector<std::uint32_t> byte_end_;
};

// A Chinese character or an ASCII letter or digit: what carries meaning.
inline bool IsWordChar(char16_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) ||
         (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'z');
}

// Number of word characters in `text`.
std::size_t CountWordChars(std::u16string_view text);

// Splits at clause ends (，。；！？：, line feeds), but not inside “…” or 《…》
// of ordinary length and not between digits. Clauses without a word character
// are dropped; closing marks are not part of a clause.
std::vector<Span> SplitClauses(const NormalizedText& text);

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_NORMALIZED_TEXT_H_

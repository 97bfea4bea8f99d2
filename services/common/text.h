#ifndef HUIFANG_SERVICES_COMMON_TEXT_H_
#define HUIFANG_SERVICES_COMMON_TEXT_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace huifang {

// Takes the first code point off `rest`. Returns nullopt at the end and on
// bytes that are not UTF-8 (overlong forms and surrogates included); `rest` is
// then left where it was, so a caller can tell the two apart by its emptiness.
std::optional<char32_t> NextCodePoint(absl::string_view& rest);

// Appends `code_point` to `out` as UTF-8.
void AppendUtf8(char32_t code_point, std::string& out);

// Offset of the first byte that is not part of valid UTF-8, or nullopt.
std::optional<std::size_t> FindInvalidUtf8(absl::string_view text);

// Number of code points; `text` must be valid UTF-8 (counts up to the first
// invalid byte otherwise).
std::size_t CodePointCount(absl::string_view text);

// Full-width forms (U+FF01 to U+FF5E) become ASCII and U+3000 a space, as
// Chinese input methods leave digits and brackets in either form.
std::string FoldFullWidth(absl::string_view text);

// Drops white space at both ends: ASCII, U+3000, U+00A0, and the invisible
// U+200B and U+FEFF, all of which real exports carry.
absl::string_view TrimText(absl::string_view text);

// The first `count` code points.
absl::string_view FirstCodePoints(absl::string_view text, std::size_t count);

// A Chinese character of the unified ideographs blocks.
bool IsHan(char32_t code_point);

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_TEXT_H_

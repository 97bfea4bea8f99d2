#include "services/common/text.h"

#include <gtest/gtest.h>

#include <string>

namespace huifang {
namespace {

TEST(TextTest, CodePointsGoRoundTrip) {
  std::string out;
  absl::string_view rest = "aé诉\xF0\x9F\x98\x80";
  while (const std::optional<char32_t> c = NextCodePoint(rest)) {
    AppendUtf8(*c, out);
  }
  EXPECT_TRUE(rest.empty());
  EXPECT_EQ(out, "aé诉\xF0\x9F\x98\x80");
  EXPECT_EQ(CodePointCount(out), 4u);
}

TEST(TextTest, InvalidUtf8IsFoundWhereItStarts) {
  EXPECT_FALSE(FindInvalidUtf8("诉讼费 abc").has_value());
  EXPECT_EQ(FindInvalidUtf8("ab\xff"), 2u);
  EXPECT_EQ(FindInvalidUtf8("\xC0\x80"), 0u);          // overlong
  EXPECT_EQ(FindInvalidUtf8("a\xE0\x80\x80"), 1u);     // overlong
  EXPECT_EQ(FindInvalidUtf8("\xED\xA0\x80"), 0u);      // surrogate
  EXPECT_EQ(FindInvalidUtf8("\xF4\x90\x80\x80"), 0u);  // above U+10FFFF
  EXPECT_EQ(FindInvalidUtf8("诉\xE8\xAE"), 3u);        // cut off
}

TEST(TextTest, FullWidthFormsFold) {
  EXPECT_EQ(FoldFullWidth("（２０２１）京　Ａ"), "(2021)京 A");
  EXPECT_EQ(FoldFullWidth("a\xff"), "a\xff");
}

TEST(TextTest, TrimsEveryKindOfBlank) {
  EXPECT_EQ(
      TrimText("\xEF\xBB\xBF \t\xC2\xA0诉 讼\xE3\x80\x80\xE2\x80\x8B\r\n"),
      "诉 讼");
  EXPECT_EQ(TrimText("　"), "");
  EXPECT_EQ(TrimText(""), "");
}

TEST(TextTest, CutsBetweenCharacters) {
  EXPECT_EQ(FirstCodePoints("诉讼费", 2), "诉讼");
  EXPECT_EQ(FirstCodePoints("ab", 5), "ab");
  EXPECT_EQ(FirstCodePoints("ab", 0), "");
}

TEST(TextTest, KnowsChineseCharacters) {
  EXPECT_TRUE(IsHan(U'诉'));
  EXPECT_TRUE(IsHan(0x20000));
  EXPECT_FALSE(IsHan(U'a'));
  EXPECT_FALSE(IsHan(U'，'));
}

}  // namespace
}  // namespace huifang

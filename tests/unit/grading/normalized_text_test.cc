#include "services/grading/normalized_text.h"

#include <gtest/gtest.h>

#include <string>

namespace huifang::grading {
namespace {

TEST(NormalizedText, FoldsWidthAndDropsBlanks) {
  const NormalizedText text(
      "\xEF\xBC\xA1\xEF\xBC\x92 \xE3\x80\x80\xE5\xB8\x82\xC2\xA0\xE2\x80\x8B"
      "\xE6\xB3\x95 \xE9\x99\xA2\xEF\xBC\x8C"
      "AB cd");
  EXPECT_EQ(text.chars(), u"a2市法院,ab cd");
}

TEST(NormalizedText, QuotesTheOriginalWithBothOffsets) {
  const std::string original = "网友：　您好！ 您的 留言已收悉。谢谢";
  const NormalizedText text(original);
  const std::size_t at = text.chars().find(u"您的留言");
  ASSERT_NE(at, std::u16string::npos);
  const Quote quote = text.MakeQuote("reply", original, {at, at + 7});
  EXPECT_EQ(quote.text, "您的 留言已收悉");
  EXPECT_EQ(original.substr(static_cast<std::size_t>(quote.byte_offset),
                            static_cast<std::size_t>(quote.byte_length)),
            quote.text);
  EXPECT_EQ(quote.char_offset, 8);
  EXPECT_EQ(quote.char_length, 8);
}

TEST(NormalizedText, CutsLongQuotes) {
  std::string original;
  for (int i = 0; i < 300; ++i) original += "长";
  const NormalizedText text(original);
  const Quote quote = text.MakeQuote("reply", original, {0, text.size()});
  EXPECT_EQ(quote.char_length, 200);
  EXPECT_EQ(quote.byte_length, 600);
}

TEST(NormalizedText, StopsAtBytesThatAreNotUtf8) {
  EXPECT_EQ(NormalizedText("法院\xFF后文").chars(), u"法院");
  EXPECT_EQ(NormalizedText("法院\xE6\xB3").chars(), u"法院");
  EXPECT_TRUE(NormalizedText("").empty());
}

TEST(NormalizedText, ReplacesCharactersBeyondTheBasicPlane) {
  const std::string original = "\xF0\xA0\xAE\xB7家在";
  const NormalizedText text(original);
  EXPECT_EQ(text.chars(), u"\uFFFD家在");
  EXPECT_EQ(text.MakeQuote("reply", original, {0, 1}).text, "\xF0\xA0\xAE\xB7");
}

TEST(SplitClauses, KeepsQuotationsTogether) {
  const NormalizedText text("关于您反映的“门坏了，没人修。”问题，已修好。");
  const std::vector<Span> clauses = SplitClauses(text);
  ASSERT_EQ(clauses.size(), 2u);
  EXPECT_EQ(text.at(clauses[1]), u"已修好");
}

TEST(SplitClauses, DoesNotCutNumbersOrTimes) {
  const NormalizedText text("于9:30缴纳1,000元，谢谢");
  const std::vector<Span> clauses = SplitClauses(text);
  ASSERT_EQ(clauses.size(), 2u);
  EXPECT_EQ(text.at(clauses[0]), u"于9:30缴纳1,000元");
}

}  // namespace
}  // namespace huifang::grading

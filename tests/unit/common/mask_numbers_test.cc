#include "services/common/mask_numbers.h"

#include <gtest/gtest.h>

namespace huifang {
namespace {

TEST(MaskNumbers, PhonesInTheUsualForms) {
  EXPECT_EQ(MaskNumbers("打13812340000找我"), "打138****0000找我");
  EXPECT_EQ(MaskNumbers("138-1234-0000"), "138-****-0000");
  EXPECT_EQ(MaskNumbers("138 1234 0000"), "138 **** 0000");
  EXPECT_EQ(MaskNumbers("010-66551234"), "010-****1234");
  EXPECT_EQ(MaskNumbers("66551234"), "****1234");
}

TEST(MaskNumbers, IdentityNumbersWithAFinalX) {
  EXPECT_EQ(MaskNumbers("11010219800101123X"), "110***********123X");
}

TEST(MaskNumbers, DatesTimesAndCaseNumbersStay) {
  for (const char* text : {"2019-07-22 10:30", "(2021)京0102民初7664号",
                           "3000元", "12368", "", "没有数字"}) {
    EXPECT_EQ(MaskNumbers(text), text);
  }
}

TEST(MaskNumbers, FullWidthDigitsAreDigits) {
  EXPECT_EQ(MaskNumbers("打１３８１２３４００００找我"),
            "打１３８****００００找我");
  EXPECT_EQ(MaskNumbers("２０１９年７月"), "２０１９年７月");
  EXPECT_EQ(MaskNumbers("\xEF\xBC"), "\xEF\xBC");  // cut short
}

TEST(MaskNumbers, EachNumberOnItsOwn) {
  EXPECT_EQ(MaskNumbers("13812340000,13912340001"), "138****0000,139****0001");
}

}  // namespace
}  // namespace huifang

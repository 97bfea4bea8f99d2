#include "services/ticket/phone_rules.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"

namespace huifang::ticket {
namespace {

struct Number {
  const char* text;
  const char* normal;
};

class GoodPhone : public ::testing::TestWithParam<Number> {};

TEST_P(GoodPhone, HasOneForm) {
  const absl::StatusOr<std::string> phone = NormalizePhone(GetParam().text);
  ASSERT_TRUE(phone.ok()) << phone.status();
  EXPECT_EQ(*phone, GetParam().normal);
  // One number, one index: an import may bring what an export gave.
  EXPECT_EQ(NormalizePhone(*phone).value_or("refused"), *phone);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, GoodPhone,
    ::testing::Values(Number{"13812340000", "13812340000"},
                      Number{" 138-1234-0000 ", "13812340000"},
                      Number{"138 1234 0000", "13812340000"},
                      Number{"+86 138 1234 0000", "13812340000"},
                      Number{"+8613812340000", "13812340000"},
                      Number{"008613812340000", "13812340000"},
                      Number{"8613812340000", "13812340000"},
                      Number{"１３８１２３４００００", "13812340000"},
                      Number{"＋８６１３８１２３４００００", "13812340000"},
                      Number{"010-62697000", "01062697000"},
                      Number{"(010) 6269 7000", "01062697000"},
                      Number{"（010）62697000", "01062697000"},
                      Number{"+86 10 62697000", "01062697000"},
                      Number{"0591-87654321", "059187654321"},
                      Number{"0311-6269700", "03116269700"},
                      Number{"010-62697000-801", "01062697000-801"},
                      Number{"0311-6269700-801", "03116269700-801"},
                      Number{"010-62697000转801", "01062697000-801"},
                      Number{"400-812-3123", "4008123123"},
                      Number{"4008-123-123", "4008123123"},
                      Number{"8008)883##558- -)", "8008883558"},
                      Number{"4008123123", "4008123123"},
                      Number{"62697000", "62697000"},
                      Number{"62697000转8", "62697000-8"},
                      Number{"62697000-801", "62697000-801"},
                      Number{"86130086#13000", "86130086-13000"},
                      Number{"+852 2123 4567", "+85221234567"}));

class BadPhone : public ::testing::TestWithParam<Number> {};

TEST_P(BadPhone, IsRefusedWithoutRepeatingIt) {
  const absl::Status status = NormalizePhone(GetParam().text).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(status.message(), GetParam().normal)) << status;
  EXPECT_FALSE(absl::StrContains(status.message(), "1381234"));
}

INSTANTIATE_TEST_SUITE_P(
    Forms, BadPhone,
    ::testing::Values(
        Number{"", "empty"}, Number{"　", "empty"},
        Number{"1381234O000", "letter"}, Number{"电话13812340000", "letter"},
        Number{"138****0000", "masked"}, Number{"1381234000", "neither"},
        Number{"138123400001", "neither"}, Number{"12345", "neither"},
        Number{"00000000", "abroad"}, Number{"11111111", "neither"},
        Number{"+1", "abroad"}, Number{"+86", "empty"}, Number{"0086", "empty"},
        Number{"+00008613812340000", "abroad"}, Number{"0311626970", "neither"},
        Number{"0311626970转1", "neither"},
        Number{"010-62697000-12345678", "extension"}));

}  // namespace
}  // namespace huifang::ticket

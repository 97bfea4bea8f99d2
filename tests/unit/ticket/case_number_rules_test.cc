#include "services/ticket/case_number_rules.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"

namespace huifang::ticket {
namespace {

struct Accepted {
  const char* text;
  const char* canonical;
};

class CurrentCaseNumber : public ::testing::TestWithParam<Accepted> {};

TEST_P(CurrentCaseNumber, IsAcceptedAndBroughtToOneSpelling) {
  const absl::StatusOr<CaseNumber> number = ParseCaseNumber(GetParam().text);
  ASSERT_TRUE(number.ok()) << number.status();
  EXPECT_EQ(FormatCaseNumber(*number), GetParam().canonical);
  EXPECT_TRUE(number->type_known) << number->type;
  const absl::StatusOr<StoredCaseNumber> stored =
      AcceptCaseNumber(GetParam().text);
  ASSERT_TRUE(stored.ok());
  EXPECT_FALSE(stored->legacy);
}

INSTANTIATE_TEST_SUITE_P(
    Vectors, CurrentCaseNumber,
    ::testing::Values(
        Accepted{"(2021)京0102民初7664号", "(2021)京0102民初7664号"},
        Accepted{"（2021）京0102民初7664号", "(2021)京0102民初7664号"},
        Accepted{"〔2021〕京0102民初7664号", "(2021)京0102民初7664号"},
        Accepted{"（２０２１）京０１０２民初７６６４号",
                 "(2021)京0102民初7664号"},
        Accepted{"(2021) 京0102 民初 7664号　", "(2021)京0102民初7664号"},
        Accepted{"（2020）鄂民终147号", "(2020)鄂民终147号"},
        Accepted{"（2021）最高法民申1140号", "(2021)最高法民申1140号"},
        Accepted{"(2019)最高法知民终1号", "(2019)最高法知民终1号"},
        Accepted{"(2024)京0102执恢12号", "(2024)京0102执恢12号"},
        Accepted{"(2021)京0102执异7号之一", "(2021)京0102执异7号之一"},
        Accepted{"(2022)京0102诉前调5号", "(2022)京0102诉前调5号"},
        Accepted{"(2021)京01刑终3号", "(2021)京01刑终3号"}));

TEST(CaseNumberTest, PartsAreTakenApart) {
  const CaseNumber number = ParseCaseNumber("(2019)最高法知民终1号").value();
  EXPECT_EQ(number.year, 2019);
  EXPECT_EQ(number.court_code, "最高法");
  EXPECT_EQ(number.special, "知");
  EXPECT_EQ(number.type, "民终");
  EXPECT_EQ(number.serial, "1");
}

TEST(CaseNumberTest, XichengIsItsAdministrativeCode) {
  EXPECT_EQ(AdministrativeCode("京0102"), "110102");
  EXPECT_EQ(AdministrativeCode("豫1727"), "411727");
  EXPECT_EQ(AdministrativeCode("京01"), "");
  EXPECT_EQ(AdministrativeCode("最高法"), "");
}

class NoCaseNumber : public ::testing::TestWithParam<const char*> {};

TEST_P(NoCaseNumber, IsRefusedWithTheForm) {
  const absl::Status status = ParseCaseNumber(GetParam()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(status.message(), "the form is")) << status;
}

INSTANTIATE_TEST_SUITE_P(
    Vectors, NoCaseNumber,
    ::testing::Values("2021京0102民初7664号", "(2021)京0102民初7664",
                      "（2014）长民二（商）初字第2459号", "",
                      "(2021)京010民初7664号", "(2021)民初7664号",
                      "(2021)京0102民初号", "(21)京0102民初7664号",
                      "(2021)京01027664号", "(2021)京0102民初7664号之",
                      "(2021)京0102民初7664号判决", "(2021)京0102民初***号",
                      "(2021)\xff"));

TEST(CaseNumberTest, OlderStyleIsStorableAndFlagged) {
  const absl::StatusOr<StoredCaseNumber> stored =
      AcceptCaseNumber("（2014）长民二（商）初字第2459号");
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_TRUE(stored->legacy);
  EXPECT_EQ(stored->text, "(2014)长民二(商)初字第2459号");
}

TEST(CaseNumberTest, MissingBracketsOrEndAreNotStorable) {
  EXPECT_FALSE(AcceptCaseNumber("2021京0102民初7664号").ok());
  EXPECT_FALSE(AcceptCaseNumber("(2021)京0102民初7664").ok());
  EXPECT_FALSE(AcceptCaseNumber("(2021)").ok());
}

TEST(CaseNumberTest, UnknownTypeIsNoError) {
  const absl::StatusOr<CaseNumber> number =
      ParseCaseNumber("(2023)京0102民甲12号");
  ASSERT_TRUE(number.ok()) << number.status();
  EXPECT_FALSE(number->type_known);
}

}  // namespace
}  // namespace huifang::ticket

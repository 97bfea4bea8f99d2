#include "services/reporting/court_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/matchers.h"

namespace huifang::reporting {
namespace {

using ::testing::HasSubstr;

TEST(CourtTree, FindsTheCourtsBelowASuperiorOne) {
  const absl::StatusOr<CourtTree> tree = CourtTree::Parse(R"(
      {"superior_courts": [
        {"court": "110000", "display_name": "北京市高级人民法院", "courts": [
          {"court": "110102", "display_name": "北京市西城区人民法院"},
          {"court": "110101", "display_name": "北京市东城区人民法院"}]},
        {"court": "110200", "display_name": "北京市第二中级人民法院",
         "courts": [
          {"court": "110102", "display_name": "北京市西城区人民法院"}]}]})");
  ASSERT_OK(tree.status());
  const SuperiorCourt* high = tree->Find("110000");
  ASSERT_NE(high, nullptr);
  EXPECT_EQ(high->display_name, "北京市高级人民法院");
  ASSERT_EQ(high->courts.size(), 2U);
  EXPECT_EQ(high->courts[0].court, "110102");
  EXPECT_NE(tree->Find("110200"), nullptr);
  EXPECT_EQ(tree->Find("110102"), nullptr);
}

TEST(CourtTree, NoFileIsNoSuperiorCourt) {
  const absl::StatusOr<CourtTree> tree = CourtTree::Read("");
  ASSERT_OK(tree.status());
  EXPECT_EQ(tree->Find("110000"), nullptr);
  EXPECT_EQ(CourtTree::Read("/nonexistent").status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(CourtTree, RefusesWhatItCannotUseAndNamesIt) {
  struct Case {
    const char* json;
    const char* why;
  };
  for (const Case& bad : {
           Case{"[]", "superior_courts"},
           Case{R"({"superior_courts": [{"court": "11"}]})", "\"11\""},
           Case{R"({"superior_courts": [{"court": "110000"}]})",
                "110000 has no display_name"},
           Case{R"({"superior_courts": [{"court": "110000",
                 "display_name": "a", "courts": []}]})",
                "110000 wants 1 to 500"},
           Case{R"({"superior_courts": [{"court": "110000",
                 "display_name": "a", "courts": [
                 {"court": "110000", "display_name": "a"}]}]})",
                "is that court"},
           Case{R"({"superior_courts": [{"court": "110000",
                 "display_name": "a", "courts": [
                 {"court": "110101", "display_name": "b"},
                 {"court": "110101", "display_name": "b"}]}]})",
                "110101 is twice"},
       }) {
    const absl::Status status = CourtTree::Parse(bad.json).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << bad.json;
    EXPECT_THAT(std::string(status.message()), HasSubstr(bad.why));
  }
}

}  // namespace
}  // namespace huifang::reporting

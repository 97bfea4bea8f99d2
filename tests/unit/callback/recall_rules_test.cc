#include "services/callback/recall_rules.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace huifang::callback {
namespace {

constexpr char kSeed[] = "2019-W30|frame:ab|pub:01";

// Computed with Python's hashlib; docs/methods/draw.md has it too.
TEST(Recall, ChoiceIsThePublishedOne) {
  EXPECT_TRUE(IsRecalled(kSeed, "t-00003", 0.133));
  EXPECT_FALSE(IsRecalled(kSeed, "t-00003", 0.132));
  EXPECT_TRUE(IsRecalled(kSeed, "t-00010", 0.0173));
  EXPECT_FALSE(IsRecalled(kSeed, "t-00010", 0.0172));
}

TEST(Recall, NoneAtZeroAndAllAtOne) {
  for (int i = 0; i < 1000; ++i) {
    const std::string id = absl::StrCat("t", i);
    EXPECT_FALSE(IsRecalled(kSeed, id, 0));
    EXPECT_TRUE(IsRecalled(kSeed, id, 1));
  }
}

TEST(Recall, ShareIsKeptAndALargerOneKeepsTheSmallers) {
  int chosen = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::string id = absl::StrCat("t", i);
    const bool small = IsRecalled(kSeed, id, 0.1);
    chosen += small ? 1 : 0;
    EXPECT_TRUE(!small || IsRecalled(kSeed, id, 0.2));
  }
  // Four standard deviations of a binomial.
  EXPECT_NEAR(chosen, 2000, 170);
}

TEST(Recall, SeedDecides) {
  int differ = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = absl::StrCat("t", i);
    differ += IsRecalled(kSeed, id, 0.5) != IsRecalled("other", id, 0.5);
  }
  EXPECT_NEAR(differ, 500, 65);
}

std::vector<AnswerPair> Pairs(int both_yes, int first_no, int second_no,
                              int both_no) {
  std::vector<AnswerPair> pairs;
  pairs.insert(pairs.end(), both_yes, {"solved", "YES", "YES"});
  pairs.insert(pairs.end(), first_no, {"solved", "NO", "YES"});
  pairs.insert(pairs.end(), second_no, {"solved", "YES", "NO"});
  pairs.insert(pairs.end(), both_no, {"solved", "NO", "NO"});
  return pairs;
}

// The paradox of kappa: see docs/methods.md.
TEST(RecallAgreement, IsTheOraclesWhenNearlyAllAreSatisfied) {
  const auto figures =
      AgreementOf(Pairs(90, 4, 3, 3), {{"solved", {"YES", "NO"}}});
  ASSERT_EQ(figures.size(), 1u);
  EXPECT_EQ(figures[0].pairs, 100);
  EXPECT_EQ(figures[0].equal, 93);
  EXPECT_DOUBLE_EQ(*figures[0].observed, 0.93);
  EXPECT_NEAR(figures[0].kappa->value, 0.424342, 1e-6);
  EXPECT_NEAR(figures[0].ac1->value, 0.920314, 1e-6);
  EXPECT_NEAR(figures[0].alpha->value, 0.426985, 1e-6);
  ASSERT_TRUE(figures[0].ac1->interval.has_value());
  EXPECT_LT(figures[0].ac1->interval->lower, figures[0].ac1->value);
  EXPECT_GT(figures[0].ac1->interval->upper, figures[0].ac1->value);
}

// Values by docs/methods.md's formulas, reckoned apart from this program.
TEST(RecallAgreement, OrderedAnswersAreWeighted) {
  std::vector<AnswerPair> pairs;
  const auto add = [&pairs](int count, const char* first, const char* second) {
    pairs.insert(pairs.end(), static_cast<std::size_t>(count),
                 {"clear", first, second});
  };
  add(10, "YES", "YES");
  add(3, "YES", "PARTLY");
  add(4, "PARTLY", "PARTLY");
  add(2, "PARTLY", "NO");
  add(1, "NO", "YES");
  add(5, "NO", "NO");
  const std::vector<std::string> answers = {"YES", "PARTLY", "NO"};
  const auto ordered = AgreementOf(pairs, {{"clear", answers, true}});
  ASSERT_TRUE(ordered[0].weighted_kappa.has_value());
  EXPECT_NEAR(ordered[0].weighted_kappa->value, 0.741082, 1e-6);
  ASSERT_TRUE(ordered[0].alpha.has_value());
  EXPECT_NEAR(ordered[0].alpha->value, 0.740421, 1e-6);
  ASSERT_TRUE(ordered[0].alpha->interval.has_value());
  EXPECT_LT(ordered[0].alpha->interval->lower, ordered[0].alpha->value);
  const auto plain = AgreementOf(pairs, {{"clear", answers}});
  EXPECT_FALSE(plain[0].weighted_kappa.has_value());
  EXPECT_NE(plain[0].alpha->value, ordered[0].alpha->value);
}

// 1 and 5 are four steps apart, also where nobody said 2 to 4.
TEST(RecallAgreement, ScoresAreAsFarApartAsTheyAre) {
  std::vector<AnswerPair> pairs(10, {"score", "1", "1"});
  pairs.insert(pairs.end(), 9, {"score", "5", "5"});
  pairs.push_back({"score", "1", "5"});
  pairs.push_back({"score", "4", "5"});
  const auto figures = AgreementOf(pairs, {{"score", {}, true}});
  EXPECT_EQ(figures[0].pairs, 21);
  EXPECT_NEAR(figures[0].weighted_kappa->value, 0.897325, 1e-6);
  EXPECT_NEAR(figures[0].ac1->value, 0.890447, 1e-6);
}

TEST(RecallAgreement, AllTheSameHasNoKappaAndNoInterval) {
  const auto figures =
      AgreementOf(Pairs(20, 0, 0, 0), {{"solved", {"YES", "PARTLY", "NO"}}});
  EXPECT_DOUBLE_EQ(*figures[0].observed, 1);
  EXPECT_FALSE(figures[0].kappa.has_value());
  ASSERT_TRUE(figures[0].ac1.has_value());
  EXPECT_DOUBLE_EQ(figures[0].ac1->value, 1);
  EXPECT_FALSE(figures[0].ac1->interval.has_value());
}

TEST(RecallAgreement, QuestionsAreApartAndMayBeEmpty) {
  auto pairs = Pairs(2, 0, 0, 0);
  pairs.push_back({"score", "5", "4"});
  pairs.push_back({"solved", "YES", "whatever"});
  const auto figures = AgreementOf(
      pairs,
      {{"clear", {"YES", "NO"}}, {"solved", {"YES", "NO"}}, {"score", {}}});
  EXPECT_EQ(figures[0].pairs, 0);
  EXPECT_FALSE(figures[0].observed.has_value());
  EXPECT_FALSE(figures[0].ac1.has_value());
  EXPECT_EQ(figures[1].pairs, 2);
  EXPECT_EQ(figures[2].pairs, 1);
  EXPECT_EQ(figures[2].equal, 0);
}

}  // namespace
}  // namespace huifang::callback

#include "services/callback/verdict_rules.h"

#include <gtest/gtest.h>

namespace huifang::callback {
namespace {

constexpr Answer kYes = Answer::kYes;
constexpr Answer kPartly = Answer::kPartly;
constexpr Answer kNo = Answer::kNo;
constexpr Answer kNone = Answer::kNone;

ItemAnswers Items(Answer in_time, Answer attitude, Answer clear,
                  Answer solved) {
  return {.judge_called = kYes,
          .in_time = in_time,
          .attitude = attitude,
          .clear = clear,
          .solved = solved};
}

Verdict Judge(const ItemAnswers& items) { return JudgeItems(items, {}); }

TEST(Verdict, AllFourGoodIsSatisfied) {
  EXPECT_EQ(Judge(Items(kYes, kYes, kYes, kYes)), Verdict::kSatisfied);
}

TEST(Verdict, NotInTimeOnlyIsMostlySatisfied) {
  EXPECT_EQ(Judge(Items(kNo, kYes, kYes, kYes)), Verdict::kMostlySatisfied);
  EXPECT_EQ(Judge(Items(kPartly, kYes, kYes, kYes)), Verdict::kMostlySatisfied);
}

TEST(Verdict, AnyOfTheRestBadIsUnsatisfied) {
  EXPECT_EQ(Judge(Items(kYes, kNo, kYes, kYes)), Verdict::kUnsatisfied);
  EXPECT_EQ(Judge(Items(kYes, kYes, kNo, kYes)), Verdict::kUnsatisfied);
  EXPECT_EQ(Judge(Items(kYes, kYes, kYes, kNo)), Verdict::kUnsatisfied);
  EXPECT_EQ(Judge(Items(kNo, kNo, kNo, kNo)), Verdict::kUnsatisfied);
}

TEST(Verdict, SoSoAttitudeIsUnsatisfiedUnlessThePlanSaysOtherwise) {
  const ItemAnswers items = Items(kYes, kPartly, kYes, kYes);
  EXPECT_EQ(JudgeItems(items, {}), Verdict::kUnsatisfied);
  EXPECT_EQ(JudgeItems(items, {.partly_is_good = true}), Verdict::kSatisfied);
}

TEST(Verdict, WhetherTheJudgeCalledDoesNotCount) {
  ItemAnswers items = Items(kYes, kYes, kYes, kYes);
  items.judge_called = kNo;
  EXPECT_EQ(Judge(items), Verdict::kSatisfied);
}

TEST(Verdict, OpenItemsAreUndetermined) {
  EXPECT_EQ(Judge({}), Verdict::kUndetermined);
  EXPECT_EQ(Judge(Items(kYes, kYes, kNone, kYes)), Verdict::kUndetermined);
  EXPECT_EQ(Judge(Items(kNone, kYes, kYes, kYes)), Verdict::kUndetermined);
}

TEST(Verdict, OneBadAnswerDecidesABrokenOffInterview) {
  EXPECT_EQ(Judge(Items(kNone, kNone, kNone, kNo)), Verdict::kUnsatisfied);
}

TEST(Verdict, ScoresFillInForItems) {
  ItemAnswers items;
  const Verdict by_score[] = {Verdict::kUndetermined, Verdict::kUnsatisfied,
                              Verdict::kUnsatisfied,  Verdict::kMostlySatisfied,
                              Verdict::kSatisfied,    Verdict::kSatisfied};
  for (int score = 0; score <= 5; ++score) {
    items.score = score;
    EXPECT_EQ(Judge(items), by_score[score]) << score;
  }
}

// 满意/比较满意/一般/不满意.
TEST(Verdict, ScaleIsConfiguration) {
  const VerdictPolicy four_levels{
      .version = "henan/1",
      .score_levels = {{4, Verdict::kSatisfied},
                       {3, Verdict::kMostlySatisfied},
                       {2, Verdict::kMostlySatisfied},
                       {1, Verdict::kUnsatisfied}}};
  EXPECT_EQ(JudgeItems({.score = 2}, four_levels), Verdict::kMostlySatisfied);
  EXPECT_EQ(JudgeItems({.score = 5}, four_levels), Verdict::kUndetermined);
  EXPECT_FALSE(CheckWholeInterview({.score = 5}, four_levels).ok());
}

TEST(Verdict, ItemsWinOverTheScore) {
  ItemAnswers items = Items(kYes, kYes, kYes, kYes);
  items.score = 1;
  EXPECT_EQ(Judge(items), Verdict::kSatisfied);
}

// 满意/不满意, and one to five stars.
TEST(Verdict, TwoLevelsAndStarsAreScalesToo) {
  const VerdictPolicy two{
      .version = "two/1",
      .score_levels = {{2, Verdict::kSatisfied}, {1, Verdict::kUnsatisfied}}};
  EXPECT_EQ(JudgeItems({.score = 2}, two), Verdict::kSatisfied);
  EXPECT_EQ(JudgeItems({.score = 1}, two), Verdict::kUnsatisfied);
  const VerdictPolicy stars{.version = "stars/1",
                            .score_levels = {{5, Verdict::kSatisfied},
                                             {4, Verdict::kMostlySatisfied},
                                             {3, Verdict::kUnsatisfied},
                                             {2, Verdict::kUnsatisfied},
                                             {1, Verdict::kUnsatisfied}}};
  EXPECT_EQ(JudgeItems({.score = 4}, stars), Verdict::kMostlySatisfied);
  EXPECT_EQ(JudgeItems({.score = 3}, stars), Verdict::kUnsatisfied);
}

TEST(Verdict, WhichItemsDecideIsConfiguration) {
  const VerdictPolicy called{.version = "called/1",
                             .deciding = {Item::kJudgeCalled, Item::kSolved},
                             .lowering = {Item::kInTime, Item::kAttitude}};
  ItemAnswers items = Items(kYes, kNo, kNo, kYes);
  EXPECT_EQ(JudgeItems(items, called), Verdict::kMostlySatisfied);
  items.attitude = kYes;
  EXPECT_EQ(JudgeItems(items, called), Verdict::kSatisfied);
  items.judge_called = kNo;
  EXPECT_EQ(JudgeItems(items, called), Verdict::kUnsatisfied);
  items.judge_called = kNone;
  EXPECT_EQ(JudgeItems(items, called), Verdict::kUndetermined);
}

TEST(RuleChange, NameStandsForOneRule) {
  const VerdictPolicy first;
  VerdictPolicy changed;
  changed.partly_is_good = true;
  EXPECT_FALSE(CheckRuleChange({first}, {}, changed).ok());
  changed.version = "court/2";
  EXPECT_TRUE(CheckRuleChange({first}, {}, changed).ok());
  // Back to one that was known before.
  EXPECT_TRUE(CheckRuleChange({first, changed}, {}, first).ok());
}

TEST(RuleChange, KeepsEveryScoreThatCallersMayHaveGiven) {
  const VerdictPolicy first;
  VerdictPolicy changed;
  changed.version = "court/2";
  changed.score_levels[6] = Verdict::kSatisfied;
  changed.score_levels[3] = Verdict::kUnsatisfied;
  EXPECT_TRUE(CheckRuleChange({first}, {}, changed).ok());
  VerdictPolicy of_draw;
  of_draw.score_levels[8] = Verdict::kSatisfied;
  EXPECT_FALSE(CheckRuleChange({first}, {of_draw}, changed).ok());
  changed.score_levels.erase(1);
  EXPECT_FALSE(CheckRuleChange({first}, {}, changed).ok());
}

TEST(WholeInterview, NeedsAllItemsOrAScore) {
  EXPECT_TRUE(CheckWholeInterview(Items(kYes, kNo, kPartly, kYes), {}).ok());
  EXPECT_TRUE(CheckWholeInterview({.score = 3}, {}).ok());
  EXPECT_FALSE(CheckWholeInterview({}, {}).ok());
  ItemAnswers items = Items(kYes, kYes, kYes, kYes);
  items.judge_called = kNone;
  EXPECT_FALSE(CheckWholeInterview(items, {}).ok());
}

}  // namespace
}  // namespace huifang::callback

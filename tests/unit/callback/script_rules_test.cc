#include "services/callback/script_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace huifang::callback {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// called? no → why (own words) → solved; yes → polite → solved.
std::vector<ScriptQuestion> Branching() {
  return {
      {"called", 10, {{"yes", 2}, {"no", 1}}, kScriptEnd},
      {"why", 60, {}, 3},
      {"polite", 20, {{"yes", 3}, {"no", 3}}, kScriptEnd},
      {"solved", 30, {{"yes", kScriptEnd}, {"no", kScriptEnd}}, kScriptEnd}};
}

TEST(ScriptGraph, SoundOneHasNoProblem) {
  EXPECT_THAT(FindScriptProblems(Branching(), 100), IsEmpty());
}

TEST(ScriptGraph, LongestWayMustFit) {
  const auto problems = FindScriptProblems(Branching(), 99);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_THAT(problems[0].what, HasSubstr("100 seconds"));
}

TEST(ScriptGraph, WayThatNeverEndsIsFound) {
  auto script = Branching();
  script[3].options[1].next = 0;
  const auto problems = FindScriptProblems(script, 1000);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].question, 0u);
  EXPECT_THAT(problems[0].what, HasSubstr("never end"));
  script = Branching();
  script[1].next = 1;
  EXPECT_EQ(FindScriptProblems(script, 1000)[0].question, 1u);
}

TEST(ScriptGraph, BackwardsWithoutLoopIsFine) {
  // 0 → 2 → 1 → end.
  const std::vector<ScriptQuestion> script = {
      {"a", 10, {}, 2}, {"b", 10, {}, kScriptEnd}, {"c", 10, {}, 1}};
  EXPECT_THAT(FindScriptProblems(script, 30), IsEmpty());
}

TEST(ScriptGraph, QuestionThatIsNeverAskedIsFound) {
  auto script = Branching();
  script[0].options[1].next = 2;
  const auto problems = FindScriptProblems(script, 1000);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].question, 1u);
  EXPECT_THAT(problems[0].what, HasSubstr("never asked"));
}

TEST(ScriptReplies, EachWayIsAccepted) {
  EXPECT_TRUE(
      CheckReplies(
          Branching(),
          {{"called", "yes", ""}, {"polite", "no", ""}, {"solved", "yes", ""}},
          true)
          .ok());
  EXPECT_TRUE(CheckReplies(Branching(),
                           {{"called", "no", ""},
                            {"why", "", "没有接到电话"},
                            {"solved", "no", ""}},
                           true)
                  .ok());
}

TEST(ScriptReplies, LeavingTheWayIsRefused) {
  // Asked on the other branch only.
  EXPECT_FALSE(CheckReplies(Branching(),
                            {{"called", "no", ""}, {"polite", "yes", ""}},
                            false)
                   .ok());
  EXPECT_FALSE(
      CheckReplies(Branching(), {{"called", "maybe", ""}}, false).ok());
  EXPECT_FALSE(CheckReplies(Branching(), {{"called", "", "有"}}, false).ok());
  EXPECT_FALSE(
      CheckReplies(Branching(), {{"called", "no", ""}, {"why", "", ""}}, false)
          .ok());
  EXPECT_FALSE(CheckReplies(Branching(),
                            {{"called", "yes", ""},
                             {"polite", "no", ""},
                             {"solved", "yes", ""},
                             {"solved", "no", ""}},
                            true)
                   .ok());
}

TEST(ScriptReplies, OnlyABrokenOffInterviewMayStopOnTheWay) {
  const std::vector<ScriptReply> begun = {{"called", "yes", ""}};
  EXPECT_TRUE(CheckReplies(Branching(), begun, false).ok());
  EXPECT_THAT(std::string(CheckReplies(Branching(), begun, true).message()),
              HasSubstr("polite"));
  EXPECT_TRUE(CheckReplies(Branching(), {}, false).ok());
  EXPECT_FALSE(CheckReplies(Branching(), {}, true).ok());
}

}  // namespace
}  // namespace huifang::callback

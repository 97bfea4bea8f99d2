#include "services/reporting/caller_rules.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace huifang::reporting {
namespace {

// One answer each, from as many callers.
void AddAnswers(std::size_t stratum, int answers, int successes,
                std::vector<CallerAnswers>& all) {
  for (int i = 0; i < answers; ++i) {
    all.push_back(
        {stratum, std::to_string(all.size()), 1, 1, i < successes ? 1 : 0});
  }
}

TEST(CallerRules, CallersHeardOnceGiveTheStratifiedEstimate) {
  std::vector<CallerAnswers> answers;
  AddAnswers(0, 30, 28, answers);
  AddAnswers(1, 20, 17, answers);
  AddAnswers(2, 10, 7, answers);
  const Estimate by_caller = EstimateByCaller({400, 250, 150}, answers);
  const Estimate plain =
      EstimateProportion({WholeStratum(400, 30, 28), WholeStratum(250, 20, 17),
                          WholeStratum(150, 10, 7)});
  EXPECT_DOUBLE_EQ(by_caller.value, plain.value);
  EXPECT_NEAR(by_caller.standard_error, plain.standard_error, 1e-15);
  EXPECT_NEAR(by_caller.standard_error_no_fpc, plain.standard_error_no_fpc,
              1e-15);
  EXPECT_EQ(by_caller.degrees_of_freedom, plain.degrees_of_freedom);
  EXPECT_EQ(by_caller.independent, 60);
}

TEST(CallerRules, ErrorIsTheSandwichOverCallers) {
  const Estimate e = EstimateByCaller({1000}, {{0, "a", 3, 3, 3},
                                               {0, "b", 2, 2, 0},
                                               {0, "c", 1, 1, 1},
                                               {0, "d", 1, 1, 1},
                                               {0, "e", 1, 1, 0}});
  EXPECT_DOUBLE_EQ(e.value, 5.0 / 8);
  // Squares of the callers' sums of y - p are 3.5 in all.
  EXPECT_NEAR(e.standard_error_no_fpc, std::sqrt(5.0 / 4 * 3.5 / 64), 1e-12);
  EXPECT_NEAR(e.standard_error, std::sqrt(0.992 * 5.0 / 4 * 3.5 / 64), 1e-12);
  EXPECT_EQ(e.independent, 5);
  EXPECT_EQ(e.degrees_of_freedom, 4);
}

TEST(CallerRules, OneCallerAcrossStrataIsOneOpinion) {
  std::vector<CallerAnswers> apart;
  std::vector<CallerAnswers> together;
  for (std::size_t stratum = 0; stratum < 2; ++stratum) {
    for (int i = 0; i < 10; ++i) {
      const std::string caller = std::to_string(i);
      const int yes = i < 8 ? 1 : 0;
      apart.push_back(
          {stratum, caller + (stratum == 0 ? "x" : "y"), 1, 1, yes});
      together.push_back({stratum, caller, 1, 1, yes});
    }
  }
  EXPECT_NEAR(
      EstimateByCaller({500, 500}, together).standard_error,
      std::sqrt(2.0) * EstimateByCaller({500, 500}, apart).standard_error,
      1e-12);
}

TEST(CallerRules, AnswersOfFewCallersAreWorthNoMoreThanTheirNumber) {
  const Estimate e =
      EstimateByCaller({1000}, {{0, "a", 20, 20, 20}, {0, "b", 20, 20, 20}});
  EXPECT_EQ(e.value, 1);
  EXPECT_EQ(KornGraubard(e), ClopperPearson(2, 2));
}

TEST(CallerRules, StratumHeardThroughOneCallerIsLonely) {
  const Estimate e = EstimateByCaller({50, 200}, {{0, "a", 4, 4, 0},
                                                  {1, "b", 1, 1, 1},
                                                  {1, "c", 1, 1, 1},
                                                  {1, "d", 1, 1, 0}});
  EXPECT_EQ(e.lonely_strata, 1);
  EXPECT_GT(e.standard_error, 0);
  EXPECT_EQ(e.degrees_of_freedom, 3);
}

TEST(CallerRules, NobodyHeardIsNoEstimate) {
  EXPECT_EQ(EstimateByCaller({100}, {}).members, 0);
}

}  // namespace
}  // namespace huifang::reporting

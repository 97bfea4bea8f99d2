#include "services/grading/review_rules.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "services/common/crypto.h"

namespace huifang::grading {
namespace {

const Reviewer kYang = {"officer-yang", "courts/110102/staff/yang",
                        "courts/110102/teams/t1"};

TEST(Independence, AStrangerMayReview) {
  ReviewSubject subject;
  subject.team = "courts/110102/teams/t2";
  subject.answered_by = {"courts/110102/staff/li"};
  EXPECT_EQ(WhyNotIndependent(kYang, subject), "");
}

TEST(Independence, NobodyReviewsTheirOwnWorkOrTheirTeams) {
  ReviewSubject subject;
  subject.answered_by = {"courts/110102/staff/li", "courts/110102/staff/yang"};
  EXPECT_EQ(WhyNotIndependent(kYang, subject), "HANDLED_IT");
  subject.answered_by = {"officer-yang"};
  EXPECT_EQ(WhyNotIndependent(kYang, subject), "HANDLED_IT");
  subject.answered_by = {};
  subject.team = kYang.team;
  EXPECT_EQ(WhyNotIndependent(kYang, subject), "SAME_TEAM");
}

TEST(Independence, UnknownTeamsAreNotTheSame) {
  EXPECT_EQ(WhyNotIndependent({"p", "", ""}, {}), "");
}

TEST(Independence, RecusedAndEarlierGradersAreLeftOut) {
  ReviewSubject subject;
  subject.recused = {"courts/110102/staff/yang"};
  EXPECT_EQ(WhyNotIndependent(kYang, subject), "RECUSED");
  subject.recused = {};
  subject.graded_by = {"officer-yang"};
  EXPECT_EQ(WhyNotIndependent(kYang, subject), "GRADED_BEFORE");
}

TEST(RandomShare, TakesTheShareAsked) {
  int taken = 0;
  for (int i = 0; i < 20000; ++i) {
    taken += InRandomShare(Sha256Hex(std::to_string(i)), 5) ? 1 : 0;
  }
  // 1000 expected; four standard deviations are 123.
  EXPECT_NEAR(taken, 1000, 123);
  EXPECT_FALSE(InRandomShare(Sha256Hex("x"), 0));
  EXPECT_TRUE(InRandomShare(Sha256Hex("x"), 100));
  EXPECT_FALSE(InRandomShare("not hex", 100));
}

}  // namespace
}  // namespace huifang::grading

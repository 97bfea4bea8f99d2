#include "services/reporting/claim_rules.h"

#include <gtest/gtest.h>

#include "services/reporting/interval_rules.h"

namespace huifang::reporting {
namespace {

TEST(ClaimRulesTest, NinetyFivePercentOfSixtyIsNotYetNinetyFivePercent) {
  const double value = 57.0 / 60;
  EXPECT_EQ(ClaimOf(value, Wilson(57, 60).lower, 0.95), Claim::kNotSupported);
}

TEST(ClaimRulesTest, EnoughPerfectCallsSupportTheClaim) {
  EXPECT_EQ(ClaimOf(1, ClopperPearson(60, 60).lower, 0.95),
            Claim::kNotSupported);
  EXPECT_EQ(ClaimOf(1, ClopperPearson(240, 240).lower, 0.95),
            Claim::kSupported);
}

TEST(ClaimRulesTest, ValueBelowTheTargetMissesIt) {
  EXPECT_EQ(ClaimOf(0.9, 0.8, 0.95), Claim::kMissed);
  EXPECT_EQ(ClaimOf(0.9, 0.8, 0), Claim::kNone);
}

TEST(ClaimRulesTest, SmallDivisionsAreNotShown) {
  const DisclosurePolicy policy;
  EXPECT_EQ(ReadingOf(0, policy), Reading::kNoData);
  EXPECT_EQ(ReadingOf(2, policy), Reading::kSuppressed);
  EXPECT_EQ(ReadingOf(4, policy), Reading::kNotEnoughData);
  EXPECT_EQ(ReadingOf(5, policy), Reading::kOk);
}

}  // namespace
}  // namespace huifang::reporting

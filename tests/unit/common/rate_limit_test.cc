#include "services/common/rate_limit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "tests/support/fake_clock.h"
#include "tests/support/matchers.h"

namespace huifang {
namespace {

using ::huifang::testing::HasReason;
using ::huifang::testing::StatusIs;

constexpr std::int64_t kPerSecond = 10;
constexpr int kBurst = 20;

class RateLimiterTest : public ::testing::Test {
 protected:
  // How many of `calls` at once get through.
  int Through(const std::string& key, int calls = 100) {
    int through = 0;
    for (int i = 0; i < calls; ++i) {
      through += limiter_.Take(key) == absl::ZeroDuration() ? 1 : 0;
    }
    return through;
  }
  testing::FakeClock clock_;
  RateLimiter limiter_{clock_, kPerSecond, /*keys_max=*/3};
};

TEST_F(RateLimiterTest, BurstThenTheRate) {
  EXPECT_EQ(Through("a"), kBurst);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Through("a"), kPerSecond);
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(Through("a"), kBurst);
}

TEST_F(RateLimiterTest, SteadyRateIsNeverRefused) {
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(Through("a", 1), 1);
    clock_.Advance(absl::Milliseconds(100));
  }
}

TEST_F(RateLimiterTest, OneKeyDoesNotTakeFromAnother) {
  EXPECT_EQ(Through("a"), kBurst);
  EXPECT_EQ(Through("b"), kBurst);
}

TEST_F(RateLimiterTest, WaitThatIsSaidIsEnoughAndNotMore) {
  Through("a");
  const absl::Duration wait = limiter_.Take("a");
  EXPECT_EQ(wait, absl::Milliseconds(100));
  clock_.Advance(wait - absl::Nanoseconds(1));
  EXPECT_EQ(Through("a"), 0);
  clock_.Advance(absl::Nanoseconds(1));
  EXPECT_EQ(Through("a"), 1);
}

TEST_F(RateLimiterTest, KeysBeyondTheLimitShareOneBucketUntilOthersAreFull) {
  for (const char* key : {"a", "b", "c"}) EXPECT_EQ(Through(key), kBurst);
  EXPECT_EQ(Through("d"), kBurst);
  EXPECT_EQ(Through("e"), 0);
  clock_.Advance(absl::Seconds(5));
  EXPECT_EQ(Through("d"), kBurst);
  EXPECT_EQ(Through("e"), kBurst);
}

TEST(RateLimits, PrincipalAndCourtEachHaveTheirLimit) {
  testing::FakeClock clock;
  Metrics metrics;
  RateLimits limits(clock, metrics, {.per_principal = 10, .per_court = 15});
  for (int i = 0; i < 20; ++i) EXPECT_OK(limits.Admit("p", "110102"));
  const absl::Status refused = limits.Admit("p", "110101");
  EXPECT_THAT(refused, HasReason("RATE_LIMITED"));
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted,
                                ::testing::HasSubstr("principal p")));
  google::rpc::RetryInfo retry;
  ASSERT_TRUE(retry.ParseFromString(std::string(
      *refused.GetPayload("type.googleapis.com/google.rpc.RetryInfo"))));
  EXPECT_EQ(retry.retry_delay().nanos(), 100'000'000);
  for (int i = 0; i < 10; ++i) EXPECT_OK(limits.Admit("q", "110102"));
  EXPECT_THAT(limits.Admit("r", "110102"),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       ::testing::HasSubstr("court 110102")));
  EXPECT_OK(limits.Admit("r", "-"));
  EXPECT_OK(limits.Admit("r", ""));
}

TEST(RateLimits, ZeroIsNoLimit) {
  testing::FakeClock clock;
  Metrics metrics;
  RateLimits limits(clock, metrics, {});
  for (int i = 0; i < 10'000; ++i) ASSERT_OK(limits.Admit("p", "110102"));
}

}  // namespace
}  // namespace huifang

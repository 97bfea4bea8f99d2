#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "absl/time/clock.h"
#include "services/common/clock_check.h"
#include "tests/support/backends.h"
#include "tests/support/fake_clock.h"
#include "tests/support/matchers.h"

namespace huifang {
namespace {

using testing::HasReason;

const absl::Duration kFar = kMostSkew + absl::Minutes(1);

TEST(ClockCheck, OnlyAClockAgainstWhichTwoOthersAgreeIsWrong) {
  const absl::Time now = absl::FromUnixSeconds(1563757200);
  EXPECT_THAT(JudgeClock(now + kFar, now, now), HasReason("CLOCK_WRONG"));
  EXPECT_THAT(JudgeClock(now - kFar, now, now + absl::Minutes(1)),
              HasReason("CLOCK_WRONG"));
  EXPECT_OK(JudgeClock(now + kMostSkew, now, now));
  EXPECT_OK(JudgeClock(now, now + kFar, now)) << "it is Redis's";
  EXPECT_OK(JudgeClock(now, now, now - kFar)) << "it is the database's";
  EXPECT_OK(JudgeClock(now, now + kFar, now + 3 * kFar)) << "whose is it?";
}

TEST(ClockCheck, ServersAreAsked) {
  HUIFANG_REDIS_OR_SKIP(redis_url);
  const std::optional<std::string> postgres = testing::TestPostgresUrl();
  if (!postgres.has_value()) GTEST_SKIP() << "needs PostgreSQL";
  ASSERT_OK_AND_ASSIGN(const auto redis,
                       redis::Pool::Create({.url = redis_url}));
  ASSERT_OK_AND_ASSIGN(const auto db, sql::Database::Open({.url = *postgres}));
  testing::FakeClock clock(absl::Now());
  EXPECT_OK(CheckClock(clock, *redis, *db));
  clock.Advance(absl::Hours(24 * 365));
  EXPECT_THAT(CheckClock(clock, *redis, *db), HasReason("CLOCK_WRONG"));
  ASSERT_OK_AND_ASSIGN(const auto file,
                       sql::Database::Open({.url = testing::TestSqliteUrl()}));
  EXPECT_OK(CheckClock(clock, *redis, *file)) << "there is nobody to ask";
}

}  // namespace
}  // namespace huifang

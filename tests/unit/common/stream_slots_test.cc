#include "services/common/stream_slots.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/matchers.h"

namespace huifang {
namespace {

using ::huifang::testing::HasReason;
using ::huifang::testing::StatusIs;

TEST(StreamSlots, OnePrincipalCannotTakeThemAll) {
  StreamSlots slots({.in_all = 3, .per_principal = 2});
  EXPECT_OK(slots.Take("a"));
  EXPECT_OK(slots.Take("a"));
  EXPECT_THAT(slots.Take("a"), HasReason("TOO_MANY_STREAMS"));
  EXPECT_OK(slots.Take("b"));
}

TEST(StreamSlots, OneTooManyIsToldToComeBack) {
  StreamSlots slots({.in_all = 1, .per_principal = 1});
  EXPECT_OK(slots.Take("a"));
  const absl::Status refused = slots.Take("b");
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_TRUE(refused.GetPayload("type.googleapis.com/google.rpc.RetryInfo"));
}

TEST(StreamSlots, AnEndedStreamMakesRoom) {
  StreamSlots slots({.in_all = 1, .per_principal = 1});
  EXPECT_OK(slots.Take("a"));
  slots.Release("a");
  EXPECT_EQ(slots.open(), 0);
  EXPECT_OK(slots.Take("b"));
}

}  // namespace
}  // namespace huifang

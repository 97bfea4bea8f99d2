#include "services/common/crash_point.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/support/matchers.h"

namespace huifang {
namespace {

using ::huifang::testing::HasReason;

TEST(CrashPointTest, DiesAtTheNthTimeByTheSignalThatNobodyCanCatch) {
  EXPECT_EXIT(
      {
        ArmCrashPoint("after_commit:2").IgnoreError();
        MaybeCrash(CrashPoint::kAfterCommit);
        MaybeCrash(CrashPoint::kBeforeCommit);
        std::fputs("once is survived", stderr);
        MaybeCrash(CrashPoint::kAfterCommit);
      },
      ::testing::KilledBySignal(SIGKILL), "once is survived");
}

TEST(CrashPointTest, UnknownPlacesAreRefusedWithTheNamesOfAll) {
  for (const char* bad : {"nowhere", "after_commit:0", "after_commit:x"}) {
    EXPECT_THAT(ArmCrashPoint(bad), HasReason("BAD_CRASH_POINT")) << bad;
  }
  EXPECT_THAT(ArmCrashPoint("x").message(), ::testing::HasSubstr("after_take"));
  EXPECT_OK(ArmCrashPoint(""));
}

TEST(CrashPointTest, LastNameIsTheLastPoint) {
  EXPECT_EXIT(
      {
        ArmCrashPoint("after_apply").IgnoreError();
        MaybeCrash(CrashPoint::kAfterApply);
      },
      ::testing::KilledBySignal(SIGKILL), "");
}

}  // namespace
}  // namespace huifang

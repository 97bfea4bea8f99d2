#include "services/common/load_shedder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "tests/support/fake_clock.h"

namespace huifang {
namespace {

constexpr absl::Duration kTarget = absl::Milliseconds(20);
constexpr absl::Duration kPatience = absl::Milliseconds(100);

// One server that takes 1 ms for a piece of work, in a world of 1 ms steps.
class LoadShedderTest : public ::testing::Test {
 protected:
  // One step: `arrivals` come, at most one is worked on.
  void Step(int arrivals) {
    for (int i = 0; i < arrivals; ++i) {
      if (shedder_.Refuses()) {
        ++refused_;
      } else {
        queue_.push_back(shedder_.Enter());
      }
    }
    clock_.Advance(absl::Milliseconds(1));
    while (!queue_.empty()) {
      const absl::Time entered = queue_.front();
      queue_.pop_front();
      if (shedder_.Start(entered)) {
        ++served_;
        longest_ = std::max(longest_, clock_.Now() - entered);
        return;
      }
      ++dropped_;
    }
  }

  testing::FakeClock clock_;
  LoadShedder shedder_{clock_, {.target = kTarget, .patience = kPatience}};
  std::deque<absl::Time> queue_;
  int refused_ = 0;
  int dropped_ = 0;
  int served_ = 0;
  absl::Duration longest_;
};

TEST_F(LoadShedderTest, LoadThatIsCarriedIsNeverShed) {
  for (int i = 0; i < 1000; ++i) Step(1);
  EXPECT_EQ(served_, 1000);
  EXPECT_EQ(refused_ + dropped_, 0);
}

TEST_F(LoadShedderTest, BurstIsAbsorbed) {
  Step(90);  // 70 of them wait longer than the target
  for (int i = 0; i < 100; ++i) Step(0);
  EXPECT_EQ(served_, 90);
  EXPECT_EQ(refused_ + dropped_, 0);
}

TEST_F(LoadShedderTest, TwiceTheLoadIsServedAtFullRateAndWithoutLongWaits) {
  for (int i = 0; i < 1000; ++i) Step(2);
  served_ = 0;
  longest_ = absl::ZeroDuration();
  for (int i = 0; i < 1000; ++i) Step(2);
  EXPECT_EQ(served_, 1000);
  EXPECT_LE(longest_, 2 * kTarget);
  EXPECT_LE(queue_.size(), 2 * 20u);
}

TEST_F(LoadShedderTest, MoreIsRefusedAtTheDoorThanDroppedInside) {
  for (int i = 0; i < 5000; ++i) Step(20);
  EXPECT_GT(refused_, 10 * dropped_);
  EXPECT_EQ(served_, 5000);
}

TEST_F(LoadShedderTest, OverloadEndsWithTheLoad) {
  for (int i = 0; i < 1000; ++i) Step(3);
  for (int i = 0; i < 100; ++i) Step(0);
  refused_ = dropped_ = served_ = 0;
  for (int i = 0; i < 1000; ++i) Step(1);
  EXPECT_EQ(served_, 1000);
  EXPECT_EQ(refused_ + dropped_, 0);
}

TEST_F(LoadShedderTest, AnEmptyQueueTakesWorkEvenAfterAStall) {
  for (int i = 0; i < 30; ++i) queue_.push_back(shedder_.Enter());
  clock_.Advance(absl::Seconds(5));
  for (int i = 0; i < 200; ++i) Step(1);
  while (!queue_.empty()) Step(0);
  EXPECT_FALSE(shedder_.Refuses());
}

TEST_F(LoadShedderTest, AClockSetBackShedsNothing) {
  queue_.push_back(shedder_.Enter());
  clock_.Advance(-absl::Hours(1));
  Step(0);
  EXPECT_EQ(served_, 1);
}

}  // namespace
}  // namespace huifang

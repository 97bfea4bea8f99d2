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
  static constexpr LoadShedder::Caller kHog = 1;

  // Whether the caller's work was taken.
  bool Arrive(LoadShedder::Caller caller) {
    if (shedder_.Refuses(caller)) return false;
    queue_.push_back(shedder_.Enter(caller));
    return true;
  }
  // One step: `arrivals` come, at most one is worked on.
  void Step(int arrivals) {
    for (int i = 0; i < arrivals; ++i) {
      if (!Arrive(kHog)) ++refused_;
    }
    clock_.Advance(absl::Milliseconds(1));
    while (!queue_.empty()) {
      const LoadShedder::Wait wait = queue_.front();
      queue_.pop_front();
      if (shedder_.Start(wait)) {
        ++served_;
        longest_ = std::max(longest_, clock_.Now() - wait.since);
        if (wait.caller != kHog) ++others_served_;
        return;
      }
      ++dropped_;
    }
  }

  testing::FakeClock clock_;
  LoadShedder shedder_{clock_, {.target = kTarget, .patience = kPatience}};
  std::deque<LoadShedder::Wait> queue_;
  int refused_ = 0;
  int dropped_ = 0;
  int served_ = 0;
  int others_served_ = 0;
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
  EXPECT_LE(queue_.size(), 20u);
}

TEST_F(LoadShedderTest, MoreIsRefusedAtTheDoorThanDroppedInside) {
  for (int i = 0; i < 5000; ++i) Step(20);
  EXPECT_GT(refused_, 10 * dropped_);
  EXPECT_EQ(served_, 5000);
}

// The speed is a mean; what is let in by it must not come too late each time
// the server pauses.
TEST_F(LoadShedderTest, WhatIsLetInIsSeldomDroppedWhereTheServerPauses) {
  for (int i = 0; i < 1000; ++i) Step(5);
  served_ = dropped_ = 0;
  for (int i = 0; i < 5000; ++i) {
    Step(5);
    if (i % 25 != 0) continue;
    for (int pause = 0; pause < 32; ++pause) {
      for (int arrival = 0; arrival < 5; ++arrival) Arrive(kHog);
      clock_.Advance(absl::Milliseconds(1));
    }
  }
  EXPECT_EQ(served_, 5000);
  EXPECT_LT(dropped_, served_ / 50);
}

TEST_F(LoadShedderTest, CallerThatAsksLittleIsServedBesideOneWithoutMeasure) {
  for (int i = 0; i < 1000; ++i) Step(5);
  int asked = 0;
  for (int i = 0; i < 5000; ++i) {
    if (i % 50 == 0) {
      EXPECT_TRUE(Arrive(2)) << i;
      ++asked;
    }
    Step(5);
  }
  // Nor is it dropped for what a stall made it wait.
  EXPECT_TRUE(Arrive(2));
  ++asked;
  clock_.Advance(10 * kTarget);
  for (int i = 0; i < 100; ++i) Step(5);
  EXPECT_EQ(others_served_, asked);
}

TEST_F(LoadShedderTest, CallerWhoseCallsAStallLetComeAllAtOnceIsServed) {
  for (int i = 0; i < 1000; ++i) Step(5);
  int asked = 0;
  for (int i = 0; i < 3000; ++i) {
    if (i % 300 == 0) {
      for (int burst = 0; burst < 15; ++burst, ++asked) {
        EXPECT_TRUE(Arrive(2)) << i;
      }
    }
    Step(5);
  }
  for (int i = 0; i < 100; ++i) Step(5);
  EXPECT_EQ(others_served_, asked);
}

TEST_F(LoadShedderTest, CallerThatAsksLittleIsServedRightAfterAStall) {
  int asked = 0;
  for (int i = 0; i < 5000; ++i) {
    if (i % 10 == 0) {
      EXPECT_TRUE(Arrive(2)) << i;
      ++asked;
    }
    if (i % 1000 < 400) {
      for (int hog = 0; hog < 5; ++hog) Arrive(kHog);
      clock_.Advance(absl::Milliseconds(1));
    } else {
      Step(5);
    }
  }
  for (int i = 0; i < 200; ++i) Step(5);
  EXPECT_EQ(others_served_, asked);
}

TEST_F(LoadShedderTest, CallerAloneIsRefusedDuringAStallToo) {
  for (int i = 0; i < 1000; ++i) Step(5);
  clock_.Advance(absl::Seconds(2));
  for (int i = 0; i < 1000; ++i) Arrive(kHog);
  EXPECT_LE(queue_.size(), 20u);
}

TEST_F(LoadShedderTest, TwoWithoutMeasureAreBothRefused) {
  int refused = 0;
  for (int i = 0; i < 5000; ++i) {
    if (!Arrive(2)) ++refused;
    Step(1);
  }
  EXPECT_GT(refused, 1000);
  EXPECT_GT(refused_, 1000);
  EXPECT_LE(queue_.size(), 20u);
}

TEST_F(LoadShedderTest, ManyCallersWithOneCallEachAreRefusedAtTheDoor) {
  LoadShedder::Caller next = 1000;
  int refused = 0;
  int taken = 0;
  for (int i = 0; i < 5000; ++i) {
    for (int j = 0; j < 3; ++j) Arrive(++next) ? ++taken : ++refused;
    Step(0);
  }
  EXPECT_GT(refused, 10 * dropped_);
  EXPECT_LE(queue_.size(), 20u);
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
  for (int i = 0; i < 30; ++i) queue_.push_back(shedder_.Enter(kHog));
  clock_.Advance(absl::Seconds(5));
  for (int i = 0; i < 200; ++i) Step(1);
  while (!queue_.empty()) Step(0);
  EXPECT_FALSE(shedder_.Refuses(kHog));
}

TEST_F(LoadShedderTest, StallIsNotTakenForSpeed) {
  for (int i = 0; i < 1000; ++i) Step(5);
  EXPECT_TRUE(Arrive(2));
  for (int i = 0; i < 5; ++i) Step(5);
  clock_.Advance(absl::Seconds(2));
  for (int i = 0; i < 10; ++i) Step(5);
  EXPECT_EQ(others_served_, 1);
  EXPECT_GE(queue_.size(), 5u);
}

}  // namespace
}  // namespace huifang

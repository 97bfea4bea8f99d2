#include "services/common/turn_groups.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace huifang {
namespace {

constexpr absl::Duration kLease = absl::Minutes(1);

// A partition whose first round trip takes until the test ends it.
class TurnGroupsTest : public ::testing::Test {
 protected:
  ~TurnGroupsTest() override {
    for (std::thread& thread : threads_) thread.join();
  }

  void Run(const std::vector<Turn*>& turns) {
    std::size_t number = 0;
    {
      absl::MutexLock lock(&mutex_);
      groups_.push_back(turns.size());
      number = groups_.size();
    }
    for (Turn* turn : turns) {
      EXPECT_EQ(turn->lease, turns.front()->lease);
      turn->settled.assign(turn->done.size(), absl::OkStatus());
    }
    if (number != 1) return;
    first_runs_.Notify();
    end_first_.WaitForNotification();
  }
  // Asks for a turn in a thread of its own, after all before it.
  void Ask(int limit, absl::Duration lease = kLease, std::size_t done = 0) {
    turns_.push_back(std::make_unique<Turn>(
        Turn{.done = std::vector<const Settlement*>(done, &settlement_),
             .limit = limit,
             .lease = lease}));
    threads_.emplace_back(
        [this, turn = turns_.back().get()] { turn_groups_.Do(*turn); });
    if (threads_.size() == 1) {
      first_runs_.WaitForNotification();
    } else {
      while (turn_groups_.waiting() + 1 < threads_.size()) {
        std::this_thread::yield();
      }
    }
  }
  // How many turns went together, round trip by round trip.
  std::vector<std::size_t> Groups() {
    end_first_.Notify();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    absl::MutexLock lock(&mutex_);
    return groups_;
  }

  const Settlement settlement_;
  absl::Notification first_runs_;
  absl::Notification end_first_;
  absl::Mutex mutex_;
  std::vector<std::size_t> groups_ ABSL_GUARDED_BY(mutex_);
  TurnGroups turn_groups_{
      [this](const std::vector<Turn*>& turns) { Run(turns); }};
  std::vector<std::unique_ptr<Turn>> turns_;
  std::vector<std::thread> threads_;
};

using Sizes = std::vector<std::size_t>;

TEST_F(TurnGroupsTest, OneAloneDoesNotWait) {
  Ask(1);
  EXPECT_EQ(Groups(), Sizes({1}));
}

TEST_F(TurnGroupsTest, WhatComesMeanwhileGoesTogether) {
  for (int i = 0; i < 9; ++i) Ask(1, kLease, 1);
  EXPECT_EQ(Groups(), Sizes({1, 8}));
  for (const auto& turn : turns_) EXPECT_EQ(turn->settled.size(), 1u);
}

TEST_F(TurnGroupsTest, GroupTakesNoMoreThanItsShare) {
  Ask(1);
  for (int i = 0; i < 4; ++i) Ask(40);
  EXPECT_EQ(Groups(), Sizes({1, 2, 2}));
}

TEST_F(TurnGroupsTest, WhatIsSettledCountsToo) {
  Ask(1);
  for (int i = 0; i < 2; ++i) Ask(1, kLease, 60);
  EXPECT_EQ(Groups(), Sizes({1, 1, 1}));
}

TEST_F(TurnGroupsTest, OneThatAsksForMoreGoesAlone) {
  Ask(1);
  Ask(1000);
  Ask(1);
  EXPECT_EQ(Groups(), Sizes({1, 1, 1}));
}

TEST_F(TurnGroupsTest, LeasesOfOtherLengthsGoSeparately) {
  Ask(1);
  Ask(1);
  Ask(1, 2 * kLease);
  EXPECT_EQ(Groups(), Sizes({1, 1, 1}));
}

}  // namespace
}  // namespace huifang

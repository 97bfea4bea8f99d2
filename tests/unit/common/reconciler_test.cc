// The reconciler sweeps when a queue lost something, not only every minute.
#include <gtest/gtest.h>

#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/common/worker.h"
#include "tests/support/fake_lease_queue.h"
#include "tests/support/matchers.h"

namespace huifang {
namespace {

class ReconcilerTest : public ::testing::Test {
 protected:
  // A sweep that is due after a year only happens for another reason.
  static constexpr ReconcilerOptions kOften{.period = absl::Hours(24 * 365),
                                            .look = absl::Milliseconds(1)};

  absl::Status Sweep() {
    absl::MutexLock lock(&mutex_);
    ++sweeps_;
    // A copy of its own: what copies of a Status share, abseil orders out of
    // the thread sanitizer's sight.
    return absl::Status(result_.code(), result_.message());
  }
  bool SweptTimes(int times) {
    absl::MutexLock lock(&mutex_);
    const auto enough = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return sweeps_ >= times;
    };
    return mutex_.AwaitWithTimeout(absl::Condition(&enough), absl::Minutes(1));
  }
  int sweeps() {
    absl::MutexLock lock(&mutex_);
    return sweeps_;
  }
  void SetResult(const absl::Status& result) {
    absl::MutexLock lock(&mutex_);
    result_ = result;
  }

  testing::FakeLeaseQueue queue_{3};
  Metrics metrics_;
  absl::Mutex mutex_;
  int sweeps_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status result_ ABSL_GUARDED_BY(mutex_);
};

TEST_F(ReconcilerTest, QueueThatForgotIsSweptAgain) {
  Reconciler reconciler(
      {&queue_}, metrics_, [this] { return Sweep(); }, kOften);
  ASSERT_TRUE(SweptTimes(1));
  for (int times = 2; times < 5; ++times) {
    queue_.Forget();
    EXPECT_TRUE(SweptTimes(times));
  }
  reconciler.Stop();
  EXPECT_EQ(sweeps(), 4);
}

TEST_F(ReconcilerTest, QueueThatWasAwayIsSweptWhenItIsBack) {
  Reconciler reconciler(
      {&queue_}, metrics_, [this] { return Sweep(); }, kOften);
  ASSERT_TRUE(SweptTimes(1));
  queue_.SetAway(true);
  ASSERT_TRUE(queue_.WasAskedWhileAway());
  queue_.SetAway(false);
  EXPECT_TRUE(SweptTimes(2));
}

// The other metrics of a queue stand still meanwhile.
TEST_F(ReconcilerTest, QueueThatIsAwayShows) {
  const auto shows = [this](int reachable) {
    const std::string line = absl::StrCat("queue_reachable{queue=\"",
                                          queue_.name(), "\"} ", reachable);
    const absl::Time limit = absl::Now() + absl::Seconds(20);
    while (!absl::StrContains(metrics_.Text(), line) && absl::Now() < limit) {
      std::this_thread::yield();
    }
    return absl::StrContains(metrics_.Text(), line);
  };
  Reconciler reconciler(
      {&queue_}, metrics_, [this] { return Sweep(); },
      {.period = absl::Milliseconds(1), .look = absl::Milliseconds(1)});
  EXPECT_TRUE(shows(1));
  queue_.SetAway(true);
  EXPECT_TRUE(shows(0));
}

TEST_F(ReconcilerTest, FailedSweepIsRepeated) {
  SetResult(absl::UnavailableError("no database"));
  Reconciler reconciler(
      {&queue_}, metrics_, [this] { return Sweep(); }, kOften);
  EXPECT_TRUE(SweptTimes(3));
  SetResult(absl::OkStatus());
  ASSERT_TRUE(SweptTimes(sweeps() + 1));
}

TEST_F(ReconcilerTest, QueueThatStaysAwayDoesNotKeepOthersFromBeingSwept) {
  queue_.SetAway(true);
  Reconciler reconciler(
      {&queue_}, metrics_, [this] { return Sweep(); },
      {.period = absl::Milliseconds(1), .look = absl::Milliseconds(1)});
  EXPECT_TRUE(SweptTimes(3));
}

}  // namespace
}  // namespace huifang

// Whoever waits, waits as long as they wanted to, whatever is done to the
// clock. Runs under tests/support/shifted_clock.cc, by which it sets its own.
#include <fcntl.h>
#include <grpcpp/alarm.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <future>
#include <thread>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "services/common/grpc_time.h"
#include "services/common/steady_time.h"

namespace huifang {
namespace {

constexpr absl::Duration kWait = absl::Milliseconds(300);
// Far more than a wait may take on a busy machine, far less than a clock is
// set.
constexpr auto kPatience = std::chrono::seconds(30);

constexpr auto never = [] { return false; };

class SteadyWaitsTest : public ::testing::TestWithParam<absl::Duration> {
 protected:
  void SetUp() override {
    const char* path = std::getenv("CLOCK_OFFSET_FILE");
    if (path == nullptr) GTEST_SKIP() << "nothing here sets the clock";
    file_ = open(path, O_WRONLY);
    ASSERT_GE(file_, 0);
    SetAhead(absl::ZeroDuration());
  }
  void TearDown() override {
    if (file_ < 0) return;
    SetAhead(absl::ZeroDuration());
    close(file_);
  }

  void SetAhead(absl::Duration ahead) const {
    const std::int64_t nanoseconds = absl::ToInt64Nanoseconds(ahead);
    ASSERT_EQ(pwrite(file_, &nanoseconds, sizeof(nanoseconds), 0),
              static_cast<ssize_t>(sizeof(nanoseconds)));
  }

  // Lets `wait`, which is kWait long, begin, sets the clock, and sees it end.
  void CheckWait(std::function<void()> wait) {
    const absl::Time begin = SteadyNow();
    std::packaged_task<void()> task(std::move(wait));
    std::future<void> done = task.get_future();
    std::thread thread(std::move(task));
    EXPECT_EQ(done.wait_for(absl::ToChronoMilliseconds(kWait / 3)),
              std::future_status::timeout);
    SetAhead(GetParam());
    const bool ended = done.wait_for(kPatience) == std::future_status::ready;
    EXPECT_TRUE(ended) << "it still waits";
    EXPECT_GE(SteadyNow() - begin, kWait);
    if (!ended) SetAhead(absl::Hours(24));  // for thread to end
    thread.join();
  }

 private:
  int file_ = -1;
};

TEST_P(SteadyWaitsTest, AMutexWaitsAsLongAsItWasTold) {
  CheckWait([] {
    absl::Mutex mutex;
    absl::MutexLock lock(&mutex);
    EXPECT_FALSE(mutex.AwaitWithTimeout(absl::Condition(&never), kWait));
  });
}

TEST_P(SteadyWaitsTest, GrpcCountsADeadlineAsItWasGiven) {
  CheckWait([] {
    grpc::CompletionQueue queue;
    grpc::Alarm alarm(&queue, In(kWait), nullptr);
    void* tag = nullptr;
    bool ok = false;
    EXPECT_TRUE(queue.Next(&tag, &ok));
    queue.Shutdown();
  });
}

// Of two threads one waits for the earliest of gRPC's timers; a later one must
// not have to wait for it.
// absl::Now() of Abseil's own needs that long to know how fast the processor
// counts, and goes by it from then on. The last time that it told.
absl::Time LetAbseilLearn() {
  absl::Time now;
  const absl::Time known = SteadyNow() + absl::Seconds(3);
  while (SteadyNow() < known) {
    now = absl::Now();
    absl::SleepFor(absl::Milliseconds(1));
  }
  return now;
}

TEST_P(SteadyWaitsTest, NowIsTheTimeThatWasSet) {
  const absl::Time before = LetAbseilLearn();
  SetAhead(GetParam());
  const absl::Duration moved = absl::Now() - before - GetParam();
  EXPECT_LT(absl::AbsDuration(moved), absl::FromChrono(kPatience));
}

INSTANTIATE_TEST_SUITE_P(Clock, SteadyWaitsTest,
                         ::testing::Values(absl::Hours(1), -absl::Hours(1)),
                         [](const auto& info) {
                           return info.param > absl::ZeroDuration() ? "SetAhead"
                                                                    : "SetBack";
                         });

TEST(GrpcTimeTest, WithoutADeadlineThereIsTimeForEver) {
  EXPECT_GT(TimeUntil(gpr_inf_future(GPR_CLOCK_MONOTONIC)), absl::Hours(24));
  EXPECT_LT(TimeUntil(gpr_inf_past(GPR_CLOCK_MONOTONIC)), -absl::Hours(24));
  EXPECT_EQ(gpr_time_cmp(In(absl::InfiniteDuration()),
                         gpr_inf_future(GPR_CLOCK_MONOTONIC)),
            0);
}

TEST(GrpcTimeTest, WhatIsGivenIsWhatIsLeft) {
  for (const absl::Duration time : {absl::Seconds(10), -absl::Seconds(10)}) {
    EXPECT_LE(TimeUntil(In(time)), time);
    EXPECT_GT(TimeUntil(In(time)), time - absl::FromChrono(kPatience));
  }
}

}  // namespace
}  // namespace huifang

#include "services/common/executor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "absl/synchronization/barrier.h"
#include "absl/synchronization/notification.h"

namespace huifang {
namespace {

TEST(ThreadPool, EveryThreadIsThereForWorkThatWaits) {
  constexpr int kThreads = 8;
  std::atomic<int> done{0};
  {
    ThreadPool pool(kThreads, 100);
    // None goes on before all have begun: a thread that is not woken hangs it.
    auto* all = new absl::Barrier(kThreads);
    for (int i = 0; i < kThreads; ++i) {
      EXPECT_TRUE(pool.TrySubmit([all, &done] {
        if (all->Block()) delete all;
        ++done;
      }));
    }
  }
  EXPECT_EQ(done, kThreads);
}

TEST(ThreadPool, WorkOfManyRunsOnce) {
  constexpr int kEach = 2000;
  std::vector<std::atomic<int>> runs(4 * kEach);
  {
    ThreadPool pool(3, runs.size());
    std::vector<std::thread> submitters;
    for (int s = 0; s < 4; ++s) {
      submitters.emplace_back([&, s] {
        for (int i = s * kEach; i < (s + 1) * kEach; ++i) {
          EXPECT_TRUE(pool.TrySubmit([&runs, i] { ++runs[i]; }));
        }
      });
    }
    for (std::thread& submitter : submitters) submitter.join();
  }
  for (const std::atomic<int>& count : runs) EXPECT_EQ(count, 1);
}

TEST(ThreadPool, FullBacklogIsRefusedUntilThereIsRoom) {
  ThreadPool pool(1, 2);
  absl::Notification begun;
  absl::Notification go_on;
  EXPECT_TRUE(pool.TrySubmit([&] {
    begun.Notify();
    go_on.WaitForNotification();
  }));
  begun.WaitForNotification();
  EXPECT_TRUE(pool.TrySubmit([] {}));
  EXPECT_TRUE(pool.TrySubmit([] {}));
  EXPECT_FALSE(pool.TrySubmit([] {}));
  EXPECT_EQ(pool.backlog(), 2u);
  go_on.Notify();
}

}  // namespace
}  // namespace huifang

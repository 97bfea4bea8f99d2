#include "services/common/worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/synchronization/notification.h"
#include "tests/support/fake_lease_queue.h"
#include "tests/support/matchers.h"

namespace huifang {
namespace {

constexpr int kMaxAttempts = 5;

class WorkerTest : public ::testing::Test {
 protected:
  // Runs one task whose first `failures` attempts end with `failure`, with an
  // hour between them, until it is settled for good.
  QueueStats RunWith(int failures, const absl::Status& failure) {
    EXPECT_OK(queue_.Enqueue({"task", "", absl::ZeroDuration()}).status());
    std::atomic<int> runs{0};
    Worker worker(queue_, metrics_, {}, [&](const std::vector<Lease>&) {
      return std::vector<absl::Status>{++runs > failures ? absl::OkStatus()
                                                         : failure};
    });
    QueueStats stats = queue_.Stats().value();
    while (stats.tasks > 0) {
      queue_.Advance(absl::Hours(1));
      std::this_thread::yield();
      stats = queue_.Stats().value();
    }
    return stats;
  }

  testing::FakeLeaseQueue queue_{kMaxAttempts};
  Metrics metrics_;
};

TEST_F(WorkerTest, NoOutageIsSoLongThatATaskIsBuried) {
  EXPECT_EQ(RunWith(20 * kMaxAttempts, absl::UnavailableError("away")).dead, 0);
}

TEST_F(WorkerTest, FullDatabaseDoesNotBuryATask) {
  EXPECT_EQ(
      RunWith(20 * kMaxAttempts, absl::ResourceExhaustedError("full")).dead, 0);
}

TEST_F(WorkerTest, TaskThatFailsByItselfIsBuriedAtTheLimit) {
  EXPECT_EQ(RunWith(20 * kMaxAttempts, absl::InternalError("bug")).dead, 1);
}

TEST_F(WorkerTest, TaskThatCanNeverSucceedIsBuriedAtOnce) {
  EXPECT_EQ(RunWith(1, absl::NotFoundError("gone")).dead, 1);
}

// A commit that hangs for minutes is no fault of its task's.
TEST_F(WorkerTest, WhatIsWorkedOnIsGivenToNobodyElseHoweverLongItTakes) {
  constexpr absl::Duration kLease = absl::Milliseconds(30);
  ASSERT_OK(queue_.Enqueue({"task", "", absl::ZeroDuration()}).status());
  absl::Notification begun;
  absl::Notification may_end;
  Worker worker(queue_, metrics_, {.lease = kLease},
                [&](const std::vector<Lease>&) {
                  begun.Notify();
                  may_end.WaitForNotification();
                  return std::vector<absl::Status>{absl::OkStatus()};
                });
  const absl::Cleanup end = [&] { may_end.Notify(); };
  begun.WaitForNotification();
  for (int i = 0; i < 2 * kMaxAttempts; ++i) {
    ASSERT_TRUE(queue_.ExtendsAgain());
    queue_.Advance(kLease * 0.9);
    EXPECT_THAT(queue_.Take(1, kLease).value().leases, ::testing::IsEmpty());
  }
}

// No lease ends here: nobody but the worker itself can settle it in time.
TEST_F(WorkerTest, WhatCouldNotBeSettledIsSettledWithLaterTurns) {
  queue_.RefuseToSettle(3);
  ASSERT_OK(queue_.Enqueue({"task", "", absl::ZeroDuration()}).status());
  std::atomic<int> runs{0};
  Worker worker(queue_, metrics_, {.tell_again = absl::Milliseconds(1)},
                [&](const std::vector<Lease>&) {
                  ++runs;
                  return std::vector<absl::Status>{absl::OkStatus()};
                });
  EXPECT_TRUE(queue_.BecomesEmpty());
  EXPECT_EQ(runs, 1);
}

TEST_F(WorkerTest, WhatIsOwedWhenItStopsIsToldOnceMore) {
  queue_.RefuseToSettle(1);
  ASSERT_OK(queue_.Enqueue({"task", "", absl::ZeroDuration()}).status());
  {
    Worker worker(queue_, metrics_, {.tell_again = absl::Hours(1)},
                  [](const std::vector<Lease>&) {
                    return std::vector<absl::Status>{absl::OkStatus()};
                  });
    EXPECT_TRUE(queue_.RefusedToSettle());
    EXPECT_EQ(queue_.Stats().value().tasks, 1);
  }
  EXPECT_EQ(queue_.Stats().value().tasks, 0);
}

// Each would only wait as long again.
TEST(OneByOneTest, WhatIsAwayIsMetOnceInABatch) {
  int worked = 0;
  const WorkFn work = OneByOne([&](const Lease& lease) {
    ++worked;
    if (lease.task_id == "b") return absl::UnavailableError("away");
    return lease.task_id == "a" ? absl::NotFoundError("gone")
                                : absl::OkStatus();
  });
  std::vector<Lease> leases(4);
  leases[0].task_id = "a";
  leases[1].task_id = "b";
  const std::vector<absl::Status> results = work(leases);
  EXPECT_EQ(worked, 2);
  ASSERT_EQ(results.size(), 4U);
  EXPECT_TRUE(absl::IsNotFound(results[0]));
  EXPECT_TRUE(absl::IsUnavailable(results[3]));
}

}  // namespace
}  // namespace huifang

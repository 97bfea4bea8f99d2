#include "services/common/worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

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

// Each would wait as long again, and together longer than their leases.
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

// The same promises, kept by the fake that unit tests trust and by Redis.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/common/redis_lease_queue.h"
#include "tests/support/backends.h"
#include "tests/support/fake_lease_queue.h"
#include "tests/support/matchers.h"

namespace huifang {
namespace {

using ::huifang::testing::FakeLeaseQueue;
using ::huifang::testing::HasReason;
using ::huifang::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

// Longer than a busy machine keeps a test waiting.
constexpr absl::Duration kLease = absl::Milliseconds(150);
constexpr absl::Duration kNone = absl::ZeroDuration();
constexpr int kMaxAttempts = 2;

redis::Pool& TestPool(const std::string& kind = "redis") {
  static auto& pools = *new std::map<std::string, std::unique_ptr<redis::Pool>>;
  std::unique_ptr<redis::Pool>& pool = pools[kind];
  if (pool == nullptr) {
    pool = *redis::Pool::Create({.url = *testing::TestRedisUrl(kind)});
  }
  return *pool;
}

class LeaseQueueContract : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "fake") {
      auto fake = std::make_unique<FakeLeaseQueue>(kMaxAttempts);
      fake_ = fake.get();
      queue_ = std::move(fake);
      return;
    }
    HUIFANG_REDIS_KIND_OR_SKIP(url, GetParam());
    queue_ = std::make_unique<RedisLeaseQueue>(
        TestPool(GetParam()),
        RedisQueueOptions{.name = "q",
                          .prefix = testing::FreshPrefix(),
                          .max_attempts = kMaxAttempts});
  }

  // Redis's own clock cannot be moved: there the lease really runs out.
  void LetLeaseExpire() {
    if (fake_ != nullptr) {
      fake_->Advance(2 * kLease);
    } else {
      absl::SleepFor(2 * kLease);
    }
  }
  Lease TakeOne() { return queue_->Take(1, kLease).value().leases.at(0); }
  std::vector<Lease> TakeAll() {
    return queue_->Take(100, kLease).value().leases;
  }
  void Put(const std::string& id, const std::string& body = "body") {
    ASSERT_TRUE(queue_->Enqueue({id, body, kNone}).value());
  }

  FakeLeaseQueue* fake_ = nullptr;
  std::unique_ptr<LeaseQueue> queue_;
};

TEST_P(LeaseQueueContract, TaskWhoseHolderDiesFallsDueAgain) {
  Put("t");
  TakeOne();
  EXPECT_THAT(TakeAll(), IsEmpty());
  LetLeaseExpire();
  const Lease again = TakeOne();
  EXPECT_EQ(again.body, "body");
  EXPECT_EQ(again.attempt, 2);
}

TEST_P(LeaseQueueContract, HolderThatLostItsLeaseCannotSettle) {
  Put("t");
  const Lease stale = TakeOne();
  LetLeaseExpire();
  const Lease current = TakeOne();
  EXPECT_GT(current.fence, stale.fence);
  EXPECT_THAT(queue_->Complete(stale), StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(queue_->Extend(stale, kLease), HasReason("LEASE_LOST"));
  EXPECT_THAT(queue_->Bury(stale, "x"), HasReason("LEASE_LOST"));
  EXPECT_OK(queue_->Complete(current));
}

TEST_P(LeaseQueueContract, LateHolderNobodyReplacedMayStillComplete) {
  Put("t");
  const Lease late = TakeOne();
  LetLeaseExpire();
  EXPECT_OK(queue_->Complete(late));
  EXPECT_THAT(TakeAll(), IsEmpty());
}

TEST_P(LeaseQueueContract, FenceIsNotReusedWhenATaskIdComesBack) {
  Put("t", "1");
  const Lease stale = TakeOne();
  LetLeaseExpire();
  ASSERT_OK(queue_->Complete(TakeOne()));
  Put("t", "2");
  const Lease current = TakeOne();
  EXPECT_THAT(queue_->Complete(stale), StatusIs(absl::StatusCode::kAborted));
  EXPECT_OK(queue_->Complete(current));
}

TEST_P(LeaseQueueContract, ReleasedTaskIsNoLongerTheHoldersToSettle) {
  Put("t");
  const Lease lease = TakeOne();
  ASSERT_OK(queue_->Release(lease, kNone));
  EXPECT_THAT(queue_->Complete(lease), StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(TakeOne().task_id, "t");
}

TEST_P(LeaseQueueContract, OneTurnSettlesEachLeaseOnItsOwnAndTakesTheNext) {
  using Verb = Settlement::Verb;
  for (const char* id : {"a", "b", "c", "d"}) Put(id);
  std::map<std::string, Lease> held;
  for (const Lease& lease : TakeAll()) held[lease.task_id] = lease;
  Lease stale = held["d"];
  --stale.fence;
  Put("e");
  const TurnResult turn = queue_->SettleAndTake(
      {{held["a"], Verb::kComplete},
       {held["a"], Verb::kComplete},
       {held["b"], Verb::kRelease, kNone, "first try failed"},
       {.lease = held["c"], .verb = Verb::kBury, .reason = "poison"},
       {stale, Verb::kComplete}},
      100, kLease);
  EXPECT_OK(turn.settled.at(0));
  EXPECT_THAT(turn.settled.at(1), HasReason("LEASE_LOST"));
  EXPECT_OK(turn.settled.at(2));
  EXPECT_OK(turn.settled.at(3));
  EXPECT_THAT(turn.settled.at(4), HasReason("LEASE_LOST"));
  std::vector<std::string> taken;
  for (const Lease& lease : turn.taken->leases) taken.push_back(lease.task_id);
  EXPECT_THAT(taken, UnorderedElementsAre("b", "e"));
  EXPECT_EQ(queue_->ListDead(10)->at(0).reason, "poison");
  EXPECT_OK(queue_->Complete(held["d"]));
}

TEST_P(LeaseQueueContract, WorkerWithEndlessWorkStillReachesEveryTask) {
  for (int i = 0; i < 40; ++i) Put(absl::StrCat("a", i));
  std::vector<Settlement> done;
  std::set<std::string> seen;
  for (int turn = 0; turn < 400; ++turn) {
    // Something new after each task: no partition ever runs out.
    Put(absl::StrCat("b", turn));
    TurnResult result = queue_->SettleAndTake(done, 1, kLease);
    done.clear();
    for (const Lease& lease : result.taken->leases) {
      seen.insert(lease.task_id);
      done.push_back({lease});
    }
  }
  for (int i = 0; i < 40; ++i) EXPECT_EQ(seen.count(absl::StrCat("a", i)), 1);
}

TEST_P(LeaseQueueContract, LastErrorIsWhyATaskIsBuriedAtTheLimit) {
  Put("t");
  for (int i = 0; i < kMaxAttempts; ++i) {
    ASSERT_OK(queue_->Settle({TakeOne(), Settlement::Verb::kRelease, kNone,
                              absl::StrCat("error ", i)}));
  }
  EXPECT_THAT(TakeAll(), IsEmpty());
  EXPECT_EQ(queue_->ListDead(10)->at(0).reason,
            absl::StrCat("error ", kMaxAttempts - 1));
}

TEST_P(LeaseQueueContract, PoisonIsBuriedAfterMaxAttempts) {
  Put("t");
  for (int i = 0; i < kMaxAttempts; ++i) {
    TakeOne();
    LetLeaseExpire();
  }
  EXPECT_THAT(TakeAll(), IsEmpty());
  LetLeaseExpire();
  EXPECT_THAT(TakeAll(), IsEmpty());
  const std::vector<DeadTask> dead = queue_->ListDead(10).value();
  ASSERT_THAT(dead, SizeIs(1));
  EXPECT_EQ(dead[0].body, "body");
  EXPECT_EQ(dead[0].reason, "too many attempts");
}

TEST_P(LeaseQueueContract, HandBackDoesNotCountAsAnAttempt) {
  Put("t");
  for (int i = 0; i < 2 * kMaxAttempts; ++i) {
    const Lease lease = TakeOne();
    EXPECT_EQ(lease.attempt, 1);
    ASSERT_OK(queue_->HandBack(lease, kNone));
  }
}

TEST_P(LeaseQueueContract, AnyNumberIsQueuedAtOnce) {
  std::vector<QueueTask> tasks;
  for (int i = 0; i < 2500; ++i) {
    tasks.push_back({absl::StrCat("t", i), "", kNone});
  }
  EXPECT_EQ(queue_->EnqueueAll(tasks).value(), 2500);
  tasks.push_back({"new", "", kNone});
  EXPECT_EQ(queue_->EnqueueAll(tasks).value(), 1);
  EXPECT_EQ(queue_->Stats()->tasks, 2501);
  EXPECT_EQ(queue_->EnqueueAll({}).value(), 0);
}

TEST_P(LeaseQueueContract, EnqueueSaysWhenTheTaskIsAlreadyThere) {
  EXPECT_TRUE(queue_->Enqueue({"t", "1", kNone}).value());
  EXPECT_FALSE(queue_->Enqueue({"t", "2", kNone}).value());
  EXPECT_EQ(queue_->EnqueueAll({{"t", "3", kNone}, {"u", "4", kNone}}).value(),
            1);
  EXPECT_THAT(TakeAll(), SizeIs(2));
}

TEST_P(LeaseQueueContract, BuriedTaskIsNotQueuedAgainUntilRedriven) {
  Put("t");
  ASSERT_OK(queue_->Bury(TakeOne(), "bad body"));
  EXPECT_FALSE(queue_->Enqueue({"t", "body", kNone}).value());
  EXPECT_THAT(TakeAll(), IsEmpty());
  EXPECT_EQ(queue_->ListDead(10).value().at(0).reason, "bad body");
  EXPECT_EQ(queue_->Redrive({"t"}).value(), 1);
  const Lease again = TakeOne();
  EXPECT_EQ(again.attempt, 1);
  EXPECT_EQ(again.body, "body");
}

TEST_P(LeaseQueueContract, DroppedDeadTaskMayComeBackAsNew) {
  Put("t");
  ASSERT_OK(queue_->Bury(TakeOne(), "x"));
  EXPECT_EQ(queue_->DropDead({"t", "unknown"}).value(), 1);
  Put("t", "new");
  EXPECT_EQ(TakeOne().body, "new");
}

TEST_P(LeaseQueueContract, DelayedTaskWaits) {
  ASSERT_TRUE(queue_->Enqueue({"t", "body", kLease}).value());
  const TakeResult none = queue_->Take(1, kLease).value();
  EXPECT_THAT(none.leases, IsEmpty());
  EXPECT_GT(none.next_due, kNone);
  EXPECT_LE(none.next_due, kLease);
  LetLeaseExpire();
  EXPECT_THAT(TakeAll(), SizeIs(1));
}

TEST_P(LeaseQueueContract, ExtendKeepsTheTaskFromOthers) {
  Put("t");
  const Lease lease = TakeOne();
  ASSERT_OK(queue_->Extend(lease, 10 * kLease));
  LetLeaseExpire();
  EXPECT_THAT(TakeAll(), IsEmpty());
  EXPECT_OK(queue_->Complete(lease));
}

TEST_P(LeaseQueueContract, OnePersonCanTakeTheVeryTask) {
  Put("a");
  Put("b");
  EXPECT_THAT(queue_->TakeTask("c", kLease), HasReason("NO_TASK"));
  const Lease lease = queue_->TakeTask("b", kLease).value();
  EXPECT_EQ(lease.body, "body");
  EXPECT_THAT(queue_->TakeTask("b", kLease), HasReason("TASK_NOT_DUE"));
  EXPECT_EQ(TakeOne().task_id, "a");
  EXPECT_OK(queue_->Complete(lease));
}

TEST_P(LeaseQueueContract, CancelledTaskIsGoneForItsHolderToo) {
  Put("t");
  const Lease lease = TakeOne();
  ASSERT_OK(queue_->Cancel("t"));
  EXPECT_THAT(queue_->Complete(lease), HasReason("LEASE_LOST"));
  LetLeaseExpire();
  EXPECT_THAT(TakeAll(), IsEmpty());
}

TEST_P(LeaseQueueContract, StatsCountEachStateOnce) {
  Put("a");
  Put("b");
  Put("c");
  ASSERT_TRUE(queue_->Enqueue({"d", "", absl::Hours(1)}).value());
  ASSERT_OK(queue_->Bury(TakeOne(), "x"));
  TakeOne();
  const QueueStats stats = queue_->Stats().value();
  EXPECT_EQ(stats.tasks, 3);
  EXPECT_EQ(stats.due, 1);
  EXPECT_EQ(stats.leased, 1);
  EXPECT_EQ(stats.dead, 1);
}

TEST_P(LeaseQueueContract, EveryTaskIsSettledOnceUnderCarelessWorkers) {
  constexpr int kTasks = 400;
  constexpr int kWorkers = 8;
  for (int i = 0; i < kTasks; ++i) Put(absl::StrCat(i));
  std::atomic<int> settled{0};
  std::vector<std::thread> workers;
  for (int w = 0; w < kWorkers; ++w) {
    workers.emplace_back([&] {
      while (true) {
        const std::vector<Lease> leases =
            queue_->Take(7, absl::Hours(1)).value().leases;
        if (leases.empty()) return;
        for (const Lease& lease : leases) {
          if (queue_->Complete(lease).ok()) ++settled;
          EXPECT_FALSE(queue_->Complete(lease).ok());
        }
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  EXPECT_EQ(settled, kTasks);
  EXPECT_EQ(queue_->Stats().value().tasks, 0);
}

TEST_P(LeaseQueueContract, EpochStaysWhileNothingIsLost) {
  const std::string before = queue_->Epoch().value();
  Put("t");
  ASSERT_OK(queue_->Complete(TakeOne()));
  EXPECT_EQ(queue_->Epoch().value(), before);
}

INSTANTIATE_TEST_SUITE_P(Backends, LeaseQueueContract,
                         ::testing::Values("fake", "redis", "sentinel",
                                           "cluster"),
                         [](const auto& info) { return info.param; });

// What only the real one has.

class RedisPoolTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HUIFANG_REDIS_OR_SKIP(url);
    url_ = url;
  }
  std::string url_;
};

TEST_F(RedisPoolTest, ScriptIsLoadedAgainAfterRedisForgotIt) {
  const redis::Script script("return ARGV[1]");
  ASSERT_OK(TestPool().Eval(script, {}, {"a"}));
  ASSERT_OK(TestPool().Run({"SCRIPT", "FLUSH"}));
  const auto reply = TestPool().Eval(script, {}, {"b"});
  ASSERT_OK(reply);
  EXPECT_STREQ((*reply)->str, "b");
}

TEST_F(RedisPoolTest, ConnectionsThatRedisClosedAreReplaced) {
  const auto pool = redis::Pool::Create({.url = url_, .connections = 2});
  ASSERT_OK((*pool)->Run({"PING"}));
  ASSERT_OK(
      TestPool().Run({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"}));
  // One call may see the dead connection; the next has a new one.
  (*pool)->Run({"PING"}).status().IgnoreError();
  EXPECT_OK((*pool)->Run({"PING"}));
}

TEST(RedisPoolWithoutRedis, UnreachableIsUnavailableAndQuick) {
  const auto pool = redis::Pool::Create({.url = "redis://127.0.0.1:1"});
  ASSERT_TRUE(pool.ok());
  EXPECT_THAT((*pool)->Run({"PING"}), HasReason("REDIS_UNREACHABLE"));
}

TEST(RedisPoolWithoutRedis, BadUrlIsRefused) {
  EXPECT_THAT(redis::Pool::Create({.url = "http://x"}),
              HasReason("BAD_REDIS_URL"));
}

}  // namespace
}  // namespace huifang

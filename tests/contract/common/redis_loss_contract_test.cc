// A Redis that forgets, on a server of the test's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/common/redis_lease_queue.h"
#include "tests/contract/common/small_service.h"
#include "tests/support/matchers.h"

namespace huifang {
namespace {

using ::huifang::testing::HasReason;
using ::huifang::testing::RedisServer;
using ::huifang::testing::SmallService;
using ::huifang::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr absl::Duration kLease = absl::Hours(1);

class RedisLossTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HUIFANG_REDIS_OR_SKIP(url);
    server_ = RedisServer::Private("save \"\"\nenable-debug-command yes");
    pool_ = *redis::Pool::Create({.url = server_->url()});
    queue_ = std::make_unique<RedisLeaseQueue>(
        *pool_, RedisQueueOptions{.name = "q", .prefix = "p"});
  }
  std::string Epoch() { return queue_->Epoch().value(); }

  std::unique_ptr<RedisServer> server_;
  std::unique_ptr<redis::Pool> pool_;
  std::unique_ptr<RedisLeaseQueue> queue_;
};

TEST_F(RedisLossTest, FlushIsNoticed) {
  Epoch();
  const std::string before = Epoch();
  ASSERT_OK(server_->Run({"FLUSHALL"}));
  EXPECT_NE(Epoch(), before);
}

TEST_F(RedisLossTest, EveryProcessNoticesAFlushThatAnotherSawFirst) {
  RedisLeaseQueue other(*pool_, {.name = "q", .prefix = "p"});
  const std::string before = Epoch();
  const std::string others = other.Epoch().value();
  ASSERT_OK(server_->Run({"FLUSHALL"}));
  for (int i = 0; i < 10; ++i) ASSERT_OK(other.Epoch());
  EXPECT_NE(Epoch(), before);
  EXPECT_NE(other.Epoch().value(), others);
}

TEST_F(RedisLossTest, LossOfOnePartitionIsNoticed) {
  const std::string before = Epoch();
  const auto keys = pool_->Run({"KEYS", "{p:q.2}:mark.*"});
  ASSERT_OK(keys);
  ASSERT_EQ((*keys)->elements, 1u);
  ASSERT_OK(pool_->Run({"DEL", (*keys)->element[0]->str}));
  EXPECT_NE(Epoch(), before);
}

TEST_F(RedisLossTest, RestartFromAnOldSnapshotIsNoticed) {
  Epoch();
  ASSERT_OK(server_->Run({"SAVE"}));
  ASSERT_OK(queue_->Enqueue({"t", "", absl::ZeroDuration()}));
  const std::string before = Epoch();
  server_->Kill();
  server_->Start();
  ASSERT_TRUE(testing::Eventually([&] { return queue_->Epoch().ok(); }));
  EXPECT_NE(Epoch(), before);
  EXPECT_EQ(queue_->Stats().value().tasks, 0);
}

// As a server whose identity cannot be seen: only the marks tell.
TEST_F(RedisLossTest, OlderDataInTheSameServerAreNoticed) {
  Epoch();
  ASSERT_OK(server_->Run({"SAVE"}));
  const std::string run_id = server_->Info("server", "run_id");
  const std::string before = Epoch();
  ASSERT_OK(server_->Run({"DEBUG", "RELOAD", "NOSAVE"}));
  ASSERT_EQ(server_->Info("server", "run_id"), run_id);
  EXPECT_NE(Epoch(), before);
}

TEST_F(RedisLossTest, FailedEnqueueChangesTheEpoch) {
  const std::string before = Epoch();
  ASSERT_OK(server_->Run({"CONFIG", "SET", "maxmemory", "1"}));
  EXPECT_THAT(queue_->Enqueue({"t", "", absl::ZeroDuration()}),
              HasReason("REDIS_FULL"));
  ASSERT_OK(server_->Run({"CONFIG", "SET", "maxmemory", "0"}));
  EXPECT_NE(Epoch(), before);
}

// Else what filled it could never leave it.
TEST_F(RedisLossTest, FullRedisStillGivesWorkOutAndTakesItBack) {
  ASSERT_OK(queue_->Enqueue({"t", "", absl::ZeroDuration()}));
  ASSERT_OK(queue_->Enqueue({"u", "", absl::ZeroDuration()}));
  ASSERT_OK(server_->Run({"CONFIG", "SET", "maxmemory", "1"}));
  const auto picked = queue_->TakeTask("t", kLease);
  ASSERT_OK(picked);
  const auto taken = queue_->Take(1, kLease);
  ASSERT_OK(taken);
  ASSERT_EQ(taken->leases.size(), 1u);
  EXPECT_OK(queue_->Extend(*picked, kLease));
  EXPECT_OK(queue_->HandBack(taken->leases[0], absl::ZeroDuration()));
  EXPECT_OK(queue_->Complete(*picked));
  EXPECT_THAT(queue_->Enqueue({"v", "", absl::ZeroDuration()}),
              HasReason("REDIS_FULL"));
}

TEST_F(RedisLossTest, FenceIsNotGivenOutAgainAfterAFlush) {
  ASSERT_OK(queue_->Enqueue({"t", "", absl::ZeroDuration()}));
  const Lease stale = queue_->TakeTask("t", kLease).value();
  ASSERT_OK(server_->Run({"FLUSHALL"}));
  ASSERT_OK(queue_->Enqueue({"t", "", absl::ZeroDuration()}));
  const Lease current = queue_->TakeTask("t", kLease).value();
  EXPECT_GT(current.fence, stale.fence);
  EXPECT_THAT(queue_->Complete(stale), HasReason("LEASE_LOST"));
  EXPECT_OK(queue_->Complete(current));
}

TEST_F(RedisLossTest, WorkGoesOnWithinSecondsOfAFlush) {
  SmallService service(server_->url());
  service.Start();
  service.KeepAsking();
  ASSERT_TRUE(service.DoesMore());
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(server_->Run({"FLUSHALL"}));
    ASSERT_TRUE(service.DoesMore());
  }
  service.StopAsking();
  EXPECT_TRUE(service.DoesAll());
}

TEST_F(RedisLossTest, NothingIsLostWhenRedisComesBackFromAnOldSnapshot) {
  SmallService service(server_->url());
  ASSERT_OK(server_->Run({"SAVE"}));
  service.Start();
  service.KeepAsking();
  ASSERT_TRUE(service.DoesMore());
  server_->Kill();
  server_->Start();
  ASSERT_TRUE(service.DoesMore());
  service.StopAsking();
  EXPECT_TRUE(service.DoesAll());
}

TEST_F(RedisLossTest, EvictingServerIsRefused) {
  EXPECT_OK(pool_->CheckNoEviction());
  ASSERT_OK(server_->Run({"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"}));
  EXPECT_THAT(pool_->CheckNoEviction(), HasReason("REDIS_EVICTS"));
}

TEST_F(RedisLossTest, OneHungServerFailsTheOthersAtOnce) {
  const auto pool = redis::Pool::Create(
      {.url = server_->url(), .call_timeout = absl::Milliseconds(200)});
  ASSERT_OK((*pool)->Run({"PING"}));
  ASSERT_OK(server_->Run({"CLIENT", "PAUSE", "3000"}));
  EXPECT_THAT((*pool)->Run({"GET", "k"}), HasReason("REDIS_LOST"));
  const absl::Time begin = absl::Now();
  EXPECT_THAT((*pool)->Run({"GET", "k"}), HasReason("REDIS_UNREACHABLE"));
  EXPECT_LT(absl::Now() - begin, absl::Milliseconds(100));
  EXPECT_TRUE(testing::Eventually([&] {
    return (*pool)->Run({"GET", "k"}).ok();
  }));
}

TEST(RedisLogin, UserAndPasswordLetInAndAreNotRepeated) {
  HUIFANG_REDIS_OR_SKIP(shared);
  const std::string at = absl::StrCat("127.0.0.1:", testing::FreePort());
  const auto server = RedisServer::Private(
      absl::StrCat("bind 127.0.0.1\nport ", at.substr(at.find(':') + 1),
                   "\nsave \"\"\nrequirepass open%sesame\n"
                   "user me on >p@ss/word ~* &* +@all"));
  const auto set = [&](const std::string& login, const std::string& password) {
    const auto pool = redis::Pool::Create(
        {.url = absl::StrCat("redis://", login, at), .password = password});
    return pool.ok() ? (*pool)->Run({"SET", "k", "1"}).status() : pool.status();
  };
  EXPECT_OK(set(":open%25sesame@", ""));
  EXPECT_OK(set("me:p%40ss%2Fword@", ""));
  EXPECT_OK(set("me@", "p@ss/word"));
  EXPECT_OK(set("", "open%sesame"));
  EXPECT_THAT(set("", ""), HasReason("REDIS_AUTH"));
  const absl::Status wrong = set("me:secret@", "");
  EXPECT_THAT(wrong, HasReason("REDIS_AUTH"));
  EXPECT_THAT(wrong,
              StatusIs(absl::StatusCode::kInternal, Not(HasSubstr("secret"))));
}

}  // namespace
}  // namespace huifang

// Masters that die, hang or hand over under use, on the Sentinel and the
// Cluster of tests/support/servers.sh.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "services/common/redis_lease_queue.h"
#include "tests/contract/common/small_service.h"
#include "tests/support/matchers.h"

namespace huifang {
namespace {

using ::huifang::testing::Eventually;
using ::huifang::testing::HasReason;
using ::huifang::testing::RedisServer;
using ::huifang::testing::SmallService;
using ::testing::HasSubstr;

class SentinelTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HUIFANG_REDIS_KIND_OR_SKIP(url, "sentinel");
    url_ = url;
    const redis::Url parsed = redis::ParseUrl(url).value();
    for (const redis::Endpoint& one : parsed.endpoints) {
      sentinels_.push_back(std::make_unique<RedisServer>(one));
    }
    ASSERT_TRUE(IsWhole());
  }

  redis::Endpoint Master() {
    const auto reply =
        sentinels_[0]->Run({"SENTINEL", "GET-MASTER-ADDR-BY-NAME", "huifang"});
    redis::Endpoint endpoint{std::string(redis::TextOf(*(*reply)->element[0]))};
    EXPECT_TRUE(
        absl::SimpleAtoi(redis::TextOf(*(*reply)->element[1]), &endpoint.port));
    return endpoint;
  }
  // A master with two replicas that follow it, known to all sentinels. Redis
  // takes its time to come back to that after a failover.
  bool IsWhole() {
    const auto whole = [this] {
      RedisServer master(Master());
      const std::string replication = master.Ask({"INFO", "replication"});
      bool agreed = true;
      for (const auto& sentinel : sentinels_) {
        const std::string seen = sentinel->Ask({"INFO", "sentinel"});
        agreed =
            agreed && absl::StrContains(seen, "status=ok") &&
            absl::StrContains(
                seen, absl::StrCat("address=", master.endpoint().Text())) &&
            absl::StrContains(seen, "slaves=2,sentinels=3");
      }
      return agreed && absl::StrContains(replication, "connected_slaves:2") &&
             absl::StrContains(replication, "slave1:") &&
             absl::StrContains(replication, "state=online");
    };
    return Eventually(whole, absl::Minutes(2));
  }
  bool MasterIsNot(const redis::Endpoint& old) {
    return Eventually([&] { return !(Master() == old); });
  }

  std::string url_;
  std::vector<std::unique_ptr<RedisServer>> sentinels_;
};

TEST_F(SentinelTest, HandoverUnderUseLosesNothing) {
  SmallService service(url_);
  service.Start();
  service.KeepAsking();
  ASSERT_TRUE(service.DoesMore());
  const redis::Endpoint old = Master();
  ASSERT_TRUE(Eventually([this] {
    return sentinels_[0]->Run({"SENTINEL", "FAILOVER", "huifang"}).ok();
  }));
  ASSERT_TRUE(MasterIsNot(old));
  ASSERT_TRUE(service.DoesMore());
  service.StopAsking();
  EXPECT_TRUE(service.DoesAll());
}

TEST_F(SentinelTest, KilledMasterIsReplacedUnderUseAndNothingIsLost) {
  SmallService service(url_);
  service.Start();
  service.KeepAsking();
  ASSERT_TRUE(service.DoesMore());
  RedisServer old(Master());
  old.Kill();
  ASSERT_TRUE(MasterIsNot(old.endpoint()));
  ASSERT_TRUE(service.DoesMore());
  service.StopAsking();
  EXPECT_TRUE(service.DoesAll());
  old.Start();
}

// A master that hangs until it was replaced still takes itself for the master
// when it wakes up.
TEST_F(SentinelTest, HungMasterThatWakesUpIsNotBelieved) {
  SmallService service(url_);
  service.Start();
  service.KeepAsking();
  ASSERT_TRUE(service.DoesMore());
  RedisServer old(Master());
  old.Suspend();
  ASSERT_TRUE(MasterIsNot(old.endpoint()));
  old.Resume();
  ASSERT_TRUE(service.DoesMore());
  service.StopAsking();
  EXPECT_TRUE(service.DoesAll());
}

// Without a fault under a call, and without anybody who refreshes.
TEST_F(SentinelTest, PooledConnectionsFollowAHandover) {
  const auto pool = *redis::Pool::Create({.url = url_});
  ASSERT_OK(pool->Run({"SET", "probe", "1"}));
  const redis::Endpoint old = Master();
  // A failover that a busy machine makes too slow is given up, so ask again.
  ASSERT_TRUE(Eventually([&] {
    if (!(Master() == old)) return true;
    sentinels_[0]
        ->Run({"SENTINEL", "FAILOVER", "huifang"})
        .status()
        .IgnoreError();
    return false;
  }));
  RedisServer master(Master());
  EXPECT_TRUE(Eventually([&] {
    const std::string value = testing::FreshPrefix();
    return pool->Run({"SET", "probe", value}).ok() &&
           master.Ask({"GET", "probe"}) == value;
  }));
}

TEST_F(SentinelTest, EvictingReplicaIsRefused) {
  const auto pool = *redis::Pool::Create({.url = url_});
  EXPECT_OK(pool->CheckNoEviction());
  const auto replicas = sentinels_[0]->Run({"SENTINEL", "REPLICAS", "huifang"});
  ASSERT_OK(replicas);
  redis::Endpoint endpoint;
  const redisReply& fields = *(*replicas)->element[0];
  for (std::size_t i = 0; i + 1 < fields.elements; i += 2) {
    if (redis::TextOf(*fields.element[i]) == "name") {
      endpoint = redis::ParseEndpoint(redis::TextOf(*fields.element[i + 1]), 0)
                     .value();
    }
  }
  RedisServer replica(endpoint);
  ASSERT_OK(replica.Run({"CONFIG", "SET", "maxmemory-policy", "volatile-lru"}));
  EXPECT_THAT(pool->CheckNoEviction(), HasReason("REDIS_EVICTS"));
  ASSERT_OK(replica.Run({"CONFIG", "SET", "maxmemory-policy", "noeviction"}));
}

TEST(SentinelWithoutSentinels, IsUnavailableAndQuick) {
  const auto pool = *redis::Pool::Create(
      {.url = "redis-sentinel://127.0.0.1:1,127.0.0.1:2/huifang"});
  const absl::Time begin = absl::Now();
  EXPECT_THAT(pool->Run({"GET", "k"}), HasReason("REDIS_UNREACHABLE"));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(3));
}

TEST_F(SentinelTest, UnknownMasterNameIsSaid) {
  const std::string other =
      absl::StrCat(url_.substr(0, url_.rfind('/')), "/nobody");
  const auto pool = *redis::Pool::Create({.url = other});
  EXPECT_THAT(pool->Run({"GET", "k"}),
              testing::StatusIs(absl::StatusCode::kUnavailable,
                                HasSubstr("does not know nobody")));
}

class ClusterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HUIFANG_REDIS_KIND_OR_SKIP(url, "cluster");
    url_ = url;
    entry_ = std::make_unique<RedisServer>(
        redis::ParseUrl(url).value().endpoints[0]);
    ASSERT_TRUE(IsWhole());
  }

  struct Member {
    std::string id;
    redis::Endpoint endpoint;
    bool master = false;
    bool connected = false;
    bool has_slots = false;
  };
  // From CLUSTER NODES: id, host:port@port, flags, …, link state, slots.
  std::vector<Member> Members() {
    std::vector<Member> members;
    for (const absl::string_view line :
         absl::StrSplit(entry_->Ask({"CLUSTER", "NODES"}), '\n')) {
      const std::vector<std::string> words = absl::StrSplit(line, ' ');
      if (words.size() < 8) continue;
      const std::string address = words[1].substr(0, words[1].find('@'));
      members.push_back(
          {words[0], redis::ParseEndpoint(address, 0).value(),
           absl::StrContains(words[2], "master"),
           words[7] == "connected" && !absl::StrContains(words[2], "fail"),
           words.size() > 8});
    }
    return members;
  }
  // Three masters, three replicas, all there, and all say so.
  bool IsWhole() {
    const auto whole = [this] {
      int masters = 0;
      int replicas = 0;
      for (const Member& member : Members()) {
        RedisServer server(member.endpoint);
        const bool fine =
            member.connected &&
            absl::StrContains(server.Ask({"CLUSTER", "INFO"}),
                              "cluster_state:ok") &&
            (member.master ||
             server.Info("replication", "master_link_status") == "up");
        masters += fine && member.master && member.has_slots ? 1 : 0;
        replicas += fine && !member.master ? 1 : 0;
      }
      return masters == 3 && replicas == 3;
    };
    return Eventually(whole, absl::Minutes(2));
  }
  // Who has a slot now, as the entry server sees it.
  Member OwnerOf(int slot) {
    const auto rows = entry_->Run({"CLUSTER", "SLOTS"});
    for (std::size_t i = 0; i < (*rows)->elements; ++i) {
      const redisReply& row = *(*rows)->element[i];
      if (slot < row.element[0]->integer || slot > row.element[1]->integer) {
        continue;
      }
      const redis::Endpoint endpoint{
          std::string(redis::TextOf(*row.element[2]->element[0])),
          static_cast<int>(row.element[2]->element[1]->integer)};
      for (const Member& member : Members()) {
        if (member.endpoint == endpoint) return member;
      }
    }
    ADD_FAILURE() << "nobody has slot " << slot;
    return {};
  }
  Member AnotherMaster(const Member& than) {
    for (const Member& member : Members()) {
      if (member.has_slots && member.id != than.id) return member;
    }
    ADD_FAILURE() << "only one master";
    return {};
  }

  void BeginMove(int slot, const Member& from, const Member& to) {
    RedisServer source(from.endpoint);
    RedisServer target(to.endpoint);
    const std::string number = absl::StrCat(slot);
    ASSERT_OK(target.Run({"CLUSTER", "SETSLOT", number, "IMPORTING", from.id}));
    ASSERT_OK(source.Run({"CLUSTER", "SETSLOT", number, "MIGRATING", to.id}));
  }
  void EndMove(int slot, const Member& from, const Member& to) {
    RedisServer source(from.endpoint);
    const std::string number = absl::StrCat(slot);
    while (true) {
      const auto keys = source.Run({"CLUSTER", "GETKEYSINSLOT", number, "100"});
      ASSERT_OK(keys);
      if ((*keys)->elements == 0) break;
      for (std::size_t i = 0; i < (*keys)->elements; ++i) {
        ASSERT_OK(source.Run(
            {"MIGRATE", to.endpoint.host, absl::StrCat(to.endpoint.port),
             std::string(redis::TextOf(*(*keys)->element[i])), "0", "5000"}));
      }
    }
    // The new owner first: it must not be left without one.
    for (const redis::Endpoint& one : {to.endpoint, from.endpoint}) {
      ASSERT_OK(
          RedisServer(one).Run({"CLUSTER", "SETSLOT", number, "NODE", to.id}));
    }
  }

  std::string url_;
  std::unique_ptr<RedisServer> entry_;
};

TEST_F(ClusterTest, QueuesAreSpreadOverTheMasters) {
  const auto pool = *redis::Pool::Create({.url = url_});
  std::map<std::string, int> partitions;
  for (const char* name : {"inspect", "review", "call", "draw"}) {
    RedisLeaseQueue queue(*pool, {.name = name, .prefix = "huifang:spread"});
    ASSERT_OK(queue.Epoch());
    for (int p = 0; p < 4; ++p) {
      const std::string tag = absl::StrCat("{huifang:spread:", name, ".", p);
      ++partitions[OwnerOf(redis::SlotOf(absl::StrCat(tag, "}"))).id];
    }
  }
  ASSERT_EQ(partitions.size(), 3u);
  for (const auto& [id, count] : partitions) EXPECT_GE(count, 2);
}

TEST_F(ClusterTest, MapIsLearntFromOneServer) {
  const auto pool = *redis::Pool::Create(
      {.url = absl::StrCat("redis-cluster://", entry_->endpoint().Text())});
  for (int i = 0; i < 100; ++i) {
    ASSERT_OK(pool->Run({"SET", absl::StrCat("spread", i), "1"}));
  }
}

TEST_F(ClusterTest, AskAndMovedAreFollowed) {
  const auto pool = *redis::Pool::Create({.url = url_});
  const std::string key = testing::FreshPrefix();
  const int slot = redis::SlotOf(key);
  const Member from = OwnerOf(slot);
  const Member to = AnotherMaster(from);
  RedisServer source(from.endpoint);
  RedisServer target(to.endpoint);
  ASSERT_OK(pool->Run({"GET", key}));
  BeginMove(slot, from, to);
  EXPECT_THAT(std::string(source.Run({"GET", key}).status().message()),
              HasSubstr("ASK "));
  ASSERT_OK(pool->Run({"SET", key, "while it moves"}));
  EndMove(slot, from, to);
  EXPECT_EQ(target.Ask({"GET", key}), "while it moves");
  const auto value = pool->Run({"GET", key});
  ASSERT_OK(value);
  EXPECT_EQ(redis::TextOf(**value), "while it moves");
}

TEST_F(ClusterTest, SlotThatMovesUnderUseLosesNothing) {
  SmallService service(url_);
  service.Start();
  service.KeepAsking();
  ASSERT_TRUE(service.DoesMore());
  const int slot = redis::SlotOf(service.KeyOfPartition(0));
  const Member from = OwnerOf(slot);
  const Member to = AnotherMaster(from);
  BeginMove(slot, from, to);
  // Scripts get TRYAGAIN until the move is over; the other partitions work.
  ASSERT_TRUE(service.DoesMore());
  EndMove(slot, from, to);
  ASSERT_TRUE(Eventually([&] { return OwnerOf(slot).id == to.id; }));
  service.StopAsking();
  EXPECT_TRUE(service.DoesAll());
}

TEST_F(ClusterTest, KilledMasterIsReplacedUnderUseAndNothingIsLost) {
  SmallService service(url_);
  service.Start();
  service.KeepAsking();
  ASSERT_TRUE(service.DoesMore());
  const int slot = redis::SlotOf(service.KeyOfPartition(0));
  const Member old = OwnerOf(slot);
  // Somebody else must tell what becomes of it.
  entry_ = std::make_unique<RedisServer>(AnotherMaster(old).endpoint);
  RedisServer server(old.endpoint);
  server.Kill();
  ASSERT_TRUE(Eventually([&] { return OwnerOf(slot).id != old.id; }));
  ASSERT_TRUE(service.DoesMore());
  service.StopAsking();
  EXPECT_TRUE(service.DoesAll());
  server.Start();
}

TEST_F(ClusterTest, EvictingReplicaIsRefused) {
  const auto pool = *redis::Pool::Create({.url = url_});
  EXPECT_OK(pool->CheckNoEviction());
  for (const Member& member : Members()) {
    if (member.master) continue;
    RedisServer replica(member.endpoint);
    ASSERT_OK(
        replica.Run({"CONFIG", "SET", "maxmemory-policy", "allkeys-lfu"}));
    EXPECT_THAT(pool->CheckNoEviction(), HasReason("REDIS_EVICTS"));
    ASSERT_OK(replica.Run({"CONFIG", "SET", "maxmemory-policy", "noeviction"}));
    break;
  }
}

}  // namespace
}  // namespace huifang

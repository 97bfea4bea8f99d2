// How replicas share the shards of a stream.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>
#include <memory>
#include <set>
#include <string>

#include "services/common/checkpoint.h"
#include "services/common/schema.h"
#include "services/common/sql.h"
#include "tests/support/backends.h"
#include "tests/support/fake_clock.h"
#include "tests/support/matchers.h"

namespace huifang {
namespace {

using ::huifang::testing::HasReason;
using Held = std::map<int, std::int64_t>;

constexpr absl::Duration kLease = absl::Seconds(5);

class CheckpointContract : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(
        db_, sql::Database::Open({.url = testing::FreshDatabase(GetParam())}));
    ASSERT_OK(db_->Migrate("common", {std::begin(kCommonMigrations),
                                      std::end(kCommonMigrations)}));
  }
  Held Claim(const std::string& owner) {
    const absl::StatusOr<Held> held =
        ClaimShards(*db_, "tickets", owner, clock_.Now(), kLease);
    EXPECT_OK(held);
    return held.ok() ? *held : Held{};
  }
  absl::Status Advance(int shard, std::int64_t from, std::int64_t to) {
    return db_->Write("", [&](sql::Session& session) {
      return AdvanceCheckpoint(session, "tickets", shard, from, to);
    });
  }
  // All claims of these owners, which must not overlap; how many there are.
  std::size_t Together(const std::vector<std::string>& owners) {
    std::set<int> all;
    std::size_t sum = 0;
    for (const std::string& owner : owners) {
      for (const auto& [shard, sequence] : Claim(owner)) {
        all.insert(shard);
        ++sum;
      }
    }
    EXPECT_EQ(all.size(), sum) << "a shard has two holders";
    return all.size();
  }

  testing::FakeClock clock_;
  std::unique_ptr<sql::Database> db_;
};

TEST_P(CheckpointContract, OneReplicaHasAllShards) {
  EXPECT_EQ(Claim("a").size(), sql::kShardCount);
  EXPECT_EQ(Claim("a").size(), sql::kShardCount);
}

TEST_P(CheckpointContract, NewcomerGetsItsShareOnceTheHolderAsksAgain) {
  Claim("a");
  ASSERT_OK(Advance(15, 0, 12));
  EXPECT_TRUE(Claim("b").empty());
  EXPECT_EQ(Claim("a").size(), sql::kShardCount / 2);
  const Held taken = Claim("b");
  EXPECT_EQ(taken.size(), sql::kShardCount / 2);
  EXPECT_EQ(taken.at(15), 12);
}

TEST_P(CheckpointContract, EveryShardHasOneHolderWhateverTheNumberOfReplicas) {
  std::vector<std::string> owners;
  for (int n = 1; n <= 20; ++n) {
    owners.push_back("owner-" + std::to_string(n));
    Together(owners);  // those before give back
    EXPECT_EQ(Together(owners), sql::kShardCount) << n;
    const std::size_t share =
        static_cast<std::size_t>((sql::kShardCount + n - 1) / n);
    for (const std::string& owner : owners) {
      EXPECT_LE(Claim(owner).size(), share);
    }
  }
}

TEST_P(CheckpointContract, SharesOfTheDeadGoToTheLiving) {
  const std::vector<std::string> all = {"a", "b", "c"};
  Together(all);
  Together(all);
  clock_.Advance(kLease - absl::Seconds(1));
  Together({"a", "b"});
  EXPECT_LT(Together({"a", "b"}), sql::kShardCount);  // c may still live
  clock_.Advance(absl::Seconds(2));
  EXPECT_EQ(Together({"a", "b"}), sql::kShardCount);
  EXPECT_EQ(Claim("a").size(), sql::kShardCount / 2);
}

TEST_P(CheckpointContract, ReplicaThatComesBackTakesNoShardFromAHolder) {
  Together({"a", "b"});
  Together({"a", "b"});
  clock_.Advance(kLease + absl::Seconds(1));
  EXPECT_EQ(Claim("b").size(), sql::kShardCount);
  EXPECT_TRUE(Claim("a").empty());  // was away, and was given up
}

TEST_P(CheckpointContract, HolderWhoseClockWasAheadIsNotWaitedFor) {
  clock_.Advance(absl::Seconds(90));
  Claim("ahead");
  clock_.Advance(-absl::Seconds(90));
  EXPECT_EQ(Claim("b").size(), sql::kShardCount);
}

TEST_P(CheckpointContract, ReleasedShardsAreFreeAtOnce) {
  Claim("a");
  ASSERT_OK(ReleaseShards(*db_, "tickets", "a"));
  EXPECT_EQ(Claim("b").size(), sql::kShardCount);
}

TEST_P(CheckpointContract, StreamsAreSharedEachByItself) {
  Claim("a");
  ASSERT_OK_AND_ASSIGN(const Held other, ClaimShards(*db_, "callbacks", "b",
                                                     clock_.Now(), kLease));
  EXPECT_EQ(other.size(), sql::kShardCount);
}

TEST_P(CheckpointContract, EventsAppliedByAnotherAreNotAppliedTwice) {
  Claim("a");
  ASSERT_OK(Advance(0, 0, 5));
  EXPECT_THAT(Advance(0, 0, 5), HasReason("CHECKPOINT_MOVED"));
  EXPECT_OK(Advance(0, 5, 6));
}

INSTANTIATE_TEST_SUITE_P(Engines, CheckpointContract,
                         ::testing::ValuesIn(testing::SqlEngines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang

// What holds when two replicas of a service write to one database at once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <barrier>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "huifang/common/v1/tokens.pb.h"
#include "services/common/request_log.h"
#include "services/common/schema.h"
#include "services/common/sql.h"
#include "services/common/status_macros.h"
#include "tests/support/backends.h"
#include "tests/support/matchers.h"

namespace huifang {
namespace {

constexpr int kReplicas = 2;
constexpr int kRounds = 50;
constexpr char kCourt[] = "110102";

constexpr sql::Migration kCounter = {"001_counter.sql",
                                     "CREATE TABLE counter (n BIGINT);\n"
                                     "INSERT INTO counter VALUES (0);\n"};

class ReplicasContract : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const std::string url = testing::FreshDatabase(GetParam());
    for (int i = 0; i < kReplicas; ++i) {
      ASSERT_OK_AND_ASSIGN(auto db, sql::Database::Open({.url = url}));
      replicas_.push_back(std::move(db));
    }
    ASSERT_OK(replicas_[0]->Migrate("common", {std::begin(kCommonMigrations),
                                               std::end(kCommonMigrations)}));
    ASSERT_OK(replicas_[0]->Migrate("test", {kCounter}));
  }

  // Reads the counter, then writes it one higher: two statements.
  static absl::Status Increment(sql::Session& session) {
    std::int64_t n = 0;
    RETURN_IF_ERROR(session
                        .QueryOne("SELECT n FROM counter", {},
                                  [&](const sql::Row& row) { n = row.Int(0); })
                        .status());
    return session.Run("UPDATE counter SET n = :n", {{"n", n + 1}}).status();
  }

  std::int64_t Counter() {
    std::int64_t n = -1;
    EXPECT_OK(replicas_[0]->Read([&](sql::Session& session) {
      return session
          .QueryOne("SELECT n FROM counter", {},
                    [&](const sql::Row& row) { n = row.Int(0); })
          .status();
    }));
    return n;
  }

  // Runs `work` of (replica, round) in all replicas, each round at once.
  template <typename Work>
  void InEachAtOnce(Work work) {
    std::vector<std::thread> threads;
    std::barrier start(kReplicas);
    for (int i = 0; i < kReplicas; ++i) {
      threads.emplace_back([&, i] {
        for (int round = 0; round < kRounds; ++round) {
          start.arrive_and_wait();
          work(i, round);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

  std::vector<std::unique_ptr<sql::Database>> replicas_;
};

TEST_P(ReplicasContract, ReadThenWriteOfOneCourtLosesNothing) {
  InEachAtOnce([&](int replica, int) {
    EXPECT_OK(
        replicas_[static_cast<std::size_t>(replica)]->Write(kCourt, Increment));
  });
  EXPECT_EQ(Counter(), kReplicas * kRounds);
}

TEST_P(ReplicasContract, RepeatInAnotherReplicaGetsTheFirstAnswer) {
  std::vector<std::vector<int>> answers(kReplicas, std::vector<int>(kRounds));
  InEachAtOnce([&](int replica, int round) {
    const auto at = static_cast<std::size_t>(replica);
    const std::string id =
        absl::StrFormat("0197f9d8-1111-7000-8000-%012d", round);
    common::v1::PageToken request;
    common::v1::PageToken answer;
    EXPECT_OK(replicas_[at]->Write(kCourt, [&](sql::Session& session) {
      return RunOnce(session, {kCourt, "Ask", id}, absl::UnixEpoch(), request,
                     answer, [&]() -> absl::Status {
                       answer.set_version(1 + replica);
                       return Increment(session);
                     });
    }));
    answers[at][static_cast<std::size_t>(round)] = answer.version();
  });
  EXPECT_EQ(answers[0], answers[1]);
  EXPECT_EQ(Counter(), kRounds);
}

INSTANTIATE_TEST_SUITE_P(Engines, ReplicasContract,
                         ::testing::ValuesIn(testing::SqlEngines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang

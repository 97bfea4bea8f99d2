// Schemas go forward while the release before still runs: each test has a
// release N, which knows the first steps, and N + 1, which knows more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/common/sql.h"
#include "services/common/status_macros.h"
#include "tests/support/backends.h"
#include "tests/support/matchers.h"

namespace huifang {
namespace {

using ::huifang::testing::HasReason;
using ::huifang::testing::StatusIs;
using ::testing::HasSubstr;

constexpr sql::Migration kFirst = {"001_notes.sql",
                                   "-- A comment; with a semicolon.\n"
                                   "CREATE TABLE notes (\n"
                                   "  court TEXT NOT NULL,\n"
                                   "  id TEXT NOT NULL,\n"
                                   "  state BIGINT NOT NULL,\n"
                                   "  PRIMARY KEY (court, id)\n"
                                   ");\n"};
// Expand: what the release before writes is still whole.
constexpr sql::Migration kExpand = {
    "002_kind.sql",
    "-- runs-on: 1\n"
    "ALTER TABLE notes ADD COLUMN kind TEXT NOT NULL DEFAULT 'plain';\n"
    "CREATE INDEX notes_by_kind ON notes (court, kind, id);\n"
    "CREATE TABLE kinds (court TEXT NOT NULL, kind TEXT NOT NULL,\n"
    "  PRIMARY KEY (court, kind));\n"};
// Contract: only programs that know `kind` can go on.
constexpr sql::Migration kContract = {"003_no_state.sql",
                                      "-- runs-on: 2\n"
                                      "ALTER TABLE notes DROP COLUMN state;\n"};

using Steps = std::vector<sql::Migration>;
const Steps& ReleaseN() {
  static const Steps steps = {kFirst};
  return steps;
}
const Steps& NextRelease() {
  static const Steps steps = {kFirst, kExpand};
  return steps;
}

class MigrateContract : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { url_ = testing::FreshDatabase(GetParam()); }

  // A program of a release that starts.
  absl::StatusOr<std::unique_ptr<sql::Database>> Start(const Steps& steps) {
    ASSIGN_OR_RETURN(auto db, sql::Database::Open({.url = url_}));
    RETURN_IF_ERROR(db->Migrate("test", steps));
    return db;
  }
  static absl::Status AddAsN(sql::Database& db, const std::string& id) {
    return db.Write("110102", [&](sql::Session& session) {
      return session
          .Run("INSERT INTO notes (court, id, state) VALUES (:court, :id, 1)",
               {{"court", "110102"}, {"id", id}})
          .status();
    });
  }
  static absl::Status AddAsNext(sql::Database& db, const std::string& id) {
    return db.Write("110102", [&](sql::Session& session) {
      return session
          .Run(
              "INSERT INTO notes (court, id, state, kind) "
              "VALUES (:court, :id, 1, 'fine')",
              {{"court", "110102"}, {"id", id}})
          .status();
    });
  }
  static std::int64_t Count(sql::Database& db, const std::string& where) {
    std::int64_t count = -1;
    EXPECT_OK(db.Read([&](sql::Session& session) {
      return session
          .QueryOne("SELECT COUNT(*) FROM notes WHERE " + where, {},
                    [&](const sql::Row& row) { count = row.Int(0); })
          .status();
    }));
    return count;
  }

  std::string url_;
};

TEST_P(MigrateContract, BothReleasesWorkOnOneDatabaseAtOnce) {
  ASSERT_OK_AND_ASSIGN(const auto old, Start(ReleaseN()));
  std::atomic<int> added{0};
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    while (!stop) {
      ASSERT_OK(AddAsN(*old, absl::StrCat("n-", added.load())));
      ASSERT_EQ(Count(*old, "state = 1 AND id LIKE 'n-%'"), ++added);
    }
  });
  while (added < 5) std::this_thread::yield();
  absl::StatusOr<std::unique_ptr<sql::Database>> next = Start(NextRelease());
  EXPECT_OK(next);
  const int before = added;
  for (int i = 0; i < 20 && next.ok(); ++i) {
    EXPECT_OK(AddAsNext(**next, absl::StrCat("next-", i)));
  }
  while (added < before + 20) std::this_thread::yield();
  stop = true;
  writer.join();
  ASSERT_OK(next);
  EXPECT_EQ(Count(**next, "kind = 'plain'"), added);
  EXPECT_EQ(Count(**next, "kind = 'fine'"), 20);
  EXPECT_EQ(Count(*old, "state = 1"), added + 20);
}

TEST_P(MigrateContract, ReleaseBeforeStartsAgainAfterACompatibleStep) {
  ASSERT_OK(Start(NextRelease()));
  ASSERT_OK_AND_ASSIGN(const auto old, Start(ReleaseN()));
  ASSERT_OK(AddAsN(*old, "a"));
  // And its start took nothing back.
  ASSERT_OK_AND_ASSIGN(const auto next, Start(NextRelease()));
  EXPECT_EQ(Count(*next, "kind = 'plain'"), 1);
}

TEST_P(MigrateContract, ReleaseBeforeIsRefusedAfterAStepItCannotWorkOn) {
  ASSERT_OK(Start({kFirst, kExpand, kContract}));
  const auto old = Start(ReleaseN());
  EXPECT_THAT(old, HasReason("DATABASE_TOO_NEW"));
  EXPECT_THAT(std::string(old.status().message()), HasSubstr("know 2"));
  EXPECT_OK(Start(NextRelease()));
}

TEST_P(MigrateContract, LaterStepDoesNotMakeAnEarlierOneCompatible) {
  const sql::Migration lenient = {"004_more.sql",
                                  "-- runs-on: 1\n"
                                  "CREATE TABLE more (n BIGINT);\n"};
  ASSERT_OK(Start({kFirst, kExpand, kContract, lenient}));
  EXPECT_THAT(Start(ReleaseN()), HasReason("DATABASE_TOO_NEW"));
}

TEST_P(MigrateContract, StepThatSaysNothingIsForItsOwnReleaseOnly) {
  const sql::Migration silent = {"002_silent.sql",
                                 "CREATE TABLE more (n BIGINT);\n"};
  ASSERT_OK(Start({kFirst, silent}));
  EXPECT_THAT(Start(ReleaseN()), HasReason("DATABASE_TOO_NEW"));
}

TEST_P(MigrateContract, StepsAreAppliedOnce) {
  ASSERT_OK(Start(NextRelease()));
  EXPECT_OK(Start(NextRelease()));
}

TEST_P(MigrateContract, BrokenStepChangesNothing) {
  const sql::Migration broken = {"002_broken.sql",
                                 "CREATE TABLE half (n BIGINT);\n"
                                 "CREATE TABLE notes (n BIGINT);\n"};
  ASSERT_OK(Start(ReleaseN()));
  EXPECT_FALSE(Start({kFirst, broken}).ok());
  EXPECT_OK(Start(ReleaseN()));
  const sql::Migration good = {"002_good.sql",
                               "CREATE TABLE half (n BIGINT);\n"};
  EXPECT_OK(Start({kFirst, good}));
}

TEST_P(MigrateContract, StepThatNamesANonsenseReleaseIsNotApplied) {
  for (const char* line :
       {"-- runs-on: \n", "-- runs-on: 3\n", "-- runs-on: 0\n"}) {
    const std::string text = absl::StrCat(line, "CREATE TABLE x (n BIGINT);\n");
    EXPECT_THAT(Start({kFirst, {"002_x.sql", text.c_str()}}),
                StatusIs(absl::StatusCode::kInternal))
        << line;
  }
  EXPECT_OK(Start(NextRelease()));
}

TEST_P(MigrateContract, ReplicasThatStartAtOnceAgree) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back(
        [&, i] { EXPECT_OK(Start(i % 2 == 0 ? ReleaseN() : NextRelease())); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_OK(Start(NextRelease()));
}

INSTANTIATE_TEST_SUITE_P(Engines, MigrateContract,
                         ::testing::ValuesIn(testing::SqlEngines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang

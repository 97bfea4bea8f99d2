// Nobody waits for the database longer than they said.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>

#include "absl/synchronization/notification.h"
#include "services/common/deadline.h"
#include "services/common/sql.h"
#include "services/common/sql_internal.h"
#include "services/common/steady_time.h"
#include "tests/support/backends.h"
#include "tests/support/matchers.h"

namespace huifang {
namespace {

using ::huifang::testing::StatusIs;

constexpr char kCourt[] = "110102";
constexpr sql::Migration kNotes = {"001_notes.sql",
                                   "CREATE TABLE notes (id TEXT NOT NULL);\n"};

class DeadlineContract : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    url_ = testing::FreshDatabase(GetParam());
    ASSERT_OK_AND_ASSIGN(
        db_, sql::Database::Open({.url = url_, .read_sessions = 1}));
    ASSERT_OK(db_->Migrate("test", {kNotes}));
  }
  static absl::Status Add(sql::Database& db, const std::string& id) {
    return db.Write(kCourt, [&](sql::Session& session) {
      return session.Run("INSERT INTO notes (id) VALUES (:id)", {{"id", id}})
          .status();
    });
  }
  std::int64_t Count() {
    std::int64_t count = -1;
    EXPECT_OK(db_->Read([&](sql::Session& session) {
      return session
          .QueryOne("SELECT COUNT(*) FROM notes", {},
                    [&](const sql::Row& row) { count = row.Int(0); })
          .status();
    }));
    return count;
  }
  // A write of `db` that has begun and goes on until `end`.
  static std::thread LongWrite(sql::Database& db, absl::Notification& begun,
                               absl::Notification& end) {
    std::thread thread([&] {
      EXPECT_OK(db.Write(kCourt, [&](sql::Session& session) {
        if (!begun.HasBeenNotified()) begun.Notify();
        end.WaitForNotification();
        return session.Run("INSERT INTO notes (id) VALUES ('long')").status();
      }));
    });
    begun.WaitForNotification();
    return thread;
  }

  std::string url_;
  std::unique_ptr<sql::Database> db_;
};

TEST_P(DeadlineContract, WriteThatCannotBeginAnswersInTimeAndWritesNothing) {
  absl::Notification begun;
  absl::Notification end;
  std::thread slow = LongWrite(*db_, begun, end);
  {
    const ScopedDeadline deadline(SteadyNow() + absl::Milliseconds(20));
    EXPECT_THAT(Add(*db_, "late"),
                StatusIs(absl::StatusCode::kDeadlineExceeded));
  }
  end.Notify();
  slow.join();
  EXPECT_OK(Add(*db_, "next"));
  EXPECT_EQ(Count(), 2);
}

TEST_P(DeadlineContract, CallThatIsOverDoesNothing) {
  const ScopedDeadline deadline(SteadyNow() - absl::Seconds(1));
  EXPECT_THAT(Add(*db_, "a"), StatusIs(absl::StatusCode::kDeadlineExceeded));
  bool ran = false;
  EXPECT_THAT(db_->Read([&](sql::Session&) {
    ran = true;
    return absl::OkStatus();
  }),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_FALSE(ran);
}

TEST_P(DeadlineContract, WriteThatBeganInTimeIsFinishedAndSaysSo) {
  const absl::Time deadline = SteadyNow() + absl::Milliseconds(50);
  {
    const ScopedDeadline scope(deadline);
    EXPECT_OK(db_->Write(kCourt, [&](sql::Session& session) {
      while (SteadyNow() < deadline) std::this_thread::yield();
      return session.Run("INSERT INTO notes (id) VALUES ('a')").status();
    }));
  }
  EXPECT_EQ(Count(), 1);
}

TEST_P(DeadlineContract, ReadThatFindsNoSessionAnswersInTime) {
  EXPECT_OK(db_->Read([&](sql::Session&) {
    const ScopedDeadline deadline(SteadyNow() + absl::Milliseconds(20));
    EXPECT_THAT(db_->Read([](sql::Session&) { return absl::OkStatus(); }),
                StatusIs(absl::StatusCode::kDeadlineExceeded));
    return absl::OkStatus();
  }));
  EXPECT_EQ(Count(), 0);
}

TEST_P(DeadlineContract, WriterBehindAnotherReplicaGivesUpWithoutWriting) {
  if (GetParam() == "sqlite") GTEST_SKIP() << "SQLite has one replica";
  ASSERT_OK_AND_ASSIGN(const auto other, sql::Database::Open({.url = url_}));
  absl::Notification begun;
  absl::Notification end;
  std::thread slow = LongWrite(*other, begun, end);
  {
    const ScopedDeadline deadline(SteadyNow() + absl::Milliseconds(100));
    EXPECT_THAT(Add(*db_, "late"),
                StatusIs(absl::StatusCode::kDeadlineExceeded));
  }
  end.Notify();
  slow.join();
  EXPECT_EQ(Count(), 1);
}

INSTANTIATE_TEST_SUITE_P(Engines, DeadlineContract,
                         ::testing::ValuesIn(testing::SqlEngines()),
                         [](const auto& info) { return info.param; });

TEST(ConnectString, WaitsForNoHostForEverUnlessTheOperatorSaysSo) {
  ASSERT_OK_AND_ASSIGN(const std::string plain,
                       sql::ConnectString("postgresql://u@a,b/x"));
  for (const char* part :
       {"host='a,b'", "connect_timeout='3'", "tcp_user_timeout='5000'",
        "keepalives_idle='5'", "target_session_attrs='read-write'"}) {
    EXPECT_THAT(plain, ::testing::HasSubstr(part));
  }
  ASSERT_OK_AND_ASSIGN(
      const std::string own,
      sql::ConnectString("postgresql://u@a/x?connect_timeout=9&"
                         "target_session_attrs=any"));
  EXPECT_THAT(own, ::testing::HasSubstr("connect_timeout='9'"));
  EXPECT_THAT(own, ::testing::HasSubstr("target_session_attrs='any'"));
}

}  // namespace
}  // namespace huifang

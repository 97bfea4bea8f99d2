// What stores rely on, on SQLite and on PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "huifang/common/v1/tokens.pb.h"
#include "services/common/deadline.h"
#include "services/common/event_log.h"
#include "services/common/request_log.h"
#include "services/common/schema.h"
#include "services/common/sql.h"
#include "services/common/status_macros.h"
#include "services/common/steady_time.h"
#include "services/common/wake_hub.h"
#include "tests/support/backends.h"
#include "tests/support/fake_clock.h"
#include "tests/support/matchers.h"

namespace huifang {
namespace {

using ::huifang::testing::HasReason;
using ::huifang::testing::StatusIs;
using ::testing::HasSubstr;

constexpr sql::Migration kNotes = {"001_notes.sql",
                                   "-- A comment; with a semicolon.\n"
                                   "CREATE TABLE notes (\n"
                                   "  court TEXT NOT NULL,\n"
                                   "  id TEXT NOT NULL,\n"
                                   "  score DOUBLE PRECISION,\n"
                                   "  body {{bytes}},\n"
                                   "  PRIMARY KEY (court, id)\n"
                                   ");\n"};

class SqlContract : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    url_ = testing::FreshDatabase(GetParam());
    ASSERT_OK_AND_ASSIGN(db_, sql::Database::Open({.url = url_}));
    log_ = std::make_unique<EventLog>(*db_, hub_);
    ASSERT_OK(db_->Migrate("common", {std::begin(kCommonMigrations),
                                      std::end(kCommonMigrations)}));
    ASSERT_OK(db_->Migrate("test", {kNotes}));
  }

  absl::Status Add(sql::Session& session, const std::string& id,
                   const std::string& body = "") {
    return session
        .Run("INSERT INTO notes (court, id, body) VALUES (:court, :id, :body)",
             {{"court", "110102"}, {"id", id}, {"body", sql::Bytes{body}}})
        .status();
  }
  std::int64_t Count(const std::string& table = "notes") {
    std::int64_t count = -1;
    EXPECT_OK(db_->Read([&](sql::Session& session) {
      return session
          .QueryOne("SELECT COUNT(*) FROM " + table, {},
                    [&](const sql::Row& row) { count = row.Int(0); })
          .status();
    }));
    return count;
  }
  void AddEvent(sql::Session& session, const std::string& court) {
    common::v1::PageToken event;
    event.set_version(1);
    EventLog::Append(session, court, absl::UnixEpoch(), event);
  }

  std::string url_;
  WakeHub hub_{absl::Milliseconds(5)};
  std::unique_ptr<sql::Database> db_;
  std::unique_ptr<EventLog> log_;
};

TEST_P(SqlContract, EveryByteOfABlobComesBack) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  ASSERT_OK(db_->Write(
      "", [&](sql::Session& session) { return Add(session, "a", bytes); }));
  std::string read;
  ASSERT_OK(db_->Read([&](sql::Session& session) {
    return session
        .QueryOne("SELECT body FROM notes WHERE id = :id", {{"id", "a"}},
                  [&](const sql::Row& row) { read = row.Blob(0); })
        .status();
  }));
  EXPECT_EQ(read, bytes);
}

TEST_P(SqlContract, NullAndNumbersAndChineseRead) {
  ASSERT_OK(db_->Write("", [&](sql::Session& session) {
    return session
        .Run(
            "INSERT INTO notes (court, id, score, body) "
            "VALUES (:court, :id, :score, :body)",
            {{"court", "西城"},
             {"id", "it's"},
             {"score", 0.125},
             {"body", sql::Value(nullptr)}})
        .status();
  }));
  ASSERT_OK(db_->Read([&](sql::Session& session) {
    return session
        .QueryOne(
            "SELECT court, id, score, body, SUM(score) FROM notes "
            "WHERE id = :id GROUP BY court, id, score, body",
            {{"id", "it's"}},
            [&](const sql::Row& row) {
              EXPECT_EQ(row.Text(0), "西城");
              EXPECT_EQ(row.Text(1), "it's");
              EXPECT_EQ(row.Real(2), 0.125);
              EXPECT_TRUE(row.IsNull(3));
              EXPECT_EQ(row.Real(4), 0.125);
            })
        .status();
  }));
}

TEST_P(SqlContract, FailedClosureLeavesNothingBehind) {
  EXPECT_THAT(db_->Write("",
                         [&](sql::Session& session) -> absl::Status {
                           RETURN_IF_ERROR(Add(session, "a"));
                           AddEvent(session, "110102");
                           return absl::NotFoundError("mine");
                         }),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(Count(), 0);
  EXPECT_EQ(Count("events"), 0);
}

TEST_P(SqlContract, FailureOfOneClosureDoesNotTouchItsNeighbours) {
  constexpr int kThreads = 16;
  constexpr int kEach = 25;
  std::atomic<int> succeeded{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const bool fails = i % 5 == 0;
        const absl::Status status = db_->Write(
            absl::StrCat(t), [&](sql::Session& session) -> absl::Status {
              RETURN_IF_ERROR(Add(session, absl::StrCat(t, "-", i)));
              AddEvent(session, absl::StrCat(t));
              return fails ? absl::OutOfRangeError("no") : absl::OkStatus();
            });
        EXPECT_EQ(status.ok(), !fails) << status;
        if (status.ok()) ++succeeded;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Count(), succeeded);
  EXPECT_EQ(Count("events"), succeeded);
}

TEST_P(SqlContract, DuplicateKeyIsAlreadyExistsAndSparesTheRest) {
  ASSERT_OK(db_->Write("", [&](sql::Session& s) { return Add(s, "a"); }));
  EXPECT_THAT(db_->Write("", [&](sql::Session& s) { return Add(s, "a"); }),
              HasReason("CONSTRAINT"));
  ASSERT_OK(db_->Write("", [&](sql::Session& s) { return Add(s, "b"); }));
  EXPECT_EQ(Count(), 2);
}

TEST_P(SqlContract, ErrorsNameNoValueOfTheRow) {
  ASSERT_OK(
      db_->Write("", [&](sql::Session& s) { return Add(s, "13812345"); }));
  const absl::Status twice =
      db_->Write("", [&](sql::Session& s) { return Add(s, "13812345"); });
  EXPECT_THAT(twice, HasReason("CONSTRAINT"));
  EXPECT_EQ(twice.message().find("13812345"), absl::string_view::npos) << twice;
}

TEST_P(SqlContract, MoreStatementsThanAreKeptAllRun) {
  for (int i = 0; i < 600; ++i) {
    int seen = 0;
    ASSERT_OK(db_->Read([&](sql::Session& session) {
      return session.Query(absl::StrCat("SELECT ", i), {},
                           [&](const sql::Row& row) {
                             seen = static_cast<int>(row.Int(0));
                             return absl::OkStatus();
                           });
    }));
    ASSERT_EQ(seen, i);
  }
}

// PostgreSQL would answer the commit with a rollback, and call that success.
TEST_P(SqlContract, ClosureThatIgnoresAFailureIsNotAcknowledgedWithoutItsRow) {
  ASSERT_OK(db_->Write("", [&](sql::Session& s) { return Add(s, "a"); }));
  const absl::Status status =
      db_->Write("", [&](sql::Session& session) -> absl::Status {
        RETURN_IF_ERROR(Add(session, "b"));
        Add(session, "a").IgnoreError();
        return absl::OkStatus();
      });
  EXPECT_EQ(Count(), status.ok() ? 2 : 1) << status;
}

TEST_P(SqlContract, BadStatementIsInternalAndTheSessionGoesOn) {
  EXPECT_THAT(db_->Read([](sql::Session& session) {
    return session.Query("SELECT nothing FROM nowhere", {},
                         [](const sql::Row&) { return absl::OkStatus(); });
  }),
              StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(Count(), 0);
}

// Of snapshots of several databases, the order in which they begin counts.
TEST_P(SqlContract, ASnapshotIsOfTheMomentItBegins) {
  ASSERT_OK(db_->ReadSnapshot([&](sql::Session& snapshot) -> absl::Status {
    RETURN_IF_ERROR(db_->Write(
        "", [&](sql::Session& session) { return Add(session, "a"); }));
    std::int64_t notes = -1;
    RETURN_IF_ERROR(
        snapshot
            .QueryOne("SELECT COUNT(*) FROM notes", {},
                      [&](const sql::Row& row) { notes = row.Int(0); })
            .status());
    EXPECT_EQ(notes, 0);
    return absl::OkStatus();
  }));
}

TEST_P(SqlContract, SequencesHaveNoGapsAcrossConcurrentWriters) {
  constexpr int kThreads = 8;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 30; ++i) {
        const std::string court = absl::StrCat(110100 + (t + i) % 5);
        EXPECT_OK(db_->Write(court, [&](sql::Session& session) {
          AddEvent(session, court);
          return absl::OkStatus();
        }));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::map<int, std::int64_t> after;
  for (int shard = 0; shard < sql::kShardCount; ++shard) after[shard] = 0;
  int read = 0;
  while (true) {
    ASSERT_OK_AND_ASSIGN(const EventBatch batch,
                         log_->ReadAfter(after, "", 17));
    if (batch.events.empty()) break;
    EXPECT_LE(batch.events.size(), 17U);
    for (const StoredEvent& event : batch.events) {
      EXPECT_EQ(event.sequence, after[event.shard] + 1);
      EXPECT_EQ(event.shard, sql::ShardOf(event.court));
      after[event.shard] = event.sequence;
      ++read;
    }
  }
  EXPECT_EQ(read, kThreads * 30);
}

TEST_P(SqlContract, TwoProcessesNumberOneShardWithoutGaps) {
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<sql::Database> other,
                       sql::Database::Open({.url = url_}));
  EventLog other_log(*other, hub_);
  std::vector<std::thread> threads;
  for (sql::Database* db : {db_.get(), other.get()}) {
    threads.emplace_back([this, db] {
      for (int i = 0; i < 40; ++i) {
        EXPECT_OK(db->Write("110102", [&](sql::Session& session) {
          AddEvent(session, "110102");
          return absl::OkStatus();
        }));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::int64_t last = 0;
  ASSERT_OK_AND_ASSIGN(
      const EventBatch batch,
      log_->ReadAfter({{sql::ShardOf("110102"), 0}}, "110102", 1000));
  for (const StoredEvent& event : batch.events) {
    EXPECT_EQ(event.sequence, ++last);
  }
  EXPECT_EQ(last, 80);
  EXPECT_FALSE(batch.more);
}

TEST_P(SqlContract, ReaderOfOneCourtComesPastTheOthersEvents) {
  const int shard = sql::ShardOf("110102");
  std::string other = "110103";
  while (sql::ShardOf(other) != shard) {
    other = absl::StrCat(std::stoi(other) + 1);
  }
  const auto add = [&](const std::string& court, int count) {
    for (int i = 0; i < count; ++i) {
      ASSERT_OK(db_->Write(court, [&](sql::Session& session) {
        AddEvent(session, court);
        return absl::OkStatus();
      }));
    }
  };
  add("110102", 2);
  add(other, 5);
  ASSERT_OK_AND_ASSIGN(const EventBatch all,
                       log_->ReadAfter({{shard, 0}}, "110102", 100));
  EXPECT_EQ(all.events.size(), 2U);
  EXPECT_EQ(all.reached.at(shard), 7);
  EXPECT_FALSE(all.more);
  // Where not all of its own fit, it comes as far as they did.
  ASSERT_OK_AND_ASSIGN(const EventBatch one,
                       log_->ReadAfter({{shard, 0}}, "110102", 1));
  EXPECT_EQ(one.reached.at(shard), 1);
  EXPECT_TRUE(one.more);
}

TEST_P(SqlContract, OneShardsManyEventsLeaveRoomForAnothers) {
  std::string other = "110103";
  while (sql::ShardOf(other) == sql::ShardOf("110102")) {
    other = absl::StrCat(std::stoi(other) + 1);
  }
  for (const std::string& court : {std::string("110102"), other}) {
    for (int i = 0; i < 20; ++i) {
      ASSERT_OK(db_->Write(court, [&](sql::Session& session) {
        AddEvent(session, court);
        return absl::OkStatus();
      }));
    }
  }
  ASSERT_OK_AND_ASSIGN(
      const EventBatch batch,
      log_->ReadAfter({{sql::ShardOf("110102"), 0}, {sql::ShardOf(other), 0}},
                      "", 10));
  EXPECT_EQ(batch.events.size(), 10U);
  EXPECT_EQ(batch.reached.at(sql::ShardOf("110102")), 5);
  EXPECT_EQ(batch.reached.at(sql::ShardOf(other)), 5);
  EXPECT_TRUE(batch.more);
}

// What a client receives is bounded.
TEST_P(SqlContract, LargeEventsComeInSmallerBatches) {
  const int shard = sql::ShardOf("110102");
  for (int i = 0; i < 5; ++i) {
    ASSERT_OK(db_->Write("110102", [&](sql::Session& session) {
      EventLog::Append(session, "110102", absl::UnixEpoch(),
                       std::string(900'000, 'x'));
      return absl::OkStatus();
    }));
  }
  std::map<int, std::int64_t> after = {{shard, 0}};
  std::vector<std::size_t> sizes;
  bool more = true;
  while (more) {
    ASSERT_OK_AND_ASSIGN(const EventBatch batch,
                         log_->ReadAfter(after, "", 256));
    sizes.push_back(batch.events.size());
    after = batch.reached;
    more = batch.more;
    ASSERT_LT(sizes.size(), 10U);
  }
  EXPECT_EQ(sizes, (std::vector<std::size_t>{2, 2, 1}));
  EXPECT_EQ(after.at(shard), 5);
}

TEST_P(SqlContract, AnEventThatNobodyCouldReceiveFailsItsWriteAlone) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this, i] {
      const absl::Status status =
          db_->Write("110102", [&](sql::Session& session) {
            EventLog::Append(session, "110102", absl::UnixEpoch(),
                             std::string(i == 3 ? 3'000'000 : 10, 'x'));
            return Add(session, absl::StrCat(i));
          });
      if (i == 3) {
        EXPECT_THAT(status, HasReason("TOO_LARGE"));
      } else {
        EXPECT_OK(status);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Count(), 7);
  EXPECT_EQ(Count("events"), 7);
}

TEST_P(SqlContract, AQueryEndsWhenThereAreEnoughRows) {
  ASSERT_OK(db_->Write("110102", [&](sql::Session& session) -> absl::Status {
    for (int i = 0; i < 10; ++i) RETURN_IF_ERROR(Add(session, absl::StrCat(i)));
    return absl::OkStatus();
  }));
  int seen = 0;
  for (int times = 0; times < 3; ++times) {
    EXPECT_OK(db_->Read([&](sql::Session& session) {
      return session.Query(
          "SELECT id FROM notes ORDER BY id", {}, [&](const sql::Row&) {
            return ++seen % 4 == 0 ? sql::EnoughRows() : absl::OkStatus();
          });
    }));
  }
  EXPECT_EQ(seen, 12);
  // Nothing is left open that would hold a writer or a checkpoint up.
  EXPECT_OK(db_->Write(
      "110102", [&](sql::Session& session) { return Add(session, "x"); }));
}

TEST_P(SqlContract, AReaderIsGivenBackWhateverIsThrown) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(db_->Read([](sql::Session&) -> absl::Status {
                   throw std::runtime_error("thrown");
                 })
                  .code(),
              absl::StatusCode::kInternal);
  }
  EXPECT_EQ(Count(), 0);
}

// A service whose readers are all at work is no service without a database.
TEST_P(SqlContract, BusyReadersAreNoOutage) {
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<sql::Database> one,
                       sql::Database::Open({.url = url_, .read_sessions = 1}));
  EXPECT_OK(one->Read([&](sql::Session&) {
    const ScopedDeadline soon(SteadyNow() + absl::Seconds(5));
    return one->Ping();
  }));
}

// Request ids.

class RequestLogContract : public SqlContract {
 protected:
  absl::Status Ask(const std::string& court, const std::string& id,
                   const std::string& what, common::v1::PageToken& answer) {
    common::v1::PageToken request;
    request.add_cursor(what);
    return db_->Write(court, [&](sql::Session& session) {
      return RunOnce(session, {court, "Ask", id}, clock_.Now(), request, answer,
                     [&]() -> absl::Status {
                       answer.set_version(++runs_);
                       return Add(session, absl::StrCat(runs_));
                     });
    });
  }
  testing::FakeClock clock_;
  int runs_ = 0;
};

constexpr char kId[] = "0197f9d8-1111-7000-8000-000000000001";

TEST_P(RequestLogContract, RepeatReturnsTheFirstAnswer) {
  common::v1::PageToken first;
  common::v1::PageToken second;
  ASSERT_OK(Ask("110102", kId, "x", first));
  ASSERT_OK(Ask("110102", kId, "x", second));
  EXPECT_EQ(second.version(), first.version());
  EXPECT_EQ(Count(), 1);
}

TEST_P(RequestLogContract, SameIdForSomethingElseIsRefused) {
  common::v1::PageToken answer;
  ASSERT_OK(Ask("110102", kId, "x", answer));
  EXPECT_THAT(Ask("110102", kId, "y", answer), HasReason("REQUEST_ID_REUSED"));
}

TEST_P(RequestLogContract, CourtsDoNotShareIds) {
  common::v1::PageToken answer;
  ASSERT_OK(Ask("110102", kId, "x", answer));
  ASSERT_OK(Ask("110105", kId, "y", answer));
  EXPECT_EQ(Count(), 2);
}

TEST_P(RequestLogContract, MalformedIdIsInvalid) {
  common::v1::PageToken answer;
  EXPECT_THAT(Ask("110102", "not-a-uuid", "x", answer),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_P(RequestLogContract, AnswersExpireAfterADay) {
  common::v1::PageToken answer;
  ASSERT_OK(Ask("110102", kId, "x", answer));
  clock_.Advance(absl::Hours(23));
  ASSERT_OK(ExpireRequests(*db_, clock_.Now(), 1000));
  EXPECT_EQ(Count("requests"), 1);
  clock_.Advance(absl::Hours(2));
  ASSERT_OK(ExpireRequests(*db_, clock_.Now(), 1000));
  EXPECT_EQ(Count("requests"), 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, SqlContract,
                         ::testing::ValuesIn(testing::SqlEngines()),
                         [](const auto& info) { return info.param; });
INSTANTIATE_TEST_SUITE_P(Engines, RequestLogContract,
                         ::testing::ValuesIn(testing::SqlEngines()),
                         [](const auto& info) { return info.param; });
TEST(DatabaseOpen, SaysWhatIsWrongWithoutThePassword) {
  const auto bad = sql::Database::Open({.url = "mysql://x"});
  EXPECT_THAT(bad, HasReason("BAD_DATABASE_URL"));
  const auto away = sql::Database::Open(
      {.url = "postgresql://u:secret@127.0.0.1:1/none?connect_timeout=1"});
  EXPECT_THAT(away, HasReason("DATABASE_UNREACHABLE"));
  EXPECT_THAT(std::string(away.status().message()),
              ::testing::Not(HasSubstr("secret")));
  EXPECT_THAT(sql::Database::Open({.url = "sqlite:/no/such/dir/x.db"}),
              HasReason("DATABASE_UNREACHABLE"));
}

}  // namespace
}  // namespace huifang

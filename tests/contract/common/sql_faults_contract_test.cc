// Conflicts, full disks, and a primary that dies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/mount.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "services/common/error.h"
#include "services/common/sql.h"
#include "services/common/status_macros.h"
#include "tests/support/backends.h"
#include "tests/support/matchers.h"
#include "tests/support/redis_server.h"
#include "tests/support/source_dir.h"

namespace huifang {
namespace {

using ::huifang::testing::Eventually;
using ::huifang::testing::HasReason;
using ::huifang::testing::StatusIs;

constexpr sql::Migration kCounters = {
    "001_counters.sql",
    "CREATE TABLE counters (id TEXT NOT NULL PRIMARY KEY, n BIGINT);\n"
    "INSERT INTO counters VALUES ('a', 0);\n"
    "INSERT INTO counters VALUES ('b', 0);\n"};
constexpr sql::Migration kNotes = {
    "001_notes.sql",
    "CREATE TABLE notes (court TEXT NOT NULL, id TEXT NOT NULL, body TEXT, "
    "PRIMARY KEY (court, id));\n"};

absl::Status Increment(sql::Session& session, const std::string& id) {
  return session
      .Run("UPDATE counters SET n = n + 1 WHERE id = :id", {{"id", id}})
      .status();
}

absl::Status AddNote(sql::Database& db, const std::string& court,
                     const std::string& id, const std::string& body = "") {
  return db.Write(court, [&](sql::Session& session) {
    return session
        .Run("INSERT INTO notes (court, id, body) VALUES (:court, :id, :body)",
             {{"court", court}, {"id", id}, {"body", body}})
        .status();
  });
}

std::int64_t Number(sql::Database& db, const std::string& query) {
  std::int64_t number = -1;
  EXPECT_OK(db.Read([&](sql::Session& session) {
    return session
        .QueryOne(query, {}, [&](const sql::Row& row) { number = row.Int(0); })
        .status();
  }));
  return number;
}

// Two courts whose writers do not wait for each other.
constexpr char kOne[] = "110101";
constexpr char kTwo[] = "110102";

class ConflictContract : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::optional<std::string> url = testing::TestPostgresUrl();
    if (!url.has_value()) GTEST_SKIP() << "no PostgreSQL";
    url_ = *url;
    ASSERT_NE(sql::ShardOf(kOne), sql::ShardOf(kTwo));
  }
  std::string url_;
};

TEST_F(ConflictContract, DeadlockIsResolvedAndBothWritesHappenOnce) {
  ASSERT_OK_AND_ASSIGN(const auto db, sql::Database::Open({.url = url_}));
  ASSERT_OK(db->Migrate("test", {kCounters}));
  absl::Notification has_a;
  absl::Notification has_b;
  std::atomic<int> runs{0};
  const auto cross = [&](const char* court, const char* first,
                         absl::Notification& mine, const char* second,
                         absl::Notification& other) {
    return db->Write(court, [&, first, second](sql::Session& session) {
      ++runs;
      RETURN_IF_ERROR(Increment(session, first));
      if (!mine.HasBeenNotified()) mine.Notify();
      other.WaitForNotification();
      return Increment(session, second);
    });
  };
  std::thread thread([&] { EXPECT_OK(cross(kTwo, "b", has_b, "a", has_a)); });
  EXPECT_OK(cross(kOne, "a", has_a, "b", has_b));
  thread.join();
  EXPECT_GT(runs, 2) << "nothing was retried";
  EXPECT_EQ(Number(*db, "SELECT MIN(n) FROM counters"), 2);
  EXPECT_EQ(Number(*db, "SELECT MAX(n) FROM counters"), 2);
}

TEST_F(ConflictContract, SerializationFailureIsRetriedAndLosesNoUpdate) {
  ASSERT_OK_AND_ASSIGN(
      const auto db,
      sql::Database::Open(
          {.url = absl::StrCat(
               url_,
               "?options=-cdefault_transaction_isolation%3Dserializable")}));
  ASSERT_OK(db->Migrate("test", {kCounters}));
  ASSERT_OK_AND_ASSIGN(const auto other, sql::Database::Open({.url = url_}));
  int runs = 0;
  EXPECT_OK(db->Write(kOne, [&](sql::Session& session) -> absl::Status {
    std::int64_t n = 0;
    RETURN_IF_ERROR(session
                        .QueryOne("SELECT n FROM counters WHERE id = 'a'", {},
                                  [&](const sql::Row& row) { n = row.Int(0); })
                        .status());
    // What was read is no longer so when it is written.
    if (++runs == 1) {
      RETURN_IF_ERROR(other->Write(
          kTwo, [](sql::Session& theirs) { return Increment(theirs, "a"); }));
    }
    return session
        .Run("UPDATE counters SET n = :n WHERE id = 'a'", {{"n", n + 1}})
        .status();
  }));
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(Number(*db, "SELECT n FROM counters WHERE id = 'a'"), 2);
}

// Fills the database until it says that it is full; what was acknowledged.
int FillUp(sql::Database& db) {
  const std::string body(8000, 'x');
  for (int i = 0; i < 100'000; ++i) {
    const absl::Status status = AddNote(db, kOne, absl::StrCat("n", i), body);
    if (status.ok()) continue;
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted));
    EXPECT_THAT(status, HasReason("DATABASE_FULL"));
    return i;
  }
  ADD_FAILURE() << "it never became full";
  return 0;
}

TEST(DiskFull, SqliteThatMayNotGrowRefusesAndGoesOnOnceItMay) {
  const std::string url = testing::TestSqliteUrl();
  ASSERT_OK_AND_ASSIGN(const auto db, sql::Database::Open({.url = url}));
  ASSERT_OK(db->Migrate("test", {kNotes}));
  const auto may_have = [&](int pages) {
    return db->Write("", [&](sql::Session& session) {
      return session.Query(absl::StrCat("PRAGMA max_page_count = ", pages), {},
                           [](const sql::Row&) { return absl::OkStatus(); });
    });
  };
  ASSERT_OK(may_have(200));
  const int added = FillUp(*db);
  EXPECT_GT(added, 10);
  EXPECT_EQ(Number(*db, "SELECT COUNT(*) FROM notes"), added);
  ASSERT_OK(may_have(10'000));
  EXPECT_OK(AddNote(*db, kOne, "after"));
  EXPECT_EQ(Number(*db, "SELECT COUNT(*) FROM notes"), added + 1);
}

// A small file system of its own, as root; gone with the object. Its owner is
// the user that PostgreSQL runs as.
class SmallDisk {
 public:
  SmallDisk() {
    const passwd* owner = getpwnam("postgres");
    if (geteuid() != 0 || mkdtemp(path_) == nullptr) return;
    mounted_ = mount("tmpfs", path_, "tmpfs", 0, "size=3m") == 0;
    usable_ = mounted_ && owner != nullptr &&
              chown(path_, owner->pw_uid, owner->pw_gid) == 0;
  }
  ~SmallDisk() {
    if (mounted_) umount2(path_, MNT_DETACH);
    rmdir(path_);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool usable() const { return usable_; }
  const char* path() const { return path_; }
  bool Grow() {
    return mount("tmpfs", path_, "tmpfs", MS_REMOUNT, "size=32m") == 0;
  }

 private:
  // Not below the tests' own directory, which only its owner may enter.
  char path_[32] = "/tmp/huifang-disk-XXXXXX";
  bool mounted_ = false;
  bool usable_ = false;
};

TEST(DiskFull, SqliteOnAFullDiskRefusesAndGoesOnOnceThereIsRoom) {
  SmallDisk disk;
  if (!disk.usable()) GTEST_SKIP() << "may not mount a tmpfs";
  ASSERT_OK_AND_ASSIGN(
      const auto db,
      sql::Database::Open({.url = absl::StrCat("sqlite:", disk.path(), "/x")}));
  ASSERT_OK(db->Migrate("test", {kNotes}));
  const int added = FillUp(*db);
  EXPECT_GT(added, 10);
  EXPECT_EQ(Number(*db, "SELECT COUNT(*) FROM notes"), added);
  ASSERT_TRUE(disk.Grow());
  EXPECT_OK(AddNote(*db, kOne, "after"));
  EXPECT_EQ(Number(*db, "SELECT COUNT(*) FROM notes"), added + 1);
}

// Runs psql on a database.
bool Psql(const std::string& url, const std::string& statement) {
  return std::system(absl::StrCat("psql -Xq -v ON_ERROR_STOP=1 -c \"",
                                  statement, "\" '", url, "'")
                         .c_str()) == 0;
}

TEST(DiskFull, PostgresOnAFullDiskRefusesAndGoesOnOnceThereIsRoom) {
  const std::optional<std::string> url = testing::TestPostgresUrl();
  if (!url.has_value()) GTEST_SKIP() << "no PostgreSQL";
  SmallDisk disk;
  if (!disk.usable()) GTEST_SKIP() << "may not mount a tmpfs";
  const std::string space = absl::StrCat("space_", getpid());
  ASSERT_TRUE(Psql(*url, absl::StrCat("CREATE TABLESPACE ", space,
                                      " LOCATION '", disk.path(), "'")));
  ASSERT_OK_AND_ASSIGN(auto db, sql::Database::Open({.url = *url}));
  ASSERT_OK(db->Migrate("test", {kNotes}));
  ASSERT_TRUE(
      Psql(*url, absl::StrCat("ALTER TABLE notes SET TABLESPACE ", space)));
  const int added = FillUp(*db);
  EXPECT_GT(added, 10);
  EXPECT_EQ(Number(*db, "SELECT COUNT(*) FROM notes"), added);
  EXPECT_TRUE(disk.Grow());
  EXPECT_OK(AddNote(*db, kOne, "after"));
  EXPECT_EQ(Number(*db, "SELECT COUNT(*) FROM notes"), added + 1);
  db.reset();
  EXPECT_TRUE(Psql(*url, "DROP TABLE notes"));
  EXPECT_TRUE(Psql(*url, absl::StrCat("DROP TABLESPACE ", space)));
}

// A primary with a synchronous standby.
class PostgresPair : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("HUIFANG_TEST_POSTGRES_URL") == nullptr) {
      GTEST_SKIP() << "no PostgreSQL";
    }
    char pattern[] = "/tmp/huifang-pair-XXXXXX";
    ASSERT_NE(mkdtemp(pattern), nullptr);
    directory_ = pattern;
    ASSERT_TRUE(Do("start"));
    std::string url;
    std::ifstream(absl::StrCat(directory_, "/url")) >> url;
    ASSERT_OK_AND_ASSIGN(db_, sql::Database::Open({.url = url}));
    ASSERT_OK(db_->Migrate("test", {kNotes}));
  }
  void TearDown() override {
    StopLoad();
    EXPECT_TRUE(directory_.empty() || Do("stop"));
  }

  bool Do(const std::string& what) {
    const std::string command =
        absl::StrCat(HUIFANG_SOURCE_DIR, "/tests/support/postgres_pair.sh ",
                     what, " ", directory_);
    return std::system(command.c_str()) == 0;
  }

  // Writers and readers of several courts that go on whatever happens.
  void StartLoad() {
    for (int t = 0; t < 4; ++t) {
      threads_.emplace_back([this, t] {
        for (int i = 0; !stop_; ++i) {
          const std::string id = absl::StrCat(t, "-", i);
          const absl::Status status =
              AddNote(*db_, absl::StrCat(110101 + t), id);
          if (status.ok()) {
            absl::MutexLock lock(&mutex_);
            acknowledged_.insert(id);
          } else {
            EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
          }
        }
      });
    }
    threads_.emplace_back([this] {
      while (!stop_) reads_ += ReadOne().ok() ? 1 : 0;
    });
  }
  absl::Status ReadOne() {
    return db_->Read([](sql::Session& session) {
      return session.Query("SELECT 1", {},
                           [](const sql::Row&) { return absl::OkStatus(); });
    });
  }
  void StopLoad() {
    stop_ = true;
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }
  std::size_t Acknowledged() {
    absl::MutexLock lock(&mutex_);
    return acknowledged_.size();
  }
  // Writes and reads are done that begin after this.
  bool GoesOn() {
    const std::size_t writes = Acknowledged() + 50;
    const int reads = reads_ + 50;
    return Eventually([&] { return Acknowledged() > writes && reads_ > reads; },
                      absl::Minutes(2));
  }
  void ExpectAllAcknowledgedAreThere() {
    std::set<std::string> there;
    EXPECT_OK(db_->Read([&](sql::Session& session) {
      return session.Query("SELECT id FROM notes", {}, [&](const auto& row) {
        there.insert(row.Text(0));
        return absl::OkStatus();
      });
    }));
    std::size_t lost = 0;
    for (const std::string& id : acknowledged_) lost += 1 - there.count(id);
    EXPECT_EQ(lost, 0U) << "of " << acknowledged_.size();
  }

  std::string directory_;
  std::unique_ptr<sql::Database> db_;
  std::vector<std::thread> threads_;
  std::atomic<bool> stop_{false};
  std::atomic<int> reads_{0};
  absl::Mutex mutex_;
  std::set<std::string> acknowledged_;
};

TEST_F(PostgresPair, KilledPrimaryIsFollowedToItsStandbyAndNothingIsLost) {
  StartLoad();
  ASSERT_TRUE(GoesOn());
  ASSERT_TRUE(Do("kill"));
  ASSERT_TRUE(Do("promote"));
  EXPECT_TRUE(GoesOn());
  StopLoad();
  ExpectAllAcknowledgedAreThere();
}

TEST_F(PostgresPair, RestartUnderLoadLosesNothing) {
  StartLoad();
  ASSERT_TRUE(GoesOn());
  ASSERT_TRUE(Do("restart"));
  EXPECT_TRUE(GoesOn());
  StopLoad();
  ExpectAllAcknowledgedAreThere();
}

// As after a demotion that left the connections open.
TEST_F(PostgresPair, ConnectionThatMayNotWriteIsLeft) {
  ASSERT_OK(AddNote(*db_, kOne, "before"));
  int runs = 0;
  EXPECT_OK(db_->Write(kOne, [&](sql::Session& session) -> absl::Status {
    if (++runs == 1) {
      RETURN_IF_ERROR(session.Run("SET transaction_read_only TO on").status());
    }
    return session
        .Run("INSERT INTO notes (court, id, body) VALUES ('1', 'after', '')")
        .status();
  }));
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(Number(*db_, "SELECT COUNT(*) FROM notes"), 2);
}

}  // namespace
}  // namespace huifang

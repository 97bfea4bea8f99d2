// Writes that nobody waits for on a thread, on SQLite and on PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "services/common/deadline.h"
#include "services/common/executor.h"
#include "services/common/sql.h"
#include "services/common/steady_time.h"
#include "tests/support/backends.h"
#include "tests/support/matchers.h"

namespace huifang {
namespace {

using ::huifang::testing::StatusIs;

constexpr char kCourt[] = "110102";
constexpr sql::Migration kNotes = {
    "001_notes.sql", "CREATE TABLE notes (id TEXT NOT NULL PRIMARY KEY);\n"};

class SubmitContract : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(
        db_, sql::Database::Open({.url = testing::FreshDatabase(GetParam()),
                                  .max_submitted = 2}));
    ASSERT_OK(db_->Migrate("test", {kNotes}));
    db_->SetExecutor(&executor_);
  }

  static sql::WriteFn Adding(const std::string& id) {
    return [id](sql::Session& session) {
      return session.Run("INSERT INTO notes (id) VALUES (:id)", {{"id", id}})
          .status();
    };
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
  // How a submitted write went.
  absl::Status Submit(sql::WriteFn fn) {
    absl::Notification told;
    absl::Status how;
    db_->Submit(kCourt, std::move(fn), [&](absl::Status status) {
      how = std::move(status);
      told.Notify();
    });
    told.WaitForNotification();
    return how;
  }
  // Returns when the one writer of the court waits for `end`.
  void HoldWriter(absl::Notification& end,
                  const std::function<void(absl::Status)>& then) {
    absl::Notification begun;
    db_->Submit(
        kCourt,
        [&begun, &end](sql::Session&) {
          if (!end.HasBeenNotified()) begun.Notify();
          end.WaitForNotification();
          return absl::OkStatus();
        },
        then);
    begun.WaitForNotification();
  }

  ThreadPool executor_{2, 1000};
  std::unique_ptr<sql::Database> db_;
};

TEST_P(SubmitContract, ThenIsToldOnceWhatIsWritten) {
  constexpr int kWrites = 200;
  absl::BlockingCounter told(kWrites);
  std::atomic<int> wrong{0};
  for (int i = 0; i < kWrites; ++i) {
    const std::string id = absl::StrCat(i);
    db_->Submit(kCourt, Adding(id), [&, id](absl::Status status) {
      bool there = false;
      EXPECT_OK(db_->Read([&](sql::Session& session) -> absl::Status {
        const auto found =
            session.QueryOne("SELECT id FROM notes WHERE id = :id",
                             {{"id", id}}, [](const sql::Row&) {});
        there = found.ok() && *found;
        return found.status();
      }));
      if (!status.ok() || !there) ++wrong;
      told.DecrementCount();
    });
  }
  told.Wait();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(Count(), kWrites);
}

TEST_P(SubmitContract, FailureIsToldAndSparesTheOthers) {
  EXPECT_OK(Submit(Adding("a")));
  EXPECT_THAT(Submit(Adding("a")), StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_OK(Submit(Adding("b")));
  EXPECT_EQ(Count(), 2);
}

TEST_P(SubmitContract, FullExecutorLosesNoAnswer) {
  ThreadPool full(1, 0);
  db_->SetExecutor(&full);
  EXPECT_OK(Submit(Adding("a")));
}

TEST_P(SubmitContract, WithoutRoomItWaitsNoLongerThanTheCall) {
  absl::Notification end;
  absl::BlockingCounter told(2);
  const auto then = [&](absl::Status status) {
    EXPECT_OK(status);
    told.DecrementCount();
  };
  HoldWriter(end, then);
  db_->Submit(kCourt, Adding("second"), then);
  {
    const ScopedDeadline deadline(SteadyNow() + absl::Milliseconds(20));
    EXPECT_THAT(Submit(Adding("third")),
                StatusIs(absl::StatusCode::kDeadlineExceeded));
  }
  end.Notify();
  told.Wait();
  EXPECT_EQ(Count(), 1);
  EXPECT_OK(Submit(Adding("fourth")));
}

TEST_P(SubmitContract, WhoWaitsForRoomKeepsTheirPlace) {
  constexpr int kWaiting = 8;
  absl::Notification end;
  absl::BlockingCounter told(kWaiting + 1);
  std::vector<int> order;  // by the one writer of this court
  const auto then = [&](absl::Status status) {
    EXPECT_OK(status);
    told.DecrementCount();
  };
  HoldWriter(end, then);
  std::vector<std::thread> callers;
  for (int i = 0; i < kWaiting; ++i) {
    callers.emplace_back([&, i] {
      db_->Submit(
          kCourt,
          [&, i](sql::Session&) {
            order.push_back(i);
            return absl::OkStatus();
          },
          then);
    });
    while (db_->submitted() < i + 2) std::this_thread::yield();
  }
  end.Notify();
  told.Wait();
  for (std::thread& caller : callers) caller.join();
  EXPECT_THAT(order, ::testing::ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
}

TEST_P(SubmitContract, CallThatIsOverWritesNothing) {
  const ScopedDeadline deadline(SteadyNow() - absl::Seconds(1));
  EXPECT_THAT(Submit(Adding("a")),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST_P(SubmitContract, ClosingFinishesWhatWasTaken) {
  std::atomic<int> told{0};
  for (int i = 0; i < 20; ++i) {
    db_->Submit(kCourt, Adding(absl::StrCat(i)), [&](absl::Status status) {
      EXPECT_OK(status);
      ++told;
    });
  }
  db_.reset();
  // What the executor was given before runs beside this.
  while (told < 20) std::this_thread::yield();
}

INSTANTIATE_TEST_SUITE_P(Engines, SubmitContract,
                         ::testing::ValuesIn(testing::SqlEngines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang

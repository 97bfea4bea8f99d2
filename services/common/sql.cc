// Connections, the reader pool and group commit.
#include "services/common/sql.h"

#include <pthread.h>
#include <soci.h>

#include <algorithm>
#include <deque>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "services/common/crash_point.h"
#include "services/common/deadline.h"
#include "services/common/error.h"
#include "services/common/log.h"
#include "services/common/sql_checkpointer.h"
#include "services/common/sql_internal.h"
#include "services/common/status_macros.h"

namespace huifang::sql {
namespace {

constexpr int kMaxTries = 8;  // of a group; while the server is away 6 s
constexpr int kReadTries = 3;
constexpr absl::Duration kReaderWait = absl::Seconds(5);
// First key of the advisory locks, one for each shard; a name, not a number.
constexpr int kShardLock = 7203712;

bool IsLost(const absl::Status& status) {
  return ErrorReason(status) == kConnectionReason;
}

// Between tries: 5, 10, 20 … ms for conflicts, more while the server is away.
void PauseBeforeRetry(int tried, bool lost) {
  const absl::Duration unit =
      lost ? absl::Milliseconds(100) : absl::Milliseconds(5);
  absl::SleepFor(std::min(unit * (1 << tried), absl::Seconds(1)));
}

}  // namespace

struct Database::Pending {
  Pending(WriteFn f, std::size_t l, absl::Time d)
      : fn(std::move(f)), lane(l), deadline(d) {}
  // Whether it may not start any more; then its status says so.
  bool Expired() {
    if (absl::Now() < deadline) return false;
    status = DeadlineError("nothing was written: the database is busy or away");
    return true;
  }

  WriteFn fn;
  const std::size_t lane;
  const absl::Time deadline;
  absl::Status status = absl::InternalError("the closure was not run");
  absl::Notification done;
};

struct Database::Impl {
  Options options;
  Engine engine = Engine::kSqlite;
  std::function<absl::Status(Session&, const std::vector<OutboxRecord>&)> flush;
  std::function<void()> committed;

  absl::Mutex read_mutex;
  std::vector<std::unique_ptr<Session>> readers ABSL_GUARDED_BY(read_mutex);
  int reader_count ABSL_GUARDED_BY(read_mutex) = 0;

  // SQLite has one lane. PostgreSQL has one a shard, worked on by one writer
  // at a time: two groups never wait for each other's event head.
  struct Lane {
    std::deque<Pending*> waiting;
    bool busy = false;
  };
  absl::Mutex write_mutex;
  std::vector<Lane> lanes ABSL_GUARDED_BY(write_mutex);
  std::size_t next_lane ABSL_GUARDED_BY(write_mutex) = 0;
  bool stopping ABSL_GUARDED_BY(write_mutex) = false;
  std::vector<std::thread> writers;
  std::unique_ptr<WalCheckpointer> checkpointer;  // SQLite only

  bool HasWork() ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex) {
    return std::any_of(lanes.begin(), lanes.end(), [](const Lane& lane) {
      return !lane.busy && !lane.waiting.empty();
    });
  }
  bool HasWorkOrStops() ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex) {
    return stopping || HasWork();
  }
};

int ShardOf(absl::string_view court) {
  std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a, 64 bits
  for (const char c : court) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  return static_cast<int>(hash % kShardCount);
}

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Database::~Database() {
  {
    absl::MutexLock lock(&impl_->write_mutex);
    impl_->stopping = true;
  }
  for (std::thread& writer : impl_->writers) writer.join();
}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(
    const Options& options) {
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  if (absl::StartsWith(options.url, "sqlite:")) {
    impl->engine = Engine::kSqlite;
    impl->options.write_sessions = 1;
  } else if (absl::StartsWith(options.url, "postgresql://") ||
             absl::StartsWith(options.url, "postgres://")) {
    impl->engine = Engine::kPostgres;
  } else {
    return MakeError(absl::StatusCode::kInvalidArgument, "BAD_DATABASE_URL",
                     "the database must be sqlite:PATH or postgresql://…");
  }
  ASSIGN_OR_RETURN(std::unique_ptr<Session> first, Connect(impl->options));
  if (options.read_only) {
    impl->options.write_sessions = 0;
  } else if (impl->engine == Engine::kSqlite) {
    ASSIGN_OR_RETURN(std::unique_ptr<Session> own, Connect(impl->options));
    impl->checkpointer =
        std::make_unique<WalCheckpointer>(std::move(own->soci_));
  }
  impl->lanes.resize(impl->engine == Engine::kSqlite ? 1 : kShardCount);
  {
    absl::MutexLock lock(&impl->read_mutex);
    impl->readers.push_back(std::move(first));
    impl->reader_count = 1;
  }
  std::unique_ptr<Database> db(new Database(std::move(impl)));
  for (int i = 0; i < db->impl_->options.write_sessions; ++i) {
    db->impl_->writers.emplace_back([raw = db.get()] { raw->WriterLoop(); });
  }
  return db;
}

Engine Database::engine() const { return impl_->engine; }

void Database::SetOutbox(
    std::function<absl::Status(Session&, const std::vector<OutboxRecord>&)>
        flush,
    std::function<void()> committed) {
  impl_->flush = std::move(flush);
  impl_->committed = std::move(committed);
}

// A session that is in no pool.
absl::StatusOr<std::unique_ptr<Session>> Database::ConnectApart() {
  return Connect(impl_->options);
}

absl::StatusOr<std::unique_ptr<Session>> Database::AcquireReader() {
  const absl::Time deadline = CurrentDeadline();
  {
    absl::MutexLock lock(&impl_->read_mutex);
    const auto available =
        [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(impl_->read_mutex) {
          return !impl_->readers.empty() ||
                 impl_->reader_count < impl_->options.read_sessions;
        };
    const absl::Time patience = absl::Now() + kReaderWait;
    if (!impl_->read_mutex.AwaitWithDeadline(absl::Condition(&available),
                                             std::min(deadline, patience))) {
      if (deadline < patience) return DeadlineError("the database is busy");
      return BusyError("NO_READER", "the database is busy; try again soon",
                       absl::Seconds(1));
    }
    if (!impl_->readers.empty()) {
      std::unique_ptr<Session> session = std::move(impl_->readers.back());
      impl_->readers.pop_back();
      return session;
    }
    ++impl_->reader_count;
  }
  absl::StatusOr<std::unique_ptr<Session>> made = Connect(impl_->options);
  if (!made.ok()) ReleaseReader(nullptr);
  return made;
}

void Database::ReleaseReader(std::unique_ptr<Session> session) {
  absl::MutexLock lock(&impl_->read_mutex);
  if (session == nullptr) {
    --impl_->reader_count;
  } else {
    impl_->readers.push_back(std::move(session));
  }
}

// One lost connection tells of the others: the server has gone, or is no longer
// the one that writes.
void Database::ForgetIdleReaders() {
  std::vector<std::unique_ptr<Session>> idle;  // closed without the lock
  absl::MutexLock lock(&impl_->read_mutex);
  idle.swap(impl_->readers);
  impl_->reader_count -= static_cast<int>(idle.size());
}

absl::Status Database::Read(absl::FunctionRef<absl::Status(Session&)> fn) {
  absl::Status status;
  for (int tried = 0; tried < kReadTries; ++tried) {
    if (tried > 1) PauseBeforeRetry(tried, /*lost=*/true);
    if (absl::Now() >= CurrentDeadline()) {
      return DeadlineError("the database is busy or away");
    }
    absl::StatusOr<std::unique_ptr<Session>> session = AcquireReader();
    status = session.ok() ? fn(**session) : session.status();
    if (!IsLost(status)) {
      if (session.ok()) ReleaseReader(*std::move(session));
      return status;
    }
    if (session.ok()) ReleaseReader(nullptr);
    ForgetIdleReaders();
  }
  return status;
}

absl::Status Database::Ping() {
  return Read([](Session& session) {
    return session.Query("SELECT 1", {},
                         [](const Row&) { return absl::OkStatus(); });
  });
}

absl::Status Database::ReadSnapshot(
    absl::FunctionRef<absl::Status(Session&)> fn) {
  ASSIGN_OR_RETURN(std::unique_ptr<Session> session, AcquireReader());
  absl::Status status = session->BeginSnapshot();
  if (status.ok()) status = fn(*session);
  // What a half-read statement holds ends with the connection.
  session = nullptr;
  ReleaseReader(nullptr);
  return status;
}

absl::Status Database::Write(absl::string_view court, WriteFn fn) {
  if (impl_->options.read_only) {
    return absl::FailedPreconditionError("the database was opened to read");
  }
  const int lane = impl_->engine == Engine::kSqlite ? 0 : ShardOf(court);
  Pending pending(std::move(fn), static_cast<std::size_t>(lane),
                  CurrentDeadline());
  {
    absl::MutexLock lock(&impl_->write_mutex);
    if (impl_->stopping) return absl::UnavailableError("shutting down");
    impl_->lanes[pending.lane].waiting.push_back(&pending);
  }
  if (!pending.done.WaitForNotificationWithDeadline(pending.deadline)) {
    absl::MutexLock lock(&impl_->write_mutex);
    std::deque<Pending*>& waiting = impl_->lanes[pending.lane].waiting;
    const auto mine = std::find(waiting.begin(), waiting.end(), &pending);
    // A wait may end before its time when a clock is set: what has not expired
    // is still to be done.
    if (mine != waiting.end() && pending.Expired()) {
      waiting.erase(mine);
      return pending.status;
    }
  }
  // A writer has it, or will, and with it what the closure refers to.
  pending.done.WaitForNotification();
  return pending.status;
}

void Database::WriterLoop() {
  pthread_setname_np(pthread_self(), "sql-writer");
  std::unique_ptr<Session> session;
  while (true) {
    std::vector<Pending*> group;
    std::size_t lane = 0;
    {
      absl::MutexLock lock(&impl_->write_mutex);
      impl_->write_mutex.Await(
          absl::Condition(impl_.get(), &Impl::HasWorkOrStops));
      if (!impl_->HasWork()) return;  // stopping, and nothing is left
      do {
        lane = impl_->next_lane++ % impl_->lanes.size();
      } while (impl_->lanes[lane].busy || impl_->lanes[lane].waiting.empty());
      Impl::Lane& chosen = impl_->lanes[lane];
      chosen.busy = true;
      while (!chosen.waiting.empty() &&
             group.size() <
                 static_cast<std::size_t>(impl_->options.max_group)) {
        group.push_back(chosen.waiting.front());
        chosen.waiting.pop_front();
      }
    }
    RunGroup(session, group);
    {
      absl::MutexLock lock(&impl_->write_mutex);
      impl_->lanes[lane].busy = false;
    }
    // Before anybody goes on: once Write has returned, nothing of it runs.
    if (impl_->committed) impl_->committed();
    for (Pending* pending : group) pending->done.Notify();
  }
}

// Runs the group until it is committed or known to have failed. Those whose
// time was over before they began are told so at once and leave the group.
void Database::RunGroup(std::unique_ptr<Session>& session,
                        std::vector<Pending*>& group) {
  absl::Status status;
  for (int tried = 0; tried < kMaxTries; ++tried) {
    if (tried > 0) PauseBeforeRetry(tried, IsLost(status));
    // They need not wait for what the others wait for.
    std::erase_if(group, [](Pending* pending) {
      if (!pending->Expired()) return false;
      pending->done.Notify();
      return true;
    });
    if (group.empty()) return;
    if (session == nullptr) {
      absl::StatusOr<std::unique_ptr<Session>> made = Connect(impl_->options);
      status = made.status();
      if (!made.ok()) continue;
      session = *std::move(made);
      if (impl_->checkpointer) impl_->checkpointer->Watch(*session->soci_);
    }
    bool alone = false;
    status = TryGroup(*session, group, alone);
    if (alone) {
      std::vector<Pending*> ran;
      for (Pending* pending : group) {
        std::vector<Pending*> alone_now = {pending};
        RunGroup(session, alone_now);
        ran.insert(ran.end(), alone_now.begin(), alone_now.end());
      }
      group = std::move(ran);
      return;
    }
    if (status.ok()) return;
    if (IsLost(status)) {
      session = nullptr;
      ForgetIdleReaders();
    } else if (ErrorReason(status) != kRetryReason) {
      break;
    }
  }
  for (Pending* pending : group) pending->status = status;
}

// One attempt. OK: committed, each member has its own status. `alone`: a
// member failed after it touched the database; nothing is committed and each
// must run by itself. Another error: nothing is committed.
absl::Status Database::TryGroup(Session& session,
                                const std::vector<Pending*>& group,
                                bool& alone) {
  session.outbox_.clear();
  // A closure reads and then writes. Under READ COMMITTED two replicas would
  // each do so without what the other did, so on PostgreSQL, too, the writers
  // of a shard come one after the other; the event head would make them wait
  // for each other anyway, only later.
  const absl::Status begun = session.Script(
      impl_->engine == Engine::kSqlite
          ? "BEGIN IMMEDIATE"
          : absl::StrCat("BEGIN; SELECT pg_advisory_xact_lock(", kShardLock,
                         ", ", group.front()->lane, ")"));
  if (!begun.ok()) {
    session.Script("ROLLBACK").IgnoreError();
    return begun;
  }
  absl::Status failed;
  for (Pending* pending : group) {
    // The wait for the shard's lock may have been long.
    if (pending->Expired()) continue;
    const std::size_t mark = session.outbox_.size();
    session.touched_ = false;
    pending->status = CatchSql([&] { return pending->fn(session); });
    if (pending->status.ok() && session.IsBroken()) {
      pending->status =
          absl::InternalError("a closure went on after a failed statement");
    }
    if (pending->status.ok()) continue;
    session.outbox_.resize(mark, OutboxRecord{});
    if (session.touched_) {
      failed = pending->status;
      break;
    }
  }
  if (failed.ok() && !session.outbox_.empty()) {
    failed = impl_->flush ? impl_->flush(session, session.outbox_)
                          : absl::InternalError("no event log");
    if (!failed.ok() && group.size() > 1) {
      session.Script("ROLLBACK").IgnoreError();
      return failed;
    }
  } else if (!failed.ok() && group.size() > 1) {
    session.Script("ROLLBACK").IgnoreError();
    alone = !IsLost(failed) && ErrorReason(failed) != kRetryReason;
    return failed;
  }
  if (!failed.ok()) {
    session.Script("ROLLBACK").IgnoreError();
    return failed;
  }
  MaybeCrash(CrashPoint::kBeforeCommit);
  const absl::Status committed = session.Script("COMMIT");
  if (committed.ok()) {
    MaybeCrash(CrashPoint::kAfterCommit);
    return committed;
  }
  session.Script("ROLLBACK").IgnoreError();
  if (IsLost(committed)) {
    // Whether it was committed is unknown: running the closures again could
    // do them twice. The caller repeats with its request id.
    return MakeError(absl::StatusCode::kUnavailable, "COMMIT_UNKNOWN",
                     "the connection was lost at commit; repeat the call with "
                     "the same request id");
  }
  return committed;
}

}  // namespace huifang::sql

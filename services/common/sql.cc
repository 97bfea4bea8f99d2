// Connections and the reader pool.
#include "services/common/sql.h"

#include <soci.h>

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "services/common/sql_database.h"
#include "services/common/status_macros.h"
#include "services/common/steady_time.h"

namespace huifang::sql {
namespace {

constexpr int kReadTries = 3;
constexpr absl::Duration kReaderWait = absl::Seconds(5);

}  // namespace

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

void Database::SetExecutor(Executor* executor) { impl_->executor = executor; }

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
    const absl::Time patience = SteadyNow() + kReaderWait;
    if (!impl_->read_mutex.AwaitWithTimeout(
            absl::Condition(&available),
            std::min(deadline, patience) - SteadyNow())) {
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
    if (SteadyNow() >= CurrentDeadline()) {
      return DeadlineError("the database is busy or away");
    }
    absl::StatusOr<std::unique_ptr<Session>> session = AcquireReader();
    status = session.ok() ? CatchSql([&] { return fn(**session); })
                          : session.status();
    if (!IsLost(status)) {
      if (session.ok()) ReleaseReader(*std::move(session));
      return status;
    }
    if (session.ok()) ReleaseReader(nullptr);
    ForgetIdleReaders();
  }
  return status;
}

// Over a session of its own: that all readers are busy is no outage.
absl::Status Database::Ping() {
  absl::MutexLock lock(&impl_->ping_mutex);
  absl::Status status;
  for (const bool again : {true, false}) {
    if (impl_->pinger == nullptr) {
      ASSIGN_OR_RETURN(impl_->pinger, Connect(impl_->options));
    }
    status = impl_->pinger->Query("SELECT 1", {},
                                  [](const Row&) { return absl::OkStatus(); });
    if (status.ok()) return status;
    impl_->pinger = nullptr;
    // The server may have been restarted since.
    if (!again || !IsLost(status)) break;
  }
  return status;
}

absl::Status Database::ReadSnapshot(
    absl::FunctionRef<absl::Status(Session&)> fn) {
  ASSIGN_OR_RETURN(std::unique_ptr<Session> session, AcquireReader());
  absl::Status status = session->BeginSnapshot();
  if (status.ok()) status = CatchSql([&] { return fn(*session); });
  // What a half-read statement holds ends with the connection.
  session = nullptr;
  ReleaseReader(nullptr);
  return status;
}

}  // namespace huifang::sql

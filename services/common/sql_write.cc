// Group commit.
#include <pthread.h>
#include <soci.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/common/crash_point.h"
#include "services/common/sql_database.h"
#include "services/common/status_macros.h"
#include "services/common/steady_time.h"

namespace huifang::sql {
namespace {

constexpr int kMaxTries = 8;  // of a group; while the server is away 6 s
constexpr std::size_t kThenBatch = 4;
// First key of the advisory locks, one for each shard; a name, not a number.
constexpr int kShardLock = 7203712;

// Whether the records from `begin` on are small enough.
absl::Status CheckRecords(const std::vector<OutboxRecord>& records,
                          std::size_t begin) {
  for (std::size_t i = begin; i < records.size(); ++i) {
    const std::size_t size = records[i].payload.size();
    if (size <= kRecordBytesMax) continue;
    return MakeError(
        absl::StatusCode::kFailedPrecondition, "TOO_LARGE",
        absl::StrCat("the record would have ", size, " bytes and may have ",
                     kRecordBytesMax, "; shorten it or divide it"));
  }
  return absl::OkStatus();
}

}  // namespace

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
  if (!pending.done.WaitForNotificationWithTimeout(pending.deadline -
                                                   SteadyNow())) {
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

void Database::Submit(absl::string_view court, WriteFn fn,
                      absl::AnyInvocable<void(absl::Status)> then) {
  if (impl_->options.read_only) {
    return then(
        absl::FailedPreconditionError("the database was opened to read"));
  }
  const int lane = impl_->engine == Engine::kSqlite ? 0 : ShardOf(court);
  auto pending = std::make_unique<Pending>(
      std::move(fn), static_cast<std::size_t>(lane), CurrentDeadline());
  pending->then = std::move(then);
  {
    absl::MutexLock lock(&impl_->write_mutex);
    if (impl_->stopping) {
      pending->status = absl::UnavailableError("shutting down");
    } else {
      const absl::Time deadline = pending->deadline;
      const std::int64_t number = pending->number = ++impl_->last_number;
      std::deque<Pending*>& waiting = impl_->lanes[pending->lane].waiting;
      ++impl_->submitted;
      waiting.push_back(pending.release());
      // It is in the line, whoever wakes first here: this only holds up those
      // who submit.
      if (impl_->write_mutex.AwaitWithTimeout(
              absl::Condition(impl_.get(), &Impl::HasRoom),
              deadline - SteadyNow())) {
        return;
      }
      // By its number: its memory may be another's by now.
      const auto mine = std::find_if(
          waiting.begin(), waiting.end(),
          [&](const Pending* other) { return other->number == number; });
      if (mine == waiting.end() || !(*mine)->Expired()) return;
      pending.reset(*mine);
      waiting.erase(mine);
      --impl_->submitted;
    }
  }
  pending->then(std::move(pending->status));
}

int Database::submitted() const {
  absl::MutexLock lock(&impl_->write_mutex);
  return impl_->submitted;
}

// Tells those who wait. What was submitted goes on in the executor, several at
// a time: to wake a thread for each costs as much as its reply.
void Database::Settle(const std::vector<Pending*>& group) {
  std::vector<std::unique_ptr<Pending>> submitted;
  for (Pending* pending : group) {
    if (pending->then) {
      submitted.emplace_back(pending);
    } else {
      pending->done.Notify();
    }
  }
  if (submitted.empty()) return;
  {
    absl::MutexLock lock(&impl_->write_mutex);
    impl_->submitted -= static_cast<int>(submitted.size());
  }
  for (std::size_t at = 0; at < submitted.size(); at += kThenBatch) {
    // Shared, so that it is still there if the executor has no room for it.
    const auto some = std::make_shared<std::vector<std::unique_ptr<Pending>>>();
    for (std::size_t i = at; i < std::min(at + kThenBatch, submitted.size());
         ++i) {
      some->push_back(std::move(submitted[i]));
    }
    const auto run = [some] {
      for (const std::unique_ptr<Pending>& pending : *some) {
        pending->then(std::move(pending->status));
      }
    };
    if (impl_->executor == nullptr || !impl_->executor->TrySubmit(run)) run();
  }
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
    Settle(group);
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
    std::erase_if(group, [this](Pending* pending) {
      if (!pending->Expired()) return false;
      Settle({pending});
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
    if (pending->status.ok()) {
      pending->status = CheckRecords(session.outbox_, mark);
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

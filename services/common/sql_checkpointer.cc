#include "services/common/sql_checkpointer.h"

#include <pthread.h>
#include <soci.h>
#include <sqlite3/soci-sqlite3.h>

#include <utility>

namespace huifang::sql {
namespace {

// Pages of 4 KiB. A checkpoint costs two flushes, so it waits for 16 MiB. The
// log only starts anew when all of it is copied, which a busy writer may
// prevent for long: at 128 MiB it copies the rest itself.
constexpr int kBegin = 4096;
constexpr int kHelp = 32768;

// The undefined-behaviour sanitizer would want the class's type information,
// which SOCI's library does not export.
[[gnu::no_sanitize("vptr")]] sqlite_api::sqlite3* HandleOf(
    soci::session& session) {
  return static_cast<soci::sqlite3_session_backend*>(session.get_backend())
      ->conn_;
}

// PASSIVE waits for nobody. What cannot be copied now will be next time.
int Checkpoint(sqlite_api::sqlite3* handle) {
  int copied = 0;
  sqlite_api::sqlite3_wal_checkpoint_v2(
      handle, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, &copied);
  return copied;
}

int OnCommit(void* checkpointer, sqlite_api::sqlite3* handle,
             const char* /*schema*/, int pages) {
  if (static_cast<WalCheckpointer*>(checkpointer)->Committed(pages)) {
    Checkpoint(handle);
  }
  return SQLITE_OK;
}

}  // namespace

WalCheckpointer::WalCheckpointer(std::unique_ptr<soci::session> own)
    : own_(std::move(own)), thread_([this] { Work(); }) {}

WalCheckpointer::~WalCheckpointer() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void WalCheckpointer::Watch(soci::session& writer) {
  sqlite_api::sqlite3_wal_hook(HandleOf(writer), &OnCommit, this);
}

bool WalCheckpointer::Committed(int pages) {
  if (pages >= kHelp) return true;
  int copied = copied_.load();
  if (pages < copied) {  // the log has started anew
    copied_.compare_exchange_strong(copied, 0);
    copied = 0;
  }
  if (pages - copied >= kBegin) {
    absl::MutexLock lock(&mutex_);
    wanted_ = true;
  }
  return false;
}

void WalCheckpointer::Work() {
  pthread_setname_np(pthread_self(), "sql-checkpoint");
  const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return wanted_ || stopping_;
  };
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&ready));
      if (stopping_) return;
      wanted_ = false;
    }
    copied_ = Checkpoint(HandleOf(*own_));
  }
}

}  // namespace huifang::sql

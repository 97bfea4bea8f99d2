// What a Database keeps, for its reading and its writing half.
#ifndef HUIFANG_SERVICES_COMMON_SQL_DATABASE_H_
#define HUIFANG_SERVICES_COMMON_SQL_DATABASE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "services/common/deadline.h"
#include "services/common/error.h"
#include "services/common/executor.h"
#include "services/common/sql.h"
#include "services/common/sql_checkpointer.h"
#include "services/common/sql_internal.h"
#include "services/common/steady_time.h"

namespace huifang::sql {

inline bool IsLost(const absl::Status& status) {
  return ErrorReason(status) == kConnectionReason;
}

// Between tries: 5, 10, 20 … ms for conflicts, more while the server is away.
inline void PauseBeforeRetry(int tried, bool lost) {
  const absl::Duration unit =
      lost ? absl::Milliseconds(100) : absl::Milliseconds(5);
  absl::SleepFor(std::min(unit * (1 << tried), absl::Seconds(1)));
}

struct Database::Pending {
  Pending(WriteFn f, std::size_t l, absl::Time d)
      : fn(std::move(f)), lane(l), deadline(d) {}
  // Whether it may not start any more; then its status says so.
  bool Expired() {
    if (SteadyNow() < deadline) return false;
    status = DeadlineError("nothing was written: the database is busy or away");
    return true;
  }

  WriteFn fn;
  const std::size_t lane;
  const absl::Time deadline;
  std::int64_t number = 0;  // of those that were submitted
  absl::Status status = absl::InternalError("the closure was not run");
  absl::Notification done;                      // of Write
  absl::AnyInvocable<void(absl::Status)> then;  // of Submit, which owns this
};

struct Database::Impl {
  Options options;
  Engine engine = Engine::kSqlite;
  std::function<absl::Status(Session&, const std::vector<OutboxRecord>&)> flush;
  std::function<void()> committed;
  Executor* executor = nullptr;  // for what follows a submitted write

  absl::Mutex ping_mutex;
  std::unique_ptr<Session> pinger ABSL_GUARDED_BY(ping_mutex);

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
  int submitted ABSL_GUARDED_BY(write_mutex) = 0;  // and not committed yet
  std::int64_t last_number ABSL_GUARDED_BY(write_mutex) = 0;  // given to one
  bool stopping ABSL_GUARDED_BY(write_mutex) = false;
  std::vector<std::thread> writers;
  std::unique_ptr<WalCheckpointer> checkpointer;  // SQLite only

  bool HasWork() ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex) {
    return std::any_of(lanes.begin(), lanes.end(), [](const Lane& lane) {
      return !lane.busy && !lane.waiting.empty();
    });
  }
  bool HasRoom() ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex) {
    return submitted <= options.max_submitted || stopping;
  }
  bool HasWorkOrStops() ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex) {
    return stopping || HasWork();
  }
};

}  // namespace huifang::sql

#endif  // HUIFANG_SERVICES_COMMON_SQL_DATABASE_H_

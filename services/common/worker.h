// Leases tasks, does them, settles them; and the reconciler that puts back
// what Redis lost.
#ifndef HUIFANG_SERVICES_COMMON_WORKER_H_
#define HUIFANG_SERVICES_COMMON_WORKER_H_

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/common/lease_queue.h"
#include "services/common/metrics.h"
#include "services/common/redis.h"

namespace huifang {

struct WorkerOptions {
  int threads = 1;
  int batch = 1;  // tasks taken at once, handed to `work` together
  absl::Duration lease = absl::Seconds(30);
  absl::Duration min_backoff = absl::Milliseconds(200);
  absl::Duration max_backoff = absl::Seconds(60);
  absl::Duration outage_pause = absl::Seconds(3);  // at most, between tries
};

// How one task of a batch ended.
//
// OK completes it. UNAVAILABLE and RESOURCE_EXHAUSTED say that something it
// needs is away: it is handed back and no attempt is counted, or an outage of
// seconds would bury all work under way. DEADLINE_EXCEEDED, ABORTED, CANCELLED
// and INTERNAL release it with exponential backoff. Any other error buries it
// with the error as the reason.
using WorkFn =
    std::function<std::vector<absl::Status>(const std::vector<Lease>&)>;

// Threads that work on one queue until stopped. The effect of `work` must be
// idempotent: a task may be given out again after a crash.
class Worker {
 public:
  Worker(LeaseQueue& queue, Metrics& metrics, WorkerOptions options,
         WorkFn work);
  // Finishes the batch at hand and stops.
  ~Worker();
  void Stop();

 private:
  void Loop();
  void RunBatch(const std::vector<Lease>& leases);

  LeaseQueue& queue_;
  Metrics& metrics_;
  const WorkerOptions options_;
  const WorkFn work_;
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> threads_;
};

// Puts work that the database still asks for back into the queues: at start,
// when Redis forgot (its marker key is gone: FLUSHALL, another data set), after
// it was unreachable, and every minute. Also refreshes the queues' metrics.
class Reconciler {
 public:
  // `enqueue_missing` lists open work in the database and enqueues it; ids
  // that are queued already cost nothing.
  Reconciler(redis::Pool& redis, std::string marker_key,
             std::vector<LeaseQueue*> queues, Metrics& metrics,
             std::function<absl::Status()> enqueue_missing,
             absl::Duration period = absl::Minutes(1));
  ~Reconciler();
  void Stop();

 private:
  void Loop();
  absl::StatusOr<bool> MarkerPresent();

  redis::Pool& redis_;
  const std::string marker_key_;
  const std::vector<LeaseQueue*> queues_;
  Metrics& metrics_;
  const std::function<absl::Status()> enqueue_missing_;
  const absl::Duration period_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_WORKER_H_

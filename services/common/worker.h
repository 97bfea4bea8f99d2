// Leases tasks, does them, settles them; and the reconciler that puts back
// what a queue lost.
#ifndef HUIFANG_SERVICES_COMMON_WORKER_H_
#define HUIFANG_SERVICES_COMMON_WORKER_H_

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/common/lease_keeper.h"
#include "services/common/lease_queue.h"
#include "services/common/metrics.h"
#include "services/common/steady_event.h"

namespace huifang {

struct WorkerOptions {
  int threads = 1;
  int batch = 1;  // tasks taken at once, at most 900, and worked on together
  // For work that nobody waits for: its threads give way to all others.
  bool background = false;
  // Extended while the work lasts (lease_keeper.h): how soon another takes over
  // from a process that died, not how long a task may take.
  absl::Duration lease = absl::Seconds(30);
  absl::Duration min_backoff = absl::Milliseconds(200);
  absl::Duration max_backoff = absl::Seconds(60);
  absl::Duration outage_pause = absl::Seconds(3);  // at most, between tries
  // Until what Redis did not take is told it again.
  absl::Duration tell_again = absl::Seconds(1);
};

// How one task of a batch ended.
//
// OK completes it. UNAVAILABLE and RESOURCE_EXHAUSTED say that something it
// needs is away: it is handed back and no attempt is counted, or an outage of
// seconds would bury all work under way. DEADLINE_EXCEEDED, ABORTED, CANCELLED
// and INTERNAL release it with exponential backoff. Any other error buries it
// with the error as the reason. A batch is settled with the call that takes the
// next one, and what Redis did not take then is told again.
using WorkFn =
    std::function<std::vector<absl::Status>(const std::vector<Lease>&)>;

// Works a batch one by one. Once something is away, the rest goes back with
// what met it: each would only wait as long again.
WorkFn OneByOne(std::function<absl::Status(const Lease&)> work);

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
  std::vector<Settlement> RunBatch(const std::vector<Lease>& leases);
  Settlement Decide(const Lease& lease, const absl::Status& result);
  // What a thread has to tell its queue.
  struct Told {
    std::vector<Settlement> fresh;
    std::vector<Settlement> owed;  // Redis did not take them
    absl::Time again_at;           // SteadyNow; when to tell these again
  };
  // Settles what is to be told, and takes a batch of up to `limit`.
  absl::StatusOr<TakeResult> Turn(Told& told, int limit);

  LeaseQueue& queue_;
  Metrics& metrics_;
  const WorkerOptions options_;
  const WorkFn work_;
  LeaseKeeper keeper_;
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> threads_;
};

// How much work that is due one look at a database lists. The rest waits for
// the next look, a period later.
inline constexpr int kMostDue = 100'000;

struct ReconcilerOptions {
  absl::Duration period = absl::Minutes(1);  // between sweeps
  absl::Duration look = absl::Seconds(1);    // between looks at the queues
};

// Puts work that the database still asks for back into the queues: at start,
// when a queue may have lost something (its epoch changed), after one could not
// be asked, and every minute. Also refreshes the queues' metrics.
class Reconciler {
 public:
  // `enqueue_missing` lists open work in the database and enqueues it; ids
  // that are queued already cost nothing.
  Reconciler(std::vector<LeaseQueue*> queues, Metrics& metrics,
             std::function<absl::Status()> enqueue_missing,
             ReconcilerOptions options = {});
  ~Reconciler();
  void Stop();

 private:
  void Loop();
  absl::StatusOr<std::vector<std::string>> Epochs();
  void SayWhatChanged(const std::vector<std::string>& before,
                      const std::vector<std::string>& now);
  void SetMetrics();

  const std::vector<LeaseQueue*> queues_;
  Metrics& metrics_;
  const std::function<absl::Status()> enqueue_missing_;
  const ReconcilerOptions options_;
  SteadyEvent stopping_;
  std::thread thread_;
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_WORKER_H_

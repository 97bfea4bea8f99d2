#ifndef HUIFANG_SERVICES_COMMON_LEASE_QUEUE_H_
#define HUIFANG_SERVICES_COMMON_LEASE_QUEUE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace huifang {

// A task held for a while. No two leases of a queue share a `fence`, and later
// ones are larger; whoever applies the task's effect can refuse an older one.
struct Lease {
  std::string task_id;
  std::int64_t fence = 0;
  std::string body;
  int attempt = 0;  // 1 for the first lease
};

struct QueueTask {
  std::string task_id;
  std::string body;
  absl::Duration delay;  // due after this
};

struct TakeResult {
  std::vector<Lease> leases;
  // Until the next task falls due; InfiniteDuration if none waits.
  absl::Duration next_due = absl::InfiniteDuration();
};

// What becomes of a leased task. Complete and its siblings below say what each
// means.
struct Settlement {
  enum class Verb { kComplete, kExtend, kRelease, kHandBack, kBury };
  Lease lease;
  Verb verb = Verb::kComplete;
  absl::Duration delay{};  // kExtend, kRelease, kHandBack
  std::string reason{};    // kBury, kRelease: shown if it is buried later
};

struct TurnResult {
  std::vector<absl::Status> settled;  // one for each settlement, in order
  absl::StatusOr<TakeResult> taken;
};

struct QueueStats {
  std::int64_t tasks = 0;   // waiting, delayed and leased
  std::int64_t due = 0;     // of these, due now
  std::int64_t leased = 0;  // of these, held
  std::int64_t dead = 0;
  absl::Duration oldest_due_age;
};

struct DeadTask {
  std::string task_id;
  std::string body;
  std::int64_t attempts = 0;
  std::string reason;
  absl::Time bury_time;
};

// A queue of tasks, each due at one instant.
//
// Waiting, delayed and leased are one state, "due at T": a lease only moves T
// forward. A holder that dies needs no reaper; its task falls due again.
class LeaseQueue {
 public:
  virtual ~LeaseQueue() = default;

  virtual const std::string& name() const = 0;

  // False if the task's id is queued or buried already.
  virtual absl::StatusOr<bool> Enqueue(const QueueTask& task) = 0;
  // How many of the tasks were new. After an error some may be queued: tell
  // all again.
  virtual absl::StatusOr<int> EnqueueAll(
      const std::vector<QueueTask>& tasks) = 0;

  // Settles all of `done`, each on its own, and takes up to `limit` due tasks:
  // one round trip where what was done and what comes next share a partition.
  // A task leased `max_attempts` times and due again is buried instead: it may
  // be what kills its holders. At most 1000 of each; a `limit` of 0 takes
  // nothing.
  virtual TurnResult SettleAndTake(const std::vector<Settlement>& done,
                                   int limit, absl::Duration lease) = 0;
  absl::StatusOr<TakeResult> Take(int limit, absl::Duration lease) {
    return SettleAndTake({}, limit, lease).taken;
  }
  // Takes this very task if it is due, for a person who picked it.
  // NOT_FOUND if it is not queued, FAILED_PRECONDITION if it is not due.
  virtual absl::StatusOr<Lease> TakeTask(const std::string& task_id,
                                         absl::Duration lease) = 0;

  // Each is ABORTED if the task was leased again meanwhile. A lease that only
  // expired is still good: nobody else has the task.
  absl::Status Complete(const Lease& lease) {
    return Settle({lease, Settlement::Verb::kComplete});
  }
  absl::Status Extend(const Lease& lease, absl::Duration by) {
    return Settle({lease, Settlement::Verb::kExtend, by});
  }
  absl::Status Release(const Lease& lease, absl::Duration delay) {
    return Settle({lease, Settlement::Verb::kRelease, delay});
  }
  // Release that does not count as an attempt: on shutdown, or when the holder
  // may not do this task.
  absl::Status HandBack(const Lease& lease, absl::Duration delay) {
    return Settle({lease, Settlement::Verb::kHandBack, delay});
  }
  absl::Status Bury(const Lease& lease, absl::string_view reason) {
    return Settle({.lease = lease,
                   .verb = Settlement::Verb::kBury,
                   .reason = std::string(reason)});
  }
  absl::Status Settle(const Settlement& done) {
    return SettleAndTake({done}, 0, absl::ZeroDuration()).settled.front();
  }

  // Removes a task whoever holds it: the work is no longer asked for.
  virtual absl::Status Cancel(const std::string& task_id) = 0;

  virtual absl::StatusOr<QueueStats> Stats() = 0;
  virtual absl::StatusOr<std::vector<DeadTask>> ListDead(int limit) = 0;
  // Empty `task_ids`: all. How many are due again, with fresh attempts.
  virtual absl::StatusOr<std::int64_t> Redrive(
      const std::vector<std::string>& task_ids) = 0;
  virtual absl::StatusOr<std::int64_t> DropDead(
      const std::vector<std::string>& task_ids) = 0;

  // A word that changes when the queue may lack a task: it was emptied,
  // restarted, went back to an older state, another server took over, or an
  // Enqueue of this object failed. UNAVAILABLE while that cannot be said.
  virtual absl::StatusOr<std::string> Epoch() = 0;

  // Waits until a task was enqueued or `max` is over, whichever is first.
  virtual void WaitForWork(absl::Duration max) = 0;
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_LEASE_QUEUE_H_

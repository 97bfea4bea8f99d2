#ifndef HUIFANG_TESTS_SUPPORT_FAKE_LEASE_QUEUE_H_
#define HUIFANG_TESTS_SUPPORT_FAKE_LEASE_QUEUE_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "services/common/error.h"
#include "services/common/lease_queue.h"

namespace huifang::testing {

// A lease queue in memory, on a clock moved by hand. Kept to the same contract
// suite as the one on Redis. Thread safe.
class FakeLeaseQueue final : public LeaseQueue {
 public:
  explicit FakeLeaseQueue(int max_attempts, std::string name = "fake")
      : max_attempts_(max_attempts), name_(std::move(name)) {}

  void Advance(absl::Duration by) {
    absl::MutexLock lock(&mutex_);
    now_ += by;
  }

  const std::string& name() const override { return name_; }

  absl::StatusOr<bool> Enqueue(const QueueTask& task) override {
    absl::MutexLock lock(&mutex_);
    Task fresh;
    fresh.due = now_ + task.delay;
    fresh.body = task.body;
    return tasks_.try_emplace(task.task_id, std::move(fresh)).second;
  }
  absl::StatusOr<int> EnqueueAll(const std::vector<QueueTask>& tasks) override {
    int added = 0;
    for (const QueueTask& task : tasks) added += *Enqueue(task) ? 1 : 0;
    return added;
  }

  TurnResult SettleAndTake(const std::vector<Settlement>& done, int limit,
                           absl::Duration lease) override {
    absl::MutexLock lock(&mutex_);
    TurnResult result;
    for (const Settlement& one : done) {
      result.settled.push_back(refusals_ > 0
                                   ? absl::UnavailableError("settling is away")
                                   : Apply(one));
    }
    if (!done.empty() && refusals_ > 0) --refusals_;
    result.taken = TakeDue(limit, lease);
    return result;
  }

  absl::StatusOr<Lease> TakeTask(const std::string& task_id,
                                 absl::Duration lease) override {
    absl::MutexLock lock(&mutex_);
    const auto it = tasks_.find(task_id);
    if (it == tasks_.end() || it->second.dead) {
      return MakeError(absl::StatusCode::kNotFound, "NO_TASK", "no such task");
    }
    if (it->second.due > now_) {
      return MakeError(absl::StatusCode::kFailedPrecondition, "TASK_NOT_DUE",
                       "not due");
    }
    ++it->second.tries;
    return Hold(task_id, it->second, lease);
  }

  absl::Status Cancel(const std::string& task_id) override {
    absl::MutexLock lock(&mutex_);
    tasks_.erase(task_id);
    return absl::OkStatus();
  }

  absl::StatusOr<QueueStats> Stats() override {
    absl::MutexLock lock(&mutex_);
    if (away_) return absl::UnavailableError("away");
    QueueStats stats;
    for (const auto& [id, task] : tasks_) {
      stats.dead += task.dead ? 1 : 0;
      if (task.dead) continue;
      ++stats.tasks;
      stats.leased += task.held != 0 ? 1 : 0;
      if (task.due > now_) continue;
      ++stats.due;
      stats.oldest_due_age = std::max(stats.oldest_due_age, now_ - task.due);
    }
    return stats;
  }
  absl::StatusOr<std::vector<DeadTask>> ListDead(int limit) override {
    absl::MutexLock lock(&mutex_);
    std::vector<DeadTask> dead;
    for (const auto& [id, task] : tasks_) {
      if (task.dead && static_cast<int>(dead.size()) < limit) {
        dead.push_back({id, task.body, task.tries, task.reason, task.due});
      }
    }
    return dead;
  }
  absl::StatusOr<std::int64_t> Redrive(
      const std::vector<std::string>& task_ids) override {
    return OnDead(task_ids, /*redrive=*/true);
  }
  absl::StatusOr<std::int64_t> DropDead(
      const std::vector<std::string>& task_ids) override {
    return OnDead(task_ids, /*redrive=*/false);
  }
  absl::StatusOr<std::string> Epoch() override {
    absl::MutexLock lock(&mutex_);
    if (away_) {
      asked_while_away_ = true;
      return absl::UnavailableError("away");
    }
    return absl::StrCat(epoch_);
  }
  void WaitForWork(absl::Duration) override {}

  // Loses everything, as FLUSHALL does.
  void Forget() {
    absl::MutexLock lock(&mutex_);
    tasks_.clear();
    ++epoch_;
  }

  // Whether Epoch and Stats can be said.
  void SetAway(bool away) {
    absl::MutexLock lock(&mutex_);
    away_ = away;
  }
  // The next `calls` that settle something take tasks only, as when the
  // partition of what was done is away.
  void RefuseToSettle(int calls) {
    absl::MutexLock lock(&mutex_);
    refusals_ = calls;
  }
  // Waits until all those refusals were met; false if that takes too long.
  bool RefusedToSettle() {
    absl::MutexLock lock(&mutex_);
    const auto met = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return refusals_ == 0;
    };
    return mutex_.AwaitWithTimeout(absl::Condition(&met), absl::Minutes(1));
  }
  // Waits until no task waits or is held; false if that takes too long.
  bool BecomesEmpty() {
    const auto empty = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return tasks_.empty();
    };
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&empty), absl::Minutes(1));
  }
  // Waits for one more extension of a lease; false if that takes too long.
  bool ExtendsAgain() {
    absl::MutexLock lock(&mutex_);
    const auto extended =
        [this, before = extensions_]()
            ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return extensions_ > before; };
    return mutex_.AwaitWithTimeout(absl::Condition(&extended),
                                   absl::Minutes(1));
  }
  // Waits until somebody asked for it in vain.
  bool WasAskedWhileAway() {
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&asked_while_away_),
                                   absl::Minutes(1));
  }

 private:
  struct Task {
    absl::Time due;
    std::string body;
    std::int64_t held = 0;
    int tries = 0;
    bool dead = false;
    std::string reason;
  };

  Lease Hold(const std::string& id, Task& task, absl::Duration lease)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    task.held = ++sequence_;
    task.due = now_ + lease;
    return {id, task.held, task.body, task.tries};
  }
  void Kill(Task& task, absl::string_view reason)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    task.dead = true;
    task.held = 0;
    task.due = now_;
    task.reason = std::string(reason);
  }
  TakeResult TakeDue(int limit, absl::Duration lease)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    std::vector<std::pair<absl::Time, std::string>> due;
    for (const auto& [id, task] : tasks_) {
      if (!task.dead && task.due <= now_) due.emplace_back(task.due, id);
    }
    std::sort(due.begin(), due.end());
    TakeResult result;
    for (const auto& [time, id] : due) {
      if (static_cast<int>(result.leases.size()) == limit) break;
      Task& task = tasks_[id];
      if (++task.tries > max_attempts_) {
        Kill(task, task.reason.empty() ? "too many attempts"
                                       : std::string(task.reason));
      } else {
        result.leases.push_back(Hold(id, task, lease));
      }
    }
    for (const auto& [id, task] : tasks_) {
      if (!task.dead) {
        result.next_due = std::min(
            result.next_due, std::max(task.due - now_, absl::ZeroDuration()));
      }
    }
    return result;
  }
  absl::Status Apply(const Settlement& done)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto it = tasks_.find(done.lease.task_id);
    if (it == tasks_.end() || it->second.held != done.lease.fence) {
      return MakeError(absl::StatusCode::kAborted, "LEASE_LOST", "lost");
    }
    Task& task = it->second;
    switch (done.verb) {
      case Settlement::Verb::kComplete:
        tasks_.erase(it);
        break;
      case Settlement::Verb::kExtend:
        task.due = now_ + done.delay;
        ++extensions_;
        break;
      case Settlement::Verb::kBury:
        Kill(task, done.reason);
        break;
      case Settlement::Verb::kHandBack:
        --task.tries;
        [[fallthrough]];
      case Settlement::Verb::kRelease:
        task.due = now_ + done.delay;
        task.held = 0;
        if (!done.reason.empty()) task.reason = done.reason;
        break;
    }
    return absl::OkStatus();
  }
  std::int64_t OnDead(const std::vector<std::string>& ids, bool redrive) {
    absl::MutexLock lock(&mutex_);
    std::int64_t count = 0;
    for (auto it = tasks_.begin(); it != tasks_.end();) {
      const bool named = ids.empty() || std::find(ids.begin(), ids.end(),
                                                  it->first) != ids.end();
      if (!it->second.dead || !named) {
        ++it;
        continue;
      }
      ++count;
      if (redrive) {
        it->second.dead = false;
        it->second.tries = 0;
        it->second.due = now_;
        ++it;
      } else {
        it = tasks_.erase(it);
      }
    }
    return count;
  }

  const int max_attempts_;
  const std::string name_;
  absl::Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_) = absl::UnixEpoch();
  std::int64_t sequence_ ABSL_GUARDED_BY(mutex_) = 0;
  int epoch_ ABSL_GUARDED_BY(mutex_) = 0;
  bool away_ ABSL_GUARDED_BY(mutex_) = false;
  int refusals_ ABSL_GUARDED_BY(mutex_) = 0;
  int extensions_ ABSL_GUARDED_BY(mutex_) = 0;
  bool asked_while_away_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<std::string, Task> tasks_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace huifang::testing

#endif  // HUIFANG_TESTS_SUPPORT_FAKE_LEASE_QUEUE_H_

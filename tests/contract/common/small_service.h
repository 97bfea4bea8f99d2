// The least a service does with a queue: rows in a database ask for work, tasks
// carry it, a worker does it, a reconciler puts back what is missing.
#ifndef HUIFANG_TESTS_CONTRACT_COMMON_SMALL_SERVICE_H_
#define HUIFANG_TESTS_CONTRACT_COMMON_SMALL_SERVICE_H_

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "services/common/redis_lease_queue.h"
#include "services/common/worker.h"
#include "tests/support/backends.h"
#include "tests/support/redis_server.h"

namespace huifang::testing {

class SmallService {
 public:
  explicit SmallService(const std::string& url)
      : prefix_(FreshPrefix()),
        pool_(*redis::Pool::Create({.url = url})),
        queue_(*pool_, {.name = "small", .prefix = prefix_}) {}
  ~SmallService() {
    StopAsking();
    reconciler_.reset();
    worker_.reset();
  }

  // The reconciler's own period is too long to help: what a fault took must be
  // noticed.
  void Start() {
    worker_ = std::make_unique<Worker>(
        queue_, metrics_,
        WorkerOptions{.threads = 2, .batch = 5, .lease = absl::Seconds(3)},
        [this](const std::vector<Lease>& leases) { return Work(leases); });
    reconciler_ = std::make_unique<Reconciler>(
        std::vector<LeaseQueue*>{&queue_}, metrics_,
        [this] { return EnqueueMissing(); },
        ReconcilerOptions{.period = absl::Hours(1)});
  }

  // A row is committed, then its task enqueued, as well as that goes.
  void Ask() {
    std::string id;
    {
      absl::MutexLock lock(&mutex_);
      id = absl::StrCat("t", ++asked_);
      open_.insert(id);
    }
    queue_.Enqueue({id, "body", absl::ZeroDuration()}).status().IgnoreError();
  }
  // Asks for work every few milliseconds from now on.
  void KeepAsking() {
    asker_ = std::thread([this] {
      absl::MutexLock lock(&mutex_);
      while (!mutex_.AwaitWithTimeout(absl::Condition(&stop_asking_),
                                      absl::Milliseconds(3))) {
        mutex_.Unlock();
        Ask();
        mutex_.Lock();
      }
    });
  }
  void StopAsking() {
    {
      absl::MutexLock lock(&mutex_);
      stop_asking_ = true;
    }
    if (asker_.joinable()) asker_.join();
  }

  int asked() {
    absl::MutexLock lock(&mutex_);
    return asked_;
  }
  int done() {
    absl::MutexLock lock(&mutex_);
    return asked_ - static_cast<int>(open_.size());
  }
  bool DoesMore() {
    const int before = done();
    return Eventually([&] { return done() > before + 10; });
  }
  bool DoesAll() {
    return Eventually([this] { return done() == asked(); });
  }
  std::string KeyOfPartition(int partition) const {
    return absl::StrCat("{", prefix_, ":small.", partition, "}:due");
  }

 private:
  // The effect: one row is done, once.
  std::vector<absl::Status> Work(const std::vector<Lease>& leases) {
    absl::MutexLock lock(&mutex_);
    for (const Lease& lease : leases) open_.erase(lease.task_id);
    return std::vector<absl::Status>(leases.size());
  }
  absl::Status EnqueueMissing() {
    std::vector<QueueTask> tasks;
    {
      absl::MutexLock lock(&mutex_);
      for (const std::string& id : open_) {
        tasks.push_back({id, "body", absl::ZeroDuration()});
      }
    }
    for (std::size_t i = 0; i < tasks.size(); i += 1000) {
      const auto batch = queue_.EnqueueAll(
          {tasks.begin() + static_cast<std::ptrdiff_t>(i),
           tasks.begin() +
               static_cast<std::ptrdiff_t>(std::min(i + 1000, tasks.size()))});
      if (!batch.ok()) return batch.status();
    }
    return absl::OkStatus();
  }

  const std::string prefix_;
  const std::unique_ptr<redis::Pool> pool_;
  RedisLeaseQueue queue_;
  Metrics metrics_;
  absl::Mutex mutex_;
  int asked_ ABSL_GUARDED_BY(mutex_) = 0;
  std::set<std::string> open_ ABSL_GUARDED_BY(mutex_);
  bool stop_asking_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread asker_;
  std::unique_ptr<Worker> worker_;
  std::unique_ptr<Reconciler> reconciler_;
};

}  // namespace huifang::testing

#endif  // HUIFANG_TESTS_CONTRACT_COMMON_SMALL_SERVICE_H_

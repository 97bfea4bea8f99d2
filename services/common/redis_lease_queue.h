#ifndef HUIFANG_SERVICES_COMMON_REDIS_LEASE_QUEUE_H_
#define HUIFANG_SERVICES_COMMON_REDIS_LEASE_QUEUE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "services/common/lease_queue.h"
#include "services/common/redis.h"
#include "services/common/turn_groups.h"

namespace huifang {

struct RedisQueueOptions {
  std::string name;    // "inspect"
  std::string prefix;  // "huifang:grading"; keys are {prefix:name.P}:part
  int partitions = 4;  // fixed for the life of the queue; a task's id decides
  int max_attempts = 5;
};

// The lease queue on Redis. Each partition has one hash tag, so it lives in
// one cluster slot and a queue is spread over the masters; all its scripts run
// on declared keys only. A partition that cannot be reached does not keep the
// others from being used.
//
// Fences are Redis's clock in microseconds, or one more than the last: a queue
// that was emptied or went back to an older state does not give out a fence
// again. That holds as far as the clocks of the servers agree.
class RedisLeaseQueue final : public LeaseQueue {
 public:
  RedisLeaseQueue(redis::Pool& redis, RedisQueueOptions options);

  const std::string& name() const override { return options_.name; }
  absl::StatusOr<bool> Enqueue(const QueueTask& task) override;
  absl::StatusOr<int> EnqueueAll(const std::vector<QueueTask>& tasks) override;
  TurnResult SettleAndTake(const std::vector<Settlement>& done, int limit,
                           absl::Duration lease) override;
  absl::StatusOr<Lease> TakeTask(const std::string& task_id,
                                 absl::Duration lease) override;
  absl::Status Cancel(const std::string& task_id) override;
  absl::StatusOr<QueueStats> Stats() override;
  absl::StatusOr<std::vector<DeadTask>> ListDead(int limit) override;
  absl::StatusOr<std::int64_t> Redrive(
      const std::vector<std::string>& task_ids) override;
  absl::StatusOr<std::int64_t> DropDead(
      const std::vector<std::string>& task_ids) override;
  absl::StatusOr<std::string> Epoch() override;
  void WaitForWork(absl::Duration max) override;

 private:
  std::size_t PartitionOf(absl::string_view task_id) const;
  // As many as one script may hold the server up for.
  absl::StatusOr<int> EnqueueSome(absl::Span<const QueueTask> tasks);
  // Settles those of `done` that live in `partition` into `result.settled`, and
  // adds what it takes there to `result.taken`.
  absl::Status TurnOf(std::size_t partition,
                      const std::vector<Settlement>& done, int limit,
                      absl::Duration lease, TurnResult& result);
  // Answers turns in one script.
  void RunTurns(std::size_t partition, const std::vector<Turn*>& turns);
  std::size_t FirstPartition(const std::vector<Settlement>& done);
  absl::StatusOr<std::int64_t> OnDead(absl::string_view verb,
                                      const std::vector<std::string>& task_ids);

  redis::Pool& redis_;
  const RedisQueueOptions options_;
  std::vector<std::vector<std::string>> keys_;            // by partition
  std::vector<std::unique_ptr<TurnGroups>> turn_groups_;  // by partition
  std::string wake_key_;
  std::atomic<std::size_t> turns_{0};
  std::atomic<std::int64_t> failed_enqueues_{0};

  // What this object wrote into its own mark of each partition and Redis
  // acknowledged. Redis has less: it forgot.
  absl::Mutex mark_mutex_;
  std::vector<std::string> mark_keys_;
  std::vector<std::int64_t> marks_ ABSL_GUARDED_BY(mark_mutex_);
  std::int64_t losses_ ABSL_GUARDED_BY(mark_mutex_) = 0;
  std::string servers_ ABSL_GUARDED_BY(mark_mutex_);  // one of each partition
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_REDIS_LEASE_QUEUE_H_

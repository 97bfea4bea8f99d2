#include "services/grading/inspect_queue.h"

#include "services/common/log.h"
#include "services/common/status_macros.h"

namespace huifang::grading {
namespace {

constexpr int kPage = 1000;

}  // namespace

absl::Status InspectQueue::EnqueueKeys(const std::vector<PendingKey>& keys) {
  if (keys.empty()) return absl::OkStatus();
  std::vector<QueueTask> tasks;
  for (const PendingKey& key : keys) {
    QueueTask task;
    task.task_id = InspectTaskId(key);
    tasks.push_back(std::move(task));
  }
  return queue_.EnqueueAll(tasks).status();
}

void InspectQueue::Enqueue(const std::string& court,
                           const std::vector<std::string>& tickets) {
  const absl::StatusOr<std::vector<PendingKey>> keys =
      inspections_.FindPending(court, tickets);
  const absl::Status status = keys.ok() ? EnqueueKeys(*keys) : keys.status();
  if (!status.ok()) {
    log::Warning("enqueue_failed",
                 {{"queue", queue_.name()}, {"error", status.message()}});
  }
}

absl::Status InspectQueue::EnqueueMissing() {
  PendingKey after;
  // A partition of Redis that is away keeps back only its own tasks.
  absl::Status failed;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<PendingKey> keys,
                     inspections_.ListPending(after, kPage));
    failed.Update(EnqueueKeys(keys));
    if (keys.size() < kPage) return failed;
    after = keys.back();
  }
}

}  // namespace huifang::grading

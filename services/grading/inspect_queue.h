#ifndef HUIFANG_SERVICES_GRADING_INSPECT_QUEUE_H_
#define HUIFANG_SERVICES_GRADING_INSPECT_QUEUE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/common/lease_queue.h"
#include "services/grading/inspection_store.h"

namespace huifang::grading {

// Brings pending inspections from the database into the `inspect` queue.
// Thread safe.
class InspectQueue {
 public:
  InspectQueue(LeaseQueue& queue, InspectionStore& inspections)
      : queue_(queue), inspections_(inspections) {}

  // Enqueues those of `tickets` that are pending. A failure is logged only: the
  // reconciler comes by every minute.
  void Enqueue(const std::string& court,
               const std::vector<std::string>& tickets);

  // Enqueues everything that is pending; what is queued already costs nothing.
  absl::Status EnqueueMissing();

 private:
  absl::Status EnqueueKeys(const std::vector<PendingKey>& keys);

  LeaseQueue& queue_;
  InspectionStore& inspections_;
};

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_INSPECT_QUEUE_H_

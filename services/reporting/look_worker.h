#ifndef HUIFANG_SERVICES_REPORTING_LOOK_WORKER_H_
#define HUIFANG_SERVICES_REPORTING_LOOK_WORKER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/common/clock.h"
#include "services/common/lease_queue.h"
#include "services/common/metrics.h"
#include "services/common/worker.h"
#include "services/reporting/alert_store.h"
#include "services/reporting/alert_writer.h"

namespace huifang::reporting {

// The hour for which open tickets were last to be looked at: 08:00, before the
// day's work, or 14:00, after the warnings that ring at noon (half of a limit's
// second and last working day). In court time, every day.
absl::Time LastLook(absl::Time now);

// Looks at each court's open tickets twice a day. A task is
// courts/{court}/looks/{hour}; the database says whether it is still wanted.
// The queue is not the one of alerts: a replica of the release before leases
// from that, and would bury what it cannot read.
class LookWorker {
 public:
  LookWorker(LeaseQueue& queue, AlertStore& store, AlertWriter& writer,
             Clock& clock, Metrics& metrics);

  // Queues the looks that are due. Called by the reconciler.
  absl::Status EnqueueDue();
  void Stop() { worker_.Stop(); }

 private:
  absl::Status DoOne(const Lease& lease);

  LeaseQueue& queue_;
  AlertStore& store_;
  AlertWriter& writer_;
  Clock& clock_;
  Worker worker_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_LOOK_WORKER_H_

#ifndef HUIFANG_SERVICES_REPORTING_ALERT_WORKER_H_
#define HUIFANG_SERVICES_REPORTING_ALERT_WORKER_H_

#include <string>

#include "absl/status/status.h"
#include "services/common/clock.h"
#include "services/common/lease_queue.h"
#include "services/common/metrics.h"
#include "services/common/worker.h"
#include "services/reporting/alert_store.h"
#include "services/reporting/alert_writer.h"

namespace huifang::reporting {

// Looks at each court's charts once a week has closed, and at each alert when
// it escalates or its mute ends. A task is courts/{court}/weeks/{week} or an
// alert's name; the database says whether it is still wanted. Only what is due
// soon is in Redis; the reconciler brings in what follows.
class AlertWorker {
 public:
  AlertWorker(LeaseQueue& queue, AlertStore& store, AlertWriter& writer,
              Clock& clock, Metrics& metrics);

  // Queues what falls due soon. Called by the reconciler.
  absl::Status EnqueueSoon();
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

#endif  // HUIFANG_SERVICES_REPORTING_ALERT_WORKER_H_

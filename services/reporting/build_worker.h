#ifndef HUIFANG_SERVICES_REPORTING_BUILD_WORKER_H_
#define HUIFANG_SERVICES_REPORTING_BUILD_WORKER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/common/clock.h"
#include "services/common/lease_queue.h"
#include "services/common/metrics.h"
#include "services/common/worker.h"
#include "services/reporting/report_store.h"
#include "services/reporting/report_writer.h"

namespace huifang::reporting {

// Leases a report, builds it from the facts, settles. The task is the report's
// name; the database says whether it is still wanted.
class BuildWorker {
 public:
  // `settle` is how long a build waits after it was asked for, so that events
  // committed before the request have arrived.
  BuildWorker(LeaseQueue& queue, ReportStore& store, ReportWriter& writer,
              Clock& clock, Metrics& metrics, int threads,
              absl::Duration settle);

  // A failure is only logged: the reconciler queues what is missing.
  void Enqueue(const std::vector<std::string>& report_names);
  // Queues all reports that wait to be built. Called by the reconciler.
  absl::Status EnqueueBuilding();
  void Stop() { worker_.Stop(); }

 private:
  absl::Status BuildOne(const Lease& lease);

  LeaseQueue& queue_;
  ReportStore& store_;
  ReportWriter& writer_;
  Clock& clock_;
  const absl::Duration settle_;
  Worker worker_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_BUILD_WORKER_H_

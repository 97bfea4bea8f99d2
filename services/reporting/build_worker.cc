#include "services/reporting/build_worker.h"

#include <algorithm>

#include "services/common/log.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::reporting {
namespace {

// One less than the queue's limit: the last attempt must record the failure,
// or the report would wait for ever.
constexpr int kLastAttempt = 4;

bool MayPass(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status) ||
         absl::IsDeadlineExceeded(status) || absl::IsAborted(status) ||
         absl::IsInternal(status);
}

}  // namespace

BuildWorker::BuildWorker(LeaseQueue& queue, ReportStore& store,
                         ReportWriter& writer, Clock& clock, Metrics& metrics,
                         int threads, absl::Duration settle)
    : queue_(queue),
      store_(store),
      writer_(writer),
      clock_(clock),
      settle_(settle),
      worker_(
          queue, metrics, {.threads = threads, .batch = 1},
          OneByOne([this](const Lease& lease) { return BuildOne(lease); })) {}

void BuildWorker::Enqueue(const std::vector<std::string>& report_names) {
  std::vector<QueueTask> tasks;
  for (const std::string& name : report_names) {
    tasks.push_back({name, "", settle_});
  }
  const absl::StatusOr<int> queued = queue_.EnqueueAll(tasks);
  if (!queued.ok()) {
    log::Warning("report_enqueue_failed",
                 {{"error", queued.status().message()}});
  }
}

absl::Status BuildWorker::EnqueueBuilding() {
  ASSIGN_OR_RETURN(const std::vector<WaitingReport> waiting,
                   store_.Building(kMostDue));
  const absl::Time now = clock_.Now();
  std::vector<QueueTask> tasks;
  for (const WaitingReport& report : waiting) {
    // What is left of the wait: a queue that is lost again and again must not
    // put a build off for ever, nor the clock of who asked for it.
    tasks.push_back({report.name, "",
                     std::min(report.create_time + settle_ - now, settle_)});
  }
  return queue_.EnqueueAll(tasks).status();
}

absl::Status BuildWorker::BuildOne(const Lease& lease) {
  const absl::StatusOr<ResourceName> name =
      ParseResourceName(lease.task_id, "reports");
  if (!name.ok()) return name.status();
  const absl::Status built = writer_.Build(name->court, name->id);
  if (built.ok() || absl::IsNotFound(built)) return absl::OkStatus();
  if (MayPass(built) && lease.attempt < kLastAttempt) return built;
  log::Error("report_build_failed",
             {{"report", lease.task_id}, {"error", built.message()}});
  return writer_.Fail(name->court, name->id, std::string(built.message()));
}

}  // namespace huifang::reporting

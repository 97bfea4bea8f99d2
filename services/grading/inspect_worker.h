#ifndef HUIFANG_SERVICES_GRADING_INSPECT_WORKER_H_
#define HUIFANG_SERVICES_GRADING_INSPECT_WORKER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "huifang/grading/v1/grading_service.pb.h"
#include "services/common/clock.h"
#include "services/common/lease_queue.h"
#include "services/common/metrics.h"
#include "services/common/sql.h"
#include "services/grading/inspect_queue.h"
#include "services/grading/inspection_store.h"
#include "services/grading/model_store.h"
#include "services/grading/review_desk.h"

namespace huifang::grading {

// Inspects pending tickets: the `inspect` queue's work. Results go into the
// database with their events and review items in one transaction, and only if
// the row is still the one they were made from; so a task may run twice.
//
// A court's first tickets, some hundreds, are learned before they are
// inspected; later ones by the `learn` queue's work, for which no inspection
// waits. Thread safe.
class InspectWorker {
 public:
  InspectWorker(sql::Database& db, Clock& clock, Metrics& metrics,
                InspectionStore& inspections, ModelStore& models,
                const ReviewDesk& desk, InspectQueue& queue,
                LeaseQueue& learn_queue)
      : db_(db),
        clock_(clock),
        metrics_(metrics),
        inspections_(inspections),
        models_(models),
        desk_(desk),
        queue_(queue),
        learn_queue_(learn_queue) {}

  // One status for each lease.
  std::vector<absl::Status> Work(const std::vector<Lease>& leases);
  // The same of the `learn` queue, whose task ids are courts.
  std::vector<absl::Status> Learn(const std::vector<Lease>& leases);

  // Inspects pending tickets of one court.
  absl::Status InspectCourt(const std::string& court,
                            const std::vector<std::string>& tickets);

  // What a draft would get; stores nothing.
  absl::StatusOr<v1::Inspection> Preview(
      const v1::PreviewInspectionRequest& request);

 private:
  absl::StatusOr<InspectionResult> InspectOne(const PendingTicket& pending,
                                              const ModelVersion& model,
                                              const v1::Rubric& rubric);
  absl::Status LearnNow(const std::string& court, bool all);
  absl::StatusOr<ModelVersion> LoadModel(const std::string& court);

  sql::Database& db_;
  Clock& clock_;
  Metrics& metrics_;
  InspectionStore& inspections_;
  ModelStore& models_;
  const ReviewDesk& desk_;
  InspectQueue& queue_;
  LeaseQueue& learn_queue_;
};

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_INSPECT_WORKER_H_

#ifndef HUIFANG_SERVICES_TICKET_RING_WORKER_H_
#define HUIFANG_SERVICES_TICKET_RING_WORKER_H_

#include "absl/status/status.h"
#include "services/common/clock.h"
#include "services/common/lease_queue.h"
#include "services/common/metrics.h"
#include "services/common/worker.h"
#include "services/ticket/ticket_store.h"
#include "services/ticket/ticket_writer.h"

namespace huifang::ticket {

// Rings the steps of deadlines (超期提醒) when they are due. Only steps of the
// next minutes are in Redis; the reconciler brings in the following ones.
class RingWorker {
 public:
  RingWorker(LeaseQueue& queue, TicketStore& store, TicketWriter& writer,
             Clock& clock, Metrics& metrics, int threads);

  // Queues the steps that fall due soon. Called by the reconciler.
  absl::Status EnqueueSoon();
  void Stop() { worker_.Stop(); }

 private:
  absl::Status RingOne(const Lease& lease);

  LeaseQueue& queue_;
  TicketStore& store_;
  TicketWriter& writer_;
  Clock& clock_;
  Worker worker_;
};

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_RING_WORKER_H_

#include "services/ticket/ring_worker.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/common/status_macros.h"

namespace huifang::ticket {
namespace {

// A little more than the reconciler's period, so that no step is late.
constexpr absl::Duration kSoon = absl::Seconds(90);

}  // namespace

RingWorker::RingWorker(LeaseQueue& queue, TicketStore& store,
                       TicketWriter& writer, Clock& clock, Metrics& metrics,
                       int threads)
    : queue_(queue),
      store_(store),
      writer_(writer),
      clock_(clock),
      worker_(queue, metrics, {.threads = threads, .batch = 20},
              OneByOne([this](const Lease& lease) { return RingOne(lease); })) {
}

absl::Status RingWorker::EnqueueSoon() {
  const absl::Time now = clock_.Now();
  ASSIGN_OR_RETURN(const std::vector<DueRing> rings,
                   store_.DueRings(now + kSoon, kMostDue));
  std::vector<QueueTask> tasks;
  for (const DueRing& ring : rings) {
    tasks.push_back({absl::StrCat(ring.court, "/", ring.ticket_id, "/",
                                  static_cast<int>(ring.stage)),
                     "", ring.time - now});
  }
  return queue_.EnqueueAll(tasks).status();
}

absl::Status RingWorker::RingOne(const Lease& lease) {
  const std::vector<std::string> parts = absl::StrSplit(lease.task_id, '/');
  int stage = 0;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[2], &stage)) {
    return absl::InvalidArgumentError("not a ring task");
  }
  return writer_.Ring(parts[0], parts[1],
                      static_cast<v1::TicketEvent::DeadlineStage>(stage));
}

}  // namespace huifang::ticket

#include "services/common/lease_keeper.h"

#include <utility>

#include "services/common/log.h"
#include "services/common/steady_time.h"

namespace huifang {

LeaseKeeper::LeaseKeeper(LeaseQueue& queue, absl::Duration lease)
    : queue_(queue), lease_(lease), thread_([this] { Loop(); }) {}

LeaseKeeper::~LeaseKeeper() {
  stopping_.Set();
  thread_.join();
}

LeaseKeeper::Hold::Hold(LeaseKeeper& keeper, const std::vector<Lease>& leases)
    : keeper_(keeper), batch_([&] {
        absl::MutexLock lock(&keeper.mutex_);
        return keeper.batches_.insert(keeper.batches_.end(),
                                      {&leases, SteadyNow()});
      }()) {}

LeaseKeeper::Hold::~Hold() {
  absl::MutexLock lock(&keeper_.mutex_);
  keeper_.batches_.erase(batch_);
}

void LeaseKeeper::Loop() {
  while (!stopping_.WaitFor(lease_ / 3)) {
    for (const std::vector<Settlement>& batch : Extensions()) {
      if (stopping_.WaitFor(absl::ZeroDuration())) return;
      // What cannot be extended now is tried again; what was lost or settled
      // meanwhile stays as it is.
      queue_.SettleAndTake(batch, 0, {}).taken.status().IgnoreError();
    }
  }
}

std::vector<std::vector<Settlement>> LeaseKeeper::Extensions() {
  const absl::Time now = SteadyNow();
  std::vector<std::vector<Settlement>> extensions;
  absl::MutexLock lock(&mutex_);
  for (Batch& batch : batches_) {
    const absl::Duration age = now - batch.taken;
    if (age > kLongest) {
      if (!std::exchange(batch.given_up, true)) {
        log::Error("work_hangs", {{"queue", queue_.name()},
                                  {"task", batch.leases->front().task_id}});
      }
      continue;
    }
    std::vector<Settlement>& some = extensions.emplace_back();
    for (const Lease& lease : *batch.leases) {
      some.push_back({lease, Settlement::Verb::kExtend, lease_});
    }
  }
  return extensions;
}

}  // namespace huifang

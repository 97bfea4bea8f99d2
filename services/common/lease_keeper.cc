#include "services/common/lease_keeper.h"

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
  for (const Batch& batch : batches_) {
    const absl::Duration age = now - batch.taken;
    if (age < lease_ / 3) continue;
    if (age > lease_) {
      log::Warning("work_takes_long",
                   {{"queue", queue_.name()},
                    {"task", batch.leases->front().task_id},
                    {"tasks", static_cast<int>(batch.leases->size())},
                    {"seconds", absl::ToInt64Seconds(age)}});
    }
    std::vector<Settlement>& some = extensions.emplace_back();
    for (const Lease& lease : *batch.leases) {
      some.push_back({lease, Settlement::Verb::kExtend, lease_});
    }
  }
  return extensions;
}

}  // namespace huifang

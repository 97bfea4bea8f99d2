#ifndef HUIFANG_SERVICES_COMMON_LEASE_KEEPER_H_
#define HUIFANG_SERVICES_COMMON_LEASE_KEEPER_H_

#include <list>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/common/lease_queue.h"
#include "services/common/steady_event.h"

namespace huifang {

// Extends what is held for as long as it is worked on. Without it a commit that
// hangs for minutes would have its task given out again and again, each of them
// an attempt, until the queue buries work that nothing is wrong with. A process
// that dies or stands still extends nothing, and work that has not ended within
// kLongest hangs for good: its task is given to others. Thread safe.
class LeaseKeeper {
  struct Batch {
    const std::vector<Lease>* leases;
    absl::Time taken;  // SteadyNow
    bool given_up = false;
  };

 public:
  static constexpr absl::Duration kLongest = absl::Hours(1);

  // Every third of `lease` what is held of `queue` is held for as long again.
  LeaseKeeper(LeaseQueue& queue, absl::Duration lease);
  ~LeaseKeeper();
  LeaseKeeper(const LeaseKeeper&) = delete;
  LeaseKeeper& operator=(const LeaseKeeper&) = delete;

  // While one lives, its leases, just taken and at most 1000, are kept. Both
  // must outlive it.
  class Hold {
   public:
    Hold(LeaseKeeper& keeper, const std::vector<Lease>& leases);
    ~Hold();
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    LeaseKeeper& keeper_;
    const std::list<Batch>::iterator batch_;
  };

 private:
  void Loop();
  // The extensions of each batch.
  std::vector<std::vector<Settlement>> Extensions();

  LeaseQueue& queue_;
  const absl::Duration lease_;
  absl::Mutex mutex_;
  std::list<Batch> batches_ ABSL_GUARDED_BY(mutex_);
  SteadyEvent stopping_;
  std::thread thread_;
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_LEASE_KEEPER_H_

#ifndef HUIFANG_SERVICES_COMMON_WAKE_HUB_H_
#define HUIFANG_SERVICES_COMMON_WAKE_HUB_H_

#include <cstdint>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/common/steady_event.h"

namespace huifang {

// Where streams with nothing to say wait, without a thread each. They are
// woken by Wake and, so that other replicas' commits are seen, every `tick`.
// Woken once, they are woken again no sooner than kGather later: commits that
// follow each other closely are read, sent and applied together, which costs
// the stream's two ends far less than one by one.
class WakeHub {
 public:
  static constexpr absl::Duration kGather = absl::Milliseconds(10);

  explicit WakeHub(absl::Duration tick = absl::Milliseconds(200));
  ~WakeHub();

  // How often Wake was called. Taken before looking for something to say.
  std::uint64_t Wakes();
  // Calls `resume` once, soon after the next Wake or tick, or after a Wake
  // that came since `seen` was taken; from the hub's thread: it must not
  // block. Called at destruction too.
  void Park(std::uint64_t seen, absl::AnyInvocable<void()> resume);
  void Wake();

 private:
  void Loop();

  const absl::Duration tick_;
  absl::Mutex mutex_;
  std::vector<absl::AnyInvocable<void()>> parked_ ABSL_GUARDED_BY(mutex_);
  std::uint64_t wakes_ ABSL_GUARDED_BY(mutex_) = 0;
  SteadyEvent woken_;
  SteadyEvent stopping_;
  std::thread thread_;
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_WAKE_HUB_H_

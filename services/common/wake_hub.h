#ifndef HUIFANG_SERVICES_COMMON_WAKE_HUB_H_
#define HUIFANG_SERVICES_COMMON_WAKE_HUB_H_

#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace huifang {

// Where streams with nothing to say wait, without a thread each. They are
// woken by Wake and, so that other replicas' commits are seen, every `tick`.
class WakeHub {
 public:
  explicit WakeHub(absl::Duration tick = absl::Milliseconds(200));
  ~WakeHub();

  // Calls `resume` once, soon after the next Wake or tick, from the hub's
  // thread: it must not block. Called at destruction too.
  void Park(absl::AnyInvocable<void()> resume);
  void Wake();

 private:
  void Loop();

  const absl::Duration tick_;
  absl::Mutex mutex_;
  std::vector<absl::AnyInvocable<void()>> parked_ ABSL_GUARDED_BY(mutex_);
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_WAKE_HUB_H_

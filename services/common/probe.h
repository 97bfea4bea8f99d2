#ifndef HUIFANG_SERVICES_COMMON_PROBE_H_
#define HUIFANG_SERVICES_COMMON_PROBE_H_

#include <functional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/common/executor.h"

namespace huifang {

// Asks now and then whether something is there, on a thread of its own: a
// database that hangs, its connections open, must not keep whoever looks from
// all else. Thread safe.
class Probe {
 public:
  // `ask` may take as long as it likes; the destructor waits for it.
  Probe(std::function<absl::Status()> ask, absl::Duration patience);

  // What the last question was answered, and asks again. OK before the first
  // answer, UNAVAILABLE while one has been awaited for longer than `patience`.
  absl::Status Look();

 private:
  const std::function<absl::Status()> ask_;
  const absl::Duration patience_;
  absl::Mutex mutex_;
  bool asked_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time since_ ABSL_GUARDED_BY(mutex_);  // SteadyNow; if asked_
  absl::Status last_ ABSL_GUARDED_BY(mutex_);
  ThreadPool thread_{1, 1};
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_PROBE_H_

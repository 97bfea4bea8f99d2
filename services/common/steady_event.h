#ifndef HUIFANG_SERVICES_COMMON_STEADY_EVENT_H_
#define HUIFANG_SERVICES_COMMON_STEADY_EVENT_H_

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "absl/time/time.h"

namespace huifang {

// Something that happened, waited for by a time that nobody sets. Timed waits
// of absl::Mutex end at a time of the wall clock where they are not wrapped
// (docs/adr/0014: builds with sanitizers): begun just before the clock is set
// back by an hour, one of a second takes an hour. Whoever looks at something
// every so often waits here. Thread safe.
class SteadyEvent {
 public:
  void Set() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      set_ = true;
    }
    changed_.notify_all();
  }
  void Reset() {
    const std::lock_guard<std::mutex> lock(mutex_);
    set_ = false;
  }
  // Whether it is set, at once or before `time`, which is finite, is over.
  bool WaitFor(absl::Duration time) {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_until(
        lock,
        std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(time),
        [this] { return set_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool set_ = false;
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_STEADY_EVENT_H_

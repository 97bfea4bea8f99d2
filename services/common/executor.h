#ifndef HUIFANG_SERVICES_COMMON_EXECUTOR_H_
#define HUIFANG_SERVICES_COMMON_EXECUTOR_H_

#include <cstddef>
#include <deque>
#include <semaphore>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"

namespace huifang {

// Runs work off gRPC's threads, which must not block.
class Executor {
 public:
  virtual ~Executor() = default;
  // False when the backlog is full: the caller sheds the work.
  virtual bool TrySubmit(absl::AnyInvocable<void()> work) = 0;
};

// A fixed number of threads and a bounded backlog, first come first served.
class ThreadPool final : public Executor {
 public:
  ThreadPool(int threads, std::size_t backlog);
  // Finishes what was taken.
  ~ThreadPool() override;

  bool TrySubmit(absl::AnyInvocable<void()> work) override;
  std::size_t backlog() const;

 private:
  using Wake = std::binary_semaphore;

  void Work(Wake& wake);
  // Whom to wake now, if anybody.
  Wake* NextToWake() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::size_t max_backlog_;
  mutable absl::Mutex mutex_;
  std::deque<absl::AnyInvocable<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  // Who waits for work, woken from the back: the thread that began to wait last
  // still has its memory in the caches, and of many threads few go round.
  std::vector<Wake*> idle_ ABSL_GUARDED_BY(mutex_);
  // Whether a thread was woken and has not looked yet: one at a time, and each
  // wakes the next if work is left. Often it was done by then.
  bool waking_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<Wake> wakes_;  // one a thread
  std::vector<std::thread> threads_;
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_EXECUTOR_H_

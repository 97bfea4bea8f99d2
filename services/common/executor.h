#ifndef HUIFANG_SERVICES_COMMON_EXECUTOR_H_
#define HUIFANG_SERVICES_COMMON_EXECUTOR_H_

#include <cstddef>
#include <deque>
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
  void Work();

  const std::size_t max_backlog_;
  mutable absl::Mutex mutex_;
  std::deque<absl::AnyInvocable<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_EXECUTOR_H_

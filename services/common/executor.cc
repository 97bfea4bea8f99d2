#include "services/common/executor.h"

#include <pthread.h>

#include <utility>

namespace huifang {

ThreadPool::ThreadPool(int threads, std::size_t backlog)
    : max_backlog_(backlog) {
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { Work(); });
  }
}

ThreadPool::~ThreadPool() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
}

bool ThreadPool::TrySubmit(absl::AnyInvocable<void()> work) {
  absl::MutexLock lock(&mutex_);
  if (stopping_ || queue_.size() >= max_backlog_) return false;
  queue_.push_back(std::move(work));
  return true;
}

std::size_t ThreadPool::backlog() const {
  absl::MutexLock lock(&mutex_);
  return queue_.size();
}

void ThreadPool::Work() {
  pthread_setname_np(pthread_self(), "executor");
  while (true) {
    absl::AnyInvocable<void()> work;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(
          +[](ThreadPool* pool) ABSL_EXCLUSIVE_LOCKS_REQUIRED(pool->mutex_) {
            return pool->stopping_ || !pool->queue_.empty();
          },
          this));
      if (queue_.empty()) return;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    work();
  }
}

}  // namespace huifang

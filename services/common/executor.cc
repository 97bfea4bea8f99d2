#include "services/common/executor.h"

#include <pthread.h>

#include <utility>

namespace huifang {

ThreadPool::ThreadPool(int threads, std::size_t backlog)
    : max_backlog_(backlog) {
  for (int i = 0; i < threads; ++i) {
    Wake& wake = wakes_.emplace_back(0);
    threads_.emplace_back([this, &wake] { Work(wake); });
  }
}

ThreadPool::~ThreadPool() {
  std::vector<Wake*> idle;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    idle.swap(idle_);
  }
  for (Wake* wake : idle) wake->release();
  for (std::thread& thread : threads_) thread.join();
}

bool ThreadPool::TrySubmit(absl::AnyInvocable<void()> work) {
  Wake* wake = nullptr;
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_ || queue_.size() >= max_backlog_) return false;
    queue_.push_back(std::move(work));
    wake = NextToWake();
  }
  if (wake != nullptr) wake->release();
  return true;
}

ThreadPool::Wake* ThreadPool::NextToWake() {
  if (waking_ || queue_.empty() || idle_.empty()) return nullptr;
  waking_ = true;
  Wake* const wake = idle_.back();
  idle_.pop_back();
  return wake;
}

std::size_t ThreadPool::backlog() const {
  absl::MutexLock lock(&mutex_);
  return queue_.size();
}

void ThreadPool::Work(Wake& wake) {
  pthread_setname_np(pthread_self(), "executor");
  bool woken = false;
  while (true) {
    absl::AnyInvocable<void()> work;
    Wake* next = nullptr;
    {
      absl::MutexLock lock(&mutex_);
      if (woken) waking_ = false;
      if (!queue_.empty()) {
        work = std::move(queue_.front());
        queue_.pop_front();
        next = NextToWake();
      } else if (stopping_) {
        return;
      } else {
        idle_.push_back(&wake);
      }
    }
    if (next != nullptr) next->release();
    woken = !work;
    if (work) {
      work();
    } else {
      wake.acquire();
    }
  }
}

}  // namespace huifang

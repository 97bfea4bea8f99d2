#include "services/common/wake_hub.h"

#include <utility>

namespace huifang {

WakeHub::WakeHub(absl::Duration tick)
    : tick_(tick), thread_([this] { Loop(); }) {}

WakeHub::~WakeHub() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    woken_ = true;
  }
  thread_.join();
}

void WakeHub::Park(absl::AnyInvocable<void()> resume) {
  absl::MutexLock lock(&mutex_);
  parked_.push_back(std::move(resume));
}

void WakeHub::Wake() {
  absl::MutexLock lock(&mutex_);
  woken_ = true;
}

void WakeHub::Loop() {
  bool stop = false;
  while (!stop) {
    std::vector<absl::AnyInvocable<void()>> resumed;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&woken_), tick_);
      woken_ = false;
      stop = stopping_;
      resumed.swap(parked_);
    }
    for (absl::AnyInvocable<void()>& resume : resumed) resume();
  }
}

}  // namespace huifang

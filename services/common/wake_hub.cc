#include "services/common/wake_hub.h"

#include <algorithm>
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

std::uint64_t WakeHub::Wakes() {
  absl::MutexLock lock(&mutex_);
  return wakes_;
}

void WakeHub::Park(std::uint64_t seen, absl::AnyInvocable<void()> resume) {
  absl::MutexLock lock(&mutex_);
  parked_.push_back(std::move(resume));
  woken_ = woken_ || wakes_ != seen;
}

void WakeHub::Wake() {
  absl::MutexLock lock(&mutex_);
  ++wakes_;
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
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&stopping_),
                            std::min(kGather, tick_));
  }
}

}  // namespace huifang

#include "services/common/wake_hub.h"

#include <algorithm>
#include <utility>

namespace huifang {

WakeHub::WakeHub(absl::Duration tick)
    : tick_(tick), thread_([this] { Loop(); }) {}

WakeHub::~WakeHub() {
  stopping_.Set();
  woken_.Set();
  thread_.join();
}

std::uint64_t WakeHub::Wakes() {
  absl::MutexLock lock(&mutex_);
  return wakes_;
}

void WakeHub::Park(std::uint64_t seen, absl::AnyInvocable<void()> resume) {
  bool missed = false;
  {
    absl::MutexLock lock(&mutex_);
    parked_.push_back(std::move(resume));
    missed = wakes_ != seen;
  }
  if (missed) woken_.Set();
}

void WakeHub::Wake() {
  {
    absl::MutexLock lock(&mutex_);
    ++wakes_;
  }
  woken_.Set();
}

void WakeHub::Loop() {
  bool stop = false;
  while (!stop) {
    woken_.WaitFor(tick_);
    // Before the look: what happens during it is for the next.
    woken_.Reset();
    stop = stopping_.WaitFor(absl::ZeroDuration());
    std::vector<absl::AnyInvocable<void()>> resumed;
    {
      absl::MutexLock lock(&mutex_);
      resumed.swap(parked_);
    }
    for (absl::AnyInvocable<void()>& resume : resumed) resume();
    stopping_.WaitFor(std::min(kGather, tick_));
  }
}

}  // namespace huifang

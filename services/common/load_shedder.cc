#include "services/common/load_shedder.h"

#include <algorithm>
#include <cmath>

namespace huifang {
namespace {

// After this a call counts for 1 / e.
constexpr absl::Duration kMemory = absl::Seconds(1);
// Less is nothing.
constexpr double kForgotten = 0.05;

}  // namespace

double LoadShedder::Given::Left(absl::Time now) const {
  return calls * std::exp(-absl::FDivDuration(now - at, kMemory));
}

void LoadShedder::Given::Add(absl::Time now) { *this = {Left(now) + 1, now}; }

bool LoadShedder::Refuses(Caller caller) const {
  const absl::Time now = clock_.Now();
  absl::MutexLock lock(&mutex_);
  return overloaded_ && step_ * waiting_ > options_.target / 2 &&
         !Spares(caller, now);
}

// At most half of an equal share, with the work that is asked about. Where many
// callers have one call each, nobody is spared: then none is to blame. Nor is
// one alone, whom a stall would give room for what must wait then. Shares of
// what was given, not of how fast work is started: a stall leaves them as they
// are.
bool LoadShedder::Spares(Caller caller, absl::Time now) const {
  const auto found = given_.find(caller);
  const bool known = found != given_.end();
  const double calls = 1 + (known ? found->second.Left(now) : 0);
  const auto callers = given_.size() + (known ? 0 : 1);
  return 2 * calls * static_cast<double>(callers) <= 1 + total_.Left(now);
}

LoadShedder::Wait LoadShedder::Enter(Caller caller) {
  const absl::Time now = clock_.Now();
  absl::MutexLock lock(&mutex_);
  if (now - swept_ >= kMemory) {
    swept_ = now;
    absl::erase_if(given_, [&](const auto& entry) {
      return entry.second.Left(now) < kForgotten;
    });
  }
  given_[caller].Add(now);
  total_.Add(now);
  ++waiting_;
  return {now, caller};
}

void LoadShedder::Leave() {
  absl::MutexLock lock(&mutex_);
  --waiting_;
}

bool LoadShedder::Start(const Wait& wait) {
  const absl::Time now = clock_.Now();
  const absl::Duration waited = now - wait.since;
  absl::MutexLock lock(&mutex_);
  --waiting_;
  slow_since_ = waited > options_.target ? std::min(slow_since_, now)
                                         : absl::InfiniteFuture();
  quick_since_ = waited < options_.target / 2 ? std::min(quick_since_, now)
                                              : absl::InfiniteFuture();
  if (now - slow_since_ >= options_.patience) overloaded_ = true;
  if (now - quick_since_ >= options_.patience) overloaded_ = false;
  if (overloaded_ && waited > 2 * options_.target && waiting_ > 0 &&
      !Spares(wait.caller, now)) {
    return false;
  }
  // It waited for the one before it, so nothing was idle in between.
  if (wait.since < last_start_) {
    // A longer one is a stall, which says nothing of the speed after it.
    const absl::Duration step =
        std::clamp(now - last_start_, absl::ZeroDuration(), options_.target);
    step_ += (step - step_) / 64;
  }
  last_start_ = now;
  return true;
}

}  // namespace huifang

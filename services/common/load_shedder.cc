#include "services/common/load_shedder.h"

#include <algorithm>

namespace huifang {

bool LoadShedder::Refuses(Caller caller) const {
  absl::MutexLock lock(&mutex_);
  return overloaded_ && step_ * waiting_ > options_.target && !Spares(caller);
}

// At most half of an equal share, with the work that is asked about. Where many
// callers have one call each, nobody is spared: then none is to blame.
bool LoadShedder::Spares(Caller caller) const {
  const auto there = waiting_by_.find(caller);
  const bool known = there != waiting_by_.end();
  const std::int64_t mine = known ? there->second : 0;
  const auto callers =
      static_cast<std::int64_t>(waiting_by_.size()) + (known ? 0 : 1);
  return 2 * (mine + 1) * callers <= waiting_;
}

LoadShedder::Wait LoadShedder::Enter(Caller caller) {
  const absl::Time now = clock_.Now();
  absl::MutexLock lock(&mutex_);
  ++waiting_;
  ++waiting_by_[caller];
  return {now, caller};
}

void LoadShedder::Forget(Caller caller) {
  --waiting_;
  const auto there = waiting_by_.find(caller);
  if (--there->second == 0) waiting_by_.erase(there);
}

void LoadShedder::Leave(const Wait& wait) {
  absl::MutexLock lock(&mutex_);
  Forget(wait.caller);
}

bool LoadShedder::Start(const Wait& wait) {
  const absl::Time now = clock_.Now();
  // The clock may have been set back.
  const absl::Duration waited =
      std::max(now - wait.since, absl::ZeroDuration());
  absl::MutexLock lock(&mutex_);
  Forget(wait.caller);
  slow_since_ = waited > options_.target ? std::min(slow_since_, now)
                                         : absl::InfiniteFuture();
  quick_since_ = waited < options_.target / 2 ? std::min(quick_since_, now)
                                              : absl::InfiniteFuture();
  if (now - slow_since_ >= options_.patience) overloaded_ = true;
  if (now - quick_since_ >= options_.patience) overloaded_ = false;
  if (overloaded_ && waited > 2 * options_.target &&
      waiting_by_.contains(wait.caller)) {
    return false;
  }
  // It waited for the one before it, so nothing was idle in between.
  if (wait.since < last_start_) {
    const absl::Duration step =
        std::max(now - last_start_, absl::ZeroDuration());
    step_ += (step - step_) / 64;
  }
  last_start_ = now;
  return true;
}

}  // namespace huifang

#include "services/common/load_shedder.h"

#include <algorithm>

namespace huifang {

bool LoadShedder::Refuses() const {
  absl::MutexLock lock(&mutex_);
  return overloaded_ && step_ * waiting_ > options_.target;
}

absl::Time LoadShedder::Enter() {
  const absl::Time now = clock_.Now();
  absl::MutexLock lock(&mutex_);
  ++waiting_;
  return now;
}

void LoadShedder::Leave() {
  absl::MutexLock lock(&mutex_);
  --waiting_;
}

bool LoadShedder::Start(absl::Time entered) {
  const absl::Time now = clock_.Now();
  // The clock may have been set back.
  const absl::Duration waited = std::max(now - entered, absl::ZeroDuration());
  absl::MutexLock lock(&mutex_);
  --waiting_;
  slow_since_ = waited > options_.target ? std::min(slow_since_, now)
                                         : absl::InfiniteFuture();
  quick_since_ = waited < options_.target / 2 ? std::min(quick_since_, now)
                                              : absl::InfiniteFuture();
  if (now - slow_since_ >= options_.patience) overloaded_ = true;
  if (now - quick_since_ >= options_.patience) overloaded_ = false;
  if (overloaded_ && waited > 2 * options_.target) return false;
  // It waited for the one before it, so nothing was idle in between.
  if (entered < last_start_) {
    const absl::Duration step =
        std::max(now - last_start_, absl::ZeroDuration());
    step_ += (step - step_) / 64;
  }
  last_start_ = now;
  return true;
}

}  // namespace huifang

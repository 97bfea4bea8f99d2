#include "services/common/probe.h"

#include <utility>

#include "services/common/steady_time.h"

namespace huifang {

Probe::Probe(std::function<absl::Status()> ask, absl::Duration patience)
    : ask_(std::move(ask)), patience_(patience) {}

absl::Status Probe::Look() {
  const absl::Time now = SteadyNow();
  absl::MutexLock lock(&mutex_);
  if (asked_) {
    return now - since_ > patience_ ? absl::UnavailableError("does not answer")
                                    : last_;
  }
  asked_ = thread_.TrySubmit([this] {
    absl::Status answer = ask_();
    absl::MutexLock done(&mutex_);
    last_ = std::move(answer);
    asked_ = false;
  });
  since_ = now;
  return last_;
}

}  // namespace huifang

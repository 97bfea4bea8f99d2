#ifndef HUIFANG_SERVICES_COMMON_STEADY_TIME_H_
#define HUIFANG_SERVICES_COMMON_STEADY_TIME_H_

#include <chrono>

#include "absl/time/time.h"

namespace huifang {

// A time that nobody sets: for how long ago something was, not for when. A wall
// clock set back would make what is long over look recent.
inline absl::Time SteadyNow() {
  return absl::UnixEpoch() +
         absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_STEADY_TIME_H_

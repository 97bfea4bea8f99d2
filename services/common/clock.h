#ifndef HUIFANG_SERVICES_COMMON_CLOCK_H_
#define HUIFANG_SERVICES_COMMON_CLOCK_H_

#include "absl/time/time.h"

namespace huifang {

// Where the time comes from. Thread safe. Tests use a clock they move by hand.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() = 0;
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  absl::Time Now() override;
};

// What counts on while somebody sets that clock (SteadyNow): for how long ago
// something was, not for when.
class SteadyClock final : public Clock {
 public:
  absl::Time Now() override;
};

// Court time: UTC+8 without daylight saving.
absl::TimeZone CourtTimeZone();

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_CLOCK_H_

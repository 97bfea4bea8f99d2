#include "services/common/clock.h"

#include "absl/time/clock.h"
#include "services/common/steady_time.h"

namespace huifang {

absl::Time SystemClock::Now() { return absl::Now(); }

absl::Time SteadyClock::Now() { return SteadyNow(); }

absl::TimeZone CourtTimeZone() {
  // Looked up by a name that is made each time.
  static const absl::TimeZone zone = absl::FixedTimeZone(8 * 60 * 60);
  return zone;
}

}  // namespace huifang

#include "services/common/clock.h"

#include "absl/time/clock.h"

namespace huifang {

absl::Time SystemClock::Now() { return absl::Now(); }

absl::TimeZone CourtTimeZone() { return absl::FixedTimeZone(8 * 60 * 60); }

}  // namespace huifang

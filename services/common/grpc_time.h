#ifndef HUIFANG_SERVICES_COMMON_GRPC_TIME_H_
#define HUIFANG_SERVICES_COMMON_GRPC_TIME_H_

#include <grpc/support/time.h>

#include <cstdint>

#include "absl/time/time.h"

namespace huifang {

// How long something may take, as gRPC counts it and to the time that nobody
// sets. Not by way of absl::Now(): for two seconds after a clock was set it may
// tell the time that was, and a deadline reckoned from it is long over.

inline absl::Duration TimeUntil(const gpr_timespec& deadline) {
  const gpr_timespec left =
      gpr_time_sub(deadline, gpr_now(deadline.clock_type));
  return absl::Seconds(left.tv_sec) + absl::Nanoseconds(left.tv_nsec);
}

// From now. `time` may be infinite.
inline gpr_timespec In(absl::Duration time) {
  return gpr_time_add(
      gpr_now(GPR_CLOCK_MONOTONIC),
      gpr_time_from_micros(absl::ToInt64Microseconds(time), GPR_TIMESPAN));
}

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_GRPC_TIME_H_

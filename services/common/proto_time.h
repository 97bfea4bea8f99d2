// google.protobuf.Timestamp and absl::Time, to the microsecond.
#ifndef HUIFANG_SERVICES_COMMON_PROTO_TIME_H_
#define HUIFANG_SERVICES_COMMON_PROTO_TIME_H_

#include <cstdint>

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace huifang {

inline google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  const std::int64_t micros = absl::ToUnixMicros(time);
  std::int64_t seconds = micros / 1'000'000;
  std::int64_t rest = micros % 1'000'000;
  if (rest < 0) {
    rest += 1'000'000;
    --seconds;
  }
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<std::int32_t>(rest * 1000));
  return timestamp;
}

inline absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) +
         absl::Microseconds(timestamp.nanos() / 1000);
}

// Microseconds since the epoch; 0 for the absent timestamp.
inline std::int64_t MicrosOf(bool present,
                             const google::protobuf::Timestamp& timestamp) {
  return present ? absl::ToUnixMicros(FromTimestamp(timestamp)) : 0;
}

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_PROTO_TIME_H_

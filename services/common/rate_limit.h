// How many calls a second one principal, or one court, may make on this
// replica, so that one client cannot starve the others.
#ifndef HUIFANG_SERVICES_COMMON_RATE_LIMIT_H_
#define HUIFANG_SERVICES_COMMON_RATE_LIMIT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/common/clock.h"
#include "services/common/metrics.h"

namespace huifang {

// A token bucket for each key, full at first. Thread safe.
class RateLimiter {
 public:
  // `per_second` tokens flow into a bucket, which holds two seconds of them.
  // Of more than `keys_max` keys at once, the others share one bucket. `clock`:
  // one that nobody sets.
  RateLimiter(Clock& clock, std::int64_t per_second, std::size_t keys_max);

  // Takes a token, or says when there will be one.
  absl::Duration Take(const std::string& key);

 private:
  absl::Time& BucketOf(const std::string& key, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Clock& clock_;
  const absl::Duration token_;     // time to make one
  const absl::Duration capacity_;  // time to fill a bucket
  const std::size_t keys_max_;
  absl::Mutex mutex_;
  // When the bucket will be full again. Those that are full need no entry.
  std::unordered_map<std::string, absl::Time> full_times_
      ABSL_GUARDED_BY(mutex_);
  absl::Time others_full_time_ ABSL_GUARDED_BY(mutex_);
  absl::Time tidy_time_ ABSL_GUARDED_BY(mutex_);
};

struct RateLimitOptions {
  std::int64_t per_principal = 0;  // calls a second; 0: no limit
  std::int64_t per_court = 0;
};

// Thread safe.
class RateLimits {
 public:
  // `clock`: as of RateLimiter.
  RateLimits(Clock& clock, Metrics& metrics, const RateLimitOptions& options);

  // RESOURCE_EXHAUSTED (RATE_LIMITED) with RetryInfo for a call too many.
  // `court` is empty or "-" for a call that is not about one.
  absl::Status Admit(const std::string& principal, const std::string& court);

 private:
  absl::Status Check(RateLimiter& limiter, const char* by,
                     const std::string& who, std::int64_t limit);

  Metrics& metrics_;
  const RateLimitOptions options_;
  RateLimiter principals_;
  RateLimiter courts_;
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_RATE_LIMIT_H_

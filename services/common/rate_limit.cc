#include "services/common/rate_limit.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/status_macros.h"

namespace huifang {
namespace {

constexpr absl::Duration kCapacity = absl::Seconds(2);
constexpr std::size_t kKeysMax = 10'000;

}  // namespace

RateLimiter::RateLimiter(Clock& clock, std::int64_t per_second,
                         std::size_t keys_max)
    : clock_(clock),
      token_(absl::Seconds(1) / std::max<std::int64_t>(per_second, 1)),
      capacity_(std::max(kCapacity, token_)),
      keys_max_(keys_max),
      others_full_time_(absl::InfinitePast()),
      tidy_time_(absl::InfinitePast()) {}

absl::Time& RateLimiter::BucketOf(const std::string& key, absl::Time now) {
  const auto it = full_times_.find(key);
  if (it != full_times_.end()) return it->second;
  if (full_times_.size() >= keys_max_) {
    // Looking at all of them is worth it once in the time one takes to fill.
    if (now >= tidy_time_) {
      tidy_time_ = now + capacity_;
      for (auto one = full_times_.begin(); one != full_times_.end();) {
        one = one->second <= now ? full_times_.erase(one) : std::next(one);
      }
    }
    if (full_times_.size() >= keys_max_) return others_full_time_;
  }
  return full_times_[key] = now;
}

absl::Duration RateLimiter::Take(const std::string& key) {
  const absl::Time now = clock_.Now();
  absl::MutexLock lock(&mutex_);
  absl::Time& full_time = BucketOf(key, now);
  full_time = std::max(full_time, now);
  const absl::Duration wait = full_time + token_ - (now + capacity_);
  if (wait > absl::ZeroDuration()) return wait;
  full_time += token_;
  return absl::ZeroDuration();
}

RateLimits::RateLimits(Clock& clock, Metrics& metrics,
                       const RateLimitOptions& options)
    : metrics_(metrics),
      options_(options),
      principals_(clock, options.per_principal, kKeysMax),
      courts_(clock, options.per_court, kKeysMax) {}

absl::Status RateLimits::Check(RateLimiter& limiter, const char* by,
                               const std::string& who, std::int64_t limit) {
  const absl::Duration wait = limiter.Take(who);
  if (wait == absl::ZeroDuration()) return absl::OkStatus();
  metrics_.Count("rate_limited_total", "by", by);
  return BusyError("RATE_LIMITED",
                   absl::StrCat("more than ", limit, " calls a second of ", by,
                                " ", who, "; slow down"),
                   wait);
}

absl::Status RateLimits::Admit(const std::string& principal,
                               const std::string& court) {
  if (options_.per_principal > 0) {
    RETURN_IF_ERROR(
        Check(principals_, "principal", principal, options_.per_principal));
  }
  if (options_.per_court > 0 && !court.empty() && court != "-") {
    RETURN_IF_ERROR(Check(courts_, "court", court, options_.per_court));
  }
  return absl::OkStatus();
}

}  // namespace huifang

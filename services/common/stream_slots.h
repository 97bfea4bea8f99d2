// How many server streams are open on this replica.
#ifndef HUIFANG_SERVICES_COMMON_STREAM_SLOTS_H_
#define HUIFANG_SERVICES_COMMON_STREAM_SLOTS_H_

#include <cstdint>
#include <string>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace huifang {

struct StreamLimits {
  std::int64_t in_all = 0;
  std::int64_t per_principal = 0;
};

// Thread safe.
class StreamSlots {
 public:
  explicit StreamSlots(const StreamLimits& limits) : limits_(limits) {}

  // RESOURCE_EXHAUSTED (TOO_MANY_STREAMS) with RetryInfo for one too many;
  // else Release gives the slot back.
  absl::Status Take(const std::string& principal);
  void Release(const std::string& principal);
  std::int64_t open() const;

 private:
  const StreamLimits limits_;
  mutable absl::Mutex mutex_;
  std::int64_t open_ ABSL_GUARDED_BY(mutex_) = 0;
  // Only those with an open stream have an entry.
  std::unordered_map<std::string, std::int64_t> by_principal_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_STREAM_SLOTS_H_

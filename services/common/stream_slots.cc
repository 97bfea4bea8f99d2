#include "services/common/stream_slots.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "services/common/error.h"

namespace huifang {
namespace {

constexpr absl::Duration kRetryAfter = absl::Seconds(5);

}  // namespace

absl::Status StreamSlots::Take(const std::string& principal) {
  absl::MutexLock lock(&mutex_);
  if (open_ >= limits_.in_all) {
    return BusyError("TOO_MANY_STREAMS",
                     absl::StrCat("this replica has ", limits_.in_all,
                                  " streams open and takes no more; try "
                                  "another one, or later"),
                     kRetryAfter);
  }
  std::int64_t& own = by_principal_[principal];
  if (own >= limits_.per_principal) {
    if (own == 0) by_principal_.erase(principal);
    return BusyError(
        "TOO_MANY_STREAMS",
        absl::StrCat(principal, " has ", limits_.per_principal,
                     " streams open on this replica; close one first"),
        kRetryAfter);
  }
  ++own;
  ++open_;
  return absl::OkStatus();
}

void StreamSlots::Release(const std::string& principal) {
  absl::MutexLock lock(&mutex_);
  --open_;
  const auto it = by_principal_.find(principal);
  if (--it->second == 0) by_principal_.erase(it);
}

std::int64_t StreamSlots::open() const {
  absl::MutexLock lock(&mutex_);
  return open_;
}

}  // namespace huifang

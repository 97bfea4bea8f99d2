#ifndef HUIFANG_SERVICES_COMMON_DEADLINE_H_
#define HUIFANG_SERVICES_COMMON_DEADLINE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace huifang {

// Until when somebody waits for what this thread does. A call runs on one
// thread, so whatever waits below it (the database, a peer) finds its deadline
// here without a parameter through every layer. Scopes nest; the earlier
// deadline counts. All are times of SteadyNow(): to set the clock ends no call.
class ScopedDeadline {
 public:
  explicit ScopedDeadline(absl::Time deadline);
  ~ScopedDeadline();
  ScopedDeadline(const ScopedDeadline&) = delete;
  ScopedDeadline& operator=(const ScopedDeadline&) = delete;

 private:
  const absl::Time outer_;
};

// InfiniteFuture outside of a scope: background work waits as long as it takes.
absl::Time CurrentDeadline();

// DEADLINE_EXCEEDED. `message` says what was not done.
absl::Status DeadlineError(absl::string_view message);

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_DEADLINE_H_

// Sheds calls by how long work waits, before latency collapses.
#ifndef HUIFANG_SERVICES_COMMON_LOAD_SHEDDER_H_
#define HUIFANG_SERVICES_COMMON_LOAD_SHEDDER_H_

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/common/clock.h"

namespace huifang {

struct LoadShedderOptions {
  // How long work may wait while there is too much of it.
  absl::Duration target = absl::Milliseconds(30);
  // For how long all work must have waited longer than that. A burst or one
  // slow commit is absorbed by the backlog, as CoDel does it
  // (https://queue.acm.org/detail.cfm?id=2209336).
  absl::Duration patience = absl::Milliseconds(100);
};

// Follows the calls of one executor. Overload begins when everything that was
// started for `patience` had waited longer than `target`, and ends when
// everything waited less than half of it for as long. During overload new work
// is refused if it would wait longer than half of `target`, going by how fast
// work was started lately, and what waited twice the target is dropped instead
// of started if there is more. That is wide apart because the speed is a mean:
// what is dropped was read and admitted for nothing. A caller is spared that
// was given, within about a second, at most half of its equal share of what all
// were given: one that calls without measure must not keep the others out, not
// even when a stall lets their calls come all at once. Thread safe.
class LoadShedder {
 public:
  // Tells callers apart, as far as shedding goes.
  using Caller = std::uint64_t;
  // Work that waits for its turn.
  struct Wait {
    absl::Time since;
    Caller caller = 0;
  };

  // `clock`: one that nobody sets.
  LoadShedder(Clock& clock, const LoadShedderOptions& options)
      : clock_(clock), options_(options) {}

  // Whether new work should be turned away. Cheap: asked before admission.
  bool Refuses(Caller caller) const;
  // New work, whose caller was admitted, waits from now on until Start or
  // Leave.
  Wait Enter(Caller caller);
  // The work was not taken after all.
  void Leave();
  // The work's turn has come. False: it waited too long, drop it.
  bool Start(const Wait& wait);

 private:
  // What was given lately: each call counts for less and less.
  struct Given {
    double calls = 0;
    absl::Time at;

    double Left(absl::Time now) const;
    void Add(absl::Time now);
  };

  bool Spares(Caller caller, absl::Time now) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Clock& clock_;
  const LoadShedderOptions options_;
  mutable absl::Mutex mutex_;
  std::int64_t waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  // Of callers that were given anything lately, and of all together.
  absl::flat_hash_map<Caller, Given> given_ ABSL_GUARDED_BY(mutex_);
  Given total_ ABSL_GUARDED_BY(mutex_);
  // When the others were last taken out of it.
  absl::Time swept_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  // Time from one start to the next while work waits; a moving average.
  absl::Duration step_ ABSL_GUARDED_BY(mutex_) = absl::ZeroDuration();
  absl::Time last_start_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  // Since when everything waits longer than the target.
  absl::Time slow_since_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  // Since when nothing waits half as long as that.
  absl::Time quick_since_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  bool overloaded_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_LOAD_SHEDDER_H_

#ifndef HUIFANG_SERVICES_COMMON_TURN_GROUPS_H_
#define HUIFANG_SERVICES_COMMON_TURN_GROUPS_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/common/lease_queue.h"

namespace huifang {

// What one worker asks of a partition of a queue, and its answer.
struct Turn {
  std::vector<const Settlement*> done{};
  int limit = 0;  // of tasks to take
  absl::Duration lease;

  std::vector<absl::Status> settled{};  // one for each of `done`, in order
  absl::StatusOr<TakeResult> taken = TakeResult();
};

// Turns that are asked for while another is under way go together in the next
// one, as writes go in one commit: a round trip to Redis costs as much for one
// task as for a few. Whoever waits longest does it for the others. Thread safe.
class TurnGroups {
 public:
  // Answers the turns, which have one `lease` and settle and take no more than
  // kGroupTasks, unless it is one turn that does.
  using Run = std::function<void(const std::vector<Turn*>& turns)>;
  static constexpr int kGroupTasks = 100;

  explicit TurnGroups(Run run) : run_(std::move(run)) {}

  // Returns once the turn is answered.
  void Do(Turn& turn);
  // How many wait for the one under way.
  std::size_t waiting() const;

 private:
  struct Waiting {
    Turn* turn;
    bool answered = false;
  };

  // Those that go together with the first that waits.
  std::vector<Waiting*> NextGroup() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Run run_;
  mutable absl::Mutex mutex_;
  bool running_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<Waiting*> waiting_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_TURN_GROUPS_H_

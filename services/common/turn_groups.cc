#include "services/common/turn_groups.h"

#include <algorithm>

namespace huifang {

std::vector<TurnGroups::Waiting*> TurnGroups::NextGroup() {
  std::vector<Waiting*> group;
  int tasks = 0;
  while (!waiting_.empty()) {
    const Turn& next = *waiting_.front()->turn;
    tasks += std::max(next.limit, static_cast<int>(next.done.size()));
    if (!group.empty() &&
        (tasks > kGroupTasks || next.lease != group.front()->turn->lease)) {
      break;
    }
    group.push_back(waiting_.front());
    waiting_.pop_front();
  }
  return group;
}

std::size_t TurnGroups::waiting() const {
  absl::MutexLock lock(&mutex_);
  return waiting_.size();
}

void TurnGroups::Do(Turn& turn) {
  Waiting self{&turn};
  std::vector<Waiting*> group;
  {
    absl::MutexLock lock(&mutex_);
    waiting_.push_back(&self);
    const auto may_go = [&] {
      mutex_.AssertHeld();
      return self.answered || (!running_ && waiting_.front() == &self);
    };
    mutex_.Await(absl::Condition(&may_go));
    if (self.answered) return;
    running_ = true;
    group = NextGroup();
  }
  std::vector<Turn*> turns;
  for (const Waiting* one : group) turns.push_back(one->turn);
  run_(turns);
  absl::MutexLock lock(&mutex_);
  running_ = false;
  for (Waiting* one : group) one->answered = true;
}

}  // namespace huifang

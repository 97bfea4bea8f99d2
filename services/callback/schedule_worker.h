#ifndef HUIFANG_SERVICES_CALLBACK_SCHEDULE_WORKER_H_
#define HUIFANG_SERVICES_CALLBACK_SCHEDULE_WORKER_H_

#include "absl/status/status.h"
#include "services/callback/draw_office.h"
#include "services/callback/plan_store.h"
#include "services/common/clock.h"
#include "services/common/lease_queue.h"

namespace huifang::callback {

// Draws of weekly plans: each Monday at the plan's time, over the past Monday
// to Sunday. A task is "110102/PLAN/MONDAY OF THE WEEK TO DRAW", due at the
// moment of the draw; running it again finds the draw made.
class ScheduleWorker {
 public:
  ScheduleWorker(PlanStore& plans, DrawOffice& office, LeaseQueue& queue,
                 Clock& clock)
      : plans_(plans), office_(office), queue_(queue), clock_(clock) {}

  absl::Status Work(const huifang::Lease& lease);

  // Queues the coming draw of every weekly plan, and the latest one if its
  // time passed while nobody was running. Called by the reconciler.
  absl::Status EnqueueComing();

 private:
  PlanStore& plans_;
  DrawOffice& office_;
  LeaseQueue& queue_;
  Clock& clock_;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_SCHEDULE_WORKER_H_

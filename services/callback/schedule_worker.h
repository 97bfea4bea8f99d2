#ifndef HUIFANG_SERVICES_CALLBACK_SCHEDULE_WORKER_H_
#define HUIFANG_SERVICES_CALLBACK_SCHEDULE_WORKER_H_

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "services/callback/court_info.h"
#include "services/callback/draw_office.h"
#include "services/callback/plan_store.h"
#include "services/common/clock.h"
#include "services/common/lease_queue.h"

namespace huifang::callback {

// Draws of weekly plans: each Monday, or the first working day after it, at the
// plan's time, over the past Monday to Sunday. A task is "110102/PLAN/MONDAY OF
// THE WEEK TO DRAW", due at the moment of the draw; running it again finds the
// draw made.
class ScheduleWorker {
 public:
  ScheduleWorker(PlanStore& plans, DrawOffice& office, LeaseQueue& queue,
                 CourtInfo& courts, Clock& clock)
      : plans_(plans),
        office_(office),
        queue_(queue),
        courts_(courts),
        clock_(clock) {}

  absl::Status Work(const huifang::Lease& lease);

  // Queues the coming draw of every weekly plan, and those of the last four
  // weeks whose time passed while nobody was running. Called by the
  // reconciler.
  absl::Status EnqueueComing();

 private:
  // When the plan draws the week that begins on `monday`.
  absl::Time DrawTimeOf(const v1::SamplingPlan& plan, absl::CivilDay monday);

  PlanStore& plans_;
  DrawOffice& office_;
  LeaseQueue& queue_;
  CourtInfo& courts_;
  Clock& clock_;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_SCHEDULE_WORKER_H_

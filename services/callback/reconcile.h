#ifndef HUIFANG_SERVICES_CALLBACK_RECONCILE_H_
#define HUIFANG_SERVICES_CALLBACK_RECONCILE_H_

#include "absl/status/status.h"
#include "services/callback/call_desk.h"
#include "services/callback/callback_store.h"
#include "services/callback/conveyance_store.h"
#include "services/callback/draw_office.h"
#include "services/callback/schedule_worker.h"
#include "services/common/clock.h"
#include "services/common/lease_queue.h"
#include "services/common/sql.h"

namespace huifang::callback {

// What the database asks of the queues.
struct Reconciliation {
  sql::Database& db;
  CallbackStore& callbacks;
  ConveyanceStore& conveyances;
  CallDesk& desk;
  DrawOffice& office;
  ScheduleWorker& schedule;
  LeaseQueue& call_queue;
  LeaseQueue& convey_queue;
  LeaseQueue& judge_queue;
  Clock& clock;
  // Calls that were closed by then are out of the queue.
  absl::Time cancelled_until = absl::InfinitePast();

  // Puts missing draws, calls, conveyances, changed rules and weekly draws into
  // the queues, closes re-calls that expired, and takes calls out that were
  // closed while the queue could not be told.
  absl::Status Run();

 private:
  absl::Status EnqueueCalls();
  absl::Status CancelClosed();
  absl::Status EnqueueConveyances();
  absl::Status EnqueueJudging();
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_RECONCILE_H_

#ifndef HUIFANG_SERVICES_CALLBACK_DRAW_WORKER_H_
#define HUIFANG_SERVICES_CALLBACK_DRAW_WORKER_H_

#include <string>

#include "absl/status/status.h"
#include "services/callback/call_desk.h"
#include "services/callback/callback_store.h"
#include "services/callback/draw_maker.h"
#include "services/common/lease_queue.h"

namespace huifang::callback {

// The task of a draw in the queue "draw": "110102/DRAW".
std::string DrawTaskId(const std::string& court, const std::string& draw_id);

// Does the work of one draw task: makes the draw, then tells the call queue of
// its calls. A draw that can never be made ends FAILED.
class DrawWorker {
 public:
  DrawWorker(DrawMaker& maker, CallbackStore& callbacks, CallDesk& desk)
      : maker_(maker), callbacks_(callbacks), desk_(desk) {}

  absl::Status Work(const Lease& lease);

 private:
  absl::Status EnqueueCalls(const std::string& court,
                            const std::string& draw_id);

  DrawMaker& maker_;
  CallbackStore& callbacks_;
  CallDesk& desk_;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_DRAW_WORKER_H_

// Places where a process can be made to die, so that tests can walk through
// every boundary between "done" and "said to be done".
#ifndef HUIFANG_SERVICES_COMMON_CRASH_POINT_H_
#define HUIFANG_SERVICES_COMMON_CRASH_POINT_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace huifang {

enum class CrashPoint {
  kBeforeCommit,   // everything is written, nothing is durable
  kAfterCommit,    // durable, nobody was told
  kBeforeReply,    // the handler is done, the caller waits
  kAfterReply,     // the reply was handed to gRPC
  kBeforeEnqueue,  // the database asks for the task, the queue lacks it
  kAfterEnqueue,   // the task is queued, no worker was woken
  kAfterTake,      // leased, nothing done
  kBeforeSettle,   // done, and still leased
  kAfterSettle,    // settled, and what was taken with it is not begun
  kBeforeApply,    // events were read, nothing of them is stored
  kAfterApply,     // events and checkpoint are durable
};

// Arms one point from "NAME" (before_commit, after_commit, …) or "NAME:N": die
// when it is reached the N-th time. Empty: none. INVALID_ARGUMENT lists the
// names. What was reached before does not count.
absl::Status ArmCrashPoint(absl::string_view spec);

// Dies by SIGKILL, as in a power cut, if this point is armed and due. Costs one
// comparison otherwise.
void MaybeCrash(CrashPoint point);

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_CRASH_POINT_H_

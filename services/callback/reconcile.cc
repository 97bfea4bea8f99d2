#include "services/callback/reconcile.h"

#include <string>
#include <vector>

#include "services/callback/verdict_rule_store.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

constexpr int kPage = 1000;
// The reconciler runs every minute, and at once after Redis was away.
constexpr absl::Duration kLookBack = absl::Minutes(10);

}  // namespace

absl::Status Reconciliation::Run() {
  RETURN_IF_ERROR(office.EnqueueJobs());
  RETURN_IF_ERROR(EnqueueCalls());
  RETURN_IF_ERROR(CancelClosed());
  RETURN_IF_ERROR(EnqueueConveyances());
  RETURN_IF_ERROR(EnqueueJudging());
  RETURN_IF_ERROR(schedule.EnqueueComing());
  return desk.ExpireRecalls();
}

absl::Status Reconciliation::EnqueueCalls() {
  OpenCall last;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<OpenCall> calls,
                     callbacks.OpenCalls(last.court, last.callback_id, kPage));
    RETURN_IF_ERROR(desk.Enqueue(calls));
    if (calls.size() < kPage) return absl::OkStatus();
    last = calls.back();
  }
}

absl::Status Reconciliation::CancelClosed() {
  OpenCall last;
  last.due_time = clock.Now() - kLookBack;
  while (true) {
    ASSIGN_OR_RETURN(
        const std::vector<OpenCall> closed,
        callbacks.ClosedSince(last.due_time, last.callback_id, kPage));
    for (const OpenCall& call : closed) {
      RETURN_IF_ERROR(
          call_queue.Cancel(CallTaskId(call.court, call.callback_id)));
    }
    if (closed.size() < kPage) return absl::OkStatus();
    last = closed.back();
  }
}

absl::Status Reconciliation::EnqueueConveyances() {
  ResourceName last;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<std::string> names,
                     conveyances.Due(clock.Now(), last, kPage));
    std::vector<QueueTask> tasks;
    for (const std::string& name : names) {
      tasks.push_back({name, "", absl::ZeroDuration()});
    }
    if (tasks.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(convey_queue.EnqueueAll(tasks).status());
    if (names.size() < kPage) return absl::OkStatus();
    ASSIGN_OR_RETURN(last, ParseResourceName(names.back(), "conveyances"));
  }
}

absl::Status Reconciliation::EnqueueJudging() {
  std::vector<QueueTask> tasks;
  RETURN_IF_ERROR(db.Read([&](sql::Session& session) -> absl::Status {
    tasks.clear();
    ASSIGN_OR_RETURN(const std::vector<std::string> names,
                     VerdictRuleStore::Judging(session, kPage));
    for (const std::string& name : names) {
      tasks.push_back({name, "", absl::ZeroDuration()});
    }
    return absl::OkStatus();
  }));
  if (tasks.empty()) return absl::OkStatus();
  return judge_queue.EnqueueAll(tasks).status();
}

}  // namespace huifang::callback

#include "services/callback/reconcile.h"

#include <algorithm>
#include <string>
#include <vector>

#include "services/callback/verdict_rule_store.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

constexpr int kPage = 1000;
// What was closed while the last look went on, whatever a clock says.
constexpr absl::Duration kLookBack = absl::Minutes(10);
// By replicas that ended, while Redis was away.
constexpr absl::Duration kFirstLookBack = absl::Hours(7 * 24);

}  // namespace

// All steps, whatever fails: a partition of Redis that is away keeps back only
// its own tasks.
absl::Status Reconciliation::Run() {
  absl::Status failed = office.EnqueueJobs();
  failed.Update(EnqueueCalls());
  failed.Update(CancelClosed());
  failed.Update(EnqueueConveyances());
  failed.Update(EnqueueJudging());
  failed.Update(schedule.EnqueueComing());
  failed.Update(desk.ExpireRecalls());
  return failed;
}

absl::Status Reconciliation::EnqueueCalls() {
  OpenCall last;
  absl::Status failed;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<OpenCall> calls,
                     callbacks.OpenCalls(last.court, last.callback_id, kPage));
    failed.Update(desk.Enqueue(calls));
    if (calls.size() < kPage) return failed;
    last = calls.back();
  }
}

absl::Status Reconciliation::CancelClosed() {
  const absl::Time now = clock.Now();
  OpenCall last;
  last.due_time = cancelled_until == absl::InfinitePast()
                      ? now - kFirstLookBack
                      : std::min(cancelled_until, now) - kLookBack;
  absl::Status failed;
  while (true) {
    ASSIGN_OR_RETURN(
        const std::vector<OpenCall> closed,
        callbacks.ClosedSince(last.due_time, last.callback_id, kPage));
    for (const OpenCall& call : closed) {
      failed.Update(
          call_queue.Cancel(CallTaskId(call.court, call.callback_id)));
    }
    if (closed.size() < kPage) break;
    last = closed.back();
  }
  if (failed.ok()) cancelled_until = now;
  return failed;
}

absl::Status Reconciliation::EnqueueConveyances() {
  ResourceName last;
  absl::Status failed;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<std::string> names,
                     conveyances.Due(clock.Now(), last, kPage));
    std::vector<QueueTask> tasks;
    for (const std::string& name : names) {
      tasks.push_back({name, "", absl::ZeroDuration()});
    }
    if (tasks.empty()) return failed;
    failed.Update(convey_queue.EnqueueAll(tasks).status());
    if (names.size() < kPage) return failed;
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

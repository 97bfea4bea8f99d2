#include "services/common/worker.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/common/error.h"
#include "services/common/log.h"
#include "services/common/rpc.h"
#include "services/common/status_macros.h"
#include "services/common/steady_time.h"

namespace huifang {
namespace {

// Something that the task needs is away or full; the task is not at fault.
bool IsOutage(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status);
}

bool IsTransient(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kCancelled:
      return true;
    default:
      return false;
  }
}

// Settlements that a thread goes on telling while a part of Redis is away; the
// tasks of others wait for the end of their leases and are done again.
constexpr std::size_t kMostOwed = 100;

constexpr int kBackgroundNice = 10;

// Of this thread alone: Linux keeps a niceness for each.
void GiveWay() {
  if (setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kBackgroundNice) !=
      0) {
    log::Warning("setpriority_failed", {});
  }
}

// Full jitter, so that retries do not march in step.
absl::Duration UpTo(absl::Duration cap) {
  thread_local absl::BitGen random;
  return cap * absl::Uniform(random, 0.0, 1.0);
}

absl::Duration Backoff(const WorkerOptions& options, int attempt) {
  return UpTo(std::min(
      options.max_backoff,
      options.min_backoff * static_cast<double>(1LL << std::min(attempt, 20))));
}

}  // namespace

WorkFn OneByOne(std::function<absl::Status(const Lease&)> work) {
  return [work = std::move(work)](const std::vector<Lease>& leases) {
    std::vector<absl::Status> results;
    for (const Lease& lease : leases) {
      if (!results.empty() && IsOutage(results.back())) {
        results.push_back(results.back());
      } else {
        results.push_back(work(lease));
      }
    }
    return results;
  };
}

Worker::Worker(LeaseQueue& queue, Metrics& metrics, WorkerOptions options,
               WorkFn work)
    : queue_(queue),
      metrics_(metrics),
      options_(options),
      work_(std::move(work)),
      keeper_(queue, options_.lease) {
  for (int i = 0; i < options_.threads; ++i) {
    threads_.emplace_back([this] { Loop(); });
  }
}

Worker::~Worker() { Stop(); }

void Worker::Stop() {
  stopping_ = true;
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void Worker::Loop() {
  if (options_.background) GiveWay();
  absl::Duration away = options_.min_backoff;
  Told told;
  while (!stopping_) {
    const absl::StatusOr<TakeResult> taken = Turn(told, options_.batch);
    if (!taken.ok()) {
      log::Warning("queue_unreachable", {{"queue", queue_.name()},
                                         {"error", taken.status().message()}});
      absl::SleepFor(away);
      away = std::min(away * 2, absl::Seconds(1));
      continue;
    }
    away = options_.min_backoff;
    if (taken->leases.empty()) {
      queue_.WaitForWork(std::min(taken->next_due, absl::Seconds(1)));
    } else {
      told.fresh = RunBatch(taken->leases);
    }
  }
  told.again_at = absl::InfinitePast();
  if (!told.fresh.empty() || !told.owed.empty()) {
    Turn(told, 0).status().IgnoreError();
  }
}

absl::StatusOr<TakeResult> Worker::Turn(Told& told, int limit) {
  std::vector<Settlement> done = std::move(told.fresh);
  told.fresh.clear();
  // Behind what is fresh: its partition is the one to take from. And not with
  // each turn, which would wait for a server that is away.
  if (!told.owed.empty() && SteadyNow() >= told.again_at) {
    std::move(told.owed.begin(), told.owed.end(), std::back_inserter(done));
    told.owed.clear();
  }
  TurnResult turn = queue_.SettleAndTake(done, limit, options_.lease);
  for (std::size_t i = 0; i < done.size(); ++i) {
    const absl::Status& settled = turn.settled[i];
    // Expected after a pause longer than the lease: somebody else has the task,
    // and the effect is idempotent.
    if (absl::IsAborted(settled)) {
      metrics_.Count("lease_lost_total", "queue", queue_.name());
    } else if (!settled.ok() && told.owed.size() < kMostOwed) {
      told.owed.push_back(std::move(done[i]));
      told.again_at = SteadyNow() + options_.tell_again;
    }
  }
  return std::move(turn.taken);
}

std::vector<Settlement> Worker::RunBatch(const std::vector<Lease>& leases) {
  const LeaseKeeper::Hold hold(keeper_, leases);
  std::vector<absl::Status> results;
  const absl::Status guarded = rpc::Guard([&] {
    results = work_(leases);
    return absl::OkStatus();
  });
  results.resize(leases.size(),
                 guarded.ok() ? absl::InternalError("no result") : guarded);
  std::vector<Settlement> done;
  for (std::size_t i = 0; i < leases.size(); ++i) {
    done.push_back(Decide(leases[i], results[i]));
  }
  return done;
}

Settlement Worker::Decide(const Lease& lease, const absl::Status& result) {
  Settlement done = {.lease = lease};
  const char* outcome = "done";
  if (IsOutage(result)) {
    outcome = "handed_back";
    done.verb = Settlement::Verb::kHandBack;
    done.delay = UpTo(options_.outage_pause);
  } else if (IsTransient(result)) {
    outcome = "released";
    done.verb = Settlement::Verb::kRelease;
    done.delay = Backoff(options_, lease.attempt);
    done.reason = std::string(result.message());
  } else if (!result.ok()) {
    outcome = "buried";
    done.verb = Settlement::Verb::kBury;
    done.reason = absl::StrCat(absl::StatusCodeToString(result.code()), ": ",
                               result.message());
  }
  metrics_.Count(absl::StrCat("queue_", outcome, "_total"), "queue",
                 queue_.name());
  if (!result.ok()) {
    log::Warning("task_failed", {{"queue", queue_.name()},
                                 {"task", lease.task_id},
                                 {"outcome", outcome},
                                 {"attempt", lease.attempt},
                                 {"error", result.message()}});
  }
  return done;
}

Reconciler::Reconciler(std::vector<LeaseQueue*> queues, Metrics& metrics,
                       std::function<absl::Status()> enqueue_missing,
                       ReconcilerOptions options)
    : queues_(std::move(queues)),
      metrics_(metrics),
      enqueue_missing_(std::move(enqueue_missing)),
      options_(options),
      thread_([this] { Loop(); }) {}

Reconciler::~Reconciler() { Stop(); }

void Reconciler::Stop() {
  stopping_.Set();
  if (thread_.joinable()) thread_.join();
}

absl::StatusOr<std::vector<std::string>> Reconciler::Epochs() {
  std::vector<std::string> epochs;
  for (LeaseQueue* queue : queues_) {
    ASSIGN_OR_RETURN(std::string epoch, queue->Epoch());
    epochs.push_back(std::move(epoch));
  }
  return epochs;
}

void Reconciler::SayWhatChanged(const std::vector<std::string>& before,
                                const std::vector<std::string>& now) {
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] == now[i]) continue;
    log::Info("queue_rebuilt", {{"queue", queues_[i]->name()}});
    metrics_.Count("queue_rebuilt_total", "queue", queues_[i]->name());
  }
}

void Reconciler::SetMetrics() {
  for (LeaseQueue* queue : queues_) {
    const absl::StatusOr<QueueStats> stats = queue->Stats();
    // While Redis is away the others stand still.
    metrics_.Set("queue_reachable", "queue", queue->name(), stats.ok() ? 1 : 0);
    if (!stats.ok()) continue;
    metrics_.Set("queue_tasks", "queue", queue->name(),
                 static_cast<double>(stats->tasks));
    metrics_.Set("queue_due", "queue", queue->name(),
                 static_cast<double>(stats->due));
    metrics_.Set("queue_dead", "queue", queue->name(),
                 static_cast<double>(stats->dead));
    metrics_.Set("queue_oldest_due_age_seconds", "queue", queue->name(),
                 absl::ToDoubleSeconds(stats->oldest_due_age));
  }
}

void Reconciler::Loop() {
  absl::Time next = absl::InfinitePast();
  std::vector<std::string> swept;  // epochs before the last good sweep
  bool owed = true;
  while (true) {
    // Read before the sweep: what is lost during it changes the epoch again.
    const absl::StatusOr<std::vector<std::string>> epochs = Epochs();
    owed = owed || !epochs.ok() || *epochs != swept;
    // A partition that stays away must not keep the others from being swept.
    if ((owed && epochs.ok()) || SteadyNow() >= next) {
      if (epochs.ok()) SayWhatChanged(swept, *epochs);
      const absl::Status status =
          rpc::Guard([this] { return enqueue_missing_(); });
      if (!status.ok()) {
        log::Warning("reconcile_failed", {{"error", status.message()}});
      }
      owed = !status.ok() || !epochs.ok();
      if (epochs.ok()) swept = *epochs;
      next = SteadyNow() + options_.period;
      SetMetrics();
    }
    if (stopping_.WaitFor(options_.look)) return;
  }
}

}  // namespace huifang

#include "services/common/redis_lease_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/common/crash_point.h"
#include "services/common/error.h"
#include "services/common/ids.h"
#include "services/common/log.h"
#include "services/common/redis_lease_scripts.h"
#include "services/common/status_macros.h"

namespace huifang {
namespace {

std::string Millis(absl::Duration d) {
  return absl::StrCat(std::max<std::int64_t>(0, absl::ToInt64Milliseconds(d)));
}

std::string TextOf(const redisReply* reply) {
  return reply->str == nullptr ? "" : std::string(reply->str, reply->len);
}

std::int64_t NumberOf(const redisReply* reply) {
  if (reply->type == REDIS_REPLY_INTEGER) return reply->integer;
  double parsed = 0;
  return absl::SimpleAtod(TextOf(reply), &parsed)
             ? static_cast<std::int64_t>(parsed)
             : 0;
}

// A reply that is no list has no elements.
absl::Status CheckElements(const redisReply& reply, std::size_t at_least) {
  if (reply.elements >= at_least) return absl::OkStatus();
  return absl::InternalError("Redis answered with too few elements");
}

std::string VerbName(Settlement::Verb verb) {
  switch (verb) {
    case Settlement::Verb::kComplete:
      return "complete";
    case Settlement::Verb::kExtend:
      return "extend";
    case Settlement::Verb::kRelease:
      return "release";
    case Settlement::Verb::kHandBack:
      return "hand_back";
    case Settlement::Verb::kBury:
      return "bury";
  }
  return "";
}

absl::Status LeaseLost(const Lease& lease) {
  return MakeError(absl::StatusCode::kAborted, "LEASE_LOST",
                   absl::StrCat("lease ", lease.fence, " of ", lease.task_id,
                                " is no longer held; take the task again"));
}

constexpr std::size_t kTurnsInPlace = 8;

// Tasks of one enqueueing script, during which Redis does nothing else.
constexpr std::size_t kScriptTasks = 1000;

// The wake list holds no work, only the news that there is some; a few entries
// are enough to wake everybody who sleeps.
constexpr int kMaxWakes = 64;

// A process that marks every second keeps its marks, one that ended leaves none
// for ever.
constexpr absl::Duration kMarkLife = absl::Minutes(10);

}  // namespace

RedisLeaseQueue::RedisLeaseQueue(redis::Pool& redis, RedisQueueOptions options)
    : redis_(redis), options_(std::move(options)) {
  for (int p = 0; p < options_.partitions; ++p) {
    const std::string tag =
        absl::StrCat("{", options_.prefix, ":", options_.name, ".", p, "}:");
    std::vector<std::string>& keys = keys_.emplace_back();
    for (const char* part : {"due", "body", "held", "tries", "dead", "why"}) {
      keys.push_back(absl::StrCat(tag, part));
    }
  }
  for (std::size_t p = 0; p < keys_.size(); ++p) {
    turn_groups_.push_back(std::make_unique<TurnGroups>(
        [this, p](const std::vector<Turn*>& turns) { RunTurns(p, turns); }));
  }
  wake_key_ = absl::StrCat("{", options_.prefix, ":", options_.name, "}:wake");
  const std::string self = NewUuid7(absl::Now());
  for (int p = 0; p < options_.partitions; ++p) {
    mark_keys_.push_back(absl::StrCat("{", options_.prefix, ":", options_.name,
                                      ".", p, "}:mark.", self));
  }
  marks_.resize(mark_keys_.size());
}

std::size_t RedisLeaseQueue::PartitionOf(absl::string_view task_id) const {
  std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a, 64 bits
  for (const char c : task_id) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  return static_cast<std::size_t>(hash % keys_.size());
}

absl::StatusOr<bool> RedisLeaseQueue::Enqueue(const QueueTask& task) {
  ASSIGN_OR_RETURN(const int added, EnqueueAll({task}));
  return added == 1;
}

absl::StatusOr<int> RedisLeaseQueue::EnqueueAll(
    const std::vector<QueueTask>& tasks) {
  const absl::Span<const QueueTask> all(tasks);
  int added = 0;
  absl::Status failed;
  // A partition that is away keeps no task of the others back.
  for (std::size_t at = 0; at < all.size(); at += kScriptTasks) {
    const absl::StatusOr<int> some = EnqueueSome(all.subspan(at, kScriptTasks));
    failed.Update(some.status());
    if (some.ok()) added += *some;
  }
  RETURN_IF_ERROR(failed);
  return added;
}

absl::StatusOr<int> RedisLeaseQueue::EnqueueSome(
    absl::Span<const QueueTask> tasks) {
  std::vector<std::vector<std::string>> args(keys_.size());
  bool any_due = false;
  for (const QueueTask& task : tasks) {
    std::vector<std::string>& part = args[PartitionOf(task.task_id)];
    part.push_back(task.task_id);
    part.push_back(task.body);
    part.push_back(Millis(task.delay));
    any_due = any_due || task.delay <= absl::Seconds(1);
  }
  MaybeCrash(CrashPoint::kBeforeEnqueue);
  std::int64_t added = 0;
  absl::Status failed;
  for (std::size_t p = 0; p < keys_.size(); ++p) {
    if (args[p].empty()) continue;
    const absl::StatusOr<redis::Reply> reply =
        redis_.Eval(LeaseScripts::All().enqueue, keys_[p], args[p]);
    failed.Update(reply.status());
    if (reply.ok()) added += (*reply)->integer;
  }
  MaybeCrash(CrashPoint::kAfterEnqueue);
  if (added > 0 && any_due) {
    static const redis::Script& wake = *new redis::Script(
        "redis.call('LPUSH', KEYS[1], 1) "
        "redis.call('LTRIM', KEYS[1], 0, ARGV[1]) return 1");
    // The tasks are queued; without the news workers see them in a second.
    redis_.Eval(wake, {wake_key_}, {absl::StrCat(kMaxWakes)})
        .status()
        .IgnoreError();
  }
  if (!failed.ok()) {
    // The caller's row is there and its task is not.
    ++failed_enqueues_;
    return failed;
  }
  return static_cast<int>(added);
}

// A worker stays where its tasks are, so that settling them and taking the next
// is one call; every few turns it moves on, so that no partition starves.
std::size_t RedisLeaseQueue::FirstPartition(
    const std::vector<Settlement>& done) {
  const std::size_t turn = turns_++;
  if (done.empty() || turn % kTurnsInPlace == 0) {
    return (turn / kTurnsInPlace + turn) % keys_.size();
  }
  return PartitionOf(done.front().lease.task_id);
}

absl::Status RedisLeaseQueue::TurnOf(std::size_t partition,
                                     const std::vector<Settlement>& done,
                                     int limit, absl::Duration lease,
                                     TurnResult& result) {
  Turn turn{.limit = limit, .lease = lease};
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < done.size(); ++i) {
    if (PartitionOf(done[i].lease.task_id) != partition) continue;
    places.push_back(i);
    turn.done.push_back(&done[i]);
  }
  if (limit > 0) {
    turn_groups_[partition]->Do(turn);
  } else {
    // A person settles this way, or a worker that stops: not behind others.
    RunTurns(partition, {&turn});
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    result.settled[places[i]] = turn.settled[i];
  }
  RETURN_IF_ERROR(turn.taken.status());
  result.taken->next_due =
      std::min(result.taken->next_due, turn.taken->next_due);
  std::move(turn.taken->leases.begin(), turn.taken->leases.end(),
            std::back_inserter(result.taken->leases));
  return absl::OkStatus();
}

void RedisLeaseQueue::RunTurns(std::size_t partition,
                               const std::vector<Turn*>& turns) {
  int limit = 0;
  std::size_t settlements = 0;
  for (const Turn* turn : turns) {
    limit += turn->limit;
    settlements += turn->done.size();
  }
  std::vector<std::string> args = {absl::StrCat(limit),
                                   Millis(turns.front()->lease),
                                   absl::StrCat(options_.max_attempts)};
  for (const Turn* turn : turns) {
    for (const Settlement* one : turn->done) {
      args.insert(args.end(),
                  {one->lease.task_id, absl::StrCat(one->lease.fence),
                   VerbName(one->verb), Millis(one->delay), one->reason});
    }
  }
  absl::StatusOr<redis::Reply> answer =
      redis_.Eval(LeaseScripts::All().turn, keys_[partition], args);
  if (answer.ok()) {
    const absl::Status enough = CheckElements(**answer, settlements + 1);
    if (!enough.ok()) answer = enough;
  }
  if (!answer.ok()) {
    for (Turn* turn : turns) {
      turn->settled.assign(turn->done.size(), answer.status());
      turn->taken = answer.status();
    }
    return;
  }
  const redisReply& reply = **answer;
  std::size_t at = 0;
  for (Turn* turn : turns) {
    for (const Settlement* one : turn->done) {
      turn->settled.push_back(NumberOf(reply.element[at++]) == 1
                                  ? absl::OkStatus()
                                  : LeaseLost(one->lease));
    }
  }
  const std::int64_t next_ms = NumberOf(reply.element[at++]);
  for (Turn* turn : turns) {
    if (next_ms >= 0) turn->taken->next_due = absl::Milliseconds(next_ms);
    for (int i = 0; i < turn->limit && at + 3 < reply.elements; ++i, at += 4) {
      turn->taken->leases.push_back(
          {TextOf(reply.element[at]), NumberOf(reply.element[at + 1]),
           TextOf(reply.element[at + 2]),
           static_cast<int>(NumberOf(reply.element[at + 3]))});
    }
  }
}

TurnResult RedisLeaseQueue::SettleAndTake(const std::vector<Settlement>& done,
                                          int limit, absl::Duration lease) {
  if (!done.empty()) MaybeCrash(CrashPoint::kBeforeSettle);
  TurnResult result;
  result.settled.resize(done.size());
  result.taken = TakeResult();
  std::vector<bool> holds(keys_.size());
  for (const Settlement& one : done) {
    holds[PartitionOf(one.lease.task_id)] = true;
  }
  absl::Status failed;
  const std::size_t first = FirstPartition(done);
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const std::size_t p = (first + i) % keys_.size();
    const int left = limit - static_cast<int>(result.taken->leases.size());
    if (left <= 0) {
      result.taken->next_due =
          absl::ZeroDuration();  // partitions not asked may have some
      if (!holds[p]) continue;
    }
    failed.Update(TurnOf(p, done, std::max(left, 0), lease, result));
  }
  if (!done.empty()) MaybeCrash(CrashPoint::kAfterSettle);
  if (!result.taken->leases.empty()) MaybeCrash(CrashPoint::kAfterTake);
  // What was leased must reach its worker.
  if (result.taken->leases.empty() && !failed.ok()) result.taken = failed;
  return result;
}

absl::StatusOr<Lease> RedisLeaseQueue::TakeTask(const std::string& task_id,
                                                absl::Duration lease) {
  ASSIGN_OR_RETURN(
      const redis::Reply reply,
      redis_.Eval(LeaseScripts::All().take_task, keys_[PartitionOf(task_id)],
                  {task_id, Millis(lease)}));
  MaybeCrash(CrashPoint::kAfterTake);
  RETURN_IF_ERROR(CheckElements(*reply, 1));
  const std::int64_t first = NumberOf(reply->element[0]);
  if (first == -1) {
    return MakeError(absl::StatusCode::kNotFound, "NO_TASK",
                     absl::StrCat("no task ", task_id, " in ", name()));
  }
  if (first == -2) {
    return MakeError(
        absl::StatusCode::kFailedPrecondition, "TASK_NOT_DUE",
        absl::StrCat("task ", task_id, " is held by someone or not due yet"));
  }
  RETURN_IF_ERROR(CheckElements(*reply, 3));
  return Lease{task_id, first, TextOf(reply->element[1]),
               static_cast<int>(NumberOf(reply->element[2]))};
}

absl::Status RedisLeaseQueue::Cancel(const std::string& task_id) {
  return redis_
      .Eval(LeaseScripts::All().cancel, keys_[PartitionOf(task_id)], {task_id})
      .status();
}

absl::StatusOr<QueueStats> RedisLeaseQueue::Stats() {
  QueueStats stats;
  for (const std::vector<std::string>& keys : keys_) {
    ASSIGN_OR_RETURN(const redis::Reply reply,
                     redis_.Eval(LeaseScripts::All().stats, keys, {}));
    RETURN_IF_ERROR(CheckElements(*reply, 5));
    stats.tasks += NumberOf(reply->element[0]);
    stats.due += NumberOf(reply->element[1]);
    stats.leased += NumberOf(reply->element[2]);
    stats.dead += NumberOf(reply->element[3]);
    stats.oldest_due_age = std::max(
        stats.oldest_due_age, absl::Milliseconds(NumberOf(reply->element[4])));
  }
  return stats;
}

absl::StatusOr<std::vector<DeadTask>> RedisLeaseQueue::ListDead(int limit) {
  std::vector<DeadTask> dead;
  for (const std::vector<std::string>& keys : keys_) {
    ASSIGN_OR_RETURN(const redis::Reply reply,
                     redis_.Eval(LeaseScripts::All().list_dead, keys,
                                 {absl::StrCat(limit)}));
    for (std::size_t i = 0; i + 4 < reply->elements; i += 5) {
      dead.push_back({TextOf(reply->element[i]), TextOf(reply->element[i + 1]),
                      NumberOf(reply->element[i + 2]),
                      TextOf(reply->element[i + 3]),
                      absl::FromUnixMillis(NumberOf(reply->element[i + 4]))});
    }
  }
  std::sort(dead.begin(), dead.end(), [](const DeadTask& a, const DeadTask& b) {
    return a.bury_time < b.bury_time;
  });
  if (dead.size() > static_cast<std::size_t>(limit)) {
    dead.resize(static_cast<std::size_t>(limit));
  }
  return dead;
}

absl::StatusOr<std::int64_t> RedisLeaseQueue::OnDead(
    absl::string_view verb, const std::vector<std::string>& task_ids) {
  std::int64_t count = 0;
  for (std::size_t p = 0; p < keys_.size(); ++p) {
    std::vector<std::string> args = {std::string(verb)};
    for (const std::string& id : task_ids) {
      if (PartitionOf(id) == p) args.push_back(id);
    }
    if (args.size() == 1 && !task_ids.empty()) continue;
    std::int64_t done = 0;
    do {
      ASSIGN_OR_RETURN(
          const redis::Reply reply,
          redis_.Eval(LeaseScripts::All().on_dead, keys_[p], args));
      done = reply->integer;
      count += done;
    } while (task_ids.empty() && done > 0);
  }
  return count;
}

absl::StatusOr<std::int64_t> RedisLeaseQueue::Redrive(
    const std::vector<std::string>& task_ids) {
  return OnDead("redrive", task_ids);
}

absl::StatusOr<std::int64_t> RedisLeaseQueue::DropDead(
    const std::vector<std::string>& task_ids) {
  return OnDead("drop", task_ids);
}

// A partition is asked where it lives, so that servers lost one by one and
// slots that moved are noticed each. Who the server is says what a mark cannot:
// a failover may lose only what came after the last mark.
absl::StatusOr<std::string> RedisLeaseQueue::Epoch() {
  redis_.Refresh();
  absl::MutexLock lock(&mark_mutex_);
  std::string servers;
  const std::int64_t failed = failed_enqueues_;
  for (std::size_t p = 0; p < mark_keys_.size(); ++p) {
    ASSIGN_OR_RETURN(const redis::Reply reply,
                     redis_.Eval(LeaseScripts::All().mark, {mark_keys_[p]},
                                 {absl::StrCat(marks_[p] + 1),
                                  absl::StrCat(kMarkLife / absl::Seconds(1))}));
    RETURN_IF_ERROR(CheckElements(*reply, 2));
    if (NumberOf(reply->element[0]) < marks_[p]) ++losses_;
    ++marks_[p];
    absl::StrAppend(&servers, " ", TextOf(reply->element[1]));
  }
  if (servers != servers_) {
    servers_ = servers;
    const absl::Status evicts = redis_.CheckNoEviction();
    if (absl::IsFailedPrecondition(evicts)) {
      log::Error("redis_evicts", {{"error", evicts.message()}});
    }
  }
  return absl::StrCat(losses_, " ", failed, servers);
}

void RedisLeaseQueue::WaitForWork(absl::Duration max) {
  const absl::Duration wait =
      std::clamp(max, absl::Milliseconds(10), absl::Seconds(1));
  const absl::Status status =
      redis_
          .Run({"BRPOP", wake_key_, absl::StrCat(absl::ToDoubleSeconds(wait))})
          .status();
  // Callers come back at once.
  if (!status.ok()) absl::SleepFor(std::min(wait, absl::Milliseconds(100)));
}

}  // namespace huifang

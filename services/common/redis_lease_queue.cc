#include "services/common/redis_lease_queue.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/status_macros.h"

namespace huifang {
namespace {

// Every script: KEYS = due (zset), body, held, tries (hashes), seq, dead
// (zset), why (hash). No key is built inside a script, time is Redis's own,
// and nothing is written before the last check: Redis runs a script alone but
// never rolls it back.
constexpr char kNow[] = R"(
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
)";

// ARGV: id, body, delay_ms, … in threes. Returns how many were new.
constexpr char kEnqueue[] = R"(
local new = 0
for i = 1, #ARGV, 3 do
  if redis.call('HSETNX', KEYS[2], ARGV[i], ARGV[i + 1]) == 1 then
    redis.call('ZADD', KEYS[1], now + ARGV[i + 2], ARGV[i])
    new = new + 1
  end
end
return new
)";

// ARGV: limit, lease_ms, max_attempts. Attempts count at the start, so that a
// task which kills its holder counts too. Returns ms until the next task falls
// due (-1: none), then id, fence, body, attempt of each task taken.
constexpr char kTake[] = R"(
local taken = {-1}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now,
                               'LIMIT', 0, ARGV[1])) do
  local tries = redis.call('HINCRBY', KEYS[4], id, 1)
  if tries > tonumber(ARGV[3]) then
    redis.call('ZREM', KEYS[1], id)
    redis.call('HDEL', KEYS[3], id)
    redis.call('ZADD', KEYS[6], now, id)
    redis.call('HSETNX', KEYS[7], id, 'too many attempts')
  else
    local fence = redis.call('INCR', KEYS[5])
    redis.call('HSET', KEYS[3], id, fence)
    redis.call('ZADD', KEYS[1], now + ARGV[2], id)
    local n = #taken
    taken[n + 1] = id
    taken[n + 2] = fence
    taken[n + 3] = redis.call('HGET', KEYS[2], id)
    taken[n + 4] = tries
  end
end
local next = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
if next[2] then taken[1] = math.max(0, next[2] - now) end
return taken
)";

// ARGV: id, lease_ms. Returns -1 if there is no such task, -2 if it is not
// due, else fence, body, attempt.
constexpr char kTakeTask[] = R"(
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not score then return {-1} end
if tonumber(score) > now then return {-2} end
local tries = redis.call('HINCRBY', KEYS[4], ARGV[1], 1)
local fence = redis.call('INCR', KEYS[5])
redis.call('HSET', KEYS[3], ARGV[1], fence)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
return {fence, redis.call('HGET', KEYS[2], ARGV[1]), tries}
)";

// ARGV: id, fence, verb, delay_ms, reason. Returns 0 if the lease is lost.
constexpr char kSettle[] = R"(
local id, verb = ARGV[1], ARGV[3]
if redis.call('HGET', KEYS[3], id) ~= ARGV[2] then return 0 end
if verb == 'extend' then
  redis.call('ZADD', KEYS[1], now + ARGV[4], id)
  return 1
end
redis.call('HDEL', KEYS[3], id)
if verb == 'release' or verb == 'hand_back' then
  if verb == 'hand_back' then redis.call('HINCRBY', KEYS[4], id, -1) end
  if verb == 'release' and ARGV[5] ~= '' then
    redis.call('HSET', KEYS[7], id, ARGV[5])
  end
  redis.call('ZADD', KEYS[1], now + ARGV[4], id)
  return 1
end
redis.call('ZREM', KEYS[1], id)
if verb == 'bury' then
  redis.call('ZADD', KEYS[6], now, id)
  redis.call('HSET', KEYS[7], id, ARGV[5])
else
  redis.call('HDEL', KEYS[2], id)
  redis.call('HDEL', KEYS[4], id)
  redis.call('HDEL', KEYS[7], id)
end
return 1
)";

// ARGV: id. Forgets the task wherever it is.
constexpr char kCancel[] = R"(
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[6], ARGV[1])
for i = 2, 7 do
  if i < 5 or i == 7 then redis.call('HDEL', KEYS[i], ARGV[1]) end
end
return 1
)";

// Returns tasks, due, leased, dead, age in ms of the oldest due task.
constexpr char kStats[] = R"(
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
local age = 0
if oldest[2] then age = math.max(0, now - oldest[2]) end
return {redis.call('ZCARD', KEYS[1]),
        redis.call('ZCOUNT', KEYS[1], '-inf', now),
        redis.call('HLEN', KEYS[3]), redis.call('ZCARD', KEYS[6]), age}
)";

// ARGV: limit. Returns id, body, attempts, reason, buried_ms of each.
constexpr char kListDead[] = R"(
local out = {}
local dead = redis.call('ZRANGE', KEYS[6], 0, ARGV[1] - 1, 'WITHSCORES')
for i = 1, #dead, 2 do
  out[#out + 1] = dead[i]
  out[#out + 1] = redis.call('HGET', KEYS[2], dead[i]) or ''
  out[#out + 1] = redis.call('HGET', KEYS[4], dead[i]) or '0'
  out[#out + 1] = redis.call('HGET', KEYS[7], dead[i]) or ''
  out[#out + 1] = dead[i + 1]
end
return out
)";

// ARGV: verb, ids…; no ids means the 1000 oldest. Returns how many.
constexpr char kOnDead[] = R"(
local ids = {}
for i = 2, #ARGV do ids[#ids + 1] = ARGV[i] end
if #ids == 0 then ids = redis.call('ZRANGE', KEYS[6], 0, 999) end
local count = 0
for _, id in ipairs(ids) do
  if redis.call('ZREM', KEYS[6], id) == 1 then
    count = count + 1
    redis.call('HDEL', KEYS[4], id)
    redis.call('HDEL', KEYS[7], id)
    if ARGV[1] == 'redrive' then
      redis.call('ZADD', KEYS[1], now, id)
    else
      redis.call('HDEL', KEYS[2], id)
    end
  end
end
return count
)";

struct Scripts {
  static redis::Script Make(const char* text) {
    return redis::Script(absl::StrCat(kNow, text));
  }
  redis::Script enqueue = Make(kEnqueue);
  redis::Script take = Make(kTake);
  redis::Script take_task = Make(kTakeTask);
  redis::Script settle = Make(kSettle);
  redis::Script cancel = Make(kCancel);
  redis::Script stats = Make(kStats);
  redis::Script list_dead = Make(kListDead);
  redis::Script on_dead = Make(kOnDead);
};

const Scripts& AllScripts() {
  static const Scripts& scripts = *new Scripts;
  return scripts;
}

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

// The wake list holds no work, only the news that there is some; a few entries
// are enough to wake everybody who sleeps.
constexpr int kMaxWakes = 64;

}  // namespace

RedisLeaseQueue::RedisLeaseQueue(redis::Pool& redis, RedisQueueOptions options)
    : redis_(redis), options_(std::move(options)) {
  for (int p = 0; p < options_.partitions; ++p) {
    const std::string tag =
        absl::StrCat("{", options_.prefix, ":", options_.name, ".", p, "}:");
    std::vector<std::string>& keys = keys_.emplace_back();
    for (const char* part :
         {"due", "body", "held", "tries", "seq", "dead", "why"}) {
      keys.push_back(absl::StrCat(tag, part));
    }
  }
  wake_key_ = absl::StrCat("{", options_.prefix, ":", options_.name, "}:wake");
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
  std::vector<std::vector<std::string>> args(keys_.size());
  bool any_due = false;
  for (const QueueTask& task : tasks) {
    std::vector<std::string>& part = args[PartitionOf(task.task_id)];
    part.push_back(task.task_id);
    part.push_back(task.body);
    part.push_back(Millis(task.delay));
    any_due = any_due || task.delay <= absl::Seconds(1);
  }
  std::int64_t added = 0;
  for (std::size_t p = 0; p < keys_.size(); ++p) {
    if (args[p].empty()) continue;
    ASSIGN_OR_RETURN(const redis::Reply reply,
                     redis_.Eval(AllScripts().enqueue, keys_[p], args[p]));
    added += reply->integer;
  }
  if (added > 0 && any_due) {
    static const redis::Script& wake = *new redis::Script(
        "redis.call('LPUSH', KEYS[1], 1) "
        "redis.call('LTRIM', KEYS[1], 0, ARGV[1]) return 1");
    RETURN_IF_ERROR(
        redis_.Eval(wake, {wake_key_}, {absl::StrCat(kMaxWakes)}).status());
  }
  return static_cast<int>(added);
}

absl::StatusOr<TakeResult> RedisLeaseQueue::TakeFrom(std::size_t partition,
                                                     int limit,
                                                     absl::Duration lease) {
  ASSIGN_OR_RETURN(const redis::Reply reply,
                   redis_.Eval(AllScripts().take, keys_[partition],
                               {absl::StrCat(limit), Millis(lease),
                                absl::StrCat(options_.max_attempts)}));
  TakeResult result;
  if (reply->elements == 0) return result;
  const std::int64_t next_ms = NumberOf(reply->element[0]);
  if (next_ms >= 0) result.next_due = absl::Milliseconds(next_ms);
  for (std::size_t i = 1; i + 3 < reply->elements; i += 4) {
    result.leases.push_back(
        {TextOf(reply->element[i]), NumberOf(reply->element[i + 1]),
         TextOf(reply->element[i + 2]),
         static_cast<int>(NumberOf(reply->element[i + 3]))});
  }
  return result;
}

absl::StatusOr<TakeResult> RedisLeaseQueue::Take(int limit,
                                                 absl::Duration lease) {
  TakeResult all;
  const std::size_t first = next_partition_++;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const int left = limit - static_cast<int>(all.leases.size());
    if (left <= 0) {
      all.next_due =
          absl::ZeroDuration();  // partitions not asked may have some
      break;
    }
    ASSIGN_OR_RETURN(TakeResult part,
                     TakeFrom((first + i) % keys_.size(), left, lease));
    all.next_due = std::min(all.next_due, part.next_due);
    std::move(part.leases.begin(), part.leases.end(),
              std::back_inserter(all.leases));
  }
  return all;
}

absl::StatusOr<Lease> RedisLeaseQueue::TakeTask(const std::string& task_id,
                                                absl::Duration lease) {
  ASSIGN_OR_RETURN(
      const redis::Reply reply,
      redis_.Eval(AllScripts().take_task, keys_[PartitionOf(task_id)],
                  {task_id, Millis(lease)}));
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
  return Lease{task_id, first, TextOf(reply->element[1]),
               static_cast<int>(NumberOf(reply->element[2]))};
}

absl::Status RedisLeaseQueue::Settle(const Lease& lease, absl::string_view verb,
                                     absl::Duration delay,
                                     absl::string_view reason) {
  ASSIGN_OR_RETURN(
      const redis::Reply reply,
      redis_.Eval(AllScripts().settle, keys_[PartitionOf(lease.task_id)],
                  {lease.task_id, absl::StrCat(lease.fence), std::string(verb),
                   Millis(delay), std::string(reason)}));
  if (reply->integer == 1) return absl::OkStatus();
  return MakeError(absl::StatusCode::kAborted, "LEASE_LOST",
                   absl::StrCat("lease ", lease.fence, " of ", lease.task_id,
                                " is no longer held; take the task again"));
}

absl::Status RedisLeaseQueue::Complete(const Lease& lease) {
  return Settle(lease, "complete", absl::ZeroDuration(), "");
}
absl::Status RedisLeaseQueue::Extend(const Lease& lease, absl::Duration by) {
  return Settle(lease, "extend", by, "");
}
absl::Status RedisLeaseQueue::Release(const Lease& lease,
                                      absl::Duration delay) {
  return Settle(lease, "release", delay, "");
}
absl::Status RedisLeaseQueue::HandBack(const Lease& lease,
                                       absl::Duration delay) {
  return Settle(lease, "hand_back", delay, "");
}
absl::Status RedisLeaseQueue::Bury(const Lease& lease,
                                   absl::string_view reason) {
  return Settle(lease, "bury", absl::ZeroDuration(), reason);
}

absl::Status RedisLeaseQueue::Cancel(const std::string& task_id) {
  return redis_
      .Eval(AllScripts().cancel, keys_[PartitionOf(task_id)], {task_id})
      .status();
}

absl::StatusOr<QueueStats> RedisLeaseQueue::Stats() {
  QueueStats stats;
  for (const std::vector<std::string>& keys : keys_) {
    ASSIGN_OR_RETURN(const redis::Reply reply,
                     redis_.Eval(AllScripts().stats, keys, {}));
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
    ASSIGN_OR_RETURN(
        const redis::Reply reply,
        redis_.Eval(AllScripts().list_dead, keys, {absl::StrCat(limit)}));
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
      ASSIGN_OR_RETURN(const redis::Reply reply,
                       redis_.Eval(AllScripts().on_dead, keys_[p], args));
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

void RedisLeaseQueue::WaitForWork(absl::Duration max) {
  const double seconds =
      std::max(0.01, absl::ToDoubleSeconds(std::min(max, absl::Seconds(1))));
  redis_.Run({"BRPOP", wake_key_, absl::StrCat(seconds)})
      .status()
      .IgnoreError();
}

}  // namespace huifang

#include "services/common/redis_lease_scripts.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

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

// Numbers below 2^53 are exact in Lua, but not in its tostring.
constexpr char kFence[] = R"(
local fence = math.max(tonumber(redis.call('GET', KEYS[5]) or 0),
                       t[1] * 1000000 + t[2])
local function hold(id)
  fence = fence + 1
  redis.call('HSET', KEYS[3], id, string.format('%.0f', fence))
  return fence
end
local function save_fence()
  redis.call('SET', KEYS[5], string.format('%.0f', fence))
end
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
    redis.call('ZADD', KEYS[1], now + ARGV[2], id)
    local n = #taken
    taken[n + 1] = id
    taken[n + 2] = hold(id)
    taken[n + 3] = redis.call('HGET', KEYS[2], id)
    taken[n + 4] = tries
  end
end
if #taken > 1 then save_fence() end
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
hold(ARGV[1])
save_fence()
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

// KEYS: a mark. ARGV: its new number, seconds to keep it. Returns the number
// before (0: none) and who the server is: `run_id` changes when it restarts,
// `master_replid` also when it became a master again. A server that hides this
// is known by its marks alone.
constexpr char kMark[] = R"(
local was = redis.call('GET', KEYS[1]) or '0'
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
local function info(section, field)
  local text = redis.pcall('INFO', section)
  return type(text) == 'string' and string.match(text, field .. ':(%x+)') or ''
end
return {was, info('server', 'run_id') .. info('replication', 'master_replid')}
)";

redis::Script Timed(absl::string_view text) {
  return redis::Script(absl::StrCat(kNow, text));
}

}  // namespace

const LeaseScripts& LeaseScripts::All() {
  static const LeaseScripts& scripts = *new LeaseScripts{
      .enqueue = Timed(kEnqueue),
      .take = Timed(absl::StrCat(kFence, kTake)),
      .take_task = Timed(absl::StrCat(kFence, kTakeTask)),
      .settle = Timed(kSettle),
      .cancel = Timed(kCancel),
      .stats = Timed(kStats),
      .list_dead = Timed(kListDead),
      .on_dead = Timed(kOnDead),
      .mark = redis::Script(kMark),
  };
  return scripts;
}

}  // namespace huifang

#include "services/common/redis_lease_scripts.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace huifang {
namespace {

// Every script: KEYS = due (zset), body, held, tries (hashes), dead (zset), why
// (hash). No key is built inside a script, time is Redis's own, and nothing is
// written before the last check: Redis runs a script alone but never rolls it
// back. Calling Redis is what a script spends its time on, so a task that goes
// right the first time costs few calls:
//   held[id] = "fence attempt" while leased, held[''] = the last fence;
//   tries[id] = attempts of a task that waits again, why[id] = its last error;
//   both only for a task that was released or buried.
// `after(ms)` is a time as Redis takes it. Redis prints numbers as fractions,
// which takes longer, so texts are what is given to it.
constexpr char kNow[] = R"(
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local function after(ms) return string.format('%d', now + ms) end
)";

// Numbers below 2^53 are exact in Lua, but not in its tostring. `held` of an
// id is nil or false if nobody has had it.
constexpr char kHeld[] = R"(
local fence = 0
local function start_fences(last)
  fence = math.max(tonumber(last or 0) or 0, t[1] * 1000000 + t[2])
end
local function hold(try)
  fence = fence + 1
  return string.format('%d %d', fence, try)
end
local function parse(held)
  if not held then return nil, 0 end
  local by, try = string.match(held, '^(%d+) (%d+)$')
  return by or held, tonumber(try) or 0
end
)";

// Redis whose memory is full refuses a script whose first write may need more.
// To take and to settle is the only way in which it becomes emptier, so these
// begin by removing an id that nobody has.
constexpr char kAlsoWhenFull[] = "redis.call('ZREM', KEYS[1], '')\n";

// ARGV: id, body, delay_ms, … in threes. Returns how many were new.
constexpr char kEnqueue[] = R"(
local new = 0
for i = 1, #ARGV, 3 do
  if redis.call('HSETNX', KEYS[2], ARGV[i], ARGV[i + 1]) == 1 then
    redis.call('ZADD', KEYS[1], after(ARGV[i + 2]), ARGV[i])
    new = new + 1
  end
end
return new
)";

// ARGV: limit, lease_ms, max_attempts; then id, fence, verb, delay_ms, reason
// of each lease to settle. Returns 1 (settled) or 0 (lease lost) for each of
// these; ms until the next task falls due (-1: none); then id, fence, body,
// attempt of each task taken. Attempts count at the start, so that a task which
// kills its holder counts too. ARGV holds some thousand words at most, well
// below what unpack carries (8000).
constexpr char kTurn[] = R"(
local out, asked = {}, {}
for i = 4, #ARGV, 5 do asked[#asked + 1] = ARGV[i] end
local held = #asked > 0 and redis.call('HMGET', KEYS[3], unpack(asked)) or {}
local free, gone, failed, settled = {}, {}, {}, {}
for n, id in ipairs(asked) do
  local at = 5 * n - 1
  local verb, delay, reason = ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]
  local by, try = parse(held[n])
  out[n] = (by == ARGV[at + 1] and not settled[id]) and 1 or 0
  if out[n] == 1 then
    if verb == 'extend' then
      redis.call('ZADD', KEYS[1], after(delay), id)
    else
      settled[id] = true
      free[#free + 1] = id
      if verb == 'complete' then
        gone[#gone + 1] = id
        if try > 1 then failed[#failed + 1] = id end
      elseif verb == 'bury' then
        redis.call('ZREM', KEYS[1], id)
        redis.call('ZADD', KEYS[5], after(0), id)
        redis.call('HSET', KEYS[4], id, try)
        redis.call('HSET', KEYS[6], id, reason)
      else
        if verb == 'release' then
          redis.call('HSET', KEYS[4], id, try)
          if reason ~= '' then redis.call('HSET', KEYS[6], id, reason) end
        elseif try > 1 then
          redis.call('HSET', KEYS[4], id, try - 1)
        end
        redis.call('ZADD', KEYS[1], after(delay), id)
      end
    end
  end
end
if #free > 0 then redis.call('HDEL', KEYS[3], unpack(free)) end
if #gone > 0 then
  redis.call('ZREM', KEYS[1], unpack(gone))
  redis.call('HDEL', KEYS[2], unpack(gone))
end
if #failed > 0 then
  redis.call('HDEL', KEYS[4], unpack(failed))
  redis.call('HDEL', KEYS[6], unpack(failed))
end
local next_at = #out + 1
out[next_at] = -1
local limit = tonumber(ARGV[1])
local ids = {}
if limit > 0 then
  ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', after(0), 'LIMIT', '0', ARGV[1])
end
if #ids > 0 then
  local was = redis.call('HMGET', KEYS[3], '', unpack(ids))
  local tries = redis.call('HMGET', KEYS[4], unpack(ids))
  local bodies = redis.call('HMGET', KEYS[2], unpack(ids))
  start_fences(was[1])
  local due, holds, lease_end = {}, {}, after(ARGV[2])
  for n, id in ipairs(ids) do
    local _, try = parse(was[n + 1])
    try = math.max(try, tonumber(tries[n]) or 0) + 1
    if try > tonumber(ARGV[3]) then
      redis.call('ZREM', KEYS[1], id)
      redis.call('HDEL', KEYS[3], id)
      redis.call('ZADD', KEYS[5], after(0), id)
      redis.call('HSET', KEYS[4], id, try - 1)
      redis.call('HSETNX', KEYS[6], id, 'too many attempts')
    else
      local at = #due
      due[at + 1], due[at + 2] = lease_end, id
      holds[at + 1], holds[at + 2] = id, hold(try)
      at = #out
      out[at + 1], out[at + 2], out[at + 3], out[at + 4] =
          id, fence, bodies[n], try
    end
  end
  if #due > 0 then
    redis.call('ZADD', KEYS[1], unpack(due))
    redis.call('HSET', KEYS[3], '', string.format('%d', fence), unpack(holds))
  end
end
if limit > 0 and #ids == limit then
  out[next_at] = 0
else
  local first = redis.call('ZRANGE', KEYS[1], '0', '0', 'WITHSCORES')
  if first[2] then out[next_at] = math.max(0, first[2] - now) end
end
return out
)";

// ARGV: id, lease_ms. Returns -1 if there is no such task, -2 if it is not
// due, else fence, body, attempt.
constexpr char kTakeTask[] = R"(
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not score then return {-1} end
if tonumber(score) > now then return {-2} end
local was = redis.call('HMGET', KEYS[3], '', ARGV[1])
local _, try = parse(was[2])
try = math.max(try, tonumber(redis.call('HGET', KEYS[4], ARGV[1])) or 0) + 1
start_fences(was[1])
local held = hold(try)
redis.call('HSET', KEYS[3], '', string.format('%d', fence), ARGV[1], held)
redis.call('ZADD', KEYS[1], after(ARGV[2]), ARGV[1])
return {fence, redis.call('HGET', KEYS[2], ARGV[1]), try}
)";

// ARGV: id. Forgets the task wherever it is.
constexpr char kCancel[] = R"(
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[5], ARGV[1])
for _, i in ipairs({2, 3, 4, 6}) do redis.call('HDEL', KEYS[i], ARGV[1]) end
return 1
)";

// Returns tasks, due, leased, dead, age in ms of the oldest due task.
constexpr char kStats[] = R"(
local oldest = redis.call('ZRANGE', KEYS[1], '0', '0', 'WITHSCORES')
local age = 0
if oldest[2] then age = math.max(0, now - oldest[2]) end
return {redis.call('ZCARD', KEYS[1]),
        redis.call('ZCOUNT', KEYS[1], '-inf', after(0)),
        redis.call('HLEN', KEYS[3]) - redis.call('HEXISTS', KEYS[3], ''),
        redis.call('ZCARD', KEYS[5]), age}
)";

// ARGV: limit. Returns id, body, attempts, reason, buried_ms of each.
constexpr char kListDead[] = R"(
local out = {}
local dead = redis.call('ZRANGE', KEYS[5], 0, ARGV[1] - 1, 'WITHSCORES')
for i = 1, #dead, 2 do
  out[#out + 1] = dead[i]
  out[#out + 1] = redis.call('HGET', KEYS[2], dead[i]) or ''
  out[#out + 1] = redis.call('HGET', KEYS[4], dead[i]) or '0'
  out[#out + 1] = redis.call('HGET', KEYS[6], dead[i]) or ''
  out[#out + 1] = dead[i + 1]
end
return out
)";

// ARGV: verb, ids…; no ids means the 1000 oldest. Returns how many.
constexpr char kOnDead[] = R"(
local ids = {}
for i = 2, #ARGV do ids[#ids + 1] = ARGV[i] end
if #ids == 0 then ids = redis.call('ZRANGE', KEYS[5], 0, 999) end
local count = 0
for _, id in ipairs(ids) do
  if redis.call('ZREM', KEYS[5], id) == 1 then
    count = count + 1
    redis.call('HDEL', KEYS[4], id)
    redis.call('HDEL', KEYS[6], id)
    if ARGV[1] == 'redrive' then
      redis.call('ZADD', KEYS[1], after(0), id)
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
      .turn = Timed(absl::StrCat(kAlsoWhenFull, kHeld, kTurn)),
      .take_task = Timed(absl::StrCat(kAlsoWhenFull, kHeld, kTakeTask)),
      .cancel = Timed(kCancel),
      .stats = Timed(kStats),
      .list_dead = Timed(kListDead),
      .on_dead = Timed(kOnDead),
      .mark = redis::Script(kMark),
  };
  return scripts;
}

}  // namespace huifang

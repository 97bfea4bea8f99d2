#include "services/common/event_log.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/common/listing.h"
#include "services/common/status_macros.h"

namespace huifang {

namespace {

// PostgreSQL hands a whole result over: few enough rows that large ones are no
// load.
constexpr int kReadAtOnce = 64;

// How far a shard was read, and whether that was to its end.
struct ShardRead {
  int shard = 0;
  std::int64_t last = 0;
  bool whole = false;
};

absl::Status ReadShard(sql::Session& session, const std::string& court,
                       int most, ShardRead& read, MessageRoom& room,
                       std::vector<StoredEvent>& events) {
  const std::string sql = absl::StrCat(
      "SELECT sequence, court, payload FROM events WHERE "
      "shard = :shard AND sequence > :after ",
      court.empty() ? "" : "AND court = :court ",
      "ORDER BY sequence LIMIT :most");
  while (most > 0 && !read.whole) {
    const int wanted = std::min(most, kReadAtOnce);
    sql::Params params = {
        {"shard", read.shard}, {"after", read.last}, {"most", wanted}};
    if (!court.empty()) params.emplace_back("court", court);
    int found = 0;
    bool full = false;
    RETURN_IF_ERROR(
        session.Query(sql, params, [&](const sql::Row& row) -> absl::Status {
          std::string payload = row.Blob(2);
          full = !room.Takes(payload.size());
          if (full) return sql::EnoughRows();
          ++found;
          read.last = row.Int(0);
          events.push_back(
              {read.shard, read.last, row.Text(1), std::move(payload)});
          return absl::OkStatus();
        }));
    if (full) return absl::OkStatus();
    read.whole = found < wanted;
    most -= found;
  }
  return absl::OkStatus();
}

}  // namespace

EventLog::EventLog(sql::Database& db, WakeHub& hub) : db_(db), hub_(hub) {
  db.SetOutbox(
      [this](sql::Session& session,
             const std::vector<sql::OutboxRecord>& records) {
        return Flush(session, records);
      },
      [this] { hub_.Wake(); });
}

void EventLog::Append(sql::Session& session, const std::string& court,
                      absl::Time time,
                      const google::protobuf::MessageLite& event) {
  Append(session, court, time, event.SerializeAsString());
}

void EventLog::Append(sql::Session& session, const std::string& court,
                      absl::Time time, std::string payload) {
  session.Emit({court, time, std::move(payload)});
}

// Takes as many numbers from each head as it has records: the head's row stays
// locked until the commit, so nobody else can number events in between.
absl::Status EventLog::Flush(sql::Session& session,
                             const std::vector<sql::OutboxRecord>& records) {
  std::map<int, std::int64_t> counts;
  for (const sql::OutboxRecord& record : records) {
    ++counts[sql::ShardOf(record.court)];
  }
  std::map<int, std::int64_t> next;
  for (const auto& [shard, count] : counts) {
    RETURN_IF_ERROR(
        session
            .Run("INSERT INTO event_heads (shard, sequence) "
                 "VALUES (:shard, :count) ON CONFLICT (shard) DO UPDATE "
                 "SET sequence = event_heads.sequence + :count",
                 {{"shard", shard}, {"count", count}})
            .status());
    std::int64_t head = 0;
    RETURN_IF_ERROR(
        session
            .QueryOne("SELECT sequence FROM event_heads WHERE shard = :shard",
                      {{"shard", shard}},
                      [&](const sql::Row& row) { head = row.Int(0); })
            .status());
    next[shard] = head - count + 1;
  }
  for (const sql::OutboxRecord& record : records) {
    const int shard = sql::ShardOf(record.court);
    RETURN_IF_ERROR(
        session
            .Run("INSERT INTO events (shard, sequence, court, event_time, "
                 "payload) VALUES (:shard, :sequence, :court, :time, "
                 ":payload)",
                 {{"shard", shard},
                  {"sequence", next[shard]++},
                  {"court", record.court},
                  {"time", record.time},
                  {"payload", sql::BytesView{record.payload}}})
            .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<EventBatch> EventLog::ReadAfter(
    const std::map<int, std::int64_t>& after, const std::string& court,
    int limit) {
  EventBatch batch;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    batch = {};
    MessageRoom room(std::numeric_limits<int>::max());
    // Where each shard ends that has something new.
    std::map<int, std::int64_t> heads;
    RETURN_IF_ERROR(session.Query(
        "SELECT shard, sequence FROM event_heads", {},
        [&](const sql::Row& row) {
          const auto wanted = after.find(static_cast<int>(row.Int(0)));
          if (wanted != after.end() && row.Int(1) > wanted->second) {
            heads[wanted->first] = row.Int(1);
          }
          return absl::OkStatus();
        }));
    auto shards = static_cast<int>(heads.size());
    for (const auto& [shard, head] : heads) {
      const int left = limit - static_cast<int>(batch.events.size());
      // Equal parts of what is left, and one at least: each shard moves on.
      const int most = std::max(1, left / shards--);
      ShardRead read{shard, after.at(shard)};
      RETURN_IF_ERROR(
          ReadShard(session, court, most, read, room, batch.events));
      // Nothing up to the head was there but what was found, if it fitted.
      batch.reached[shard] = read.whole ? std::max(head, read.last) : read.last;
      batch.more = batch.more || batch.reached[shard] < head;
    }
    return absl::OkStatus();
  }));
  return batch;
}

}  // namespace huifang

// What others may watch: events in the order of their shard, without gaps.
//
// A shard's sequence is taken from its head row in the writing transaction, so
// commit order is sequence order on any engine and a gap means a bug.
#ifndef HUIFANG_SERVICES_COMMON_EVENT_LOG_H_
#define HUIFANG_SERVICES_COMMON_EVENT_LOG_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message_lite.h"
#include "services/common/sql.h"
#include "services/common/wake_hub.h"

namespace huifang {

struct StoredEvent {
  int shard = 0;
  std::int64_t sequence = 0;
  std::string court;
  std::string payload;  // the serialized event message, without its sequence
};

struct EventBatch {
  std::vector<StoredEvent> events;
  // Up to where the shards were read, other courts' events too.
  std::map<int, std::int64_t> reached;
  bool more = false;  // whether there were events that did not fit
};

// The event log of one database. Thread safe.
class EventLog {
 public:
  // Registers itself as the database's outbox. `hub` is woken on commits.
  EventLog(sql::Database& db, WakeHub& hub);

  // Adds an event of `court` to the transaction of `session`. The message's
  // own shard and sequence fields stay empty; readers fill them in.
  static void Append(sql::Session& session, const std::string& court,
                     absl::Time time,
                     const google::protobuf::MessageLite& event);
  // The same for an event that is serialized already.
  static void Append(sql::Session& session, const std::string& court,
                     absl::Time time, std::string payload);

  // Up to `limit` events of the shards of `after`, and no more than fill a
  // message (listing.h), each later than the sequence given there; in order
  // within a shard. `court` empty: all courts.
  // Shards that have more than their part of the limit leave room for others.
  absl::StatusOr<EventBatch> ReadAfter(const std::map<int, std::int64_t>& after,
                                       const std::string& court, int limit);

  sql::Database& db() { return db_; }
  WakeHub& hub() { return hub_; }

 private:
  absl::Status Flush(sql::Session& session,
                     const std::vector<sql::OutboxRecord>& records);

  sql::Database& db_;
  WakeHub& hub_;
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_EVENT_LOG_H_

#include "services/common/checkpoint.h"

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/status_macros.h"

namespace huifang {

absl::StatusOr<std::map<int, std::int64_t>> ClaimShards(
    sql::Database& db, const std::string& stream, const std::string& owner,
    absl::Time now, absl::Duration lease) {
  std::map<int, std::int64_t> held;
  RETURN_IF_ERROR(db.Write("", [&](sql::Session& session) -> absl::Status {
    held.clear();
    for (int shard = 0; shard < sql::kShardCount; ++shard) {
      RETURN_IF_ERROR(
          session
              .Run("INSERT INTO checkpoints (stream, shard, sequence, owner, "
                   "lease_time) VALUES (:stream, :shard, 0, '', 0) "
                   "ON CONFLICT (stream, shard) DO NOTHING",
                   {{"stream", stream}, {"shard", shard}})
              .status());
    }
    RETURN_IF_ERROR(
        session
            .Run("UPDATE checkpoints SET owner = :owner, lease_time = :until "
                 "WHERE stream = :stream AND (owner = :owner OR "
                 "lease_time < :now OR lease_time > :never)",
                 {{"owner", owner},
                  {"until", now + lease},
                  {"stream", stream},
                  {"now", now},
                  // Only a wrong clock leases for so long; waiting for its end
                  // would stop the stream for as long as it was wrong.
                  {"never", now + 2 * lease}})
            .status());
    return session.Query(
        "SELECT shard, sequence FROM checkpoints "
        "WHERE stream = :stream AND owner = :owner",
        {{"stream", stream}, {"owner", owner}}, [&](const sql::Row& row) {
          held[static_cast<int>(row.Int(0))] = row.Int(1);
          return absl::OkStatus();
        });
  }));
  return held;
}

absl::Status AdvanceCheckpoint(sql::Session& session, const std::string& stream,
                               int shard, std::int64_t from, std::int64_t to) {
  ASSIGN_OR_RETURN(const std::int64_t moved,
                   session.Run("UPDATE checkpoints SET sequence = :next "
                               "WHERE stream = :stream AND shard = :shard AND "
                               "sequence = :previous",
                               {{"next", to},
                                {"stream", stream},
                                {"shard", shard},
                                {"previous", from}}));
  if (moved == 1) return absl::OkStatus();
  return MakeError(absl::StatusCode::kAborted, "CHECKPOINT_MOVED",
                   absl::StrCat("shard ", shard, " of ", stream,
                                " was moved by another replica"));
}

absl::Status ReleaseShards(sql::Database& db, const std::string& stream,
                           const std::string& owner) {
  return db.Write("", [&](sql::Session& session) {
    return session
        .Run(
            "UPDATE checkpoints SET lease_time = 0 "
            "WHERE stream = :stream AND owner = :owner",
            {{"stream", stream}, {"owner", owner}})
        .status();
  });
}

}  // namespace huifang

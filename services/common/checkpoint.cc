#include "services/common/checkpoint.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/status_macros.h"

namespace huifang {
namespace {

struct Claim {
  const std::string& stream;
  const std::string& owner;
  absl::Time now;
  absl::Duration lease;

  bool Lives(absl::Time until) const {
    // Only a wrong clock leases for so long; waiting for its end would stop the
    // stream for as long as it was wrong.
    return until >= now && until <= now + 2 * lease;
  }
};

struct Shards {
  std::map<int, std::int64_t> mine;  // with the last sequence applied
  std::map<int, std::int64_t> free;
  int known = 0;  // also those of others
};

absl::Status AddShards(sql::Session& session, const std::string& stream) {
  for (int shard = 0; shard < sql::kShardCount; ++shard) {
    RETURN_IF_ERROR(
        session
            .Run("INSERT INTO checkpoints (stream, shard, sequence, owner, "
                 "lease_time) VALUES (:stream, :shard, 0, '', 0) "
                 "ON CONFLICT (stream, shard) DO NOTHING",
                 {{"stream", stream}, {"shard", shard}})
            .status());
  }
  return absl::OkStatus();
}

// Says that the owner lives; how many do.
absl::StatusOr<int> CountMembers(sql::Session& session, const Claim& claim) {
  RETURN_IF_ERROR(
      session
          .Run("DELETE FROM stream_members WHERE stream = :stream AND "
               "(lease_time < :now OR lease_time > :never)",
               {{"stream", claim.stream},
                {"now", claim.now},
                {"never", claim.now + 2 * claim.lease}})
          .status());
  RETURN_IF_ERROR(
      session
          .Run("INSERT INTO stream_members (stream, owner, lease_time) "
               "VALUES (:stream, :owner, :until) ON CONFLICT (stream, owner) "
               "DO UPDATE SET lease_time = excluded.lease_time",
               {{"stream", claim.stream},
                {"owner", claim.owner},
                {"until", claim.now + claim.lease}})
          .status());
  int count = 0;
  RETURN_IF_ERROR(
      session
          .QueryOne("SELECT COUNT(*) FROM stream_members WHERE stream = "
                    ":stream",
                    {{"stream", claim.stream}},
                    [&](const sql::Row& row) {
                      count = static_cast<int>(row.Int(0));
                    })
          .status());
  return count;
}

absl::StatusOr<Shards> ReadShards(sql::Session& session, const Claim& claim) {
  Shards shards;
  RETURN_IF_ERROR(session.Query(
      "SELECT shard, sequence, owner, lease_time FROM checkpoints "
      "WHERE stream = :stream",
      {{"stream", claim.stream}}, [&](const sql::Row& row) {
        const int shard = static_cast<int>(row.Int(0));
        ++shards.known;
        if (row.Text(2) == claim.owner) {
          shards.mine[shard] = row.Int(1);
        } else if (!claim.Lives(row.Time(3))) {
          shards.free[shard] = row.Int(1);
        }
        return absl::OkStatus();
      }));
  return shards;
}

absl::Status SetOwner(sql::Session& session, const Claim& claim, int shard,
                      const std::string& owner, absl::Time until) {
  return session
      .Run(
          "UPDATE checkpoints SET owner = :owner, lease_time = :until "
          "WHERE stream = :stream AND shard = :shard",
          {{"owner", owner},
           {"until", until},
           {"stream", claim.stream},
           {"shard", shard}})
      .status();
}

}  // namespace

absl::StatusOr<std::map<int, std::int64_t>> ClaimShards(
    sql::Database& db, const std::string& stream, const std::string& owner,
    absl::Time now, absl::Duration lease) {
  const Claim claim{stream, owner, now, lease};
  std::map<int, std::int64_t> held;
  RETURN_IF_ERROR(db.Write("", [&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(const int members, CountMembers(session, claim));
    ASSIGN_OR_RETURN(Shards shards, ReadShards(session, claim));
    if (shards.known < sql::kShardCount) {
      RETURN_IF_ERROR(AddShards(session, stream));
      ASSIGN_OR_RETURN(shards, ReadShards(session, claim));
    }
    const auto share =
        static_cast<std::size_t>((sql::kShardCount + members - 1) / members);
    held = std::move(shards.mine);
    while (held.size() > share) {
      const int last = held.rbegin()->first;
      RETURN_IF_ERROR(SetOwner(session, claim, last, "", absl::UnixEpoch()));
      held.erase(last);
    }
    while (held.size() < share && !shards.free.empty()) {
      const auto taken =
          held.insert(shards.free.extract(shards.free.begin())).position;
      RETURN_IF_ERROR(
          SetOwner(session, claim, taken->first, owner, now + lease));
    }
    return session
        .Run(
            "UPDATE checkpoints SET lease_time = :until "
            "WHERE stream = :stream AND owner = :owner",
            {{"until", now + lease}, {"stream", stream}, {"owner", owner}})
        .status();
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
    RETURN_IF_ERROR(session
                        .Run("DELETE FROM stream_members WHERE stream = "
                             ":stream AND owner = :owner",
                             {{"stream", stream}, {"owner", owner}})
                        .status());
    return session
        .Run(
            "UPDATE checkpoints SET lease_time = 0 "
            "WHERE stream = :stream AND owner = :owner",
            {{"stream", stream}, {"owner", owner}})
        .status();
  });
}

}  // namespace huifang

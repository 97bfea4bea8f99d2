// Where a consumer stands in somebody else's event stream: one row a shard in
// its own database, moved in the transaction that applies the events.
#ifndef HUIFANG_SERVICES_COMMON_CHECKPOINT_H_
#define HUIFANG_SERVICES_COMMON_CHECKPOINT_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/common/sql.h"

namespace huifang {

// Claims a fair share of the shards of `stream` for `owner` until now + lease:
// with n owners that asked within their lease, ceil(16 / n) at most. Keeps its
// own, gives back what is too much (a newcomer then finds it free), and takes
// shards that nobody holds or whose holder let the lease run out. Returns the
// last sequence applied of each shard held. Ownership only saves work:
// Advance's compare-and-swap is what keeps effects single.
absl::StatusOr<std::map<int, std::int64_t>> ClaimShards(
    sql::Database& db, const std::string& stream, const std::string& owner,
    absl::Time now, absl::Duration lease);

// Moves a shard from `from` to `to`, in the session's transaction. ABORTED if
// it is not at `from`: another replica applied these events.
absl::Status AdvanceCheckpoint(sql::Session& session, const std::string& stream,
                               int shard, std::int64_t from, std::int64_t to);

// Lets go of all shards, so that another replica need not wait.
absl::Status ReleaseShards(sql::Database& db, const std::string& stream,
                           const std::string& owner);

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_CHECKPOINT_H_

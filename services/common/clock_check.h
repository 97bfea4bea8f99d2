// Whether this machine's clock can be trusted, by those of others.
#ifndef HUIFANG_SERVICES_COMMON_CLOCK_CHECK_H_
#define HUIFANG_SERVICES_COMMON_CLOCK_CHECK_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/common/clock.h"
#include "services/common/redis.h"
#include "services/common/sql.h"

namespace huifang {

// A replica whose clock is ahead by days would draw weeks that are not over,
// hold calls for as long, and take for done what is still to come. Less than
// this shifts deadlines and leases by as much, and two replicas that differ by
// more than ten seconds keep taking each other's shards: nothing is doubled by
// that, but it is done slowly.
inline constexpr absl::Duration kMostSkew = absl::Minutes(5);

// FAILED_PRECONDITION (CLOCK_WRONG) if two clocks of other machines agree with
// each other and not with `own`. One of three that is wrong must not stop the
// rest, so all else is OK.
absl::Status JudgeClock(absl::Time own, absl::Time redis, absl::Time database);

// Asks Redis and PostgreSQL. OK if one of them cannot be asked, and on SQLite,
// whose clock is the machine's own.
absl::Status CheckClock(Clock& clock, redis::Pool& redis, sql::Database& db);

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_CLOCK_CHECK_H_

#include "services/common/clock_check.h"

#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/status_macros.h"

namespace huifang {
namespace {

bool Agree(absl::Time a, absl::Time b) {
  return absl::AbsDuration(a - b) <= kMostSkew;
}

absl::StatusOr<absl::Time> TimeOf(redis::Pool& redis) {
  ASSIGN_OR_RETURN(const redis::Reply reply, redis.Run({"TIME"}));
  std::int64_t seconds = 0;
  if (reply->elements < 1 || reply->element[0]->str == nullptr ||
      !absl::SimpleAtoi(reply->element[0]->str, &seconds)) {
    return absl::InternalError("Redis tells no time");
  }
  return absl::FromUnixSeconds(seconds);
}

absl::StatusOr<absl::Time> TimeOf(sql::Database& db) {
  absl::Time time;
  RETURN_IF_ERROR(db.Read([&](sql::Session& session) {
    return session
        .QueryOne(
            "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 "
            "AS BIGINT)",
            {}, [&](const sql::Row& row) { time = row.Time(0); })
        .status();
  }));
  return time;
}

}  // namespace

absl::Status JudgeClock(absl::Time own, absl::Time redis, absl::Time database) {
  if (!Agree(redis, database) || Agree(own, redis) || Agree(own, database)) {
    return absl::OkStatus();
  }
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "CLOCK_WRONG",
      absl::StrCat("this machine's clock says ", absl::FormatTime(own),
                   ", those of Redis and PostgreSQL ",
                   absl::FormatTime(database),
                   "; set it (NTP) and start the service again"));
}

absl::Status CheckClock(Clock& clock, redis::Pool& redis, sql::Database& db) {
  if (db.engine() != sql::Engine::kPostgres) return absl::OkStatus();
  const absl::StatusOr<absl::Time> of_redis = TimeOf(redis);
  const absl::StatusOr<absl::Time> of_database = TimeOf(db);
  if (!of_redis.ok() || !of_database.ok()) return absl::OkStatus();
  return JudgeClock(clock.Now(), *of_redis, *of_database);
}

}  // namespace huifang

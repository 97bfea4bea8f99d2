#include "services/common/request_log.h"

#include "absl/strings/str_cat.h"
#include "services/common/crypto.h"
#include "services/common/error.h"
#include "services/common/ids.h"
#include "services/common/status_macros.h"

namespace huifang {
namespace {

constexpr absl::Duration kKept = absl::Hours(24);

}  // namespace

std::string RequestHash(const google::protobuf::Message& request) {
  return Sha256Hex(request.SerializeAsString());
}

absl::Status RunOnce(sql::Session& session, const RequestKey& key,
                     absl::Time now, const google::protobuf::Message& request,
                     google::protobuf::Message& response,
                     absl::FunctionRef<absl::Status()> fn) {
  return RunOnce(session, key, now,
                 key.request_id.empty() ? "" : RequestHash(request), response,
                 fn);
}

absl::Status RunOnce(sql::Session& session, const RequestKey& key,
                     absl::Time now, const std::string& request_hash,
                     google::protobuf::Message& response,
                     absl::FunctionRef<absl::Status()> fn) {
  if (key.request_id.empty()) return fn();
  if (!IsUuid(key.request_id)) {
    FieldErrors errors;
    errors.Add("request_id", "must be a UUID");
    return errors.ToStatus();
  }
  std::string first_hash;
  std::string answer;
  ASSIGN_OR_RETURN(
      const bool repeated,
      session.QueryOne("SELECT request_hash, response FROM requests WHERE "
                       "court = :court AND method = :method AND "
                       "request_id = :request_id",
                       {{"court", key.court},
                        {"method", key.method},
                        {"request_id", key.request_id}},
                       [&](const sql::Row& row) {
                         first_hash = row.Text(0);
                         answer = row.Blob(1);
                       }));
  if (repeated) {
    if (first_hash != request_hash) {
      return MakeError(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED",
                       "this request id was used for another request; choose "
                       "a new one");
    }
    if (!response.ParseFromString(answer)) {
      return absl::DataLossError("a stored answer cannot be read");
    }
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(fn());
  return session
      .Run(
          "INSERT INTO requests (court, method, request_id, request_hash, "
          "response, create_time) VALUES (:court, :method, :request_id, "
          ":hash, :response, :now)",
          {{"court", key.court},
           {"method", key.method},
           {"request_id", key.request_id},
           {"hash", request_hash},
           {"response", sql::Bytes{response.SerializeAsString()}},
           {"now", now}})
      .status();
}

absl::Status ExpireRequests(sql::Database& db, absl::Time now, int limit) {
  return db.Write("", [&](sql::Session& session) -> absl::Status {
    absl::Time until = absl::InfinitePast();
    ASSIGN_OR_RETURN(
        const bool any,
        session.QueryOne(
            "SELECT MAX(create_time) FROM (SELECT create_time FROM requests "
            "WHERE create_time < :old ORDER BY create_time LIMIT :most) AS t",
            {{"old", now - kKept}, {"most", limit}}, [&](const sql::Row& row) {
              if (!row.IsNull(0)) until = row.Time(0);
            }));
    if (!any || until == absl::InfinitePast()) return absl::OkStatus();
    return session
        .Run("DELETE FROM requests WHERE create_time <= :until",
             {{"until", until}})
        .status();
  });
}

}  // namespace huifang

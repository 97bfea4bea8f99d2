// Request-id idempotency: a repeat returns the first answer.
#ifndef HUIFANG_SERVICES_COMMON_REQUEST_LOG_H_
#define HUIFANG_SERVICES_COMMON_REQUEST_LOG_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "services/common/sql.h"

namespace huifang {

// What a request id stands for, within one court and method.
struct RequestKey {
  std::string court;
  std::string method;
  std::string request_id;  // empty: not idempotent, always runs
};

// What tells one request from another; take it before the transaction where
// the request is large.
std::string RequestHash(const google::protobuf::Message& request);

// Runs `fn` at most once for `key`, inside the transaction of `session`, and
// keeps its answer for 24 hours; a repeat fills `response` from there.
// ALREADY_EXISTS if the id was used with another `request`.
absl::Status RunOnce(sql::Session& session, const RequestKey& key,
                     absl::Time now, const google::protobuf::Message& request,
                     google::protobuf::Message& response,
                     absl::FunctionRef<absl::Status()> fn);

absl::Status RunOnce(sql::Session& session, const RequestKey& key,
                     absl::Time now, const std::string& request_hash,
                     google::protobuf::Message& response,
                     absl::FunctionRef<absl::Status()> fn);

// Deletes answers older than 24 hours, at most `limit`.
absl::Status ExpireRequests(sql::Database& db, absl::Time now, int limit);

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_REQUEST_LOG_H_

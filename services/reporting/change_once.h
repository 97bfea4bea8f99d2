#ifndef HUIFANG_SERVICES_REPORTING_CHANGE_ONCE_H_
#define HUIFANG_SERVICES_REPORTING_CHANGE_ONCE_H_

#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "services/common/error.h"
#include "services/common/request_log.h"
#include "services/common/sql.h"
#include "services/common/status_macros.h"

namespace huifang::reporting {

// A verb on one resource.
struct Verb {
  std::string court;
  std::string id;
  std::string etag;  // empty: whatever the resource is now
  RequestKey key;
};

// Runs `change` on the resource if the etag fits, stores it and runs `stored`,
// all in one transaction and once for a request id. `Store` has static Load and
// Save. ABORTED when the etag is stale; `noun` is for that message.
template <typename Resource, typename Store>
absl::StatusOr<Resource> ChangeOnce(
    sql::Database& db, absl::Time now, const Verb& verb,
    const google::protobuf::Message& request, absl::string_view noun,
    absl::FunctionRef<absl::Status(sql::Session&, Resource&)> change,
    absl::FunctionRef<void(sql::Session&, const Resource&)> stored) {
  Resource answer;
  RETURN_IF_ERROR(db.Write(verb.court, [&](sql::Session& session) {
    return RunOnce(
        session, verb.key, now, request, answer, [&]() -> absl::Status {
          ASSIGN_OR_RETURN(Resource resource,
                           Store::Load(session, verb.court, verb.id));
          if (!verb.etag.empty() && verb.etag != resource.etag()) {
            return MakeError(
                absl::StatusCode::kAborted, "ETAG_MISMATCH",
                absl::StrCat("the ", noun,
                             " changed since you read it; read it again"));
          }
          RETURN_IF_ERROR(change(session, resource));
          RETURN_IF_ERROR(Store::Save(session, verb.court, resource));
          stored(session, resource);
          answer = std::move(resource);
          return absl::OkStatus();
        });
  }));
  return answer;
}

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_CHANGE_ONCE_H_

#ifndef HUIFANG_SERVICES_CALLBACK_CONVEYANCE_STORE_H_
#define HUIFANG_SERVICES_CALLBACK_CONVEYANCE_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "huifang/callback/v1/callback_resources.pb.h"
#include "huifang/callback/v1/callback_service.pb.h"
#include "services/callback/store_util.h"
#include "services/common/resource_name.h"
#include "services/common/sql.h"

namespace huifang::callback {

// The conveyances; all their SQL. Methods with a session run in its
// transaction. Thread safe.
class ConveyanceStore {
 public:
  explicit ConveyanceStore(sql::Database& db) : db_(db) {}

  // NOT_FOUND if the court has no such conveyance.
  absl::StatusOr<v1::Conveyance> Get(const std::string& court,
                                     const std::string& conveyance_id);
  // Newest first, after `cursor`.
  absl::StatusOr<std::vector<v1::Conveyance>> List(
      const std::string& court, const v1::ListConveyancesRequest& filter,
      const std::optional<TimeCursor>& cursor, int limit);
  // Names, after `after`, of those that a worker has something to do for at
  // `now`: to put them on the ticket, or to remind of them. Over all courts.
  absl::StatusOr<std::vector<std::string>> Due(absl::Time now,
                                               const ResourceName& after,
                                               int limit);

  static absl::StatusOr<v1::Conveyance> Load(sql::Session& session,
                                             const std::string& court,
                                             const std::string& conveyance_id);
  // Does nothing if it is there already. Sets version and etag.
  static absl::Status Insert(sql::Session& session, v1::Conveyance& conveyance);
  // Replaces a conveyance whose stored version is `conveyance.version()` and
  // raises version and etag. ABORTED if it moved on.
  static absl::Status Save(sql::Session& session, v1::Conveyance& conveyance);

 private:
  sql::Database& db_;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_CONVEYANCE_STORE_H_

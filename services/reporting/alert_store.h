#ifndef HUIFANG_SERVICES_REPORTING_ALERT_STORE_H_
#define HUIFANG_SERVICES_REPORTING_ALERT_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "huifang/reporting/v1/reporting_service.pb.h"
#include "services/common/listing.h"
#include "services/common/sql.h"

namespace huifang::reporting {

// An alert to which something happens by itself.
struct DueAlert {
  std::string name;
  absl::Time due_time;
};

// The alerts; all SQL of them. Methods with a session run in its transaction.
// Thread safe.
class AlertStore {
 public:
  explicit AlertStore(sql::Database& db) : db_(db) {}

  // NOT_FOUND if the court has no such alert.
  absl::StatusOr<v1::Alert> Get(const std::string& court,
                                const std::string& id);
  static absl::StatusOr<v1::Alert> Load(sql::Session& session,
                                        const std::string& court,
                                        const std::string& id);

  // Adds those whose name is new. One of a series that is muted past `now` is
  // muted too.
  static absl::Status Raise(sql::Session& session, const std::string& court,
                            absl::Time now, std::vector<v1::Alert> alerts);
  // Replaces an alert that still has the etag of `alert`, and sets the next
  // one. ABORTED if it moved on.
  static absl::Status Save(sql::Session& session, const std::string& court,
                           v1::Alert& alert);

  // Those of a rule that are not resolved; for rules whose alerts last.
  static absl::StatusOr<std::vector<v1::Alert>> Lasting(
      sql::Session& session, const std::string& court, v1::Alert::Rule rule);

  // Newest first, at most `limit`, after `cursor`; without pictures.
  absl::StatusOr<std::vector<v1::Alert>> List(
      const std::string& court, const v1::ListAlertsRequest& filter,
      const std::optional<TimeCursor>& cursor, int limit);
  static TimeCursor CursorOf(const v1::Alert& alert);

  // Alerts of all courts that are due by `until`, earliest first.
  absl::StatusOr<std::vector<DueAlert>> Due(absl::Time until, int limit);

  // Courts that have facts but did not watch `period` yet.
  absl::StatusOr<std::vector<std::string>> CourtsToWatch(
      const std::string& period);
  static absl::Status SetWatched(sql::Session& session,
                                 const std::string& court,
                                 const std::string& period, absl::Time now);

  // Courts that have facts, and whose open tickets were not looked at for the
  // hour of `look`; a look in the future was one of a clock that was wrong.
  absl::StatusOr<std::vector<std::string>> CourtsToLookAt(absl::Time look,
                                                          absl::Time now);
  static absl::Status SetLooked(sql::Session& session, const std::string& court,
                                absl::Time look, absl::Time now);

 private:
  sql::Database& db_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_ALERT_STORE_H_

#ifndef HUIFANG_SERVICES_REPORTING_SUPERVISION_STORE_H_
#define HUIFANG_SERVICES_REPORTING_SUPERVISION_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "huifang/reporting/v1/reporting_service.pb.h"
#include "services/common/listing.h"
#include "services/common/sql.h"

namespace huifang::reporting {

// Columns of ticket_facts that SupervisionOf reads, in its order.
inline constexpr char kSupervisionColumns[] =
    "t.ticket_id, t.source_id, t.division, t.matter, t.closed_day, "
    "t.due_time, t.close_time";

// A supervised ticket (重点督办) as it stands at `now`: an open one is overdue
// once its deadline has passed.
v1::Supervision SupervisionOf(const sql::Row& row, const std::string& court,
                              absl::Time now);

// Reads the supervised tickets among the facts. Thread safe.
class SupervisionStore {
 public:
  explicit SupervisionStore(sql::Database& db) : db_(db) {}

  // Earliest deadline first, at most `limit`, after `cursor`. A cancelled
  // ticket is under nobody's eye any more.
  absl::StatusOr<std::vector<v1::Supervision>> List(
      const std::string& court, const v1::ListSupervisionsRequest& filter,
      absl::Time now, const std::optional<TimeCursor>& cursor, int limit);
  static TimeCursor CursorOf(const v1::Supervision& supervision);

 private:
  sql::Database& db_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_SUPERVISION_STORE_H_

#ifndef HUIFANG_SERVICES_REPORTING_TIMELINE_STORE_H_
#define HUIFANG_SERVICES_REPORTING_TIMELINE_STORE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "huifang/reporting/v1/timeline_service.pb.h"
#include "services/common/sql.h"

namespace huifang::reporting {

// Entries of timelines; all SQL of them. Thread safe.
class TimelineStore {
 public:
  explicit TimelineStore(sql::Database& db) : db_(db) {}

  // Writes an entry of `entry.subject()`, once for an id.
  static absl::Status Add(sql::Session& session, const std::string& court,
                          const std::string& id,
                          const v1::TimelineEntry& entry);

  // NOT_FOUND if there is no such resource. Of a training with its effect as of
  // `now`.
  absl::StatusOr<v1::Timeline> OfSuggestion(const std::string& court,
                                            const std::string& id);
  absl::StatusOr<v1::Timeline> OfTraining(const std::string& court,
                                          const std::string& id,
                                          absl::Time now);
  absl::StatusOr<v1::Timeline> OfSupervision(const std::string& court,
                                             const std::string& id);

  // What concerns the tickets, by full name.
  absl::StatusOr<v1::Timeline> OfTickets(
      const std::string& court, const std::vector<std::string>& tickets);

 private:
  sql::Database& db_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_TIMELINE_STORE_H_

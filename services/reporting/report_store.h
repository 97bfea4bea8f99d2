#ifndef HUIFANG_SERVICES_REPORTING_REPORT_STORE_H_
#define HUIFANG_SERVICES_REPORTING_REPORT_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "huifang/reporting/v1/reporting_service.pb.h"
#include "services/common/listing.h"
#include "services/common/sql.h"

namespace huifang::reporting {

// A report nobody has built yet, and when it was asked for.
struct WaitingReport {
  std::string name;
  absl::Time create_time;
};

// The reports; all SQL of them. Methods with a session run in its transaction.
// Thread safe.
class ReportStore {
 public:
  explicit ReportStore(sql::Database& db) : db_(db) {}

  // NOT_FOUND if the court has no such report.
  absl::StatusOr<v1::Report> Get(const std::string& court,
                                 const std::string& id);
  static absl::StatusOr<v1::Report> Load(sql::Session& session,
                                         const std::string& court,
                                         const std::string& id);

  // Version of the next build of a period and division, from 1.
  static absl::StatusOr<int> NextVersion(sql::Session& session,
                                         const std::string& court,
                                         const std::string& period,
                                         const std::string& division);

  // The newest version that was delivered; nothing if none was.
  static absl::StatusOr<std::optional<v1::Report>> LastDelivered(
      sql::Session& session, const std::string& court,
      const std::string& period, const std::string& division);

  // Every version of a period that was delivered: of the court and, as
  // `division` says, of all divisions (empty) or of one.
  static absl::Status Delivered(
      sql::Session& session, const std::string& court,
      const std::string& period, const std::string& division,
      absl::FunctionRef<void(const v1::Report&)> each);

  // Adds a report and sets its etag. ALREADY_EXISTS when another build took
  // the version meanwhile.
  static absl::Status Insert(sql::Session& session, const std::string& court,
                             v1::Report& report);
  // Replaces a report that still has the etag of `report`, and sets the next
  // one. ABORTED if it moved on.
  static absl::Status Save(sql::Session& session, const std::string& court,
                           v1::Report& report);

  // Newest first, at most `limit`, after `cursor`.
  absl::StatusOr<std::vector<v1::Report>> List(
      const std::string& court, const v1::ListReportsRequest& filter,
      const std::optional<TimeCursor>& cursor, int limit);
  static TimeCursor CursorOf(const v1::Report& report);

  // Reports of all courts that wait to be built, oldest first.
  absl::StatusOr<std::vector<WaitingReport>> Building(int limit);

 private:
  sql::Database& db_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_REPORT_STORE_H_

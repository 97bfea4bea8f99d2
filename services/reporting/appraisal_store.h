#ifndef HUIFANG_SERVICES_REPORTING_APPRAISAL_STORE_H_
#define HUIFANG_SERVICES_REPORTING_APPRAISAL_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "huifang/reporting/v1/appraisal_service.pb.h"
#include "services/common/listing.h"
#include "services/common/sql.h"

namespace huifang::reporting {

// The appraisal sheets; all SQL of them. A sheet is inserted and never changed.
// Methods with a session run in its transaction. Thread safe.
class AppraisalStore {
 public:
  explicit AppraisalStore(sql::Database& db) : db_(db) {}

  // NOT_FOUND if the court has no such sheet.
  absl::StatusOr<v1::Appraisal> Get(const std::string& court,
                                    const std::string& id);

  // The newest version of a period; nothing if there is none.
  static absl::StatusOr<std::optional<v1::Appraisal>> Newest(
      sql::Session& session, const std::string& court,
      const std::string& period);

  // Adds a sheet and sets its etag. ALREADY_EXISTS when somebody else took the
  // version meanwhile.
  static absl::Status Insert(sql::Session& session, const std::string& court,
                             v1::Appraisal& sheet);

  // Newest first, at most `limit`, after `cursor`.
  absl::StatusOr<std::vector<v1::Appraisal>> List(
      const std::string& court, const v1::ListAppraisalsRequest& filter,
      const std::optional<TimeCursor>& cursor, int limit);
  static TimeCursor CursorOf(const v1::Appraisal& sheet);

 private:
  sql::Database& db_;
};

// The same for the tickets excluded from them.
class ExclusionStore {
 public:
  explicit ExclusionStore(sql::Database& db) : db_(db) {}

  absl::StatusOr<v1::AppraisalExclusion> Get(const std::string& court,
                                             const std::string& id);
  static absl::StatusOr<v1::AppraisalExclusion> Load(sql::Session& session,
                                                     const std::string& court,
                                                     const std::string& id);

  // FAILED_PRECONDITION when one of the ticket waits or was approved.
  static absl::Status Insert(sql::Session& session, const std::string& court,
                             v1::AppraisalExclusion& exclusion);
  // Replaces one that still has the etag of `exclusion`, and sets the next one.
  // ABORTED if it moved on.
  static absl::Status Save(sql::Session& session, const std::string& court,
                           v1::AppraisalExclusion& exclusion);

  absl::StatusOr<std::vector<v1::AppraisalExclusion>> List(
      const std::string& court,
      const v1::ListAppraisalExclusionsRequest& filter,
      const std::optional<TimeCursor>& cursor, int limit);
  static TimeCursor CursorOf(const v1::AppraisalExclusion& exclusion);

 private:
  sql::Database& db_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_APPRAISAL_STORE_H_

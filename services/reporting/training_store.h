#ifndef HUIFANG_SERVICES_REPORTING_TRAINING_STORE_H_
#define HUIFANG_SERVICES_REPORTING_TRAINING_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "huifang/reporting/v1/reporting_service.pb.h"
#include "services/common/listing.h"
#include "services/common/sql.h"
#include "services/reporting/period_rules.h"

namespace huifang::reporting {

// The trainings and what came of them; all SQL of both. Methods with a session
// run in its transaction. Thread safe.
class TrainingStore {
 public:
  explicit TrainingStore(sql::Database& db) : db_(db) {}

  // With its effect as of `now`. NOT_FOUND if the court has no such training.
  absl::StatusOr<v1::Training> Get(const std::string& court,
                                   const std::string& id, absl::Time now);
  // Without it.
  static absl::StatusOr<v1::Training> Load(sql::Session& session,
                                           const std::string& court,
                                           const std::string& id);

  static absl::Status Insert(sql::Session& session, const std::string& court,
                             v1::Training& training);
  // Replaces a training that still has the etag of `training`, and sets the
  // next one. ABORTED if it moved on.
  static absl::Status Save(sql::Session& session, const std::string& court,
                           v1::Training& training);

  // Newest first, at most `limit`, after `cursor`, with their effects as of
  // `now`.
  absl::StatusOr<std::vector<v1::Training>> List(
      const std::string& court, const v1::ListTrainingsRequest& filter,
      absl::Time now, const std::optional<TimeCursor>& cursor, int limit);
  static TimeCursor CursorOf(const v1::Training& training);

  // What a report prints: those written by the end of the period that are
  // planned, or were held no more than 13 weeks before that end, with their
  // effects as of that end; of a division those for it or for all. Newest
  // first, at most `limit`.
  static absl::StatusOr<std::vector<v1::Training>> OfReport(
      sql::Session& session, const std::string& court, const Span& span,
      const std::string& division, int limit);

 private:
  sql::Database& db_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_TRAINING_STORE_H_

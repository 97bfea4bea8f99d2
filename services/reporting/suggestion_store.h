#ifndef HUIFANG_SERVICES_REPORTING_SUGGESTION_STORE_H_
#define HUIFANG_SERVICES_REPORTING_SUGGESTION_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "huifang/reporting/v1/reporting_service.pb.h"
#include "services/common/listing.h"
#include "services/common/sql.h"
#include "services/reporting/period_rules.h"

namespace huifang::reporting {

// The suggestions; all SQL of them. Methods with a session run in its
// transaction. Thread safe.
class SuggestionStore {
 public:
  explicit SuggestionStore(sql::Database& db) : db_(db) {}

  // NOT_FOUND if the court has no such suggestion.
  absl::StatusOr<v1::Suggestion> Get(const std::string& court,
                                     const std::string& id);
  static absl::StatusOr<v1::Suggestion> Load(sql::Session& session,
                                             const std::string& court,
                                             const std::string& id);

  static absl::Status Insert(sql::Session& session, const std::string& court,
                             v1::Suggestion& suggestion);
  // Replaces a suggestion that still has the etag of `suggestion`, and sets the
  // next one. ABORTED if it moved on.
  static absl::Status Save(sql::Session& session, const std::string& court,
                           v1::Suggestion& suggestion);

  // Newest first, at most `limit`, after `cursor`.
  absl::StatusOr<std::vector<v1::Suggestion>> List(
      const std::string& court, const v1::ListSuggestionsRequest& filter,
      const std::optional<TimeCursor>& cursor, int limit);
  static TimeCursor CursorOf(const v1::Suggestion& suggestion);

  // What a report prints: those written by the end of the period that are not
  // settled, or were written or answered in it or since; of a division those
  // put to it. Newest first, at most `limit`.
  static absl::StatusOr<std::vector<v1::Suggestion>> OfReport(
      sql::Session& session, const std::string& court, const Span& span,
      const std::string& division, int limit);

 private:
  sql::Database& db_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_SUGGESTION_STORE_H_

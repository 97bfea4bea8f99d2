#ifndef HUIFANG_SERVICES_REPORTING_SUGGESTION_WRITER_H_
#define HUIFANG_SERVICES_REPORTING_SUGGESTION_WRITER_H_

#include <string>

#include "absl/status/statusor.h"
#include "huifang/reporting/v1/reporting_service.pb.h"
#include "services/common/clock.h"
#include "services/common/sql.h"
#include "services/reporting/change_once.h"

namespace huifang::reporting {

// Everything that changes a suggestion: state, event, timeline entry and
// request id in one transaction. Thread safe.
class SuggestionWriter {
 public:
  SuggestionWriter(sql::Database& db, Clock& clock) : db_(db), clock_(clock) {}

  absl::StatusOr<v1::Suggestion> Create(
      const std::string& court, const std::string& principal,
      const RequestKey& key, const v1::CreateSuggestionRequest& request);
  absl::StatusOr<v1::Suggestion> Respond(
      const Verb& verb, const std::string& principal,
      const v1::RespondToSuggestionRequest& request);

 private:
  sql::Database& db_;
  Clock& clock_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_SUGGESTION_WRITER_H_

#include "services/reporting/suggestion_writer.h"

#include <utility>

#include "huifang/reporting/v1/reporting_events.pb.h"
#include "services/common/event_log.h"
#include "services/common/ids.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/reporting/facts_reader.h"
#include "services/reporting/suggestion_rules.h"
#include "services/reporting/suggestion_store.h"
#include "services/reporting/timeline_rules.h"
#include "services/reporting/timeline_store.h"

namespace huifang::reporting {
namespace {

void AppendEvent(sql::Session& session, const std::string& court,
                 absl::Time now, v1::ReportEvent::Type type,
                 const v1::Suggestion& suggestion) {
  v1::ReportEvent event;
  event.set_court(court);
  *event.mutable_event_time() = ToTimestamp(now);
  event.set_type(type);
  *event.mutable_suggestion() = suggestion;
  EventLog::Append(session, court, now, event);
}

}  // namespace

absl::StatusOr<v1::Suggestion> SuggestionWriter::Create(
    const std::string& court, const std::string& principal,
    const RequestKey& key, const v1::CreateSuggestionRequest& request) {
  const absl::Time now = clock_.Now();
  const std::string name =
      MakeResourceName(court, "suggestions", NewUuid7(now));
  v1::Suggestion answer;
  RETURN_IF_ERROR(db_.Write(court, [&](sql::Session& session) {
    return RunOnce(session, key, now, request, answer, [&]() -> absl::Status {
      FactsReader reader(session, court);
      ASSIGN_OR_RETURN(const DisplayNames names, reader.Names());
      ASSIGN_OR_RETURN(
          v1::Suggestion suggestion,
          NewSuggestion(request.suggestion(), names, principal, now));
      suggestion.set_name(name);
      RETURN_IF_ERROR(SuggestionStore::Insert(session, court, suggestion));
      AppendEvent(session, court, now, v1::ReportEvent::TYPE_SUGGESTION_CREATED,
                  suggestion);
      answer = std::move(suggestion);
      return absl::OkStatus();
    });
  }));
  return answer;
}

absl::StatusOr<v1::Suggestion> SuggestionWriter::Respond(
    const Verb& verb, const std::string& principal,
    const v1::RespondToSuggestionRequest& request) {
  const absl::Time now = clock_.Now();
  const std::string entry_id = NewUuid7(now);
  return ChangeOnce<v1::Suggestion, SuggestionStore>(
      db_, now, verb, request, "suggestion",
      [&](sql::Session& session, v1::Suggestion& suggestion) -> absl::Status {
        RETURN_IF_ERROR(reporting::Respond(request, now, suggestion));
        return TimelineStore::Add(
            session, verb.court, entry_id,
            AnswerEntry(suggestion, request.division(), principal));
      },
      [&](sql::Session& session, const v1::Suggestion& suggestion) {
        AppendEvent(session, verb.court, now,
                    v1::ReportEvent::TYPE_SUGGESTION_ANSWERED, suggestion);
      });
}

}  // namespace huifang::reporting

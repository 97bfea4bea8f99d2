#include "services/reporting/training_writer.h"

#include <utility>

#include "huifang/reporting/v1/reporting_events.pb.h"
#include "services/common/event_log.h"
#include "services/common/ids.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/reporting/facts_reader.h"
#include "services/reporting/timeline_rules.h"
#include "services/reporting/timeline_store.h"
#include "services/reporting/training_rules.h"
#include "services/reporting/training_store.h"

namespace huifang::reporting {
namespace {

void AppendEvent(sql::Session& session, const std::string& court,
                 absl::Time now, v1::ReportEvent::Type type,
                 const v1::Training& training) {
  v1::ReportEvent event;
  event.set_court(court);
  *event.mutable_event_time() = ToTimestamp(now);
  event.set_type(type);
  *event.mutable_training() = training;
  EventLog::Append(session, court, now, event);
}

}  // namespace

absl::StatusOr<v1::Training> TrainingWriter::Create(
    const std::string& court, const std::string& principal,
    const RequestKey& key, const v1::CreateTrainingRequest& request) {
  const absl::Time now = clock_.Now();
  const std::string name = MakeResourceName(court, "trainings", NewUuid7(now));
  v1::Training answer;
  RETURN_IF_ERROR(db_.Write(court, [&](sql::Session& session) {
    return RunOnce(session, key, now, request, answer, [&]() -> absl::Status {
      FactsReader reader(session, court);
      ASSIGN_OR_RETURN(const DisplayNames names, reader.Names());
      ASSIGN_OR_RETURN(const DisplayNames rules, reader.RuleNames());
      ASSIGN_OR_RETURN(
          v1::Training training,
          NewTraining(request.training(), names, rules, principal, now));
      training.set_name(name);
      RETURN_IF_ERROR(TrainingStore::Insert(session, court, training));
      AppendEvent(session, court, now, v1::ReportEvent::TYPE_TRAINING_PLANNED,
                  training);
      answer = std::move(training);
      return absl::OkStatus();
    });
  }));
  return answer;
}

absl::StatusOr<v1::Training> TrainingWriter::Hold(
    const Verb& verb, const std::string& principal,
    const v1::HoldTrainingRequest& request) {
  const absl::Time now = clock_.Now();
  const std::string entry_id = NewUuid7(now);
  return ChangeOnce<v1::Training, TrainingStore>(
      db_, now, verb, request, "training",
      [&](sql::Session& session, v1::Training& training) -> absl::Status {
        FactsReader reader(session, verb.court);
        ASSIGN_OR_RETURN(const DisplayNames names, reader.Names());
        RETURN_IF_ERROR(HoldTraining(request, names, now, training));
        return TimelineStore::Add(session, verb.court, entry_id,
                                  TrainingEntry(training, principal));
      },
      [&](sql::Session& session, const v1::Training& training) {
        AppendEvent(session, verb.court, now,
                    v1::ReportEvent::TYPE_TRAINING_HELD, training);
      });
}

absl::StatusOr<v1::Training> TrainingWriter::Cancel(
    const Verb& verb, const std::string& principal,
    const v1::CancelTrainingRequest& request) {
  const absl::Time now = clock_.Now();
  const std::string entry_id = NewUuid7(now);
  return ChangeOnce<v1::Training, TrainingStore>(
      db_, now, verb, request, "training",
      [&](sql::Session& session, v1::Training& training) -> absl::Status {
        RETURN_IF_ERROR(CancelTraining(request, now, training));
        return TimelineStore::Add(session, verb.court, entry_id,
                                  TrainingEntry(training, principal));
      },
      [&](sql::Session& session, const v1::Training& training) {
        AppendEvent(session, verb.court, now,
                    v1::ReportEvent::TYPE_TRAINING_CANCELLED, training);
      });
}

}  // namespace huifang::reporting

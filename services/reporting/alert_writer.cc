#include "services/reporting/alert_writer.h"

#include "services/common/status_macros.h"
#include "services/reporting/alert_store.h"
#include "services/reporting/facts_reader.h"

namespace huifang::reporting {

absl::Status AlertWriter::Watch(const std::string& court,
                                const std::string& week) {
  ASSIGN_OR_RETURN(const Span span, ParseSpan(week));
  // The week before once more: its callers were called only after it was over.
  const Span before{Span::Kind::kWeek, span.first - 7, span.last - 7};
  const absl::Time now = clock_.Now();
  std::vector<v1::Alert> alerts;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    alerts.clear();
    FactsReader reader(session, court);
    for (const Span& one : {before, span}) {
      ASSIGN_OR_RETURN(const ReportFacts facts,
                       reader.ReadReport(one, "", figures_.disclosure));
      for (v1::Alert& alert :
           AlertsOf(court, AssembleReport(facts, figures_), now, alerts_)) {
        alerts.push_back(std::move(alert));
      }
    }
    return absl::OkStatus();
  }));
  return db_.Write(court, [&](sql::Session& session) -> absl::Status {
    RETURN_IF_ERROR(AlertStore::Raise(session, court, now, alerts));
    return AlertStore::SetWatched(session, court, week, now);
  });
}

absl::Status AlertWriter::DoDue(const std::string& court,
                                const std::string& id) {
  const absl::Time now = clock_.Now();
  return db_.Write(court, [&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(v1::Alert alert, AlertStore::Load(session, court, id));
    if (!reporting::DoDue(now, alerts_, alert)) return absl::OkStatus();
    return AlertStore::Save(session, court, alert);
  });
}

absl::StatusOr<v1::Alert> AlertWriter::Change(
    const Verb& verb, const google::protobuf::Message& request,
    absl::FunctionRef<absl::Status(v1::Alert&)> change) {
  return ChangeOnce<v1::Alert, AlertStore>(
      db_, clock_.Now(), verb, request, "alert",
      [&](sql::Session&, v1::Alert& alert) { return change(alert); },
      [](sql::Session&, const v1::Alert&) {});
}

}  // namespace huifang::reporting

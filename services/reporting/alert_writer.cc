#include "services/reporting/alert_writer.h"

#include <algorithm>
#include <string>
#include <vector>

#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/alert_store.h"
#include "services/reporting/facts_reader.h"
#include "services/reporting/overdue_risk_rules.h"
#include "services/reporting/repeat_call_rules.h"
#include "services/reporting/watched_ticket_reader.h"

namespace huifang::reporting {
namespace {

// Alerts of one rule that last: those that `fired` brings up to date are not
// raised again. Leaves in `fired` what is new.
absl::Status BringRuleUpToDate(sql::Session& session, const std::string& court,
                               v1::Alert::Rule rule, absl::Time now,
                               std::vector<v1::Alert>& fired) {
  ASSIGN_OR_RETURN(std::vector<v1::Alert> lasting,
                   AlertStore::Lasting(session, court, rule));
  WatchedTicketReader reader(session, court);
  for (v1::Alert& alert : lasting) {
    std::vector<std::string> ids;
    for (const auto& ticket : alert.tickets()) {
      ids.push_back(IdOf(ticket.name()));
    }
    ASSIGN_OR_RETURN(const TicketsNow tickets, reader.ReadAll(ids));
    const auto same = std::find_if(
        fired.begin(), fired.end(),
        [&](const v1::Alert& one) { return SeriesOf(one) == SeriesOf(alert); });
    if (BringUpToDate(tickets, same == fired.end() ? nullptr : &*same, now,
                      alert)) {
      RETURN_IF_ERROR(AlertStore::Save(session, court, alert));
    }
    if (same != fired.end()) fired.erase(same);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status AlertWriter::Watch(const std::string& court,
                                const std::string& week) {
  ASSIGN_OR_RETURN(const Span span, ParseSpan(week));
  // The week before once more: its callers were called only after it was over.
  const Span before{Span::Kind::kWeek, span.first - 7, span.last - 7};
  const absl::Time now = clock_.Now();
  std::vector<v1::Alert> alerts;
  RETURN_IF_ERROR(db_.ReadSnapshot([&](sql::Session& session) -> absl::Status {
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

absl::Status AlertWriter::Look(const std::string& court, absl::Time look) {
  const absl::Time now = clock_.Now();
  std::vector<v1::Alert> risks;
  std::vector<v1::Alert> repeats;
  RETURN_IF_ERROR(db_.ReadSnapshot([&](sql::Session& session) -> absl::Status {
    FactsReader reader(session, court);
    ASSIGN_OR_RETURN(const DisplayNames names, reader.Names());
    WatchedTicketReader tickets(session, court);
    ASSIGN_OR_RETURN(BacklogFacts backlog,
                     tickets.ReadBacklog(now, alerts_.risk));
    backlog.names = &names;
    risks = OverdueRisks(court, backlog, now, alerts_);
    ASSIGN_OR_RETURN(const std::vector<WatchedTicket> repeated,
                     tickets.ReadRepeated(now, alerts_.repeat));
    repeats = RepeatCalls(court, repeated, names, now, alerts_);
    return absl::OkStatus();
  }));
  return db_.Write(court, [&](sql::Session& session) -> absl::Status {
    for (const auto& [rule, fired] :
         {std::pair(v1::Alert::RULE_OVERDUE_RISK, risks),
          std::pair(v1::Alert::RULE_REPEAT_CALLER, repeats)}) {
      std::vector<v1::Alert> raised = fired;
      RETURN_IF_ERROR(BringRuleUpToDate(session, court, rule, now, raised));
      RETURN_IF_ERROR(
          AlertStore::Raise(session, court, now, std::move(raised)));
    }
    return AlertStore::SetLooked(session, court, look, now);
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

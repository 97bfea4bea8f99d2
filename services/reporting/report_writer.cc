#include "services/reporting/report_writer.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/event_log.h"
#include "services/common/ids.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/alert_store.h"
#include "services/reporting/fact_columns.h"
#include "services/reporting/facts_reader.h"
#include "services/reporting/report_state_rules.h"

namespace huifang::reporting {
namespace {

// Watchers learn what happened; the content is one call away, and an event of
// hundreds of kilobytes for each edit would be a burden to all.
void AppendEvent(sql::Session& session, const std::string& court,
                 absl::Time now, v1::ReportEvent::Type type,
                 const v1::Report& report) {
  v1::ReportEvent event;
  event.set_court(court);
  *event.mutable_event_time() = ToTimestamp(now);
  event.set_type(type);
  *event.mutable_report() = report;
  Outline(*event.mutable_report());
  EventLog::Append(session, court, now, event);
}

absl::Status CheckBegun(const Span& span, absl::Time now) {
  if (StartTime(span) <= now) return absl::OkStatus();
  return MakeError(absl::StatusCode::kFailedPrecondition, "PERIOD_NOT_BEGUN",
                   absl::StrCat("period ", SpanLabel(span), " begins on ",
                                DayText(span.first)));
}

}  // namespace

absl::StatusOr<v1::Report> ReportWriter::InsertNew(
    sql::Session& session, const std::string& court,
    const std::string& principal, const Span& span, const std::string& division,
    const std::string& correction_reason, const std::string& id,
    absl::Time now) {
  v1::Report report;
  report.set_name(MakeResourceName(court, "reports", id));
  report.set_division(NameFrom(court, "divisions", division));
  *report.mutable_period() = PeriodOf(span);
  report.set_state(v1::Report::STATE_BUILDING);
  report.set_creator(principal);
  *report.mutable_create_time() = ToTimestamp(now);
  ASSIGN_OR_RETURN(
      const int version,
      ReportStore::NextVersion(session, court, SpanLabel(span), division));
  report.set_version(version);
  ASSIGN_OR_RETURN(
      const std::optional<v1::Report> delivered,
      ReportStore::LastDelivered(session, court, SpanLabel(span), division));
  if (delivered.has_value()) {
    RETURN_IF_ERROR(Correct(*delivered, correction_reason, report));
  }
  RETURN_IF_ERROR(ReportStore::Insert(session, court, report));
  AppendEvent(session, court, now, v1::ReportEvent::TYPE_REQUESTED, report);
  return report;
}

absl::StatusOr<v1::Report> ReportWriter::Request(
    const std::string& court, const std::string& principal,
    const RequestKey& key, const v1::BuildReportRequest& request) {
  ASSIGN_OR_RETURN(const Span span, ParseSpan(request.period()));
  const absl::Time now = clock_.Now();
  RETURN_IF_ERROR(CheckBegun(span, now));
  const std::string id = NewUuid7(now);
  v1::Report answer;
  RETURN_IF_ERROR(db_.Write(court, [&](sql::Session& session) {
    return RunOnce(session, key, now, request, answer, [&]() -> absl::Status {
      ASSIGN_OR_RETURN(answer, InsertNew(session, court, principal, span,
                                         IdOf(request.division()),
                                         request.correction_reason(), id, now));
      return absl::OkStatus();
    });
  }));
  return answer;
}

absl::StatusOr<v1::BatchBuildReportsResponse> ReportWriter::RequestAll(
    const std::string& court, const std::string& principal,
    const RequestKey& key, const v1::BatchBuildReportsRequest& request) {
  ASSIGN_OR_RETURN(const Span span, ParseSpan(request.period()));
  const absl::Time now = clock_.Now();
  RETURN_IF_ERROR(CheckBegun(span, now));
  v1::BatchBuildReportsResponse answer;
  RETURN_IF_ERROR(db_.Write(court, [&](sql::Session& session) {
    return RunOnce(session, key, now, request, answer, [&]() -> absl::Status {
      answer.Clear();
      FactsReader reader(session, court);
      ASSIGN_OR_RETURN(std::vector<std::string> divisions,
                       reader.DivisionsIn(span));
      divisions.insert(divisions.begin(), "");  // the court itself
      for (const std::string& division : divisions) {
        ASSIGN_OR_RETURN(
            *answer.add_reports(),
            InsertNew(session, court, principal, span, division,
                      request.correction_reason(), NewUuid7(now), now));
      }
      return absl::OkStatus();
    });
  }));
  return answer;
}

// Outside every transaction: it waits for peers.
void ReportWriter::AddAgreement(const std::string& court,
                                v1::Report& report) const {
  const absl::StatusOr<Span> span = ParseSpan(report.period().label());
  if (agreement_ == nullptr || !report.division().empty() || !span.ok()) return;
  for (v1::AgreementLine& line : agreement_(court, *span)) {
    *report.add_agreements() = std::move(line);
  }
}

absl::Status ReportWriter::Build(const std::string& court,
                                 const std::string& id) {
  v1::Report built;
  bool wanted = false;
  RETURN_IF_ERROR(db_.ReadSnapshot([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Report asked,
                     ReportStore::Load(session, court, id));
    wanted = asked.state() == v1::Report::STATE_BUILDING;
    if (!wanted) return absl::OkStatus();
    ASSIGN_OR_RETURN(const Span span, ParseSpan(asked.period().label()));
    FactsReader reader(session, court, clock_.Now());
    ASSIGN_OR_RETURN(
        const ReportFacts facts,
        reader.ReadReport(span, IdOf(asked.division()), policy_.disclosure));
    built = AssembleReport(facts, policy_);
    built.set_name(asked.name());
    built.set_version(asked.version());
    built.set_creator(asked.creator());
    *built.mutable_create_time() = asked.create_time();
    built.set_etag(asked.etag());
    if (!asked.corrects().empty()) {
      built.set_corrects(asked.corrects());
      built.set_corrects_serial_number(asked.corrects_serial_number());
      built.set_correction_reason(asked.correction_reason());
      ASSIGN_OR_RETURN(
          const v1::Report corrected,
          ReportStore::Load(session, court, IdOf(asked.corrects())));
      NameChanges(corrected, built);
    }
    built.set_state(v1::Report::STATE_READY);
    built.set_serial_number(SerialNumber(built.court_display_name(),
                                         built.division_display_name(), span,
                                         asked.version()));
    return absl::OkStatus();
  }));
  if (!wanted) return absl::OkStatus();
  AddAgreement(court, built);
  const absl::Time now = clock_.Now();
  *built.mutable_build_time() = ToTimestamp(now);
  const absl::Status stored =
      db_.Write(court, [&](sql::Session& session) -> absl::Status {
        v1::Report report = built;  // Save sets the etag; a rerun must not
        RETURN_IF_ERROR(ReportStore::Save(session, court, report));
        AppendEvent(session, court, now, v1::ReportEvent::TYPE_READY, report);
        return AlertStore::Raise(session, court, now,
                                 AlertsOf(court, report, now, alerts_));
      });
  // Another worker was faster: the report is there, which is all we want.
  return absl::IsAborted(stored) && ErrorReason(stored) == "REPORT_CHANGED"
             ? absl::OkStatus()
             : stored;
}

absl::Status ReportWriter::Fail(const std::string& court, const std::string& id,
                                const std::string& reason) {
  const absl::Time now = clock_.Now();
  return db_.Write(court, [&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(v1::Report report, ReportStore::Load(session, court, id));
    if (report.state() != v1::Report::STATE_BUILDING) return absl::OkStatus();
    report.set_state(v1::Report::STATE_FAILED);
    report.set_failure_reason(reason);
    *report.mutable_build_time() = ToTimestamp(now);
    RETURN_IF_ERROR(ReportStore::Save(session, court, report));
    AppendEvent(session, court, now, v1::ReportEvent::TYPE_FAILED, report);
    return absl::OkStatus();
  });
}

absl::StatusOr<v1::Report> ReportWriter::Change(
    const Verb& verb, v1::ReportEvent::Type event,
    const google::protobuf::Message& request,
    absl::FunctionRef<absl::Status(v1::Report&)> change) {
  const absl::Time now = clock_.Now();
  return ChangeOnce<v1::Report, ReportStore>(
      db_, now, verb, request, "report",
      [&](sql::Session& session, v1::Report& report) -> absl::Status {
        if (event == v1::ReportEvent::TYPE_DELIVERED) {
          ASSIGN_OR_RETURN(const std::optional<v1::Report> delivered,
                           ReportStore::LastDelivered(session, verb.court,
                                                      report.period().label(),
                                                      IdOf(report.division())));
          RETURN_IF_ERROR(CheckCorrects(delivered, report));
        }
        return change(report);
      },
      [&](sql::Session& session, const v1::Report& report) {
        AppendEvent(session, verb.court, now, event, report);
      });
}

}  // namespace huifang::reporting

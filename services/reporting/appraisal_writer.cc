#include "services/reporting/appraisal_writer.h"

#include <optional>

#include "huifang/reporting/v1/reporting_events.pb.h"
#include "services/common/event_log.h"
#include "services/common/ids.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/reporting/appraisal_correction.h"
#include "services/reporting/appraisal_reader.h"
#include "services/reporting/appraisal_store.h"

namespace huifang::reporting {
namespace {

void AppendEvent(sql::Session& session, const std::string& court,
                 absl::Time now, v1::ReportEvent::Type type,
                 const v1::AppraisalExclusion& exclusion) {
  v1::ReportEvent event;
  event.set_court(court);
  *event.mutable_event_time() = ToTimestamp(now);
  event.set_type(type);
  *event.mutable_appraisal_exclusion() = exclusion;
  EventLog::Append(session, court, now, event);
}

void AppendEvent(sql::Session& session, const std::string& court,
                 absl::Time now, const v1::Appraisal& sheet) {
  v1::ReportEvent event;
  event.set_court(court);
  *event.mutable_event_time() = ToTimestamp(now);
  event.set_type(v1::ReportEvent::TYPE_APPRAISAL_CREATED);
  *event.mutable_appraisal() = sheet;
  Outline(*event.mutable_appraisal());
  EventLog::Append(session, court, now, event);
}

}  // namespace

absl::StatusOr<v1::Appraisal> AppraisalWriter::MakeSheet(
    sql::Session& session, const std::string& court, const Span& span,
    const v1::CreateAppraisalRequest& request, absl::Time now) const {
  ASSIGN_OR_RETURN(
      const AppealStanding appeals,
      ReadAppeals(session, court, span, now, policy_.untold_window));
  RETURN_IF_ERROR(CheckAppraisable(span, appeals, now));
  ASSIGN_OR_RETURN(AppraisalFacts facts, ReadAppraisal(session, court, span));
  facts.appeals = appeals;
  v1::Appraisal sheet = AssembleAppraisal(facts, figures_, policy_);
  ASSIGN_OR_RETURN(const std::optional<v1::Appraisal> before,
                   AppraisalStore::Newest(session, court, SpanLabel(span)));
  if (before.has_value()) {
    RETURN_IF_ERROR(
        CorrectAppraisal(*before, request.correction_reason(), sheet));
  }
  sheet.set_version(before.has_value() ? before->version() + 1 : 1);
  return sheet;
}

absl::StatusOr<v1::Appraisal> AppraisalWriter::Create(
    const std::string& court, const std::string& principal,
    const RequestKey& key, const v1::CreateAppraisalRequest& request) {
  ASSIGN_OR_RETURN(const Span span, ParseSpan(request.period()));
  const absl::Time now = clock_.Now();
  const std::string name = MakeResourceName(court, "appraisals", NewUuid7(now));
  v1::Appraisal answer;
  RETURN_IF_ERROR(db_.Write(court, [&](sql::Session& session) {
    return RunOnce(session, key, now, request, answer, [&]() -> absl::Status {
      ASSIGN_OR_RETURN(v1::Appraisal sheet,
                       MakeSheet(session, court, span, request, now));
      sheet.set_name(name);
      sheet.set_creator(principal);
      *sheet.mutable_create_time() = ToTimestamp(now);
      RETURN_IF_ERROR(AppraisalStore::Insert(session, court, sheet));
      AppendEvent(session, court, now, sheet);
      answer = std::move(sheet);
      return absl::OkStatus();
    });
  }));
  return answer;
}

absl::StatusOr<v1::AppraisalExclusion> AppraisalWriter::Exclude(
    const std::string& court, const Person& requester, const RequestKey& key,
    const v1::CreateAppraisalExclusionRequest& request) {
  const absl::Time now = clock_.Now();
  const std::string name =
      MakeResourceName(court, "appraisalExclusions", NewUuid7(now));
  v1::AppraisalExclusion answer;
  RETURN_IF_ERROR(db_.Write(court, [&](sql::Session& session) {
    return RunOnce(session, key, now, request, answer, [&]() -> absl::Status {
      const v1::AppraisalExclusion& asked = request.appraisal_exclusion();
      ASSIGN_OR_RETURN(
          const ExcludedTicket ticket,
          ReadExcludedTicket(session, court, IdOf(asked.ticket())));
      ASSIGN_OR_RETURN(v1::AppraisalExclusion exclusion,
                       NewExclusion(ticket, asked.reason(), requester, now));
      exclusion.set_name(name);
      RETURN_IF_ERROR(ExclusionStore::Insert(session, court, exclusion));
      AppendEvent(session, court, now,
                  v1::ReportEvent::TYPE_EXCLUSION_REQUESTED, exclusion);
      answer = std::move(exclusion);
      return absl::OkStatus();
    });
  }));
  return answer;
}

absl::StatusOr<v1::AppraisalExclusion> AppraisalWriter::DecideExclusion(
    const Verb& verb, const Person& decider,
    v1::AppraisalExclusion::State decision, const std::string& note,
    const google::protobuf::Message& request) {
  const absl::Time now = clock_.Now();
  return ChangeOnce<v1::AppraisalExclusion, ExclusionStore>(
      db_, now, verb, request, "exclusion",
      [&](sql::Session& session,
          v1::AppraisalExclusion& exclusion) -> absl::Status {
        ASSIGN_OR_RETURN(
            const ExcludedTicket ticket,
            ReadExcludedTicket(session, verb.court, IdOf(exclusion.ticket())));
        return Decide(ticket, decider, decision, note, now, exclusion);
      },
      [&](sql::Session& session, const v1::AppraisalExclusion& exclusion) {
        AppendEvent(session, verb.court, now,
                    decision == v1::AppraisalExclusion::STATE_APPROVED
                        ? v1::ReportEvent::TYPE_EXCLUSION_APPROVED
                        : v1::ReportEvent::TYPE_EXCLUSION_REJECTED,
                    exclusion);
      });
}

}  // namespace huifang::reporting

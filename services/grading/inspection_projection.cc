// The consumers' part of InspectionStore: from events to pending rows.
#include <utility>

#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/grading/inspection_rows.h"
#include "services/grading/inspection_store.h"
#include "services/grading/proto_convert.h"
#include "services/grading/review_store.h"

namespace huifang::grading {
namespace {

using State = v1::Inspection;

// Writes the row's own columns after a change of the ticket.
absl::Status Put(sql::Session& session, const std::string& court,
                 const std::string& id, const ticket::v1::Ticket& ticket,
                 const v1::Inspection& inspection, bool pending,
                 const std::string& fingerprint) {
  return session
      .Run(
          "INSERT INTO inspections (court, ticket, state, version, "
          "ticket_version, fingerprint, generation, pending, provisional, "
          "flagged, "
          "learned, division, handler, closed_time, rules, body, ticket_body, "
          "callback_body) VALUES (:court, :ticket, :state, :version, "
          ":ticket_version, :fingerprint, 1, :pending, 0, :flagged, 0, "
          ":division, :handler, :closed_time, :rules, :body, :ticket_body, "
          ":callback_body) ON CONFLICT (court, ticket) DO UPDATE SET "
          "state = excluded.state, ticket_version = excluded.ticket_version, "
          "fingerprint = excluded.fingerprint, "
          "generation = inspections.generation + 1, "
          "pending = excluded.pending, "
          "division = excluded.division, handler = excluded.handler, "
          "closed_time = excluded.closed_time, body = excluded.body, "
          "learned = CASE WHEN inspections.ticket_version = 0 THEN 0 "
          "ELSE inspections.learned END, "
          "ticket_body = excluded.ticket_body",
          {{"court", court},
           {"ticket", id},
           {"state", static_cast<std::int64_t>(inspection.state())},
           {"version", static_cast<std::int64_t>(inspection.version())},
           {"ticket_version", static_cast<std::int64_t>(ticket.version())},
           {"fingerprint", fingerprint},
           {"pending", pending},
           {"flagged", inspection.flagged()},
           {"division", ticket.division()},
           {"handler", ticket.handler()},
           {"closed_time", FromTimestamp(ticket.close_time())},
           {"rules", RuleList(inspection)},
           {"body", sql::Bytes{inspection.SerializeAsString()}},
           {"ticket_body", sql::Bytes{ticket.SerializeAsString()}},
           {"callback_body", sql::Bytes{""}}})
      .status();
}

// The ticket is no longer closed: what was found does not count any more.
absl::Status Withdraw(sql::Session& session, const std::string& court,
                      const std::string& id, StoredInspection stored,
                      const ticket::v1::Ticket& ticket, absl::Time now) {
  v1::Inspection& inspection = stored.inspection;
  if (inspection.state() == State::STATE_WITHDRAWN) return absl::OkStatus();
  inspection.set_state(State::STATE_WITHDRAWN);
  inspection.set_ticket_version(ticket.version());
  inspection.set_etag(ShortHash(inspection.SerializeAsString()));
  RETURN_IF_ERROR(
      session
          .Run("UPDATE inspections SET state = :state, pending = 0, "
               "provisional = 0, fingerprint = '', ticket_version = :version, "
               "body = :body, ticket_body = :ticket_body WHERE court = :court "
               "AND ticket = :ticket",
               {{"state", static_cast<std::int64_t>(inspection.state())},
                {"version", static_cast<std::int64_t>(ticket.version())},
                {"body", sql::Bytes{inspection.SerializeAsString()}},
                {"ticket_body", sql::Bytes{ticket.SerializeAsString()}},
                {"court", court},
                {"ticket", id}})
          .status());
  RETURN_IF_ERROR(ReviewStore::WithdrawFor(session, court, id));
  EmitInspection(session, court, v1::GradeEvent::TYPE_INSPECTION_WITHDRAWN,
                 inspection, now);
  return absl::OkStatus();
}

absl::Status ApplyDirectory(sql::Session& session, const std::string& court,
                            const ticket::v1::Directory& directory) {
  for (const ticket::v1::Staff& staff : directory.staff()) {
    RETURN_IF_ERROR(
        session
            .Run("INSERT INTO staff (court, staff, team) VALUES (:court, "
                 ":staff, :team) ON CONFLICT (court, staff) DO UPDATE SET "
                 "team = excluded.team",
                 {{"court", court},
                  {"staff", staff.name()},
                  {"team", staff.team()}})
            .status());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status InspectionStore::ApplyTicket(sql::Session& session,
                                          const ticket::v1::TicketEvent& event,
                                          absl::Time now) {
  if (event.has_directory()) {
    return ApplyDirectory(session, event.court(), event.directory());
  }
  if (!event.has_ticket()) return absl::OkStatus();
  const ticket::v1::Ticket& ticket = event.ticket();
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(ticket.name(), "tickets"));
  ASSIGN_OR_RETURN(std::optional<StoredInspection> stored,
                   FindInspection(session, event.court(), name.id));
  if (!IsClosed(ticket)) {
    // Of a ticket that was never closed there may be a callback, no more.
    if (!stored.has_value() || stored->inspection.name().empty()) {
      return absl::OkStatus();
    }
    return Withdraw(session, event.court(), name.id, *std::move(stored), ticket,
                    now);
  }
  const std::string fingerprint = Fingerprint(ticket);
  const bool changed =
      !stored.has_value() || stored->fingerprint != fingerprint;
  v1::Inspection inspection = Describe(event.court(), name.id, ticket);
  if (!changed) {
    // Nothing the rules read: only the copy of the ticket moves on.
    return session
        .Run(
            "UPDATE inspections SET ticket_body = :ticket_body WHERE "
            "court = :court AND ticket = :ticket",
            {{"ticket_body", sql::Bytes{ticket.SerializeAsString()}},
             {"court", event.court()},
             {"ticket", name.id}})
        .status();
  }
  inspection.set_state(State::STATE_PENDING);
  if (stored.has_value()) inspection.set_version(stored->inspection.version());
  return Put(session, event.court(), name.id, ticket, inspection,
             /*pending=*/true, fingerprint);
}

absl::Status InspectionStore::ApplyCallback(
    sql::Session& session, const callback::v1::CallbackEvent& event) {
  if (event.type() != callback::v1::CallbackEvent::TYPE_COMPLETED ||
      !event.has_callback() || !event.callback().recall_of().empty()) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(event.callback().ticket(), "tickets"));
  ASSIGN_OR_RETURN(const std::optional<StoredInspection> stored,
                   FindInspection(session, event.court(), name.id));
  const std::string body = event.callback().SerializeAsString();
  if (!stored.has_value()) {
    // Ahead of its ticket's events: kept for them, with no version.
    return session
        .Run(
            "INSERT INTO inspections (court, ticket, state, version, "
            "ticket_version, fingerprint, generation, pending, provisional, "
            "flagged, learned, division, handler, closed_time, rules, body, "
            "ticket_body, callback_body) VALUES (:court, :ticket, 0, 0, 0, "
            "'', 0, 0, 0, 0, 1, '', '', 0, ';', :body, :ticket_body, "
            ":callback)",
            {{"court", event.court()},
             {"ticket", name.id},
             {"body", sql::Bytes{""}},
             {"ticket_body", sql::Bytes{""}},
             {"callback", sql::Bytes{body}}})
        .status();
  }
  const bool closed = stored->inspection.state() == State::STATE_PENDING ||
                      stored->inspection.state() == State::STATE_DONE;
  return session
      .Run(
          "UPDATE inspections SET callback_body = :callback, "
          "generation = generation + 1, pending = :pending WHERE "
          "court = :court AND ticket = :ticket",
          {{"callback", sql::Bytes{body}},
           {"pending", closed},
           {"court", event.court()},
           {"ticket", name.id}})
      .status();
}

}  // namespace huifang::grading

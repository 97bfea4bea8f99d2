#include "services/grading/inspection_store.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/common/error.h"
#include "services/common/event_log.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/grading/inspection_rows.h"
#include "services/grading/proto_convert.h"

namespace huifang::grading {
namespace {

using State = v1::Inspection;

absl::Status NotFound() {
  return MakeError(
      absl::StatusCode::kNotFound, "INSPECTION_NOT_FOUND",
      "no inspection of that ticket; only closed tickets have one");
}

absl::Status Unreadable() {
  return absl::DataLossError("a stored inspection cannot be read");
}

}  // namespace

absl::StatusOr<std::optional<StoredInspection>> FindInspection(
    sql::Session& session, const std::string& court,
    const std::string& ticket) {
  StoredInspection stored;
  bool readable = true;
  ASSIGN_OR_RETURN(
      const bool found,
      session.QueryOne(
          "SELECT fingerprint, body FROM inspections WHERE "
          "court = :court AND ticket = :ticket",
          {{"court", court}, {"ticket", ticket}}, [&](const sql::Row& row) {
            stored.fingerprint = row.Text(0);
            readable = stored.inspection.ParseFromString(row.Blob(1));
          }));
  if (!found) return std::optional<StoredInspection>();
  if (!readable) return Unreadable();
  return std::optional<StoredInspection>(std::move(stored));
}

std::string RuleList(const v1::Inspection& inspection) {
  std::string rules = ";";
  for (const v1::Finding& finding : inspection.findings()) {
    absl::StrAppend(&rules, finding.rule_id(), ";");
  }
  return rules;
}

void EmitInspection(sql::Session& session, const std::string& court,
                    v1::GradeEvent::Type type, const v1::Inspection& inspection,
                    absl::Time now) {
  v1::GradeEvent event;
  event.set_court(court);
  event.set_type(type);
  *event.mutable_event_time() = ToTimestamp(now);
  *event.mutable_inspection() = inspection;
  EventLog::Append(session, court, now, event);
}

v1::Inspection InspectionStore::Describe(const std::string& court,
                                         const std::string& id,
                                         const ticket::v1::Ticket& ticket) {
  v1::Inspection inspection;
  inspection.set_name(MakeResourceName(court, "inspections", id));
  inspection.set_ticket(ticket.name());
  inspection.set_ticket_version(ticket.version());
  inspection.set_division(ticket.division());
  inspection.set_team(ticket.team());
  inspection.set_handler(ticket.handler());
  inspection.set_source_id(ticket.source_id());
  inspection.set_title(ticket.title());
  inspection.set_instant_answer(ticket.state() ==
                                ticket::v1::Ticket::STATE_ANSWERED_AT_DESK);
  *inspection.mutable_closed_time() = ticket.close_time();
  *inspection.mutable_ticket_create_time() = ticket.create_time();
  return inspection;
}

absl::StatusOr<v1::Inspection> InspectionStore::GetIn(
    sql::Session& session, const std::string& court,
    const std::string& ticket) {
  ASSIGN_OR_RETURN(std::optional<StoredInspection> stored,
                   FindInspection(session, court, ticket));
  if (!stored.has_value()) return NotFound();
  return std::move(stored->inspection);
}

absl::StatusOr<ticket::v1::Ticket> InspectionStore::TicketIn(
    sql::Session& session, const std::string& court,
    const std::string& ticket) {
  ticket::v1::Ticket body;
  bool readable = true;
  ASSIGN_OR_RETURN(const bool found,
                   session.QueryOne("SELECT ticket_body FROM inspections WHERE "
                                    "court = :court AND ticket = :ticket",
                                    {{"court", court}, {"ticket", ticket}},
                                    [&](const sql::Row& row) {
                                      readable =
                                          body.ParseFromString(row.Blob(0));
                                    }));
  if (!found) return NotFound();
  if (!readable) return Unreadable();
  return body;
}

absl::StatusOr<v1::Inspection> InspectionStore::Get(const std::string& court,
                                                    const std::string& ticket) {
  absl::StatusOr<v1::Inspection> inspection = NotFound();
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    inspection = GetIn(session, court, ticket);
    return inspection.status();
  }));
  return inspection;
}

absl::StatusOr<std::vector<v1::Inspection>> InspectionStore::List(
    const v1::ListInspectionsRequest& request, const std::string& court,
    const Cursor& cursor, int limit) {
  std::string sql =
      "SELECT body FROM inspections WHERE court = :court AND "
      "ticket_version > 0";
  sql::Params params = {{"court", court}};
  const auto where = [&](absl::string_view condition, sql::Param param) {
    absl::StrAppend(&sql, " AND ", condition);
    params.push_back(std::move(param));
  };
  if (!request.division().empty()) {
    where("division = :division", {"division", request.division()});
  }
  if (!request.handler().empty()) {
    where("handler = :handler", {"handler", request.handler()});
  }
  if (request.has_closed_from()) {
    where("closed_time >= :from",
          {"from", FromTimestamp(request.closed_from())});
  }
  if (request.has_closed_before()) {
    where("closed_time < :before",
          {"before", FromTimestamp(request.closed_before())});
  }
  if (request.flagged_only()) where("flagged = :flagged", {"flagged", true});
  if (!request.rule_id().empty()) {
    where("rules LIKE :rule",
          {"rule", absl::StrCat("%;", request.rule_id(), ";%")});
  }
  if (request.state() != State::STATE_UNSPECIFIED) {
    where("state = :state",
          {"state", static_cast<std::int64_t>(request.state())});
  }
  if (cursor.has_value()) {
    where("(closed_time, ticket) < (:at, :last)", {"at", cursor->time});
    params.emplace_back("last", cursor->id);
  }
  absl::StrAppend(&sql, " ORDER BY closed_time DESC, ticket DESC LIMIT :most");
  params.emplace_back("most", limit + 1);
  std::vector<v1::Inspection> found;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    found.clear();
    return session.Query(sql, params, [&](const sql::Row& row) -> absl::Status {
      return found.emplace_back().ParseFromString(row.Blob(0))
                 ? absl::OkStatus()
                 : Unreadable();
    });
  }));
  return found;
}

absl::StatusOr<v1::Inspection> InspectionStore::Reinspect(
    sql::Session& session, const std::string& court,
    const std::string& ticket) {
  ASSIGN_OR_RETURN(v1::Inspection inspection, GetIn(session, court, ticket));
  if (inspection.state() == State::STATE_WITHDRAWN) {
    return MakeError(
        absl::StatusCode::kFailedPrecondition, "INSPECTION_WITHDRAWN",
        "the ticket is open again; it is inspected when it closes");
  }
  RETURN_IF_ERROR(session
                      .Run("UPDATE inspections SET pending = 1, "
                           "generation = generation + 1 WHERE "
                           "court = :court AND ticket = :ticket",
                           {{"court", court}, {"ticket", ticket}})
                      .status());
  inspection.set_state(State::STATE_PENDING);
  return inspection;
}

absl::StatusOr<std::vector<PendingTicket>> InspectionStore::LoadPending(
    const std::string& court, const std::vector<std::string>& tickets) {
  std::vector<PendingTicket> pending;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    pending.clear();
    for (const std::string& ticket : tickets) {
      PendingTicket p;
      bool readable = true;
      ASSIGN_OR_RETURN(
          const bool found,
          session.QueryOne(
              "SELECT generation, version, ticket_body, callback_body FROM "
              "inspections WHERE court = :court AND ticket = :ticket AND "
              "pending = 1",
              {{"court", court}, {"ticket", ticket}}, [&](const sql::Row& row) {
                p.generation = row.Int(0);
                p.version = static_cast<std::int32_t>(row.Int(1));
                readable = p.body.ParseFromString(row.Blob(2));
                const std::string callback = row.Blob(3);
                if (!callback.empty()) {
                  readable = readable &&
                             p.callback.emplace().ParseFromString(callback);
                }
              }));
      if (!found) continue;
      if (!readable) return Unreadable();
      p.court = court;
      p.ticket = ticket;
      pending.push_back(std::move(p));
    }
    return absl::OkStatus();
  }));
  return pending;
}

absl::StatusOr<std::vector<PendingKey>> InspectionStore::FindPending(
    const std::string& court, const std::vector<std::string>& tickets) {
  std::vector<PendingKey> keys;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    keys.clear();
    for (const std::string& ticket : tickets) {
      const auto add = [&](const sql::Row& row) {
        keys.push_back({court, ticket, row.Int(0)});
      };
      RETURN_IF_ERROR(
          session
              .QueryOne("SELECT generation FROM inspections WHERE "
                        "court = :court AND ticket = :ticket AND pending = 1",
                        {{"court", court}, {"ticket", ticket}}, add)
              .status());
    }
    return absl::OkStatus();
  }));
  return keys;
}

absl::StatusOr<std::vector<PendingKey>> InspectionStore::ListPending(
    const PendingKey& after, int limit) {
  std::vector<PendingKey> keys;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    keys.clear();
    return session.Query(
        "SELECT court, ticket, generation FROM inspections WHERE "
        "pending = 1 AND (court, ticket) > (:court, :ticket) ORDER BY court, "
        "ticket LIMIT :most",
        {{"court", after.court}, {"ticket", after.ticket}, {"most", limit}},
        [&](const sql::Row& row) {
          keys.push_back({row.Text(0), row.Text(1), row.Int(2)});
          return absl::OkStatus();
        });
  }));
  return keys;
}

absl::StatusOr<std::vector<CopyCandidate>> InspectionStore::FindCandidates(
    const std::string& court, const std::string& ticket,
    const ReplySignature& signature, int limit) {
  std::vector<CopyCandidate> candidates;
  if (!signature.usable) return candidates;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    candidates.clear();
    std::vector<std::string> ids;
    for (std::size_t band = 0; band < ReplySignature::kBands; ++band) {
      RETURN_IF_ERROR(session.Query(
          "SELECT ticket FROM reply_bands WHERE court = :court AND "
          "band = :band AND value = :value LIMIT :most",
          {{"court", court},
           {"band", static_cast<std::int64_t>(band)},
           {"value", signature.bands[band]},
           {"most", limit + 1}},
          [&](const sql::Row& row) {
            if (row.Text(0) != ticket) ids.push_back(row.Text(0));
            return absl::OkStatus();
          }));
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    if (ids.size() > static_cast<std::size_t>(limit)) {
      ids.resize(static_cast<std::size_t>(limit));
    }
    for (const std::string& id : ids) {
      absl::StatusOr<ticket::v1::Ticket> body = TicketIn(session, court, id);
      if (!body.ok()) return body.status();
      candidates.push_back({MakeResourceName(court, "inspections", id),
                            body->title(), body->content(),
                            JoinReplies(*body)});
    }
    return absl::OkStatus();
  }));
  return candidates;
}

absl::StatusOr<bool> InspectionStore::Save(sql::Session& session,
                                           const std::string& court,
                                           const InspectionResult& result,
                                           absl::Time now) {
  const v1::Inspection& inspection = result.inspection;
  ASSIGN_OR_RETURN(
      const std::int64_t stored,
      session.Run(
          "UPDATE inspections SET state = :state, version = :version, "
          "pending = 0, provisional = :provisional, flagged = :flagged, "
          "rules = :rules, body = :body WHERE court = :court AND "
          "ticket = :ticket AND pending = 1 AND generation = :generation",
          {{"state", static_cast<std::int64_t>(inspection.state())},
           {"version", static_cast<std::int64_t>(inspection.version())},
           {"provisional", inspection.provisional()},
           {"flagged", inspection.flagged()},
           {"rules", RuleList(inspection)},
           {"body", sql::Bytes{inspection.SerializeAsString()}},
           {"court", court},
           {"ticket", result.ticket},
           {"generation", result.generation}}));
  if (stored == 0) return false;
  if (inspection.version() > 1) {
    RETURN_IF_ERROR(session
                        .Run("DELETE FROM reply_bands WHERE court = :court AND "
                             "ticket = :ticket",
                             {{"court", court}, {"ticket", result.ticket}})
                        .status());
  }
  for (std::size_t band = 0;
       result.signature.usable && band < ReplySignature::kBands; ++band) {
    RETURN_IF_ERROR(
        session
            .Run("INSERT INTO reply_bands (court, band, value, ticket) VALUES "
                 "(:court, :band, :value, :ticket) ON CONFLICT DO NOTHING",
                 {{"court", court},
                  {"band", static_cast<std::int64_t>(band)},
                  {"value", result.signature.bands[band]},
                  {"ticket", result.ticket}})
            .status());
  }
  EmitInspection(session, court, v1::GradeEvent::TYPE_INSPECTED, inspection,
                 now);
  return true;
}

std::string InspectTaskId(const PendingKey& key) {
  return absl::StrCat(key.court, "/", key.ticket, "/", key.generation);
}

bool ParseInspectTaskId(const std::string& task_id, PendingKey& key) {
  const std::vector<std::string> parts = absl::StrSplit(task_id, '/');
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[2], &key.generation)) {
    return false;
  }
  key.court = parts[0];
  key.ticket = parts[1];
  return true;
}

}  // namespace huifang::grading

#include "services/reporting/timeline_store.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/suggestion_store.h"
#include "services/reporting/timeline_rules.h"
#include "services/reporting/training_store.h"

namespace huifang::reporting {
namespace {

using Entries = std::vector<v1::TimelineEntry>;

// Of one subject, the newest kMaxTimelineEntries, in no order.
absl::StatusOr<Entries> StoredOf(sql::Session& session,
                                 const std::string& court,
                                 const std::string& subject) {
  Entries entries;
  RETURN_IF_ERROR(session.Query(
      "SELECT body FROM timeline WHERE court = :court AND subject = :subject "
      "ORDER BY entry_time DESC, entry_id DESC LIMIT :limit",
      {{"court", court},
       {"subject", subject},
       {"limit", static_cast<int>(kMaxTimelineEntries)}},
      [&](const sql::Row& row) -> absl::Status {
        if (!entries.emplace_back().ParseFromString(row.Blob(0))) {
          return absl::DataLossError("a stored entry cannot be read");
        }
        return absl::OkStatus();
      }));
  // Of one moment in the order they were written.
  return Entries(entries.rbegin(), entries.rend());
}

absl::StatusOr<bool> IsSupervised(sql::Session& session,
                                  const std::string& court,
                                  const std::string& id) {
  return session.QueryOne(
      "SELECT 1 FROM ticket_facts WHERE court = :court AND ticket_id = :id "
      "AND key_supervision = 1",
      {{"court", court}, {"id", id}}, [](const sql::Row&) {});
}

// Ids of suggestions that rest on the ticket, or on a callback about it.
absl::StatusOr<std::set<std::string>> SuggestionsAbout(
    sql::Session& session, const std::string& court,
    const std::string& ticket) {
  std::vector<std::string> links = {ticket};
  RETURN_IF_ERROR(session.Query(
      "SELECT callback_id FROM call_facts WHERE court = :court "
      "AND ticket_id = :id",
      {{"court", court}, {"id", IdOf(ticket)}}, [&](const sql::Row& row) {
        links.push_back(MakeResourceName(court, "callbacks", row.Text(0)));
        return absl::OkStatus();
      }));
  std::set<std::string> ids;
  for (const std::string& link : links) {
    RETURN_IF_ERROR(session.Query(
        "SELECT suggestion_id FROM suggestion_links WHERE court = :court "
        "AND link = :link",
        {{"court", court}, {"link", link}}, [&](const sql::Row& row) {
          ids.insert(row.Text(0));
          return absl::OkStatus();
        }));
  }
  return ids;
}

absl::Status AddTicket(sql::Session& session, const std::string& court,
                       const std::string& ticket, Entries& entries) {
  ASSIGN_OR_RETURN(
      Entries supervision,
      StoredOf(session, court,
               MakeResourceName(court, "supervisions", IdOf(ticket))));
  for (v1::TimelineEntry& entry : supervision) {
    // The rest stands on the ticket's own timeline.
    if (entry.type() == v1::TimelineEntry::TYPE_SUPERVISION_BEGUN ||
        entry.type() == v1::TimelineEntry::TYPE_SUPERVISION_ENDED) {
      entries.push_back(std::move(entry));
    }
  }
  ASSIGN_OR_RETURN(const std::set<std::string> ids,
                   SuggestionsAbout(session, court, ticket));
  for (const std::string& id : ids) {
    ASSIGN_OR_RETURN(const v1::Suggestion suggestion,
                     SuggestionStore::Load(session, court, id));
    ASSIGN_OR_RETURN(Entries stored,
                     StoredOf(session, court, suggestion.name()));
    for (v1::TimelineEntry& entry : TimelineOf(suggestion, stored)) {
      entry.set_ticket(ticket);
      entries.push_back(std::move(entry));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status TimelineStore::Add(sql::Session& session, const std::string& court,
                                const std::string& id,
                                const v1::TimelineEntry& entry) {
  return session
      .Run(
          "INSERT INTO timeline (court, subject, entry_time, entry_id, body) "
          "VALUES (:court, :subject, :time, :id, :body) "
          "ON CONFLICT (court, subject, entry_time, entry_id) DO NOTHING",
          {{"court", court},
           {"subject", entry.subject()},
           {"time", FromTimestamp(entry.entry_time())},
           {"id", id},
           {"body", sql::Bytes{entry.SerializeAsString()}}})
      .status();
}

absl::StatusOr<v1::Timeline> TimelineStore::OfSuggestion(
    const std::string& court, const std::string& id) {
  Entries entries;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Suggestion suggestion,
                     SuggestionStore::Load(session, court, id));
    ASSIGN_OR_RETURN(Entries stored,
                     StoredOf(session, court, suggestion.name()));
    entries = TimelineOf(suggestion, std::move(stored));
    return absl::OkStatus();
  }));
  return InOrder(std::move(entries));
}

absl::StatusOr<v1::Timeline> TimelineStore::OfTraining(const std::string& court,
                                                       const std::string& id,
                                                       absl::Time now) {
  TrainingStore trainings(db_);
  ASSIGN_OR_RETURN(const v1::Training training, trainings.Get(court, id, now));
  Entries entries;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(Entries stored, StoredOf(session, court, training.name()));
    entries = TimelineOf(training, std::move(stored));
    return absl::OkStatus();
  }));
  return InOrder(std::move(entries));
}

absl::StatusOr<v1::Timeline> TimelineStore::OfSupervision(
    const std::string& court, const std::string& id) {
  Entries entries;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(
        entries,
        StoredOf(session, court, MakeResourceName(court, "supervisions", id)));
    ASSIGN_OR_RETURN(const bool supervised, IsSupervised(session, court, id));
    if (supervised || !entries.empty()) return absl::OkStatus();
    return MakeError(absl::StatusCode::kNotFound, "SUPERVISION_NOT_FOUND",
                     "the ticket was never under key supervision");
  }));
  return InOrder(std::move(entries));
}

absl::StatusOr<v1::Timeline> TimelineStore::OfTickets(
    const std::string& court, const std::vector<std::string>& tickets) {
  Entries entries;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    entries.clear();
    for (const std::string& ticket : tickets) {
      RETURN_IF_ERROR(AddTicket(session, court, ticket, entries));
    }
    return absl::OkStatus();
  }));
  return InOrder(std::move(entries));
}

}  // namespace huifang::reporting

#include "services/ticket/ticket_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "services/common/error.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/ticket/ticket_rules.h"

namespace huifang::ticket {
namespace {

constexpr int kTextScan = 100'000;

absl::Status NoTicket(const std::string& court, const std::string& id) {
  return MakeError(
      absl::StatusCode::kNotFound, "NO_TICKET",
      absl::StrCat("no ticket ", MakeResourceName(court, "tickets", id)));
}

std::int64_t CreateMicros(const v1::Ticket& ticket) {
  return MicrosOf(ticket.has_create_time(), ticket.create_time());
}
std::int64_t CloseMicros(const v1::Ticket& ticket) {
  return MicrosOf(ticket.has_close_time(), ticket.close_time());
}

// What Insert and Save write, but for the keys; `stored` must outlive it.
sql::Params Columns(const StoredTicket& stored, const ResourceName& name) {
  const v1::Ticket& t = stored.ticket;
  const bool rings = stored.ring_time != absl::InfiniteFuture();
  return {{"court", name.court},
          {"id", name.id},
          {"source_id", t.source_id()},
          {"state", static_cast<int>(t.state())},
          {"create_time", CreateMicros(t)},
          {"close_time", CloseMicros(t)},
          {"division", t.division()},
          {"handler", t.handler()},
          {"caller_key", t.caller().caller_key()},
          {"case_number", t.case_number()},
          {"overdue", t.overdue()},
          {"version", t.version()},
          {"ring_time", rings ? absl::ToUnixMicros(stored.ring_time) : 0},
          {"ring_stage", static_cast<int>(stored.ring_stage)},
          {"import_hash", stored.import_hash},
          {"body", sql::BytesView{stored.body}},
          {"sealed", sql::BytesView{stored.sealed}}};
}

void StampVersion(v1::Ticket& ticket, std::int64_t version) {
  ticket.set_version(version);
  ticket.set_etag(absl::StrCat(version));
}

constexpr char kLoadColumns[] =
    "SELECT body, sealed, import_hash, ring_time, ring_stage FROM tickets ";

absl::Status ReadStored(const sql::Row& row, StoredTicket& stored) {
  ASSIGN_OR_RETURN(stored.ticket, TicketStore::ParseBody(row.Blob(0)));
  stored.sealed = row.Blob(1);
  stored.import_hash = row.Text(2);
  stored.ring_time = row.Int(3) == 0 ? absl::InfiniteFuture() : row.Time(3);
  stored.ring_stage = static_cast<v1::TicketEvent::DeadlineStage>(row.Int(4));
  return absl::OkStatus();
}

absl::StatusOr<std::optional<StoredTicket>> LoadWhere(
    sql::Session& session, absl::string_view where, const sql::Params& params) {
  std::optional<StoredTicket> found;
  RETURN_IF_ERROR(session.Query(
      absl::StrCat(kLoadColumns, where), params,
      [&](const sql::Row& row) { return ReadStored(row, found.emplace()); }));
  return found;
}

// A filter as SQL. The words stay parameters; only fixed text is joined.
struct Where {
  std::string sql;
  sql::Params params;
  bool by_close = false;

  void And(absl::string_view condition, sql::Param param) {
    absl::StrAppend(&sql, " AND ", condition);
    params.push_back(std::move(param));
  }
};

// The condition of the page comes first and the bound that it implies is left
// out: SQLite seeks by the first fitting term, and by any other one every page
// would scan from the beginning of the listing again.
void AddTimes(const v1::TicketFilter& asked,
              const std::optional<TimeCursor>& cursor, bool newest_first,
              Where& where) {
  where.by_close = asked.has_close_time_from() || asked.has_close_time_to();
  v1::TicketFilter filter;
  if (asked.has_create_time_from()) {
    *filter.mutable_create_time_from() = asked.create_time_from();
  }
  if (asked.has_create_time_to()) {
    *filter.mutable_create_time_to() = asked.create_time_to();
  }
  if (asked.has_close_time_from()) {
    *filter.mutable_close_time_from() = asked.close_time_from();
  }
  if (asked.has_close_time_to()) {
    *filter.mutable_close_time_to() = asked.close_time_to();
  }
  if (cursor.has_value()) {
    const char* column = where.by_close ? "close_time" : "create_time";
    where.And(
        absl::StrCat("(", column, ", ticket_id) ", newest_first ? "<" : ">",
                     " (:cursor_time, :cursor_id)"),
        {"cursor_time", cursor->time});
    where.params.emplace_back("cursor_id", cursor->id);
    if (where.by_close) {
      newest_first ? filter.clear_close_time_to()
                   : filter.clear_close_time_from();
    } else {
      newest_first ? filter.clear_create_time_to()
                   : filter.clear_create_time_from();
    }
  }
  if (filter.has_create_time_from()) {
    where.And("create_time >= :created_from",
              {"created_from", FromTimestamp(filter.create_time_from())});
  }
  if (filter.has_create_time_to()) {
    where.And("create_time < :created_to",
              {"created_to", FromTimestamp(filter.create_time_to())});
  }
  if (filter.has_close_time_from()) {
    where.And("close_time >= :closed_from",
              {"closed_from", FromTimestamp(filter.close_time_from())});
  }
  if (filter.has_close_time_to()) {
    where.And("close_time < :closed_to",
              {"closed_to", FromTimestamp(filter.close_time_to())});
  }
}

Where ToWhere(const std::string& court, const v1::TicketFilter& filter,
              const std::optional<TimeCursor>& cursor, bool newest_first) {
  Where where{"court = :court", {{"court", court}}};
  AddTimes(filter, cursor, newest_first, where);
  if (filter.states_size() > 0) {
    // Numbers of an enum, not the caller's text.
    absl::StrAppend(&where.sql, " AND state IN (",
                    absl::StrJoin(filter.states(), ","), ")");
  }
  if (!filter.division().empty()) {
    where.And("division = :division", {"division", filter.division()});
  }
  if (!filter.handler().empty()) {
    where.And("handler = :handler", {"handler", filter.handler()});
  }
  if (!filter.source_id().empty()) {
    where.And("source_id = :source_id AND source_id <> ''",
              {"source_id", filter.source_id()});
  }
  if (!filter.case_number().empty()) {
    where.And("case_number = :case_number AND case_number <> ''",
              {"case_number", filter.case_number()});
  }
  if (filter.overdue_only()) where.sql += " AND overdue = 1";
  // Last: it only says that the partial index fits.
  if (where.by_close) where.sql += " AND close_time > 0";
  return where;
}

bool HasText(const v1::Ticket& ticket, const std::string& text) {
  return text.empty() || ticket.title().find(text) != std::string::npos ||
         ticket.content().find(text) != std::string::npos;
}

}  // namespace

absl::StatusOr<v1::Ticket> TicketStore::Get(const std::string& court,
                                            const std::string& id) {
  std::string body;
  bool found = false;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(
        found,
        session.QueryOne("SELECT body FROM tickets WHERE "
                         "court = :court AND ticket_id = :id",
                         {{"court", court}, {"id", id}},
                         [&](const sql::Row& row) { body = row.Blob(0); }));
    return absl::OkStatus();
  }));
  if (!found) return NoTicket(court, id);
  return ParseBody(body);
}

absl::StatusOr<StoredTicket> TicketStore::Load(sql::Session& session,
                                               const std::string& court,
                                               const std::string& id) {
  ASSIGN_OR_RETURN(
      std::optional<StoredTicket> found,
      LoadWhere(session, "WHERE court = :court AND ticket_id = :id",
                {{"court", court}, {"id", id}}));
  if (!found.has_value()) return NoTicket(court, id);
  return *std::move(found);
}

absl::StatusOr<std::optional<StoredTicket>> TicketStore::LoadBySource(
    sql::Session& session, const std::string& court,
    const std::string& source_id) {
  return LoadWhere(session,
                   "WHERE court = :court AND source_id = :source_id "
                   "AND source_id <> ''",
                   {{"court", court}, {"source_id", source_id}});
}

absl::StatusOr<std::optional<v1::Ticket>> TicketStore::LatestOfCaller(
    sql::Session& session, const std::string& court,
    const std::string& caller_key, absl::Time before) {
  std::string body;
  ASSIGN_OR_RETURN(
      const bool found,
      session.QueryOne(
          "SELECT body FROM tickets WHERE court = :court AND "
          "caller_key = :caller_key AND caller_key <> '' AND "
          "create_time < :before ORDER BY create_time DESC LIMIT 1",
          {{"court", court}, {"caller_key", caller_key}, {"before", before}},
          [&](const sql::Row& row) { body = row.Blob(0); }));
  if (!found) return std::nullopt;
  ASSIGN_OR_RETURN(const std::string kept, KeepFields(body, AllButText()));
  ASSIGN_OR_RETURN(v1::Ticket ticket, ParseBody(kept));
  return ticket;
}

void TicketStore::Encode(StoredTicket& stored) {
  StampVersion(stored.ticket, 1);
  stored.body = stored.ticket.SerializeAsString();
}

absl::Status TicketStore::Insert(sql::Session& session,
                                 const StoredTicket& stored) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(stored.ticket.name(), "tickets"));
  return session
      .Run(
          "INSERT INTO tickets (court, ticket_id, source_id, state, "
          "create_time, close_time, division, handler, caller_key, "
          "case_number, overdue, version, ring_time, ring_stage, "
          "import_hash, body, sealed) VALUES (:court, :id, :source_id, "
          ":state, :create_time, :close_time, :division, :handler, "
          ":caller_key, :case_number, :overdue, :version, :ring_time, "
          ":ring_stage, :import_hash, :body, :sealed)",
          Columns(stored, name))
      .status();
}

absl::Status TicketStore::Save(sql::Session& session, StoredTicket& stored) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(stored.ticket.name(), "tickets"));
  const std::int64_t previous = stored.ticket.version();
  StampVersion(stored.ticket, previous + 1);
  stored.body = stored.ticket.SerializeAsString();
  sql::Params params = Columns(stored, name);
  params.emplace_back("previous", previous);
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      session.Run("UPDATE tickets SET source_id = :source_id, state = :state, "
                  "create_time = :create_time, close_time = :close_time, "
                  "division = :division, handler = :handler, "
                  "caller_key = :caller_key, case_number = :case_number, "
                  "overdue = :overdue, version = :version, "
                  "ring_time = :ring_time, ring_stage = :ring_stage, "
                  "import_hash = :import_hash, body = :body, sealed = :sealed "
                  "WHERE court = :court AND ticket_id = :id "
                  "AND version = :previous",
                  params));
  if (changed == 1) return absl::OkStatus();
  return MakeError(absl::StatusCode::kAborted, "TICKET_MOVED_ON",
                   "the ticket was changed meanwhile; read it and try again");
}

TimeCursor TicketStore::CursorOf(const v1::TicketFilter& filter,
                                 const v1::Ticket& ticket) {
  const bool by_close =
      filter.has_close_time_from() || filter.has_close_time_to();
  const auto name = ParseResourceName(ticket.name(), "tickets");
  return {by_close ? CloseMicros(ticket) : CreateMicros(ticket),
          name.ok() ? name->id : ""};
}

absl::StatusOr<v1::Ticket> TicketStore::ParseBody(const std::string& body) {
  v1::Ticket ticket;
  if (!ticket.ParseFromString(body)) {
    return absl::DataLossError("a stored ticket cannot be read");
  }
  return ticket;
}

absl::StatusOr<Listing<v1::Ticket>> TicketStore::List(
    const std::string& court, const v1::TicketFilter& filter,
    const std::optional<TimeCursor>& cursor, bool newest_first, int limit) {
  ASSIGN_OR_RETURN(
      const Listing<std::string> bodies,
      ListBodies(court, filter, cursor, newest_first, limit, AllFields()));
  Listing<v1::Ticket> tickets;
  tickets.more = bodies.more;
  for (const std::string& body : bodies.rows) {
    ASSIGN_OR_RETURN(v1::Ticket ticket, ParseBody(body));
    tickets.rows.push_back(std::move(ticket));
  }
  return tickets;
}

absl::StatusOr<Listing<std::string>> TicketStore::ListBodies(
    const std::string& court, const v1::TicketFilter& filter,
    const std::optional<TimeCursor>& cursor, bool newest_first, int limit,
    const FieldSet& fields) {
  Where where = ToWhere(court, filter, cursor, newest_first);
  const char* column = where.by_close ? "close_time" : "create_time";
  const bool search = !filter.text().empty();
  where.params.emplace_back("most", search ? kTextScan : limit + 1);
  const char* order = newest_first ? " DESC" : "";
  const std::string sql =
      absl::StrCat("SELECT body FROM tickets WHERE ", where.sql, " ORDER BY ",
                   column, order, ", ticket_id", order, " LIMIT :most");
  Listing<std::string> bodies;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    bodies = {};
    MessageRoom room(limit);
    return session.Query(
        sql, where.params, [&](const sql::Row& row) -> absl::Status {
          const std::string body = row.Blob(0);
          if (search) {
            ASSIGN_OR_RETURN(const v1::Ticket whole, ParseBody(body));
            if (!HasText(whole, filter.text())) return absl::OkStatus();
          }
          ASSIGN_OR_RETURN(std::string kept, KeepFields(body, fields));
          bodies.more = !room.Takes(kept.size());
          if (bodies.more) return sql::EnoughRows();
          bodies.rows.push_back(std::move(kept));
          return absl::OkStatus();
        });
  }));
  return bodies;
}

absl::StatusOr<Listing<v1::Ticket>> TicketStore::ListOfSubject(
    const std::string& court, const std::string& caller_key,
    const std::string& case_number, const std::optional<TimeCursor>& cursor,
    int limit) {
  const bool by_case = !case_number.empty();
  const TimeCursor from = cursor.value_or(TimeCursor{INT64_MAX, "~"});
  Listing<v1::Ticket> tickets;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    tickets = {};
    MessageRoom room(limit);
    return session.Query(
        absl::StrCat("SELECT body FROM tickets WHERE court = :court AND ",
                     by_case ? "case_number = :key AND case_number <> ''"
                             : "caller_key = :key AND caller_key <> ''",
                     " AND (create_time, ticket_id) < (:time, :id) "
                     "ORDER BY create_time DESC, ticket_id DESC LIMIT :most"),
        {{"court", court},
         {"key", by_case ? case_number : caller_key},
         {"time", from.time},
         {"id", from.id},
         {"most", limit + 1}},
        [&](const sql::Row& row) -> absl::Status {
          const std::string body = row.Blob(0);
          tickets.more = !room.Takes(body.size());
          if (tickets.more) return sql::EnoughRows();
          ASSIGN_OR_RETURN(v1::Ticket ticket, ParseBody(body));
          tickets.rows.push_back(std::move(ticket));
          return absl::OkStatus();
        });
  }));
  return tickets;
}

absl::Status TicketStore::AddEntry(sql::Session& session,
                                   const std::string& court,
                                   const std::string& ticket_id,
                                   const v1::TimelineEntry& entry,
                                   const std::string& entry_id) {
  return session
      .Run(
          "INSERT INTO timeline (court, ticket_id, entry_time, entry_id, "
          "body) VALUES (:court, :ticket_id, :time, :entry_id, :body)",
          {{"court", court},
           {"ticket_id", ticket_id},
           {"time", FromTimestamp(entry.entry_time())},
           {"entry_id", entry_id},
           {"body", sql::Bytes{entry.SerializeAsString()}}})
      .status();
}

absl::StatusOr<bool> TicketStore::HasEntry(sql::Session& session,
                                           const std::string& court,
                                           const std::string& ticket_id,
                                           const std::string& entry_id) {
  return session.QueryOne(
      "SELECT 1 FROM timeline WHERE court = :court AND ticket_id = :ticket_id "
      "AND entry_id = :entry_id",
      {{"court", court}, {"ticket_id", ticket_id}, {"entry_id", entry_id}},
      [](const sql::Row&) {});
}

absl::StatusOr<std::vector<v1::TimelineEntry>> TicketStore::Entries(
    const std::string& court, const std::string& ticket_id, int limit) {
  std::vector<v1::TimelineEntry> entries;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    entries.clear();
    return session.Query(
        "SELECT body FROM timeline WHERE court = :court AND "
        "ticket_id = :ticket_id ORDER BY entry_time, entry_id LIMIT :most",
        {{"court", court}, {"ticket_id", ticket_id}, {"most", limit}},
        [&](const sql::Row& row) -> absl::Status {
          if (!entries.emplace_back().ParseFromString(row.Blob(0))) {
            return absl::DataLossError("a stored entry cannot be read");
          }
          return absl::OkStatus();
        });
  }));
  return entries;
}

absl::StatusOr<std::vector<DueRing>> TicketStore::DueRings(absl::Time until,
                                                           int limit) {
  std::vector<DueRing> rings;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    rings.clear();
    return session.Query(
        "SELECT court, ticket_id, ring_stage, ring_time FROM tickets "
        "WHERE ring_time > 0 AND ring_time <= :until "
        "ORDER BY ring_time LIMIT :most",
        {{"until", until}, {"most", limit}}, [&](const sql::Row& row) {
          rings.push_back(
              {row.Text(0), row.Text(1),
               static_cast<v1::TicketEvent::DeadlineStage>(row.Int(2)),
               row.Time(3)});
          return absl::OkStatus();
        });
  }));
  return rings;
}

absl::StatusOr<std::vector<std::string>> TicketStore::OpenTicketIds(
    const std::string& court, const std::string& after, int limit) {
  std::vector<std::string> ids;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    ids.clear();
    return session.Query(
        "SELECT ticket_id FROM tickets WHERE court = :court AND "
        "ring_stage > 0 AND ticket_id > :after ORDER BY ticket_id LIMIT :most",
        {{"court", court}, {"after", after}, {"most", limit}},
        [&](const sql::Row& row) {
          ids.push_back(row.Text(0));
          return absl::OkStatus();
        });
  }));
  return ids;
}

}  // namespace huifang::ticket

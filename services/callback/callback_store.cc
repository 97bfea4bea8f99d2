#include "services/callback/callback_store.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/callback/disposition_rules.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

constexpr int kWaiting = v1::Callback::STATE_WAITING;
constexpr int kLeased = v1::Callback::STATE_LEASED;

// The columns of a callback that queries use.
sql::Params Columns(const StoredCallback& stored) {
  const v1::Callback& callback = stored.callback;
  const absl::Time due = callback.state() == v1::Callback::STATE_LEASED
                             ? FromProto(callback.lease_expire_time())
                             : FromProto(callback.next_attempt_time());
  return {{"court", CourtOfName(callback.name())},
          {"id", IdOf(callback.name())},
          {"draw", IdOf(callback.draw())},
          {"ticket", IdOf(callback.ticket())},
          {"create_time", FromProto(callback.create_time())},
          {"update_time", FromProto(callback.update_time())},
          {"state", static_cast<int>(callback.state())},
          {"offered", stored.offered},
          {"due", due},
          {"officer", callback.officer()},
          {"token", sql::Bytes{stored.lease_token}},
          {"stratum", callback.stratum().key()},
          {"division", callback.division()},
          {"handler", callback.handler()},
          {"caller_key", callback.caller_key()},
          {"verdict", static_cast<int>(callback.verdict())},
          {"recall_of",
           callback.recall_of().empty() ? "" : IdOf(callback.recall_of())},
          {"differs", stored.recall_differs},
          {"body", BodyOf(callback)}};
}

constexpr char kSelect[] =
    "SELECT body, lease_token, offered, recall_differs FROM callbacks ";

absl::Status Parse(const sql::Row& row, StoredCallback& stored) {
  stored.lease_token = row.Blob(1);
  stored.offered = row.Int(2) != 0;
  stored.recall_differs = row.Int(3) != 0;
  return ParseBody(row.Blob(0), stored.callback);
}

// Adds the restrictions of a filter to a WHERE clause.
void Restrict(const v1::CallbackFilter& filter, std::string& sql,
              sql::Params& params) {
  const auto equal = [&](const char* column, const std::string& value) {
    if (value.empty()) return;
    absl::StrAppend(&sql, " AND ", column, " = :", column);
    params.emplace_back(column, value);
  };
  equal("draw_id", filter.draw().empty() ? "" : IdOf(filter.draw()));
  equal("ticket_id", filter.ticket().empty() ? "" : IdOf(filter.ticket()));
  equal("division", filter.division());
  equal("handler", filter.handler());
  absl::StrAppend(&sql, " AND recall_of ", filter.recalls() ? ">" : "=", " ''");
  if (filter.states_size() > 0) {
    absl::StrAppend(&sql, " AND state IN (",
                    absl::StrJoin(filter.states(), ","), ")");
  }
  if (filter.verdicts_size() > 0) {
    absl::StrAppend(&sql, " AND verdict IN (",
                    absl::StrJoin(filter.verdicts(), ","), ")");
  }
}

}  // namespace

absl::StatusOr<StoredCallback> CallbackStore::Get(
    const std::string& court, const std::string& callback_id) {
  StoredCallback stored;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(stored, Load(session, court, callback_id));
    return absl::OkStatus();
  }));
  return stored;
}

absl::StatusOr<StoredCallback> CallbackStore::Load(
    sql::Session& session, const std::string& court,
    const std::string& callback_id) {
  StoredCallback stored;
  absl::Status parsed;
  ASSIGN_OR_RETURN(const bool found,
                   session.QueryOne(absl::StrCat(kSelect,
                                                 "WHERE court = :court AND "
                                                 "callback_id = :id"),
                                    {{"court", court}, {"id", callback_id}},
                                    [&](const sql::Row& row) {
                                      parsed = Parse(row, stored);
                                    }));
  if (!found) {
    return NoSuch("callback",
                  MakeResourceName(court, "callbacks", callback_id));
  }
  RETURN_IF_ERROR(parsed);
  return stored;
}

absl::StatusOr<bool> CallbackStore::Insert(sql::Session& session,
                                           StoredCallback& stored) {
  stored.callback.set_version(1);
  stored.callback.set_etag(EtagOf(1));
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      session.Run(
          "INSERT INTO callbacks (court, callback_id, draw_id, ticket_id, "
          "create_time, update_time, state, version, offered, due_time, "
          "officer, lease_token, stratum, division, handler, caller_key, "
          "verdict, recall_of, recall_differs, body) VALUES (:court, :id, "
          ":draw, :ticket, :create_time, "
          ":update_time, :state, 1, :offered, :due, :officer, :token, "
          ":stratum, :division, :handler, :caller_key, :verdict, :recall_of, "
          ":differs, :body) "
          "ON CONFLICT (court, callback_id) DO NOTHING",
          Columns(stored)));
  return changed == 1;
}

absl::Status CallbackStore::Save(sql::Session& session,
                                 StoredCallback& stored) {
  v1::Callback& callback = stored.callback;
  const std::int64_t version = callback.version();
  callback.set_version(version + 1);
  callback.set_etag(EtagOf(version + 1));
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      session.Run("UPDATE callbacks SET update_time = :update_time, "
                  "state = :state, version = :version + 1, due_time = :due, "
                  "officer = :officer, lease_token = :token, "
                  "verdict = :verdict, recall_differs = :differs, body = :body "
                  "WHERE court = :court AND "
                  "callback_id = :id AND version = :version",
                  {{"court", CourtOfName(callback.name())},
                   {"id", IdOf(callback.name())},
                   {"version", version},
                   {"update_time", FromProto(callback.update_time())},
                   {"state", static_cast<int>(callback.state())},
                   {"due", callback.state() == v1::Callback::STATE_LEASED
                               ? FromProto(callback.lease_expire_time())
                               : FromProto(callback.next_attempt_time())},
                   {"officer", callback.officer()},
                   {"token", sql::Bytes{stored.lease_token}},
                   {"verdict", static_cast<int>(callback.verdict())},
                   {"differs", stored.recall_differs},
                   {"body", BodyOf(callback)}}));
  return changed == 1 ? absl::OkStatus() : MovedOn("callback");
}

absl::Status CallbackStore::OfferAll(sql::Session& session,
                                     const std::string& court,
                                     const std::string& draw_id) {
  return session
      .Run(
          "UPDATE callbacks SET offered = :one WHERE court = :court AND "
          "draw_id = :draw",
          {{"one", 1}, {"court", court}, {"draw", draw_id}})
      .status();
}

absl::StatusOr<std::vector<StoredCallback>> CallbackStore::OpenOfDraw(
    sql::Session& session, const std::string& court, const std::string& draw_id,
    int limit) {
  std::vector<StoredCallback> found;
  RETURN_IF_ERROR(session.Query(
      absl::StrCat(kSelect,
                   "WHERE court = :court AND draw_id = :draw AND "
                   "state IN (:waiting, :leased) LIMIT :most"),
      {{"court", court},
       {"draw", draw_id},
       {"waiting", kWaiting},
       {"leased", kLeased},
       {"most", limit}},
      [&](const sql::Row& row) { return Parse(row, found.emplace_back()); }));
  return found;
}

TimeCursor CallbackStore::CursorOf(const v1::Callback& callback) {
  return {absl::ToUnixMicros(FromProto(callback.create_time())),
          IdOf(callback.name())};
}

absl::StatusOr<std::vector<v1::Callback>> CallbackStore::List(
    const std::string& court, const v1::CallbackFilter& filter,
    const std::optional<TimeCursor>& cursor, int limit) {
  std::string sql = "SELECT body FROM callbacks WHERE court = :court";
  sql::Params params = {{"court", court}};
  Restrict(filter, sql, params);
  if (cursor.has_value()) {
    absl::StrAppend(&sql,
                    " AND (create_time < :time OR (create_time = :time AND "
                    "callback_id < :id))");
    params.emplace_back("time", cursor->time);
    params.emplace_back("id", cursor->id);
  }
  absl::StrAppend(&sql,
                  " ORDER BY create_time DESC, callback_id DESC LIMIT :most");
  params.emplace_back("most", limit);
  std::vector<v1::Callback> callbacks;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    callbacks.clear();
    return session.Query(sql, params, [&](const sql::Row& row) {
      return ParseBody(row.Blob(0), callbacks.emplace_back());
    });
  }));
  return callbacks;
}

absl::StatusOr<std::vector<v1::Callback>> CallbackStore::Due(
    const std::string& court, const std::string& draw_id, absl::Time now,
    const std::optional<TimeCursor>& cursor, int limit) {
  std::string sql =
      "SELECT body FROM callbacks WHERE court = :court AND "
      "state IN (:waiting, :leased) AND due_time <= :now AND offered = :one";
  sql::Params params = {{"court", court},
                        {"waiting", kWaiting},
                        {"leased", kLeased},
                        {"now", now},
                        {"one", 1}};
  if (!draw_id.empty()) {
    absl::StrAppend(&sql, " AND draw_id = :draw");
    params.emplace_back("draw", draw_id);
  }
  if (cursor.has_value()) {
    absl::StrAppend(&sql,
                    " AND (due_time > :time OR (due_time = :time AND "
                    "callback_id > :id))");
    params.emplace_back("time", cursor->time);
    params.emplace_back("id", cursor->id);
  }
  absl::StrAppend(&sql, " ORDER BY due_time, callback_id LIMIT :most");
  params.emplace_back("most", limit);
  std::vector<v1::Callback> callbacks;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    callbacks.clear();
    return session.Query(sql, params, [&](const sql::Row& row) {
      return ParseBody(row.Blob(0), callbacks.emplace_back());
    });
  }));
  return callbacks;
}

absl::StatusOr<std::optional<absl::Time>> CallbackStore::NextDue(
    const std::string& court, absl::Time now) {
  std::optional<absl::Time> next;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    return session
        .QueryOne(
            "SELECT due_time FROM callbacks WHERE court = :court AND "
            "state IN (:waiting, :leased) AND due_time > :now AND "
            "offered = :one ORDER BY due_time LIMIT 1",
            {{"court", court},
             {"waiting", kWaiting},
             {"leased", kLeased},
             {"now", now},
             {"one", 1}},
            [&](const sql::Row& row) { next = row.Time(0); })
        .status();
  }));
  return next;
}

absl::StatusOr<std::optional<StoredCallback>> CallbackStore::HeldBy(
    const std::string& court, const std::string& officer, absl::Time now) {
  std::optional<StoredCallback> held;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    held.reset();
    absl::Status parsed;
    RETURN_IF_ERROR(
        session
            .QueryOne(absl::StrCat(kSelect,
                                   "WHERE court = :court AND state = :leased "
                                   "AND due_time > :now AND officer = :officer "
                                   "ORDER BY due_time LIMIT 1"),
                      {{"court", court},
                       {"leased", kLeased},
                       {"now", now},
                       {"officer", officer}},
                      [&](const sql::Row& row) {
                        parsed = Parse(row, held.emplace());
                      })
            .status());
    return parsed;
  }));
  return held;
}

absl::StatusOr<absl::Time> CallbackStore::CallerHeldUntil(
    sql::Session& session, const v1::Callback& callback, absl::Time now) {
  if (callback.caller_key().empty()) return now;
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(callback.name(), "callbacks"));
  absl::Time until = now;
  RETURN_IF_ERROR(
      session
          .QueryOne("SELECT due_time FROM callbacks WHERE court = :court AND "
                    "caller_key = :caller AND state = :leased AND "
                    "due_time > :now AND callback_id <> :id "
                    "ORDER BY due_time DESC LIMIT 1",
                    {{"court", name.court},
                     {"caller", callback.caller_key()},
                     {"leased", kLeased},
                     {"now", now},
                     {"id", name.id}},
                    [&](const sql::Row& row) { until = row.Time(0); })
          .status());
  return until;
}

absl::StatusOr<std::vector<OpenCall>> CallbackStore::OpenCalls(
    const std::string& after_court, const std::string& after_id, int limit) {
  std::vector<OpenCall> calls;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    calls.clear();
    return session.Query(
        "SELECT court, callback_id, due_time FROM callbacks WHERE "
        "state IN (:waiting, :leased) AND offered = :one AND "
        "(court > :court OR (court = :court AND callback_id > :id)) "
        "ORDER BY court, callback_id LIMIT :most",
        {{"waiting", kWaiting},
         {"leased", kLeased},
         {"one", 1},
         {"court", after_court},
         {"id", after_id},
         {"most", limit}},
        [&](const sql::Row& row) {
          calls.push_back({row.Text(0), row.Text(1), row.Time(2)});
          return absl::OkStatus();
        });
  }));
  return calls;
}

absl::StatusOr<std::vector<OpenCall>> CallbackStore::ClosedSince(
    absl::Time since, const std::string& after_id, int limit) {
  std::vector<OpenCall> calls;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    calls.clear();
    return session.Query(
        "SELECT court, callback_id, update_time FROM callbacks WHERE "
        "state > :leased AND (update_time, callback_id) > (:since, :id) "
        "ORDER BY update_time, callback_id LIMIT :most",
        {{"leased", kLeased},
         {"since", since},
         {"id", after_id},
         {"most", limit}},
        [&](const sql::Row& row) {
          calls.push_back({row.Text(0), row.Text(1), row.Time(2)});
          return absl::OkStatus();
        });
  }));
  return calls;
}

absl::StatusOr<std::unordered_set<std::string>> CallbackStore::RecentCallers(
    const std::string& court, absl::Time since) {
  std::unordered_set<std::string> callers;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    callers.clear();
    // Who was only drawn, and then not called, may be drawn again.
    return session.Query(
        "SELECT caller_key FROM callbacks WHERE court = :court AND "
        "caller_key > '' AND create_time >= :since AND "
        "state <> :withdrawn AND recall_of = ''",
        {{"court", court},
         {"since", since},
         {"withdrawn", static_cast<int>(v1::Callback::STATE_WITHDRAWN)}},
        [&](const sql::Row& row) {
          callers.insert(row.Text(0));
          return absl::OkStatus();
        });
  }));
  return callers;
}

absl::StatusOr<CallHistory> CallbackStore::Calls(const std::string& court,
                                                 absl::Time since) {
  CallHistory history;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    history = {};
    return session.Query(
        "SELECT body FROM callbacks WHERE court = :court AND "
        "create_time >= :since AND state IN (:completed, :unreached) AND "
        "recall_of = '' "
        "ORDER BY create_time DESC LIMIT 5000",
        {{"court", court},
         {"since", since},
         {"completed", static_cast<int>(v1::Callback::STATE_COMPLETED)},
         {"unreached", static_cast<int>(v1::Callback::STATE_UNREACHED)}},
        [&](const sql::Row& row) -> absl::Status {
          v1::Callback callback;
          RETURN_IF_ERROR(ParseBody(row.Blob(0), callback));
          if (callback.simulated()) return absl::OkStatus();
          for (const v1::Attempt& attempt : callback.attempts()) {
            const bool found =
                FindsCaller(static_cast<Outcome>(attempt.outcome()));
            ++history.calls;
            if (found) ++history.contacts;
            (found ? history.contact_minutes : history.miss_minutes) +=
                attempt.minutes();
          }
          return absl::OkStatus();
        });
  }));
  return history;
}

absl::StatusOr<std::map<std::string, StratumHistory>> CallbackStore::History(
    const std::string& court, absl::Time since) {
  std::map<std::string, StratumHistory> history;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    history.clear();
    return session.Query(
        "SELECT stratum, verdict, COUNT(*) FROM callbacks WHERE "
        "court = :court AND create_time >= :since AND verdict > :none AND "
        "recall_of = '' "
        "GROUP BY stratum, verdict",
        {{"court", court},
         {"since", since},
         {"none", static_cast<int>(v1::VERDICT_UNSPECIFIED)}},
        [&](const sql::Row& row) {
          StratumHistory& stratum = history[row.Text(0)];
          if (row.Int(1) == v1::VERDICT_UNDETERMINED) return absl::OkStatus();
          stratum.judged += row.Int(2);
          if (row.Int(1) == v1::VERDICT_UNSATISFIED) {
            stratum.unsatisfied += row.Int(2);
          }
          return absl::OkStatus();
        });
  }));
  return history;
}

}  // namespace huifang::callback

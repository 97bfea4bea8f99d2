#include "services/callback/callback_store.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/callback/plan_policy.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

constexpr int kWaiting = v1::Callback::STATE_WAITING;
constexpr int kLeased = v1::Callback::STATE_LEASED;

// Number of the rule that gave its verdict.
int RuleNumberOf(const v1::Callback& callback) {
  return callback.judgements_size() == 0
             ? 0
             : callback.judgements().rbegin()->number();
}

// The column: 0 where the call never expires.
absl::Time ExpireColumn(const v1::Callback& callback) {
  return callback.recall_of().empty() ? absl::UnixEpoch()
                                      : CallbackStore::ExpireTimeOf(callback);
}

// The columns of a callback that queries use.
sql::Params Columns(const StoredCallback& stored) {
  const v1::Callback& callback = stored.callback;
  return {{"court", CourtOfName(callback.name())},
          {"id", IdOf(callback.name())},
          {"draw", IdOf(callback.draw())},
          {"ticket", IdOf(callback.ticket())},
          {"create_time", FromProto(callback.create_time())},
          {"update_time", FromProto(callback.update_time())},
          {"state", static_cast<int>(callback.state())},
          {"offered", stored.offered},
          {"due", CallbackStore::DueTimeOf(callback)},
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
          {"rule", RuleNumberOf(callback)},
          {"expire", ExpireColumn(callback)},
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
          "verdict, recall_of, recall_differs, verdict_rule, expire_time, "
          "body) VALUES (:court, :id, :draw, :ticket, :create_time, "
          ":update_time, :state, 1, :offered, :due, :officer, :token, "
          ":stratum, :division, :handler, :caller_key, :verdict, :recall_of, "
          ":differs, :rule, :expire, :body) "
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
                  "verdict = :verdict, recall_differs = :differs, "
                  "verdict_rule = :rule, expire_time = :expire, body = :body "
                  "WHERE court = :court AND "
                  "callback_id = :id AND version = :version",
                  {{"court", CourtOfName(callback.name())},
                   {"id", IdOf(callback.name())},
                   {"version", version},
                   {"update_time", FromProto(callback.update_time())},
                   {"state", static_cast<int>(callback.state())},
                   {"due", DueTimeOf(callback)},
                   {"officer", callback.officer()},
                   {"token", sql::Bytes{stored.lease_token}},
                   {"verdict", static_cast<int>(callback.verdict())},
                   {"differs", stored.recall_differs},
                   {"rule", RuleNumberOf(callback)},
                   {"expire", ExpireColumn(callback)},
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

absl::StatusOr<std::vector<StoredCallback>> CallbackStore::ToJudge(
    sql::Session& session, const std::string& court, const std::string& draw_id,
    int rule, const std::string& after_id, int limit) {
  std::vector<StoredCallback> found;
  RETURN_IF_ERROR(session.Query(
      absl::StrCat(kSelect,
                   "WHERE court = :court AND draw_id = :draw AND "
                   "state = :completed AND recall_of = '' AND "
                   "verdict_rule < :rule AND callback_id > :after "
                   "ORDER BY callback_id LIMIT :most"),
      {{"court", court},
       {"draw", draw_id},
       {"completed", static_cast<int>(v1::Callback::STATE_COMPLETED)},
       {"rule", rule},
       {"after", after_id},
       {"most", limit}},
      [&](const sql::Row& row) { return Parse(row, found.emplace_back()); }));
  return found;
}

absl::Time CallbackStore::ExpireTimeOf(const v1::Callback& callback) {
  if (callback.recall_of().empty()) return absl::InfiniteFuture();
  // Re-calls of older programs do not say.
  return callback.has_expire_time() ? FromProto(callback.expire_time())
                                    : FromProto(callback.create_time()) +
                                          absl::Hours(24) * kDefaultRecallDays;
}

absl::Time CallbackStore::DueTimeOf(const v1::Callback& callback) {
  return FromProto(callback.state() == v1::Callback::STATE_LEASED
                       ? callback.lease_expire_time()
                       : callback.next_attempt_time());
}

TimeCursor CallbackStore::CursorOf(const v1::Callback& callback) {
  return {absl::ToUnixMicros(FromProto(callback.create_time())),
          IdOf(callback.name())};
}

absl::StatusOr<Listing<v1::Callback>> CallbackStore::List(
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
  params.emplace_back("most", limit + 1);
  Listing<v1::Callback> callbacks;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    callbacks = {};
    MessageRoom room(limit);
    return session.Query(sql, params, [&](const sql::Row& row) -> absl::Status {
      const std::string body = row.Blob(0);
      callbacks.more = !room.Takes(body.size());
      if (callbacks.more) return sql::EnoughRows();
      return ParseBody(body, callbacks.rows.emplace_back());
    });
  }));
  return callbacks;
}

absl::StatusOr<std::optional<StoredCallback>> CallbackStore::HeldIn(
    sql::Session& session, const std::string& court, const std::string& officer,
    absl::Time now) {
  std::optional<StoredCallback> held;
  absl::Status parsed;
  RETURN_IF_ERROR(
      session
          .QueryOne(
              absl::StrCat(kSelect,
                           "WHERE court = :court AND state = :leased "
                           "AND due_time > :now AND officer = :officer "
                           "ORDER BY due_time LIMIT 1"),
              {{"court", court},
               {"leased", kLeased},
               {"now", now},
               {"officer", officer}},
              [&](const sql::Row& row) { parsed = Parse(row, held.emplace()); })
          .status());
  RETURN_IF_ERROR(parsed);
  return held;
}

absl::StatusOr<std::optional<StoredCallback>> CallbackStore::HeldBy(
    const std::string& court, const std::string& officer, absl::Time now) {
  std::optional<StoredCallback> held;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(held, HeldIn(session, court, officer, now));
    return absl::OkStatus();
  }));
  return held;
}

}  // namespace huifang::callback

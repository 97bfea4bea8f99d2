// The part of CallbackStore about calls to make: which are due, held, open, and
// which are over.
#include "absl/strings/str_cat.h"
#include "services/callback/callback_store.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

constexpr int kWaiting = v1::Callback::STATE_WAITING;
constexpr int kLeased = v1::Callback::STATE_LEASED;

// `sql` selects court, id and a time.
absl::StatusOr<std::vector<OpenCall>> ReadCalls(sql::Database& db,
                                                absl::string_view sql,
                                                const sql::Params& params) {
  std::vector<OpenCall> calls;
  RETURN_IF_ERROR(db.Read([&](sql::Session& session) {
    calls.clear();
    return session.Query(sql, params, [&](const sql::Row& row) {
      calls.push_back({row.Text(0), row.Text(1), row.Time(2)});
      return absl::OkStatus();
    });
  }));
  return calls;
}

}  // namespace

absl::StatusOr<std::vector<v1::Callback>> CallbackStore::Due(
    const std::string& court, const std::string& draw_id, bool recalls,
    absl::Time now, const std::optional<TimeCursor>& cursor, int limit) {
  std::string sql = absl::StrCat(
      "SELECT body FROM callbacks WHERE court = :court AND "
      "state IN (:waiting, :leased) AND due_time <= :now AND offered = :one "
      "AND recall_of ",
      recalls ? ">" : "=", " ''");
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
  return ReadCalls(db_,
                   "SELECT court, callback_id, due_time FROM callbacks WHERE "
                   "state IN (:waiting, :leased) AND offered = :one AND "
                   "(court > :court OR (court = :court AND callback_id > :id)) "
                   "ORDER BY court, callback_id LIMIT :most",
                   {{"waiting", kWaiting},
                    {"leased", kLeased},
                    {"one", 1},
                    {"court", after_court},
                    {"id", after_id},
                    {"most", limit}});
}

absl::StatusOr<std::vector<OpenCall>> CallbackStore::ExpiredRecalls(
    absl::Time now, int limit) {
  return ReadCalls(
      db_,
      "SELECT court, callback_id, due_time FROM callbacks WHERE "
      "recall_of > '' AND expire_time <= :now AND (state = :waiting OR "
      "(state = :leased AND due_time <= :now)) LIMIT :most",
      {{"now", now},
       {"waiting", kWaiting},
       {"leased", kLeased},
       {"most", limit}});
}

absl::StatusOr<std::vector<OpenCall>> CallbackStore::ClosedSince(
    absl::Time since, const std::string& after_id, int limit) {
  return ReadCalls(
      db_,
      "SELECT court, callback_id, update_time FROM callbacks WHERE "
      "state > :leased AND (update_time, callback_id) > (:since, :id) "
      "ORDER BY update_time, callback_id LIMIT :most",
      {{"leased", kLeased},
       {"since", since},
       {"id", after_id},
       {"most", limit}});
}

}  // namespace huifang::callback

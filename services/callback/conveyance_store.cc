#include "services/callback/conveyance_store.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {

absl::StatusOr<v1::Conveyance> ConveyanceStore::Get(
    const std::string& court, const std::string& conveyance_id) {
  v1::Conveyance conveyance;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(conveyance, Load(session, court, conveyance_id));
    return absl::OkStatus();
  }));
  return conveyance;
}

absl::StatusOr<v1::Conveyance> ConveyanceStore::Load(
    sql::Session& session, const std::string& court,
    const std::string& conveyance_id) {
  std::string body;
  ASSIGN_OR_RETURN(
      const bool found,
      session.QueryOne("SELECT body FROM conveyances WHERE court = :court AND "
                       "conveyance_id = :id",
                       {{"court", court}, {"id", conveyance_id}},
                       [&](const sql::Row& row) { body = row.Blob(0); }));
  if (!found) {
    return NoSuch("conveyance",
                  MakeResourceName(court, "conveyances", conveyance_id));
  }
  v1::Conveyance conveyance;
  RETURN_IF_ERROR(ParseBody(body, conveyance));
  return conveyance;
}

absl::StatusOr<std::vector<v1::Conveyance>> ConveyanceStore::List(
    const std::string& court, const v1::ListConveyancesRequest& filter,
    const std::optional<TimeCursor>& cursor, int limit) {
  std::string sql = "SELECT body FROM conveyances WHERE court = :court";
  sql::Params params = {{"court", court}};
  if (filter.states_size() > 0) {
    absl::StrAppend(&sql, " AND state IN (",
                    absl::StrJoin(filter.states(), ","), ")");
  }
  if (!filter.division().empty()) {
    absl::StrAppend(&sql, " AND division = :division");
    params.emplace_back("division", filter.division());
  }
  if (!filter.handler().empty()) {
    absl::StrAppend(&sql, " AND handler = :handler");
    params.emplace_back("handler", filter.handler());
  }
  if (filter.reopen_refused()) {
    absl::StrAppend(&sql, " AND reopen_refused = 1");
  }
  if (filter.reminded()) absl::StrAppend(&sql, " AND reminders > 0");
  if (cursor.has_value()) {
    absl::StrAppend(&sql,
                    " AND (create_time < :time OR (create_time = :time AND "
                    "conveyance_id < :id))");
    params.emplace_back("time", cursor->time);
    params.emplace_back("id", cursor->id);
  }
  absl::StrAppend(&sql,
                  " ORDER BY create_time DESC, conveyance_id DESC LIMIT :most");
  params.emplace_back("most", limit);
  std::vector<v1::Conveyance> conveyances;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    conveyances.clear();
    return session.Query(sql, params, [&](const sql::Row& row) {
      return ParseBody(row.Blob(0), conveyances.emplace_back());
    });
  }));
  return conveyances;
}

absl::StatusOr<std::vector<std::string>> ConveyanceStore::Due(
    absl::Time now, const ResourceName& after, int limit) {
  std::vector<std::string> names;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    names.clear();
    return session.Query(
        "SELECT court, conveyance_id FROM conveyances WHERE "
        "(state = :pending OR (state IN (:delivered, :contacted) AND "
        "reminder_time > 0 AND reminder_time <= :now)) AND (court > :court OR "
        "(court = :court AND conveyance_id > :id)) "
        "ORDER BY court, conveyance_id LIMIT :most",
        {{"court", after.court},
         {"id", after.id},
         {"pending", static_cast<int>(v1::Conveyance::STATE_PENDING)},
         {"delivered", static_cast<int>(v1::Conveyance::STATE_DELIVERED)},
         {"contacted", static_cast<int>(v1::Conveyance::STATE_CONTACTED)},
         {"now", now},
         {"most", limit}},
        [&](const sql::Row& row) {
          names.push_back(
              MakeResourceName(row.Text(0), "conveyances", row.Text(1)));
          return absl::OkStatus();
        });
  }));
  return names;
}

absl::Status ConveyanceStore::Insert(sql::Session& session,
                                     v1::Conveyance& conveyance) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(conveyance.name(), "conveyances"));
  conveyance.set_version(1);
  conveyance.set_etag(EtagOf(1));
  return session
      .Run(
          "INSERT INTO conveyances (court, conveyance_id, create_time, state, "
          "version, division, handler, body) VALUES (:court, :id, :time, "
          ":state, 1, :division, :handler, :body) "
          "ON CONFLICT (court, conveyance_id) DO NOTHING",
          {{"court", name.court},
           {"id", name.id},
           {"time", FromProto(conveyance.create_time())},
           {"state", static_cast<int>(conveyance.state())},
           {"division", conveyance.division()},
           {"handler", conveyance.handler()},
           {"body", BodyOf(conveyance)}})
      .status();
}

absl::Status ConveyanceStore::Save(sql::Session& session,
                                   v1::Conveyance& conveyance) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(conveyance.name(), "conveyances"));
  const std::int64_t version = conveyance.version();
  conveyance.set_version(version + 1);
  conveyance.set_etag(EtagOf(version + 1));
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      session.Run("UPDATE conveyances SET state = :state, "
                  "version = :version + 1, reminder_time = :reminder, "
                  "reminders = :reminders, reopen_refused = :refused, "
                  "body = :body WHERE court = :court "
                  "AND conveyance_id = :id AND version = :version",
                  {{"court", name.court},
                   {"id", name.id},
                   {"version", version},
                   {"reminder", FromProto(conveyance.next_reminder_time())},
                   {"reminders", conveyance.reminder_count()},
                   {"refused", !conveyance.reopen_failure().empty()},
                   {"state", static_cast<int>(conveyance.state())},
                   {"body", BodyOf(conveyance)}}));
  return changed == 1 ? absl::OkStatus() : MovedOn("conveyance");
}

}  // namespace huifang::callback

#include "services/reporting/alert_store.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/alert_rules.h"
#include "services/reporting/fact_columns.h"

namespace huifang::reporting {
namespace {

absl::StatusOr<v1::Alert> Parse(const std::string& body) {
  v1::Alert alert;
  if (!alert.ParseFromString(body)) {
    return absl::DataLossError("a stored alert cannot be read");
  }
  return alert;
}

std::int64_t DueMicros(const v1::Alert& alert) {
  const std::optional<absl::Time> due = DueTime(alert);
  return due.has_value() ? absl::ToUnixMicros(*due) : 0;
}

std::int64_t CreateMicros(const v1::Alert& alert) {
  return MicrosOf(alert.has_create_time(), alert.create_time());
}

// The newest alert of the series that is muted past `now`, if there is one.
absl::StatusOr<std::optional<v1::Alert>> FindMuted(sql::Session& session,
                                                   const std::string& court,
                                                   const std::string& series,
                                                   absl::Time now) {
  std::string body;
  ASSIGN_OR_RETURN(
      const bool found,
      session.QueryOne(
          "SELECT body FROM alerts WHERE court = :court AND series = :series "
          "AND state = 4 AND due_time > :now "
          "ORDER BY due_time DESC LIMIT 1",
          {{"court", court}, {"series", series}, {"now", now}},
          [&](const sql::Row& row) { body = row.Blob(0); }));
  if (!found) return std::optional<v1::Alert>();
  ASSIGN_OR_RETURN(v1::Alert muted, Parse(body));
  return std::optional<v1::Alert>(std::move(muted));
}

}  // namespace

absl::StatusOr<v1::Alert> AlertStore::Get(const std::string& court,
                                          const std::string& id) {
  v1::Alert alert;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(alert, Load(session, court, id));
    return absl::OkStatus();
  }));
  return alert;
}

absl::StatusOr<v1::Alert> AlertStore::Load(sql::Session& session,
                                           const std::string& court,
                                           const std::string& id) {
  std::string body;
  ASSIGN_OR_RETURN(
      const bool found,
      session.QueryOne("SELECT body FROM alerts WHERE court = :court "
                       "AND alert_id = :id",
                       {{"court", court}, {"id", id}},
                       [&](const sql::Row& row) { body = row.Blob(0); }));
  if (!found) {
    return MakeError(absl::StatusCode::kNotFound, "ALERT_NOT_FOUND",
                     "the court has no such alert");
  }
  return Parse(body);
}

absl::Status AlertStore::Raise(sql::Session& session, const std::string& court,
                               absl::Time now, std::vector<v1::Alert> alerts) {
  for (v1::Alert& alert : alerts) {
    ASSIGN_OR_RETURN(const std::optional<v1::Alert> muted,
                     FindMuted(session, court, SeriesOf(alert), now));
    if (muted.has_value()) InheritMute(*muted, alert);
    alert.set_etag("1");
    RETURN_IF_ERROR(
        session
            .Run("INSERT INTO alerts (court, alert_id, series, division, "
                 "period, rule, state, revision, create_time, due_time, body) "
                 "VALUES (:court, :id, :series, :division, :period, :rule, "
                 ":state, 1, :create_time, :due_time, :body) "
                 "ON CONFLICT (court, alert_id) DO NOTHING",
                 {{"court", court},
                  {"id", IdOf(alert.name())},
                  {"series", SeriesOf(alert)},
                  {"division", IdOf(alert.division())},
                  {"period", alert.period()},
                  {"rule", static_cast<int>(alert.rule())},
                  {"state", static_cast<int>(alert.state())},
                  {"create_time", CreateMicros(alert)},
                  {"due_time", DueMicros(alert)},
                  {"body", sql::Bytes{alert.SerializeAsString()}}})
            .status());
  }
  return absl::OkStatus();
}

absl::Status AlertStore::Save(sql::Session& session, const std::string& court,
                              v1::Alert& alert) {
  std::int64_t revision = 0;
  if (!absl::SimpleAtoi(alert.etag(), &revision)) {
    return absl::DataLossError("a stored alert has no etag");
  }
  alert.set_etag(absl::StrCat(revision + 1));
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      session.Run("UPDATE alerts SET division = :division, state = :state, "
                  "revision = :next, due_time = :due_time, body = :body "
                  "WHERE court = :court AND alert_id = :id "
                  "AND revision = :revision",
                  {{"division", IdOf(alert.division())},
                   {"state", static_cast<int>(alert.state())},
                   {"next", revision + 1},
                   {"due_time", DueMicros(alert)},
                   {"body", sql::Bytes{alert.SerializeAsString()}},
                   {"court", court},
                   {"id", IdOf(alert.name())},
                   {"revision", revision}}));
  if (changed == 1) return absl::OkStatus();
  return MakeError(absl::StatusCode::kAborted, "ALERT_CHANGED",
                   "the alert changed meanwhile; read it and try again");
}

absl::StatusOr<std::vector<v1::Alert>> AlertStore::Lasting(
    sql::Session& session, const std::string& court, v1::Alert::Rule rule) {
  std::vector<v1::Alert> alerts;
  RETURN_IF_ERROR(session.Query(
      "SELECT body FROM alerts WHERE court = :court AND rule = :rule "
      "AND state <> 3 ORDER BY create_time, alert_id",
      {{"court", court}, {"rule", static_cast<int>(rule)}},
      [&](const sql::Row& row) -> absl::Status {
        ASSIGN_OR_RETURN(v1::Alert alert, Parse(row.Blob(0)));
        alerts.push_back(std::move(alert));
        return absl::OkStatus();
      }));
  return alerts;
}

absl::StatusOr<std::vector<v1::Alert>> AlertStore::List(
    const std::string& court, const v1::ListAlertsRequest& filter,
    const std::optional<TimeCursor>& cursor, int limit) {
  std::string sql = "SELECT body FROM alerts WHERE court = :court";
  sql::Params params = {{"court", court}};
  if (filter.state() != v1::Alert::STATE_UNSPECIFIED) {
    absl::StrAppend(&sql, " AND state = :state");
    params.emplace_back("state", static_cast<int>(filter.state()));
  }
  if (filter.rule() != v1::Alert::RULE_UNSPECIFIED) {
    // The series begins with it, also where the column did not exist yet.
    absl::StrAppend(&sql, " AND series LIKE :rule");
    params.emplace_back(
        "rule", absl::StrCat(v1::Alert::Rule_Name(filter.rule()), "|%"));
  }
  if (!filter.division().empty()) {
    absl::StrAppend(&sql, " AND division = :division");
    params.emplace_back("division", IdOf(filter.division()));
  }
  if (!filter.period().empty()) {
    absl::StrAppend(&sql, " AND period = :period");
    params.emplace_back("period", filter.period());
  }
  if (cursor.has_value()) {
    absl::StrAppend(&sql,
                    " AND (create_time < :time OR (create_time = :time "
                    "AND alert_id < :id))");
    params.emplace_back("time", cursor->time);
    params.emplace_back("id", cursor->id);
  }
  absl::StrAppend(&sql,
                  " ORDER BY create_time DESC, alert_id DESC LIMIT :limit");
  params.emplace_back("limit", limit);
  std::vector<v1::Alert> alerts;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    alerts.clear();
    return session.Query(sql, params, [&](const sql::Row& row) -> absl::Status {
      ASSIGN_OR_RETURN(v1::Alert alert, Parse(row.Blob(0)));
      alert.clear_chart_svg();
      alerts.push_back(std::move(alert));
      return absl::OkStatus();
    });
  }));
  return alerts;
}

TimeCursor AlertStore::CursorOf(const v1::Alert& alert) {
  return {CreateMicros(alert), IdOf(alert.name())};
}

absl::StatusOr<std::vector<DueAlert>> AlertStore::Due(absl::Time until,
                                                      int limit) {
  std::vector<DueAlert> due;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    due.clear();
    return session.Query(
        "SELECT court, alert_id, due_time FROM alerts WHERE due_time > 0 "
        "AND due_time <= :until ORDER BY due_time LIMIT :limit",
        {{"until", until}, {"limit", limit}}, [&](const sql::Row& row) {
          due.push_back({MakeResourceName(row.Text(0), "alerts", row.Text(1)),
                         row.Time(2)});
          return absl::OkStatus();
        });
  }));
  return due;
}

absl::StatusOr<std::vector<std::string>> AlertStore::CourtsToWatch(
    const std::string& period) {
  std::vector<std::string> courts;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    courts.clear();
    return session.Query(
        "SELECT DISTINCT n.court FROM display_names n WHERE NOT EXISTS "
        "(SELECT 1 FROM watched_weeks w WHERE w.court = n.court "
        "AND w.period = :period) ORDER BY n.court",
        {{"period", period}}, [&](const sql::Row& row) {
          courts.push_back(row.Text(0));
          return absl::OkStatus();
        });
  }));
  return courts;
}

absl::Status AlertStore::SetWatched(sql::Session& session,
                                    const std::string& court,
                                    const std::string& period, absl::Time now) {
  return session
      .Run(
          "INSERT INTO watched_weeks (court, period, watch_time) "
          "VALUES (:court, :period, :now) "
          "ON CONFLICT (court, period) DO NOTHING",
          {{"court", court}, {"period", period}, {"now", now}})
      .status();
}

absl::StatusOr<std::vector<std::string>> AlertStore::CourtsToLookAt(
    absl::Time look, absl::Time now) {
  std::vector<std::string> courts;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    courts.clear();
    return session.Query(
        "SELECT DISTINCT n.court FROM display_names n WHERE NOT EXISTS "
        "(SELECT 1 FROM alert_looks l WHERE l.court = n.court "
        "AND l.look_time >= :look AND l.look_time <= :now) ORDER BY n.court",
        {{"look", look}, {"now", now}}, [&](const sql::Row& row) {
          courts.push_back(row.Text(0));
          return absl::OkStatus();
        });
  }));
  return courts;
}

absl::Status AlertStore::SetLooked(sql::Session& session,
                                   const std::string& court, absl::Time look,
                                   absl::Time now) {
  return session
      .Run(
          "INSERT INTO alert_looks (court, look_time) VALUES (:court, :look) "
          "ON CONFLICT (court) DO UPDATE SET look_time = excluded.look_time "
          "WHERE excluded.look_time > alert_looks.look_time "
          "OR alert_looks.look_time > :now",
          {{"court", court}, {"look", look}, {"now", now}})
      .status();
}

}  // namespace huifang::reporting

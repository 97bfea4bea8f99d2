#include "services/reporting/report_store.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/fact_columns.h"

namespace huifang::reporting {
namespace {

absl::StatusOr<v1::Report> Parse(const std::string& body) {
  v1::Report report;
  if (!report.ParseFromString(body)) {
    return absl::DataLossError("a stored report cannot be read");
  }
  return report;
}

absl::Status NotFound() {
  return MakeError(absl::StatusCode::kNotFound, "REPORT_NOT_FOUND",
                   "the court has no such report");
}

std::int64_t Micros(const v1::Report& report) {
  return MicrosOf(report.has_create_time(), report.create_time());
}

}  // namespace

absl::StatusOr<v1::Report> ReportStore::Get(const std::string& court,
                                            const std::string& id) {
  v1::Report report;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(report, Load(session, court, id));
    return absl::OkStatus();
  }));
  return report;
}

absl::StatusOr<v1::Report> ReportStore::Load(sql::Session& session,
                                             const std::string& court,
                                             const std::string& id) {
  std::string body;
  ASSIGN_OR_RETURN(
      const bool found,
      session.QueryOne("SELECT body FROM reports WHERE court = :court "
                       "AND report_id = :id",
                       {{"court", court}, {"id", id}},
                       [&](const sql::Row& row) { body = row.Blob(0); }));
  if (!found) return NotFound();
  return Parse(body);
}

absl::StatusOr<int> ReportStore::NextVersion(sql::Session& session,
                                             const std::string& court,
                                             const std::string& period,
                                             const std::string& division) {
  int version = 1;
  RETURN_IF_ERROR(
      session
          .QueryOne(
              "SELECT MAX(version) FROM reports WHERE court = :court "
              "AND period = :period AND division = :division",
              {{"court", court}, {"period", period}, {"division", division}},
              [&](const sql::Row& row) {
                version = static_cast<int>(row.Int(0)) + 1;
              })
          .status());
  return version;
}

absl::StatusOr<std::optional<v1::Report>> ReportStore::LastDelivered(
    sql::Session& session, const std::string& court, const std::string& period,
    const std::string& division) {
  std::string body;
  ASSIGN_OR_RETURN(
      const bool found,
      session.QueryOne(
          "SELECT body FROM reports WHERE court = :court AND period = :period "
          "AND division = :division AND state IN (:delivered, :acknowledged) "
          "ORDER BY version DESC LIMIT 1",
          {{"court", court},
           {"period", period},
           {"division", division},
           {"delivered", static_cast<int>(v1::Report::STATE_DELIVERED)},
           {"acknowledged", static_cast<int>(v1::Report::STATE_ACKNOWLEDGED)}},
          [&](const sql::Row& row) { body = row.Blob(0); }));
  if (!found) return std::optional<v1::Report>();
  ASSIGN_OR_RETURN(v1::Report report, Parse(body));
  return std::optional<v1::Report>(std::move(report));
}

absl::Status ReportStore::Delivered(
    sql::Session& session, const std::string& court, const std::string& period,
    const std::string& division,
    absl::FunctionRef<void(const v1::Report&)> each) {
  sql::Params params = {
      {"court", court},
      {"period", period},
      {"delivered", static_cast<int>(v1::Report::STATE_DELIVERED)},
      {"acknowledged", static_cast<int>(v1::Report::STATE_ACKNOWLEDGED)}};
  if (!division.empty()) params.emplace_back("division", division);
  return session.Query(
      absl::StrCat("SELECT body FROM reports WHERE court = :court "
                   "AND period = :period "
                   "AND state IN (:delivered, :acknowledged)",
                   division.empty() ? "" : " AND division IN ('', :division)"),
      params, [&](const sql::Row& row) -> absl::Status {
        ASSIGN_OR_RETURN(const v1::Report report, Parse(row.Blob(0)));
        each(report);
        return absl::OkStatus();
      });
}

absl::Status ReportStore::Insert(sql::Session& session,
                                 const std::string& court, v1::Report& report) {
  report.set_etag("1");
  return session
      .Run(
          "INSERT INTO reports (court, report_id, division, period, "
          "version, state, revision, create_time, body) VALUES (:court, "
          ":id, :division, :period, :version, :state, 1, :create_time, "
          ":body)",
          {{"court", court},
           {"id", IdOf(report.name())},
           {"division", IdOf(report.division())},
           {"period", report.period().label()},
           {"version", std::int64_t{report.version()}},
           {"state", static_cast<int>(report.state())},
           {"create_time", Micros(report)},
           {"body", sql::Bytes{report.SerializeAsString()}}})
      .status();
}

absl::Status ReportStore::Save(sql::Session& session, const std::string& court,
                               v1::Report& report) {
  std::int64_t revision = 0;
  if (!absl::SimpleAtoi(report.etag(), &revision)) {
    return absl::DataLossError("a stored report has no etag");
  }
  report.set_etag(absl::StrCat(revision + 1));
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      session.Run("UPDATE reports SET state = :state, revision = :next, "
                  "body = :body WHERE court = :court AND report_id = :id "
                  "AND revision = :revision",
                  {{"state", static_cast<int>(report.state())},
                   {"next", revision + 1},
                   {"body", sql::Bytes{report.SerializeAsString()}},
                   {"court", court},
                   {"id", IdOf(report.name())},
                   {"revision", revision}}));
  if (changed == 1) return absl::OkStatus();
  return MakeError(absl::StatusCode::kAborted, "REPORT_CHANGED",
                   "the report changed meanwhile; read it and try again");
}

absl::StatusOr<std::vector<v1::Report>> ReportStore::List(
    const std::string& court, const v1::ListReportsRequest& filter,
    const std::optional<TimeCursor>& cursor, int limit) {
  std::string sql = "SELECT body FROM reports WHERE court = :court";
  sql::Params params = {{"court", court}};
  if (!filter.period().empty()) {
    absl::StrAppend(&sql, " AND period = :period");
    params.emplace_back("period", filter.period());
  }
  if (!filter.division().empty()) {
    absl::StrAppend(&sql, " AND division = :division");
    params.emplace_back("division", IdOf(filter.division()));
  }
  if (filter.state() != v1::Report::STATE_UNSPECIFIED) {
    absl::StrAppend(&sql, " AND state = :state");
    params.emplace_back("state", static_cast<int>(filter.state()));
  }
  if (cursor.has_value()) {
    absl::StrAppend(&sql,
                    " AND (create_time < :time OR (create_time = :time "
                    "AND report_id < :id))");
    params.emplace_back("time", cursor->time);
    params.emplace_back("id", cursor->id);
  }
  absl::StrAppend(&sql,
                  " ORDER BY create_time DESC, report_id DESC LIMIT :limit");
  params.emplace_back("limit", limit);
  std::vector<v1::Report> reports;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    reports.clear();
    return session.Query(sql, params, [&](const sql::Row& row) -> absl::Status {
      ASSIGN_OR_RETURN(v1::Report report, Parse(row.Blob(0)));
      reports.push_back(std::move(report));
      return absl::OkStatus();
    });
  }));
  return reports;
}

TimeCursor ReportStore::CursorOf(const v1::Report& report) {
  return {Micros(report), IdOf(report.name())};
}

absl::StatusOr<std::vector<WaitingReport>> ReportStore::Building(int limit) {
  std::vector<WaitingReport> waiting;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    waiting.clear();
    return session.Query(
        "SELECT court, report_id, create_time FROM reports WHERE state = 1 "
        "ORDER BY create_time LIMIT :limit",
        {{"limit", limit}}, [&](const sql::Row& row) {
          waiting.push_back(
              {MakeResourceName(row.Text(0), "reports", row.Text(1)),
               row.Time(2)});
          return absl::OkStatus();
        });
  }));
  return waiting;
}

}  // namespace huifang::reporting

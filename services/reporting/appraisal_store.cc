#include "services/reporting/appraisal_store.h"

#include <cstdint>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::reporting {
namespace {

template <typename Resource>
absl::Status Parse(const std::string& body, Resource& resource) {
  if (resource.ParseFromString(body)) return absl::OkStatus();
  return absl::DataLossError("a stored appraisal cannot be read");
}

template <typename Resource>
TimeCursor CursorAt(const Resource& resource) {
  return {absl::ToUnixMicros(FromTimestamp(resource.create_time())),
          IdOf(resource.name())};
}

// The body of the first row, if there is one.
template <typename Resource>
absl::StatusOr<std::optional<Resource>> ReadOne(sql::Session& session,
                                                absl::string_view sql,
                                                const sql::Params& params) {
  std::string body;
  ASSIGN_OR_RETURN(const bool found,
                   session.QueryOne(sql, params, [&](const sql::Row& row) {
                     body = row.Blob(0);
                   }));
  if (!found) return std::optional<Resource>();
  Resource resource;
  RETURN_IF_ERROR(Parse(body, resource));
  return std::optional<Resource>(std::move(resource));
}

// A page of bodies, newest first. `sql` ends inside the WHERE.
template <typename Resource>
absl::StatusOr<std::vector<Resource>> ReadPage(
    sql::Database& db, std::string sql, sql::Params params,
    const char* id_column, const std::optional<TimeCursor>& cursor, int limit) {
  if (cursor.has_value()) {
    absl::StrAppend(&sql,
                    " AND (create_time < :time OR (create_time = :time AND ",
                    id_column, " < :id))");
    params.emplace_back("time", cursor->time);
    params.emplace_back("id", cursor->id);
  }
  absl::StrAppend(&sql, " ORDER BY create_time DESC, ", id_column,
                  " DESC LIMIT :limit");
  params.emplace_back("limit", limit);
  std::vector<Resource> page;
  RETURN_IF_ERROR(db.Read([&](sql::Session& session) {
    page.clear();
    return session.Query(sql, params, [&](const sql::Row& row) {
      return Parse(row.Blob(0), page.emplace_back());
    });
  }));
  return page;
}

}  // namespace

absl::StatusOr<v1::Appraisal> AppraisalStore::Get(const std::string& court,
                                                  const std::string& id) {
  std::optional<v1::Appraisal> sheet;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(
        sheet, ReadOne<v1::Appraisal>(session,
                                      "SELECT body FROM appraisals WHERE court "
                                      "= :court AND appraisal_id = :id",
                                      {{"court", court}, {"id", id}}));
    return absl::OkStatus();
  }));
  if (sheet.has_value()) return *std::move(sheet);
  return MakeError(absl::StatusCode::kNotFound, "APPRAISAL_NOT_FOUND",
                   "the court has no such appraisal sheet");
}

absl::StatusOr<std::optional<v1::Appraisal>> AppraisalStore::Newest(
    sql::Session& session, const std::string& court,
    const std::string& period) {
  return ReadOne<v1::Appraisal>(
      session,
      "SELECT body FROM appraisals WHERE court = :court "
      "AND period = :period ORDER BY version DESC LIMIT 1",
      {{"court", court}, {"period", period}});
}

absl::Status AppraisalStore::Insert(sql::Session& session,
                                    const std::string& court,
                                    v1::Appraisal& sheet) {
  sheet.set_etag("1");
  return session
      .Run(
          "INSERT INTO appraisals (court, appraisal_id, period, version, "
          "create_time, body) VALUES (:court, :id, :period, :version, "
          ":create_time, :body)",
          {{"court", court},
           {"id", IdOf(sheet.name())},
           {"period", sheet.period().label()},
           {"version", std::int64_t{sheet.version()}},
           {"create_time", FromTimestamp(sheet.create_time())},
           {"body", sql::Bytes{sheet.SerializeAsString()}}})
      .status();
}

absl::StatusOr<std::vector<v1::Appraisal>> AppraisalStore::List(
    const std::string& court, const v1::ListAppraisalsRequest& filter,
    const std::optional<TimeCursor>& cursor, int limit) {
  std::string sql = "SELECT body FROM appraisals WHERE court = :court";
  sql::Params params = {{"court", court}};
  if (!filter.period().empty()) {
    absl::StrAppend(&sql, " AND period = :period");
    params.emplace_back("period", filter.period());
  }
  return ReadPage<v1::Appraisal>(db_, std::move(sql), std::move(params),
                                 "appraisal_id", cursor, limit);
}

TimeCursor AppraisalStore::CursorOf(const v1::Appraisal& sheet) {
  return CursorAt(sheet);
}

absl::StatusOr<v1::AppraisalExclusion> ExclusionStore::Get(
    const std::string& court, const std::string& id) {
  v1::AppraisalExclusion exclusion;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(exclusion, Load(session, court, id));
    return absl::OkStatus();
  }));
  return exclusion;
}

absl::StatusOr<v1::AppraisalExclusion> ExclusionStore::Load(
    sql::Session& session, const std::string& court, const std::string& id) {
  ASSIGN_OR_RETURN(
      std::optional<v1::AppraisalExclusion> found,
      ReadOne<v1::AppraisalExclusion>(
          session,
          "SELECT body FROM appraisal_exclusions WHERE court = :court "
          "AND exclusion_id = :id",
          {{"court", court}, {"id", id}}));
  if (found.has_value()) return *std::move(found);
  return MakeError(absl::StatusCode::kNotFound, "EXCLUSION_NOT_FOUND",
                   "the court has no such exclusion");
}

absl::Status ExclusionStore::Insert(sql::Session& session,
                                    const std::string& court,
                                    v1::AppraisalExclusion& exclusion) {
  const std::string ticket = IdOf(exclusion.ticket());
  ASSIGN_OR_RETURN(
      const std::optional<v1::AppraisalExclusion> other,
      ReadOne<v1::AppraisalExclusion>(
          session,
          "SELECT body FROM appraisal_exclusions WHERE court = :court "
          "AND ticket_id = :ticket AND state <> 3",
          {{"court", court}, {"ticket", ticket}}));
  if (other.has_value()) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "EXCLUSION_EXISTS",
                     "an exclusion of this ticket waits or was approved "
                     "(该工单已有待批或已批准的考核排除)",
                     {{"appraisal_exclusion", other->name()}});
  }
  exclusion.set_etag("1");
  return session
      .Run(
          "INSERT INTO appraisal_exclusions (court, exclusion_id, ticket_id, "
          "state, revision, create_time, body) VALUES (:court, :id, :ticket, "
          ":state, 1, :create_time, :body)",
          {{"court", court},
           {"id", IdOf(exclusion.name())},
           {"ticket", ticket},
           {"state", static_cast<int>(exclusion.state())},
           {"create_time", FromTimestamp(exclusion.create_time())},
           {"body", sql::Bytes{exclusion.SerializeAsString()}}})
      .status();
}

absl::Status ExclusionStore::Save(sql::Session& session,
                                  const std::string& court,
                                  v1::AppraisalExclusion& exclusion) {
  std::int64_t revision = 0;
  if (!absl::SimpleAtoi(exclusion.etag(), &revision)) {
    return absl::DataLossError("a stored exclusion has no etag");
  }
  exclusion.set_etag(absl::StrCat(revision + 1));
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      session.Run("UPDATE appraisal_exclusions SET state = :state, "
                  "revision = :next, body = :body WHERE court = :court "
                  "AND exclusion_id = :id AND revision = :revision",
                  {{"state", static_cast<int>(exclusion.state())},
                   {"next", revision + 1},
                   {"body", sql::Bytes{exclusion.SerializeAsString()}},
                   {"court", court},
                   {"id", IdOf(exclusion.name())},
                   {"revision", revision}}));
  if (changed == 1) return absl::OkStatus();
  return MakeError(absl::StatusCode::kAborted, "EXCLUSION_CHANGED",
                   "the exclusion changed meanwhile; read it and try again");
}

absl::StatusOr<std::vector<v1::AppraisalExclusion>> ExclusionStore::List(
    const std::string& court, const v1::ListAppraisalExclusionsRequest& filter,
    const std::optional<TimeCursor>& cursor, int limit) {
  std::string sql =
      "SELECT body FROM appraisal_exclusions WHERE court = :court";
  sql::Params params = {{"court", court}};
  if (filter.state() != v1::AppraisalExclusion::STATE_UNSPECIFIED) {
    absl::StrAppend(&sql, " AND state = :state");
    params.emplace_back("state", static_cast<int>(filter.state()));
  }
  return ReadPage<v1::AppraisalExclusion>(
      db_, std::move(sql), std::move(params), "exclusion_id", cursor, limit);
}

TimeCursor ExclusionStore::CursorOf(const v1::AppraisalExclusion& exclusion) {
  return CursorAt(exclusion);
}

}  // namespace huifang::reporting

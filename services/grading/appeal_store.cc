#include "services/grading/appeal_store.h"

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/grading/proto_convert.h"

namespace huifang::grading {
namespace {

absl::Status Unreadable() {
  return absl::DataLossError("a stored appeal cannot be read");
}

}  // namespace

absl::Status AppealStore::Put(sql::Session& session, const std::string& court,
                              v1::Appeal& appeal) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(appeal.name(), "appeals"));
  ASSIGN_OR_RETURN(const ResourceName ticket,
                   ParseResourceName(appeal.ticket(), "tickets"));
  appeal.clear_etag();
  appeal.set_etag(ShortHash(appeal.SerializeAsString()));
  return session
      .Run(
          "INSERT INTO appeals (court, appeal, state, ticket, review, "
          "precedent, create_time, body) VALUES (:court, :appeal, :state, "
          ":ticket, :review, :precedent, :create_time, :body) ON CONFLICT "
          "(court, appeal) DO UPDATE SET state = excluded.state, "
          "precedent = excluded.precedent, body = excluded.body",
          {{"court", court},
           {"appeal", name.id},
           {"state", static_cast<std::int64_t>(appeal.state())},
           {"ticket", ticket.id},
           {"review", appeal.review()},
           {"precedent", appeal.precedent()},
           {"create_time", FromTimestamp(appeal.create_time())},
           {"body", sql::Bytes{appeal.SerializeAsString()}}})
      .status();
}

absl::StatusOr<v1::Appeal> AppealStore::Get(sql::Session& session,
                                            const std::string& court,
                                            const std::string& appeal) {
  v1::Appeal found;
  bool readable = true;
  ASSIGN_OR_RETURN(const bool any,
                   session.QueryOne("SELECT body FROM appeals WHERE "
                                    "court = :court AND appeal = :appeal",
                                    {{"court", court}, {"appeal", appeal}},
                                    [&](const sql::Row& row) {
                                      readable =
                                          found.ParseFromString(row.Blob(0));
                                    }));
  if (!any) {
    return MakeError(absl::StatusCode::kNotFound, "APPEAL_NOT_FOUND",
                     "no appeal of that name");
  }
  if (!readable) return Unreadable();
  return found;
}

absl::StatusOr<std::optional<v1::Appeal>> AppealStore::OpenFor(
    sql::Session& session, const std::string& court,
    const std::string& ticket) {
  v1::Appeal found;
  bool readable = true;
  ASSIGN_OR_RETURN(
      const bool any,
      session.QueryOne(
          "SELECT body FROM appeals WHERE court = :court AND ticket = :ticket "
          "AND state = :state",
          {{"court", court},
           {"ticket", ticket},
           {"state", static_cast<std::int64_t>(v1::Appeal::STATE_OPEN)}},
          [&](const sql::Row& row) {
            readable = found.ParseFromString(row.Blob(0));
          }));
  if (!readable) return Unreadable();
  if (!any) return std::optional<v1::Appeal>();
  return std::optional<v1::Appeal>(std::move(found));
}

absl::StatusOr<std::vector<v1::Appeal>> AppealStore::List(
    sql::Session& session, const v1::ListAppealsRequest& request,
    const std::string& court, const Cursor& cursor, int limit) {
  std::string sql = "SELECT body FROM appeals WHERE court = :court";
  sql::Params params = {{"court", court}};
  if (request.state() != v1::Appeal::STATE_UNSPECIFIED) {
    absl::StrAppend(&sql, " AND state = :state");
    params.emplace_back("state", static_cast<std::int64_t>(request.state()));
  }
  if (request.precedents_only()) absl::StrAppend(&sql, " AND precedent = 1");
  if (cursor.has_value()) {
    absl::StrAppend(&sql, " AND (create_time, appeal) < (:at, :last)");
    params.emplace_back("at", cursor->time);
    params.emplace_back("last", cursor->id);
  }
  absl::StrAppend(&sql, " ORDER BY create_time DESC, appeal DESC LIMIT :most");
  params.emplace_back("most", limit + 1);
  std::vector<v1::Appeal> appeals;
  RETURN_IF_ERROR(
      session.Query(sql, params, [&](const sql::Row& row) -> absl::Status {
        return appeals.emplace_back().ParseFromString(row.Blob(0))
                   ? absl::OkStatus()
                   : Unreadable();
      }));
  return appeals;
}

}  // namespace huifang::grading

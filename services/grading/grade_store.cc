#include "services/grading/grade_store.h"

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::grading {
namespace {

absl::Status Unreadable() {
  return absl::DataLossError("a stored grade cannot be read");
}

}  // namespace

absl::Status GradeStore::Insert(sql::Session& session, const std::string& court,
                                const v1::Grade& grade, const Extras& extras) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(grade.name(), "grades"));
  ASSIGN_OR_RETURN(const ResourceName ticket,
                   ParseResourceName(grade.ticket(), "tickets"));
  return session
      .Run(
          "INSERT INTO grades (court, grade, ticket, subject, counts, reason, "
          "reviewer, compares, tier_rank, ticket_version, division, "
          "closed_time, create_time, body) VALUES (:court, :grade, :ticket, "
          ":subject, :counts, :reason, :reviewer, :compares, :tier_rank, "
          ":ticket_version, :division, :closed_time, :create_time, :body)",
          {{"court", court},
           {"grade", name.id},
           {"ticket", ticket.id},
           {"subject", static_cast<std::int64_t>(grade.subject())},
           {"counts", grade.counts()},
           {"reason", static_cast<std::int64_t>(grade.reason())},
           {"reviewer", grade.reviewer()},
           {"compares", extras.compares},
           {"tier_rank", extras.tier_rank},
           {"ticket_version", extras.ticket_version},
           {"division", grade.division()},
           {"closed_time", FromTimestamp(grade.closed_time())},
           {"create_time", FromTimestamp(grade.create_time())},
           {"body", sql::Bytes{grade.SerializeAsString()}}})
      .status();
}

absl::StatusOr<v1::Grade> GradeStore::Get(sql::Session& session,
                                          const std::string& court,
                                          const std::string& grade) {
  v1::Grade found;
  bool readable = true;
  ASSIGN_OR_RETURN(const bool any,
                   session.QueryOne("SELECT body FROM grades WHERE "
                                    "court = :court AND grade = :grade",
                                    {{"court", court}, {"grade", grade}},
                                    [&](const sql::Row& row) {
                                      readable =
                                          found.ParseFromString(row.Blob(0));
                                    }));
  if (!any) {
    return MakeError(absl::StatusCode::kNotFound, "GRADE_NOT_FOUND",
                     "no grade of that name");
  }
  if (!readable) return Unreadable();
  return found;
}

absl::StatusOr<std::optional<v1::Grade>> GradeStore::Counting(
    sql::Session& session, const std::string& court, const std::string& ticket,
    v1::Subject subject) {
  v1::Grade found;
  bool readable = true;
  ASSIGN_OR_RETURN(
      const bool any,
      session.QueryOne("SELECT body FROM grades WHERE court = :court AND "
                       "ticket = :ticket AND subject = :subject AND "
                       "counts = 1 ORDER BY create_time DESC, grade DESC "
                       "LIMIT 1",
                       {{"court", court},
                        {"ticket", ticket},
                        {"subject", static_cast<std::int64_t>(subject)}},
                       [&](const sql::Row& row) {
                         readable = found.ParseFromString(row.Blob(0));
                       }));
  if (!readable) return Unreadable();
  if (!any) return std::optional<v1::Grade>();
  return std::optional<v1::Grade>(std::move(found));
}

absl::StatusOr<std::int64_t> GradeStore::GradedVersion(
    sql::Session& session, const std::string& court,
    const std::string& ticket) {
  std::int64_t version = -1;
  RETURN_IF_ERROR(session
                      .QueryOne("SELECT MAX(ticket_version) FROM grades WHERE "
                                "court = :court AND ticket = :ticket",
                                {{"court", court}, {"ticket", ticket}},
                                [&](const sql::Row& row) {
                                  if (!row.IsNull(0)) version = row.Int(0);
                                })
                      .status());
  return version;
}

absl::StatusOr<std::vector<std::string>> GradeStore::Graders(
    sql::Session& session, const std::string& court,
    const std::string& ticket) {
  std::vector<std::string> graders;
  RETURN_IF_ERROR(session.Query(
      "SELECT DISTINCT reviewer FROM grades WHERE court = :court AND "
      "ticket = :ticket",
      {{"court", court}, {"ticket", ticket}}, [&](const sql::Row& row) {
        graders.push_back(row.Text(0));
        return absl::OkStatus();
      }));
  return graders;
}

absl::StatusOr<std::vector<v1::Grade>> GradeStore::List(
    sql::Session& session, const v1::ListGradesRequest& request,
    const std::string& court, const Cursor& cursor, int limit) {
  std::string sql = "SELECT body FROM grades WHERE court = :court";
  sql::Params params = {{"court", court}};
  const auto where = [&](absl::string_view condition, sql::Param param) {
    absl::StrAppend(&sql, " AND ", condition);
    params.push_back(std::move(param));
  };
  if (!request.ticket().empty()) {
    ASSIGN_OR_RETURN(const ResourceName ticket,
                     ParseResourceName(request.ticket(), "tickets"));
    where("ticket = :ticket", {"ticket", ticket.id});
  }
  if (!request.division().empty()) {
    where("division = :division", {"division", request.division()});
  }
  if (request.has_closed_from()) {
    where("closed_time >= :from",
          {"from", FromTimestamp(request.closed_from())});
  }
  if (request.has_closed_before()) {
    where("closed_time < :before",
          {"before", FromTimestamp(request.closed_before())});
  }
  if (cursor.has_value()) {
    where("(create_time, grade) < (:at, :last)", {"at", cursor->time});
    params.emplace_back("last", cursor->id);
  }
  absl::StrAppend(&sql, " ORDER BY create_time DESC, grade DESC LIMIT :most");
  params.emplace_back("most", limit + 1);
  std::vector<v1::Grade> grades;
  RETURN_IF_ERROR(
      session.Query(sql, params, [&](const sql::Row& row) -> absl::Status {
        return grades.emplace_back().ParseFromString(row.Blob(0))
                   ? absl::OkStatus()
                   : Unreadable();
      }));
  return grades;
}

absl::StatusOr<std::vector<std::pair<int, int>>> GradeStore::AgreementPairs(
    sql::Session& session, const v1::GetAgreementRequest& request,
    const std::string& court) {
  std::vector<std::pair<int, int>> pairs;
  const absl::Time from = request.has_closed_from()
                              ? FromTimestamp(request.closed_from())
                              : absl::FromUnixSeconds(0);
  const absl::Time before = request.has_closed_before()
                                ? FromTimestamp(request.closed_before())
                                : absl::FromUnixSeconds(253402300800);
  RETURN_IF_ERROR(session.Query(
      "SELECT a.tier_rank, b.tier_rank FROM grades b JOIN grades a ON "
      "a.court = b.court AND a.grade = b.compares WHERE b.court = :court AND "
      "b.reason = :reason AND b.closed_time >= :from AND "
      "b.closed_time < :before",
      {{"court", court},
       {"reason", static_cast<std::int64_t>(v1::Review::REASON_BLIND_SECOND)},
       {"from", from},
       {"before", before}},
      [&](const sql::Row& row) {
        pairs.emplace_back(static_cast<int>(row.Int(0)),
                           static_cast<int>(row.Int(1)));
        return absl::OkStatus();
      }));
  return pairs;
}

}  // namespace huifang::grading

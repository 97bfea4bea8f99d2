#include "services/grading/review_store.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/common/error.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/grading/proto_convert.h"

namespace huifang::grading {
namespace {

constexpr char kColumns[] =
    "SELECT body, ticket, ticket_version, priority, answered_by, lease_token "
    "FROM reviews ";

absl::Status Unreadable() {
  return absl::DataLossError("a stored review cannot be read");
}

absl::Status Read(const sql::Row& row, ReviewRow& out) {
  if (!out.review.ParseFromString(row.Blob(0))) return Unreadable();
  out.ticket = row.Text(1);
  out.ticket_version = row.Int(2);
  out.priority = row.Int(3);
  out.answered_by = absl::StrSplit(row.Text(4), ' ', absl::SkipEmpty());
  out.lease_token = row.Text(5);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<ReviewRow>> ReadAll(sql::Session& session,
                                               absl::string_view sql,
                                               const sql::Params& params) {
  std::vector<ReviewRow> rows;
  RETURN_IF_ERROR(session.Query(sql, params, [&](const sql::Row& row) {
    return Read(row, rows.emplace_back());
  }));
  return rows;
}

std::int64_t LeaseExpire(const v1::Review& review) {
  return MicrosOf(review.has_lease_expire_time(), review.lease_expire_time());
}

}  // namespace

absl::Status ReviewStore::Insert(sql::Session& session,
                                 const std::string& court, ReviewRow& row) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(row.review.name(), "reviews"));
  v1::Review& review = row.review;
  review.set_etag(ShortHash(review.SerializeAsString()));
  return session
      .Run(
          "INSERT INTO reviews (court, review, state, reason, subject, "
          "ticket, ticket_version, priority, division, answered_by, reviewer, "
          "lease_token, lease_expire_time, create_time, body) VALUES (:court, "
          ":review, :state, :reason, :subject, :ticket, :ticket_version, "
          ":priority, :division, :answered_by, '', '', 0, :create_time, "
          ":body)",
          {{"court", court},
           {"review", name.id},
           {"state", static_cast<std::int64_t>(review.state())},
           {"reason", static_cast<std::int64_t>(review.reason())},
           {"subject", static_cast<std::int64_t>(review.subject())},
           {"ticket", row.ticket},
           {"ticket_version", row.ticket_version},
           {"priority", row.priority},
           {"division", review.division()},
           {"answered_by", absl::StrJoin(row.answered_by, " ")},
           {"create_time", FromTimestamp(review.create_time())},
           {"body", sql::Bytes{review.SerializeAsString()}}})
      .status();
}

absl::Status ReviewStore::Update(sql::Session& session,
                                 const std::string& court, ReviewRow& row) {
  v1::Review& review = row.review;
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(review.name(), "reviews"));
  review.clear_lease_token();
  review.clear_etag();
  review.set_etag(ShortHash(review.SerializeAsString()));
  return session
      .Run(
          "UPDATE reviews SET state = :state, reviewer = :reviewer, "
          "lease_token = :token, lease_expire_time = :expire, body = :body "
          "WHERE court = :court AND review = :review",
          {{"state", static_cast<std::int64_t>(review.state())},
           {"reviewer", review.reviewer()},
           {"token", row.lease_token},
           {"expire", LeaseExpire(review)},
           {"body", sql::Bytes{review.SerializeAsString()}},
           {"court", court},
           {"review", name.id}})
      .status();
}

absl::StatusOr<ReviewRow> ReviewStore::Find(sql::Session& session,
                                            const std::string& court,
                                            const std::string& review) {
  ASSIGN_OR_RETURN(
      std::vector<ReviewRow> rows,
      ReadAll(
          session,
          absl::StrCat(kColumns, "WHERE court = :court AND review = :review"),
          {{"court", court}, {"review", review}}));
  if (rows.empty()) {
    return MakeError(absl::StatusCode::kNotFound, "REVIEW_NOT_FOUND",
                     "no review of that name");
  }
  return std::move(rows.front());
}

absl::StatusOr<std::vector<ReviewRow>> ReviewStore::OfTicket(
    sql::Session& session, const std::string& court,
    const std::string& ticket) {
  return ReadAll(session,
                 absl::StrCat(kColumns,
                              "WHERE court = :court AND "
                              "ticket = :ticket"),
                 {{"court", court}, {"ticket", ticket}});
}

absl::Status ReviewStore::WithdrawFor(sql::Session& session,
                                      const std::string& court,
                                      const std::string& ticket) {
  ASSIGN_OR_RETURN(std::vector<ReviewRow> rows,
                   OfTicket(session, court, ticket));
  for (ReviewRow& row : rows) {
    if (row.review.state() != v1::Review::STATE_WAITING &&
        row.review.state() != v1::Review::STATE_LEASED) {
      continue;
    }
    // A recorded call stays what it is, whatever becomes of the ticket.
    if (row.review.subject() == v1::SUBJECT_CALL) continue;
    // What was graded stays graded, and so stays what was said against it.
    if (row.review.reason() == v1::Review::REASON_APPEAL) continue;
    row.review.set_state(v1::Review::STATE_WITHDRAWN);
    row.review.clear_reviewer();
    row.review.clear_lease_expire_time();
    row.lease_token.clear();
    RETURN_IF_ERROR(Update(session, court, row));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<ReviewRow>> ReviewStore::HeldBy(
    sql::Session& session, const std::string& court,
    const std::string& reviewer, absl::Time now) {
  ASSIGN_OR_RETURN(
      std::vector<ReviewRow> rows,
      ReadAll(session,
              absl::StrCat(kColumns,
                           "WHERE court = :court AND reviewer = :reviewer AND "
                           "state = :state AND lease_expire_time > :now ORDER "
                           "BY create_time, review LIMIT 1"),
              {{"court", court},
               {"reviewer", reviewer},
               {"state", static_cast<std::int64_t>(v1::Review::STATE_LEASED)},
               {"now", now}}));
  if (rows.empty()) return std::optional<ReviewRow>();
  return std::optional<ReviewRow>(std::move(rows.front()));
}

absl::StatusOr<std::vector<ReviewRow>> ReviewStore::Free(
    sql::Session& session, const std::string& court, v1::Subject subject,
    const std::string& division, absl::Time now, int limit) {
  std::string conditions;
  sql::Params more;
  if (subject != v1::SUBJECT_UNSPECIFIED) {
    absl::StrAppend(&conditions, " AND subject = :subject");
    more.emplace_back("subject", static_cast<std::int64_t>(subject));
  }
  if (!division.empty()) {
    absl::StrAppend(&conditions, " AND division = :division");
    more.emplace_back("division", division);
  }
  const std::string order =
      " ORDER BY priority, create_time, review LIMIT :most";
  sql::Params waiting = {
      {"court", court},
      {"state", static_cast<std::int64_t>(v1::Review::STATE_WAITING)}};
  waiting.insert(waiting.end(), more.begin(), more.end());
  waiting.emplace_back("most", limit);
  ASSIGN_OR_RETURN(
      std::vector<ReviewRow> rows,
      ReadAll(session,
              absl::StrCat(kColumns, "WHERE court = :court AND state = :state",
                           conditions, order),
              waiting));
  sql::Params lost = {
      {"court", court},
      {"state", static_cast<std::int64_t>(v1::Review::STATE_LEASED)},
      {"now", now}};
  lost.insert(lost.end(), more.begin(), more.end());
  lost.emplace_back("most", limit);
  ASSIGN_OR_RETURN(
      std::vector<ReviewRow> expired,
      ReadAll(session,
              absl::StrCat(kColumns,
                           "WHERE court = :court AND state = :state AND "
                           "lease_expire_time <= :now",
                           conditions, order),
              lost));
  for (ReviewRow& row : expired) rows.push_back(std::move(row));
  // One that was given up must not wait behind all others.
  const auto key = [](const ReviewRow& row) {
    return std::make_tuple(row.priority,
                           FromTimestamp(row.review.create_time()),
                           absl::string_view(row.review.name()));
  };
  std::sort(
      rows.begin(), rows.end(),
      [&](const ReviewRow& a, const ReviewRow& b) { return key(a) < key(b); });
  return rows;
}

absl::StatusOr<std::vector<v1::Review>> ReviewStore::List(
    sql::Session& session, const v1::ListReviewsRequest& request,
    const std::string& court, const Cursor& cursor, int limit) {
  std::string sql = absl::StrCat(kColumns, "WHERE court = :court");
  sql::Params params = {{"court", court}};
  if (request.state() != v1::Review::STATE_UNSPECIFIED) {
    absl::StrAppend(&sql, " AND state = :state");
    params.emplace_back("state", static_cast<std::int64_t>(request.state()));
  }
  if (!request.division().empty()) {
    absl::StrAppend(&sql, " AND division = :division");
    params.emplace_back("division", request.division());
  }
  if (cursor.has_value()) {
    absl::StrAppend(&sql, " AND (create_time, review) > (:at, :last)");
    params.emplace_back("at", cursor->time);
    params.emplace_back("last", cursor->id);
  }
  absl::StrAppend(&sql, " ORDER BY create_time, review LIMIT :most");
  params.emplace_back("most", limit + 1);
  ASSIGN_OR_RETURN(std::vector<ReviewRow> rows, ReadAll(session, sql, params));
  std::vector<v1::Review> reviews;
  for (ReviewRow& row : rows) reviews.push_back(std::move(row.review));
  return reviews;
}

absl::StatusOr<std::string> ReviewStore::TeamOf(sql::Session& session,
                                                const std::string& court,
                                                const std::string& staff) {
  std::string team;
  RETURN_IF_ERROR(
      session
          .QueryOne("SELECT team FROM staff WHERE court = :court "
                    "AND staff = :staff",
                    {{"court", court}, {"staff", staff}},
                    [&](const sql::Row& row) { team = row.Text(0); })
          .status());
  return team;
}

}  // namespace huifang::grading

#include "services/reporting/suggestion_store.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/fact_columns.h"

namespace huifang::reporting {
namespace {

constexpr char kIsLinked[] =
    " AND EXISTS (SELECT 1 FROM suggestion_links l WHERE l.court = s.court "
    "AND l.suggestion_id = s.suggestion_id AND l.link = ";

absl::StatusOr<v1::Suggestion> Parse(const std::string& body) {
  v1::Suggestion suggestion;
  if (!suggestion.ParseFromString(body)) {
    return absl::DataLossError("a stored suggestion cannot be read");
  }
  return suggestion;
}

std::int64_t CreateMicros(const v1::Suggestion& suggestion) {
  return absl::ToUnixMicros(FromTimestamp(suggestion.create_time()));
}

std::int64_t UpdateMicros(const v1::Suggestion& suggestion) {
  std::int64_t last = CreateMicros(suggestion);
  for (const v1::Suggestion::Department& one : suggestion.departments()) {
    if (!one.has_update_time()) continue;
    last = std::max(last, absl::ToUnixMicros(FromTimestamp(one.update_time())));
  }
  return last;
}

absl::StatusOr<std::vector<v1::Suggestion>> ReadAll(sql::Session& session,
                                                    const std::string& sql,
                                                    const sql::Params& params) {
  std::vector<v1::Suggestion> suggestions;
  RETURN_IF_ERROR(
      session.Query(sql, params, [&](const sql::Row& row) -> absl::Status {
        ASSIGN_OR_RETURN(v1::Suggestion suggestion, Parse(row.Blob(0)));
        suggestions.push_back(std::move(suggestion));
        return absl::OkStatus();
      }));
  return suggestions;
}

}  // namespace

absl::StatusOr<v1::Suggestion> SuggestionStore::Get(const std::string& court,
                                                    const std::string& id) {
  v1::Suggestion suggestion;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(suggestion, Load(session, court, id));
    return absl::OkStatus();
  }));
  return suggestion;
}

absl::StatusOr<v1::Suggestion> SuggestionStore::Load(sql::Session& session,
                                                     const std::string& court,
                                                     const std::string& id) {
  std::string body;
  ASSIGN_OR_RETURN(
      const bool found,
      session.QueryOne("SELECT body FROM suggestions WHERE court = :court "
                       "AND suggestion_id = :id",
                       {{"court", court}, {"id", id}},
                       [&](const sql::Row& row) { body = row.Blob(0); }));
  if (!found) {
    return MakeError(absl::StatusCode::kNotFound, "SUGGESTION_NOT_FOUND",
                     "the court has no such suggestion");
  }
  return Parse(body);
}

absl::Status SuggestionStore::Insert(sql::Session& session,
                                     const std::string& court,
                                     v1::Suggestion& suggestion) {
  suggestion.set_etag("1");
  const std::string id = IdOf(suggestion.name());
  RETURN_IF_ERROR(
      session
          .Run(
              "INSERT INTO suggestions (court, suggestion_id, state, revision, "
              "create_time, update_time, body) VALUES (:court, :id, :state, "
              "1, :create_time, :update_time, :body)",
              {{"court", court},
               {"id", id},
               {"state", static_cast<int>(suggestion.state())},
               {"create_time", CreateMicros(suggestion)},
               {"update_time", UpdateMicros(suggestion)},
               {"body", sql::Bytes{suggestion.SerializeAsString()}}})
          .status());
  std::set<std::string> links(suggestion.sources().begin(),
                              suggestion.sources().end());
  for (const v1::Suggestion::Department& one : suggestion.departments()) {
    links.insert(one.division());
  }
  for (const std::string& link : links) {
    RETURN_IF_ERROR(
        session
            .Run("INSERT INTO suggestion_links (court, link, suggestion_id) "
                 "VALUES (:court, :link, :id)",
                 {{"court", court}, {"link", link}, {"id", id}})
            .status());
  }
  return absl::OkStatus();
}

absl::Status SuggestionStore::Save(sql::Session& session,
                                   const std::string& court,
                                   v1::Suggestion& suggestion) {
  std::int64_t revision = 0;
  if (!absl::SimpleAtoi(suggestion.etag(), &revision)) {
    return absl::DataLossError("a stored suggestion has no etag");
  }
  suggestion.set_etag(absl::StrCat(revision + 1));
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      session.Run("UPDATE suggestions SET state = :state, revision = :next, "
                  "update_time = :update_time, body = :body WHERE court = "
                  ":court AND suggestion_id = :id AND revision = :revision",
                  {{"state", static_cast<int>(suggestion.state())},
                   {"next", revision + 1},
                   {"update_time", UpdateMicros(suggestion)},
                   {"body", sql::Bytes{suggestion.SerializeAsString()}},
                   {"court", court},
                   {"id", IdOf(suggestion.name())},
                   {"revision", revision}}));
  if (changed == 1) return absl::OkStatus();
  return MakeError(absl::StatusCode::kAborted, "SUGGESTION_CHANGED",
                   "the suggestion changed meanwhile; read it and try again");
}

absl::StatusOr<std::vector<v1::Suggestion>> SuggestionStore::List(
    const std::string& court, const v1::ListSuggestionsRequest& filter,
    const std::optional<TimeCursor>& cursor, int limit) {
  std::string sql = "SELECT body FROM suggestions s WHERE court = :court";
  sql::Params params = {{"court", court}, {"limit", limit}};
  if (filter.state() != v1::Suggestion::STATE_UNSPECIFIED) {
    absl::StrAppend(&sql, " AND state = :state");
    params.emplace_back("state", static_cast<int>(filter.state()));
  }
  if (!filter.division().empty()) {
    absl::StrAppend(&sql, kIsLinked, ":division)");
    params.emplace_back("division", filter.division());
  }
  if (!filter.source().empty()) {
    absl::StrAppend(&sql, kIsLinked, ":source)");
    params.emplace_back("source", filter.source());
  }
  if (cursor.has_value()) {
    absl::StrAppend(&sql,
                    " AND (create_time < :time OR (create_time = :time "
                    "AND suggestion_id < :id))");
    params.emplace_back("time", cursor->time);
    params.emplace_back("id", cursor->id);
  }
  absl::StrAppend(
      &sql, " ORDER BY create_time DESC, suggestion_id DESC LIMIT :limit");
  std::vector<v1::Suggestion> suggestions;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(suggestions, ReadAll(session, sql, params));
    return absl::OkStatus();
  }));
  return suggestions;
}

TimeCursor SuggestionStore::CursorOf(const v1::Suggestion& suggestion) {
  return {CreateMicros(suggestion), IdOf(suggestion.name())};
}

absl::StatusOr<std::vector<v1::Suggestion>> SuggestionStore::OfReport(
    sql::Session& session, const std::string& court, const Span& span,
    const std::string& division, int limit) {
  std::string sql =
      "SELECT body FROM suggestions s WHERE court = :court "
      "AND create_time < :end AND (state IN (:open, :accepted) "
      "OR update_time >= :start)";
  sql::Params params = {
      {"court", court},
      {"start", absl::ToUnixMicros(StartTime(span))},
      {"end", absl::ToUnixMicros(EndTime(span))},
      {"open", static_cast<int>(v1::Suggestion::STATE_OPEN)},
      {"accepted", static_cast<int>(v1::Suggestion::STATE_ACCEPTED)},
      {"limit", limit}};
  if (!division.empty()) {
    absl::StrAppend(&sql, kIsLinked, ":division)");
    params.emplace_back("division", NameFrom(court, "divisions", division));
  }
  // The longest unanswered first: they are the last to be left out.
  absl::StrAppend(&sql,
                  " ORDER BY CASE WHEN state IN (:open, :accepted) THEN 0 "
                  "ELSE 1 END, create_time, suggestion_id LIMIT :limit");
  return ReadAll(session, sql, params);
}

}  // namespace huifang::reporting

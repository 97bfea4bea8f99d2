#include "services/callback/recall_store.h"

#include "absl/strings/str_cat.h"
#include "services/callback/recalls.h"
#include "services/common/status_macros.h"

namespace huifang::callback {

absl::StatusOr<std::vector<v1::Recall>> ListRecalls(
    sql::Session& session, const std::string& court, const RecallFilter& filter,
    const std::optional<TimeCursor>& cursor, int limit) {
  std::string sql =
      "SELECT a.body, b.body FROM callbacks b JOIN callbacks a ON "
      "a.court = b.court AND a.callback_id = b.recall_of WHERE "
      "b.court = :court AND b.recall_of > ''";
  sql::Params params = {{"court", court}};
  const auto where = [&](const char* condition, sql::Param param) {
    absl::StrAppend(&sql, " AND ", condition);
    params.push_back(std::move(param));
  };
  if (!filter.draw_id.empty()) {
    where("b.draw_id = :draw", {"draw", filter.draw_id});
  }
  if (filter.differing) where("b.recall_differs = :one", {"one", 1});
  if (filter.from.has_value()) {
    where("b.create_time >= :from", {"from", *filter.from});
  }
  if (filter.before.has_value()) {
    where("b.create_time < :before", {"before", *filter.before});
  }
  if (cursor.has_value()) {
    where("(b.create_time, b.callback_id) < (:time, :id)",
          {"time", cursor->time});
    params.emplace_back("id", cursor->id);
  }
  absl::StrAppend(
      &sql, " ORDER BY b.create_time DESC, b.callback_id DESC LIMIT :most");
  params.emplace_back("most", limit);
  std::vector<v1::Recall> recalls;
  RETURN_IF_ERROR(
      session.Query(sql, params, [&](const sql::Row& row) -> absl::Status {
        v1::Callback first;
        v1::Callback second;
        RETURN_IF_ERROR(ParseBody(row.Blob(0), first));
        RETURN_IF_ERROR(ParseBody(row.Blob(1), second));
        recalls.push_back(Compare(first, second));
        return absl::OkStatus();
      }));
  return recalls;
}

}  // namespace huifang::callback

#include "services/reporting/supervision_store.h"

#include "absl/strings/str_cat.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/fact_columns.h"
#include "services/reporting/facts_reader.h"

namespace huifang::reporting {

v1::Supervision SupervisionOf(const sql::Row& row, const std::string& court,
                              absl::Time now) {
  v1::Supervision supervision;
  const std::string id = row.Text(0);
  supervision.set_name(MakeResourceName(court, "supervisions", id));
  supervision.set_ticket(MakeResourceName(court, "tickets", id));
  supervision.set_ticket_number(row.Text(1).empty() ? id : row.Text(1));
  supervision.set_division(NameFrom(court, "divisions", row.Text(2)));
  supervision.set_matter(row.Text(3));
  supervision.set_closed(row.Int(4) != 0);
  if (row.Int(5) > 0) {
    const absl::Time due = row.Time(5);
    *supervision.mutable_due_time() = ToTimestamp(due);
    supervision.set_overdue((row.Int(6) > 0 ? row.Time(6) : now) > due);
  }
  return supervision;
}

absl::StatusOr<std::vector<v1::Supervision>> SupervisionStore::List(
    const std::string& court, const v1::ListSupervisionsRequest& filter,
    absl::Time now, const std::optional<TimeCursor>& cursor, int limit) {
  std::string sql = absl::StrCat("SELECT ", kSupervisionColumns,
                                 " FROM ticket_facts t WHERE t.court = :court "
                                 "AND t.key_supervision = 1 "
                                 "AND t.cancelled = 0");
  sql::Params params = {{"court", court}, {"limit", limit}};
  if (!filter.include_closed()) absl::StrAppend(&sql, " AND t.closed_day = 0");
  if (!filter.division().empty()) {
    absl::StrAppend(&sql, " AND t.division = :division");
    params.emplace_back("division", IdOf(filter.division()));
  }
  if (cursor.has_value()) {
    absl::StrAppend(&sql,
                    " AND (t.due_time > :time OR (t.due_time = :time "
                    "AND t.ticket_id > :id))");
    params.emplace_back("time", cursor->time);
    params.emplace_back("id", cursor->id);
  }
  absl::StrAppend(&sql, " ORDER BY t.due_time, t.ticket_id LIMIT :limit");
  std::vector<v1::Supervision> supervisions;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    supervisions.clear();
    FactsReader reader(session, court);
    ASSIGN_OR_RETURN(const DisplayNames names, reader.Names());
    return session.Query(sql, params, [&](const sql::Row& row) {
      v1::Supervision& one =
          supervisions.emplace_back(SupervisionOf(row, court, now));
      if (const auto name = names.find(one.division()); name != names.end()) {
        one.set_division_display_name(name->second);
      }
      return absl::OkStatus();
    });
  }));
  return supervisions;
}

TimeCursor SupervisionStore::CursorOf(const v1::Supervision& supervision) {
  return {MicrosOf(supervision.has_due_time(), supervision.due_time()),
          IdOf(supervision.name())};
}

}  // namespace huifang::reporting

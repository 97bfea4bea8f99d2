#include "services/reporting/statistics_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "huifang/ticket/v1/ticket_resources.pb.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/fact_columns.h"
#include "services/reporting/period_rules.h"

namespace huifang::reporting {
namespace {

using Request = v1::QueryStatisticsRequest;

constexpr double kMicrosPerHour = 3.6e9;

// Column of a dimension in ticket_facts, aliased t.
std::string ColumnOf(int dimension, const char* day_column) {
  switch (dimension) {
    case Request::DIMENSION_COURT:
      return "t.court";
    case Request::DIMENSION_DIVISION:
      return "t.division";
    case Request::DIMENSION_TEAM:
      return "t.team";
    case Request::DIMENSION_HANDLER:
      return "t.handler";
    case Request::DIMENSION_CHANNEL:
      return "t.channel";
    case Request::DIMENSION_KIND:
      return "t.kind";
    case Request::DIMENSION_CATEGORY:
      return "t.category";
    default:
      return day_column;
  }
}

// What the caller sees of a column's value.
std::string KeyText(int dimension, const std::string& court,
                    const sql::Row& row, int column) {
  switch (dimension) {
    case Request::DIMENSION_COURT:
      return absl::StrCat("courts/", row.Text(column));
    case Request::DIMENSION_DIVISION:
      return NameFrom(court, "divisions", row.Text(column));
    case Request::DIMENSION_TEAM:
      return NameFrom(court, "teams", row.Text(column));
    case Request::DIMENSION_HANDLER:
      return NameFrom(court, "staff", row.Text(column));
    case Request::DIMENSION_CHANNEL:
      return ticket::v1::Channel_Name(
          static_cast<ticket::v1::Channel>(row.Int(column)));
    case Request::DIMENSION_KIND:
      return ticket::v1::Kind_Name(
          static_cast<ticket::v1::Kind>(row.Int(column)));
    case Request::DIMENSION_CATEGORY:
      return row.Text(column);
    default:
      return DayText(DayOfNumber(static_cast<int>(row.Int(column))));
  }
}

// The parts of the SQL that a request decides.
struct Plan {
  const Request& request;
  sql::Params params;
  std::string where;          // filters on t, each with a leading AND
  std::string filter;         // the same as one condition, "1 = 1" without any
  std::vector<int> filtered;  // dimensions that are not grouped by as well

  // t.court first, so that names can be made; then the dimensions.
  std::string Columns(const char* day_column) const {
    std::vector<std::string> columns = {"t.court"};
    for (const int dimension : request.group_by()) {
      columns.push_back(ColumnOf(dimension, day_column));
    }
    return absl::StrJoin(columns, ", ");
  }
  std::string GroupBy(const char* day_column) const {
    // Different courts' rows of one key are added up by the caller.
    return Columns(day_column);
  }
  GroupKey Key(const sql::Row& row) const {
    GroupKey key;
    for (int i = 0; i < request.group_by_size(); ++i) {
      key.push_back(KeyText(request.group_by(i), row.Text(0), row, i + 1));
    }
    return key;
  }
  int first_value() const { return request.group_by_size() + 1; }

  // Of calls: the dimensions, then what is filtered.
  std::string CellColumns() const {
    std::vector<std::string> columns = {Columns("t.closed_day")};
    for (const int dimension : filtered) {
      columns.push_back(ColumnOf(dimension, "t.closed_day"));
    }
    return absl::StrJoin(columns, ", ");
  }
  GroupKey Cell(const sql::Row& row) const {
    GroupKey key = Key(row);
    int at = first_value();
    for (const int dimension : filtered) {
      key.push_back(KeyText(dimension, row.Text(0), row, at++));
    }
    return key;
  }
};

Plan MakePlan(const std::string& court, const Request& request) {
  Plan plan{request, {}, "", "", {}};
  std::vector<std::string> conditions;
  const auto bind = [&](const char* name, const std::string& column,
                        sql::Value value) {
    conditions.push_back(absl::StrCat(column, " = :", name));
    plan.params.emplace_back(name, std::move(value));
  };
  const auto add = [&](const char* name, Request::Dimension dimension,
                       sql::Value value) {
    bind(name, ColumnOf(dimension, ""), std::move(value));
    const auto& grouped = request.group_by();
    if (std::find(grouped.begin(), grouped.end(), dimension) == grouped.end()) {
      plan.filtered.push_back(dimension);
    }
  };
  if (court != "-") bind("court", "t.court", court);
  if (!request.division().empty()) {
    add("division", Request::DIMENSION_DIVISION, IdOf(request.division()));
  }
  if (!request.team().empty()) {
    add("team", Request::DIMENSION_TEAM, IdOf(request.team()));
  }
  if (!request.handler().empty()) {
    add("handler", Request::DIMENSION_HANDLER, IdOf(request.handler()));
  }
  ticket::v1::Channel channel = ticket::v1::CHANNEL_UNSPECIFIED;
  if (ticket::v1::Channel_Parse(request.channel(), &channel)) {
    add("channel", Request::DIMENSION_CHANNEL, std::int64_t{channel});
  }
  ticket::v1::Kind kind = ticket::v1::KIND_UNSPECIFIED;
  if (ticket::v1::Kind_Parse(request.kind(), &kind)) {
    add("kind", Request::DIMENSION_KIND, std::int64_t{kind});
  }
  plan.filter =
      conditions.empty() ? "1 = 1" : absl::StrJoin(conditions, " AND ");
  plan.where = absl::StrCat(" AND ", plan.filter);
  const absl::CivilDay start =
      ParseDay(request.start_day()).value_or(absl::CivilDay());
  const absl::CivilDay end =
      ParseDay(request.end_day()).value_or(absl::CivilDay());
  plan.params.emplace_back("first", DayNumber(start));
  plan.params.emplace_back("last", DayNumber(end));
  return plan;
}

absl::Status ReadClosed(sql::Session& session, const Plan& plan,
                        StatisticsFacts& facts) {
  return session.Query(
      absl::StrCat(
          "SELECT ", plan.Columns("t.closed_day"),
          ", COUNT(*), SUM(t.instant), SUM(t.has_due), SUM(t.on_time), "
          "SUM(t.dispatched), SUM(t.dispatches), SUM(t.replied), "
          "SUM(t.reply_us), SUM(t.handling_us), SUM(t.reopened), "
          "SUM(t.generated), SUM(q.inspected), SUM(q.over_simplified), "
          "SUM(CASE WHEN q.graded = 1 THEN q.passed "
          "ELSE q.proposed_pass END), SUM(q.flagged), "
          "SUM(q.flagged * q.graded), "
          "SUM(q.flagged * q.graded * q.passed), "
          "SUM((1 - q.flagged) * q.graded), "
          "SUM((1 - q.flagged) * q.graded * q.passed) "
          "FROM ticket_facts t LEFT JOIN quality_facts q "
          "ON q.court = t.court AND q.ticket_id = t.ticket_id "
          "AND q.inspected = 1 WHERE t.closed_day > 0 "
          "AND t.closed_day BETWEEN :first AND :last",
          plan.where, " GROUP BY ", plan.GroupBy("t.closed_day")),
      plan.params, [&](const sql::Row& row) {
        GroupFacts& group = facts.groups[plan.Key(row)];
        int at = plan.first_value();
        TicketTotals t;
        t.closed = row.Int(at++);
        t.instant = row.Int(at++);
        t.with_due = row.Int(at++);
        t.on_time = row.Int(at++);
        t.dispatched = row.Int(at++);
        t.dispatches = row.Int(at++);
        t.replied = row.Int(at++);
        t.reply_hours = row.Real(at++) / kMicrosPerHour;
        t.handling_hours = row.Real(at++) / kMicrosPerHour;
        t.reopened = row.Int(at++);
        t.generated = row.Int(at++);
        group.tickets += t;
        QualityTotals q;
        q.inspected = row.Int(at++);
        q.over_simplified = row.Int(at++);
        q.proposed_passed = row.Int(at++);
        q.flagged = row.Int(at++);
        q.flagged_graded = row.Int(at++);
        q.flagged_passed = row.Int(at++);
        q.plain_graded = row.Int(at++);
        q.plain_passed = row.Int(at++);
        group.quality += q;
        return absl::OkStatus();
      });
}

absl::Status ReadCreated(sql::Session& session, const Plan& plan,
                         StatisticsFacts& facts) {
  return session.Query(
      absl::StrCat("SELECT ", plan.Columns("t.created_day"),
                   ", COUNT(*), SUM(t.repeated) FROM ticket_facts t "
                   "WHERE t.created_day BETWEEN :first AND :last",
                   plan.where, " GROUP BY ", plan.GroupBy("t.created_day")),
      plan.params, [&](const sql::Row& row) {
        TicketTotals t;
        t.created = row.Int(plan.first_value());
        t.repeats = row.Int(plan.first_value() + 1);
        facts.groups[plan.Key(row)].tickets += t;
        return absl::OkStatus();
      });
}

absl::Status ReadCalls(sql::Session& session, const std::string& court,
                       const Plan& plan, StatisticsFacts& facts) {
  const char* const bound = court == "-" ? "" : " AND c.court = :court";
  return session.Query(
      absl::StrCat(
          "SELECT ", plan.CellColumns(), ", CASE WHEN ", plan.filter,
          " THEN 1 ELSE 0 END, c.draw, c.stratum, c.stratum_population, "
          "c.close_day, c.disposition, c.verdict, c.judge_called, c.in_time, "
          "c.attitude, c.clear, c.solved, c.simulated, c.caller, c.ticket_id "
          "FROM call_facts c "
          "LEFT JOIN ticket_facts t ON t.court = c.court "
          "AND t.ticket_id = c.ticket_id WHERE c.withdrawn = 0",
          bound,
          " AND c.draw IN (SELECT c2.draw FROM call_facts c2 "
          "WHERE c2.court = c.court "
          "AND c2.close_day BETWEEN :first AND :last)",
          kOfStandingDraw),
      plan.params, [&](const sql::Row& row) {
        CallFact& call = facts.calls.emplace_back();
        facts.cells.push_back(plan.Cell(row));
        int at = plan.first_value() + static_cast<int>(plan.filtered.size());
        call.group = row.Int(at++) != 0 ? JoinKey(plan.Key(row)) : kNoGroup;
        call.draw = row.Text(at++);
        call.stratum = row.Text(at++);
        call.stratum_population = row.Int(at++);
        call.close_day = static_cast<int>(row.Int(at++));
        call.disposition = static_cast<Disposition>(row.Int(at++));
        call.verdict = static_cast<Verdict>(row.Int(at++));
        for (Answer& answer : call.answers) {
          answer = static_cast<Answer>(row.Int(at++));
        }
        call.simulated = row.Int(at++) != 0;
        call.caller = row.Text(at++);
        call.ticket = row.Text(at);
        return absl::OkStatus();
      });
}

absl::Status ReadNames(sql::Session& session, const std::string& court,
                       DisplayNames& names) {
  const bool all = court == "-";
  return session.Query(
      absl::StrCat("SELECT name, display_name FROM display_names",
                   all ? "" : " WHERE court = :court"),
      all ? sql::Params{} : sql::Params{{"court", court}},
      [&](const sql::Row& row) {
        names[row.Text(0)] = row.Text(1);
        return absl::OkStatus();
      });
}

}  // namespace

std::string JoinKey(const GroupKey& key) { return absl::StrJoin(key, "\x1f"); }

absl::StatusOr<StatisticsFacts> StatisticsStore::QueryIn(
    sql::Session& session, const std::string& court,
    const v1::QueryStatisticsRequest& request, absl::string_view condition) {
  Plan plan = MakePlan(court, request);
  absl::StrAppend(&plan.where, condition);
  StatisticsFacts facts;
  RETURN_IF_ERROR(ReadClosed(session, plan, facts));
  RETURN_IF_ERROR(ReadCreated(session, plan, facts));
  RETURN_IF_ERROR(ReadCalls(session, court, plan, facts));
  RETURN_IF_ERROR(ReadNames(session, court, facts.names));
  return facts;
}

absl::StatusOr<StatisticsFacts> StatisticsStore::Query(
    const std::string& court, const v1::QueryStatisticsRequest& request) {
  StatisticsFacts facts;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(facts, QueryIn(session, court, request));
    return absl::OkStatus();
  }));
  return facts;
}

}  // namespace huifang::reporting

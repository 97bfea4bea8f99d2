#include "services/reporting/appraisal_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/fact_columns.h"
#include "services/reporting/facts_reader.h"
#include "services/reporting/statistics_store.h"

namespace huifang::reporting {
namespace {

// On a ticket `t`. The first condition on the state is that of the index.
constexpr char kExcluded[] =
    "EXISTS (SELECT 1 FROM appraisal_exclusions x WHERE x.court = t.court "
    "AND x.ticket_id = t.ticket_id AND x.state <> 3 AND x.state = 2)";

// On a ticket `t` that closed in the period.
constexpr char kClosed[] =
    "t.court = :court AND t.closed_day > 0 "
    "AND t.closed_day BETWEEN :first AND :last";

// A grade that stands, `q`, of a ticket `t`.
constexpr char kGraded[] =
    "JOIN quality_facts q ON q.court = t.court AND q.ticket_id = t.ticket_id "
    "AND q.inspected = 1 AND q.graded = 1 ";

sql::Params Bound(const std::string& court, const Span& span) {
  return {{"court", court},
          {"first", DayNumber(span.first)},
          {"last", DayNumber(span.last)}};
}

Handled HandledBy(const std::string& court, const sql::Row& row) {
  return {NameFrom(court, "divisions", row.Text(0)),
          NameFrom(court, "staff", row.Text(1))};
}

absl::Status ReadCounts(sql::Session& session, const std::string& court,
                        const Span& span, AppraisalFacts& facts) {
  v1::QueryStatisticsRequest request;
  request.set_start_day(DayText(span.first));
  request.set_end_day(DayText(span.last));
  request.add_group_by(v1::QueryStatisticsRequest::DIMENSION_DIVISION);
  request.add_group_by(v1::QueryStatisticsRequest::DIMENSION_HANDLER);
  ASSIGN_OR_RETURN(
      StatisticsFacts counted,
      StatisticsStore::QueryIn(session, court, request,
                               absl::StrCat(" AND NOT ", kExcluded)));
  for (const auto& [key, group] : counted.groups) {
    if (group.tickets.closed == 0) continue;
    HandledFacts& line = facts.lines[{key[0], key[1]}];
    line.tickets = group.tickets;
    line.quality = group.quality;
  }
  facts.calls = std::move(counted.calls);
  for (CallFact& call : facts.calls) {
    call.division = call.group.substr(0, call.group.find('\x1f'));
  }
  return absl::OkStatus();
}

absl::Status ReadGrades(sql::Session& session, const std::string& court,
                        const Span& span, AppraisalFacts& facts) {
  RETURN_IF_ERROR(session.Query(
      absl::StrCat("SELECT t.division, t.handler, q.tier, COUNT(*) "
                   "FROM ticket_facts t ",
                   kGraded, "WHERE ", kClosed, " AND NOT ", kExcluded,
                   " GROUP BY t.division, t.handler, q.tier"),
      Bound(court, span), [&](const sql::Row& row) {
        facts.lines[HandledBy(court, row)].tiers[row.Text(2)] = row.Int(3);
        return absl::OkStatus();
      }));
  return session.Query(
      absl::StrCat("SELECT t.division, t.handler, f.rule, COUNT(*) "
                   "FROM ticket_facts t ",
                   kGraded,
                   "JOIN finding_facts f ON f.court = t.court "
                   "AND f.ticket_id = t.ticket_id WHERE ",
                   kClosed, " AND NOT ", kExcluded,
                   " GROUP BY t.division, t.handler, f.rule"),
      Bound(court, span), [&](const sql::Row& row) {
        facts.lines[HandledBy(court, row)].findings[row.Text(2)] = row.Int(3);
        return absl::OkStatus();
      });
}

absl::Status ReadExclusions(sql::Session& session, const std::string& court,
                            const Span& span, AppraisalFacts& facts) {
  return session.Query(
      absl::StrCat("SELECT t.division, t.handler, x.body "
                   "FROM appraisal_exclusions x JOIN ticket_facts t "
                   "ON t.court = x.court AND t.ticket_id = x.ticket_id "
                   "WHERE x.court = :court AND x.state = 2 AND ",
                   kClosed, " ORDER BY x.create_time, x.exclusion_id"),
      Bound(court, span), [&](const sql::Row& row) -> absl::Status {
        if (!facts.exclusions.emplace_back().ParseFromString(row.Blob(2))) {
          return absl::DataLossError("a stored exclusion cannot be read");
        }
        ++facts.lines[HandledBy(court, row)].excluded;
        return absl::OkStatus();
      });
}

}  // namespace

absl::StatusOr<AppealStanding> ReadAppeals(sql::Session& session,
                                           const std::string& court,
                                           const Span& span, absl::Time now,
                                           absl::Duration untold) {
  AppealStanding standing;
  RETURN_IF_ERROR(session.Query(
      absl::StrCat("SELECT q.grade FROM ticket_facts t ", kGraded, "WHERE ",
                   kClosed),
      Bound(court, span), [&](const sql::Row& row) -> absl::Status {
        grading::v1::Grade grade;
        if (!grade.ParseFromString(row.Blob(0))) {
          return absl::DataLossError("a stored fact cannot be read");
        }
        AddGrade(grade, now, untold, standing);
        return absl::OkStatus();
      }));
  RETURN_IF_ERROR(session.Query(
      absl::StrCat("SELECT a.appeal_id FROM appeal_facts a JOIN ticket_facts t "
                   "ON t.court = a.court AND t.ticket_id = a.ticket_id "
                   "WHERE a.court = :court AND a.open = 1 AND ",
                   kClosed, " ORDER BY a.appeal_id"),
      Bound(court, span), [&](const sql::Row& row) {
        standing.appeals.push_back(
            MakeResourceName(court, "appeals", row.Text(0)));
        return absl::OkStatus();
      }));
  return standing;
}

absl::StatusOr<AppraisalFacts> ReadAppraisal(sql::Session& session,
                                             const std::string& court,
                                             const Span& span) {
  AppraisalFacts facts;
  facts.court = absl::StrCat("courts/", court);
  facts.span = span;
  RETURN_IF_ERROR(ReadCounts(session, court, span, facts));
  RETURN_IF_ERROR(ReadGrades(session, court, span, facts));
  RETURN_IF_ERROR(ReadExclusions(session, court, span, facts));
  FactsReader reader(session, court);
  ASSIGN_OR_RETURN(facts.names, reader.Names());
  ASSIGN_OR_RETURN(facts.rule_names, reader.RuleNames());
  ASSIGN_OR_RETURN(facts.tiers, reader.Tiers());
  return facts;
}

absl::StatusOr<ExcludedTicket> ReadExcludedTicket(sql::Session& session,
                                                  const std::string& court,
                                                  const std::string& ticket) {
  ExcludedTicket found;
  found.name = MakeResourceName(court, "tickets", ticket);
  std::vector<std::string> handlers;
  ASSIGN_OR_RETURN(
      const bool known,
      session.QueryOne(
          "SELECT t.source_id, t.division, t.closed_day, t.handler, "
          "q.handler, d.display_name "
          "FROM ticket_facts t LEFT JOIN quality_facts q "
          "ON q.court = t.court AND q.ticket_id = t.ticket_id "
          "LEFT JOIN display_names d ON d.court = t.court "
          "AND d.name = 'courts/' || t.court || '/divisions/' || t.division "
          "WHERE t.court = :court AND t.ticket_id = :id",
          {{"court", court}, {"id", ticket}}, [&](const sql::Row& row) {
            found.number = row.Text(0).empty() ? ticket : row.Text(0);
            found.division = NameFrom(court, "divisions", row.Text(1));
            if (row.Int(2) > 0) {
              found.closed_day =
                  DayText(DayOfNumber(static_cast<int>(row.Int(2))));
            }
            handlers = {row.Text(3), row.Text(4)};
            found.division_display_name =
                row.Text(5).empty() ? row.Text(1) : row.Text(5);
          }));
  if (!known) {
    return MakeError(absl::StatusCode::kNotFound, "TICKET_NOT_FOUND",
                     "the court has no such ticket, or it has not arrived yet");
  }
  for (const std::string& handler : handlers) {
    if (!handler.empty()) {
      found.handlers.push_back(NameFrom(court, "staff", handler));
    }
  }
  return found;
}

}  // namespace huifang::reporting

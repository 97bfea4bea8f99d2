// The words of a report: items, opinions, supervised tickets.
#include <set>

#include "absl/strings/str_cat.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/fact_columns.h"
#include "services/reporting/facts_reader.h"
#include "services/reporting/supervision_store.h"

namespace huifang::reporting {
namespace {

constexpr std::size_t kMaxOpinions = 12;
// A court of 60 calls a week never has more in a month.
constexpr int kOpinionsRead = 1000;
constexpr int kMaxSupervisions = 50;

// Tickets of the period that failed, were late, or left the caller
// unsatisfied. The candidates come from three covering indexes; a join over all
// tickets of the period with an OR would look at each of them.
constexpr char kItemTables[] =
    " FROM ticket_facts t "
    "LEFT JOIN quality_facts q ON q.court = t.court "
    "AND q.ticket_id = t.ticket_id AND q.inspected = 1 "
    "LEFT JOIN call_facts c ON c.court = t.court "
    "AND c.ticket_id = t.ticket_id AND c.withdrawn = 0 AND c.verdict > 0 "
    "WHERE t.court = :court AND t.closed_day > 0 "
    "AND t.closed_day BETWEEN :first AND :last AND t.ticket_id IN ("
    "SELECT ticket_id FROM quality_facts WHERE court = :court "
    "AND closed_day BETWEEN :first AND :last AND inspected = 1 "
    "AND ((graded = 1 AND passed = 0) OR (graded = 0 AND proposed_pass = 0)) "
    "UNION SELECT ticket_id FROM ticket_facts WHERE court = :court "
    "AND closed_day > 0 AND closed_day BETWEEN :first AND :last "
    "AND has_due = 1 AND on_time = 0 "
    "UNION SELECT ticket_id FROM call_facts WHERE court = :court "
    "AND close_day BETWEEN :first AND :last AND withdrawn = 0 "
    "AND verdict = 3)";

// Worst first: an unsatisfied caller and a person's failing grade weigh more
// than what the machine only proposes.
constexpr char kItemOrder[] =
    " ORDER BY (CASE WHEN c.verdict = 3 THEN 8 ELSE 0 END) "
    "+ (CASE WHEN q.graded = 1 AND q.passed = 0 THEN 8 "
    "WHEN q.graded = 0 AND q.proposed_pass = 0 THEN 4 ELSE 0 END) "
    "+ (CASE WHEN t.has_due = 1 AND t.on_time = 0 THEN 2 ELSE 0 END) DESC, "
    "t.close_time, t.ticket_id, c.callback_id DESC LIMIT :limit";

std::string DivisionOf(const std::string& division) {
  return division.empty() ? "" : " AND t.division = :division";
}

}  // namespace

absl::Status FactsReader::ReadItems(const Span& span,
                                    const std::string& division, int limit,
                                    ReportFacts& facts) {
  sql::Params params = {{"court", court_},
                        {"first", DayNumber(span.first)},
                        {"last", DayNumber(span.last)}};
  if (!division.empty()) params.emplace_back("division", division);
  RETURN_IF_ERROR(
      session_
          .QueryOne(
              absl::StrCat("SELECT COUNT(DISTINCT t.ticket_id)", kItemTables,
                           DivisionOf(division)),
              params,
              [&](const sql::Row& row) { facts.items_total = row.Int(0); })
          .status());
  params.emplace_back("limit", limit);
  std::set<std::string> seen;
  return session_.Query(
      absl::StrCat("SELECT t.ticket_id, t.source_id, t.division, t.handler, "
                   "t.matter, t.reply, t.due_time, t.close_time, t.has_due, "
                   "t.on_time, q.inspection, q.graded, q.grade, c.body",
                   kItemTables, DivisionOf(division), kItemOrder),
      params, [&](const sql::Row& row) -> absl::Status {
        // A ticket drawn twice comes once for each call; the first row is the
        // worst, or the newest.
        if (!seen.insert(row.Text(0)).second) return absl::OkStatus();
        ItemFacts& item = facts.items.emplace_back();
        item.ticket = MakeResourceName(court_, "tickets", row.Text(0));
        item.source_id = row.Text(1);
        item.division = NameFrom(court_, "divisions", row.Text(2));
        item.handler = NameFrom(court_, "staff", row.Text(3));
        item.matter = row.Text(4);
        item.reply = row.Text(5);
        item.due_time = row.Time(6);
        item.close_time = row.Time(7);
        item.overdue = row.Int(8) != 0 && row.Int(9) == 0;
        item.inspected = !row.IsNull(10);
        item.graded = row.Int(11) != 0;
        item.called = !row.IsNull(13);
        if ((item.inspected &&
             !item.inspection.ParseFromString(row.Blob(10))) ||
            (item.graded && !item.grade.ParseFromString(row.Blob(12))) ||
            (item.called && !item.callback.ParseFromString(row.Blob(13)))) {
          return absl::DataLossError("a stored fact cannot be read");
        }
        StrikeOut(item.grade, item.inspection);
        return absl::OkStatus();
      });
}

absl::Status FactsReader::ReadOpinions(const Span& span,
                                       const std::string& division,
                                       ReportFacts& facts) {
  sql::Params params = {{"court", court_},
                        {"first", DayNumber(span.first)},
                        {"last", DayNumber(span.last)},
                        {"limit", kOpinionsRead}};
  if (!division.empty()) params.emplace_back("division", division);
  std::set<std::string> texts;
  return session_.Query(
      absl::StrCat(
          "SELECT c.callback_id, c.division, c.body, v.acknowledged "
          "FROM call_facts c LEFT JOIN conveyance_facts v "
          "ON v.court = c.court AND v.callback_id = c.callback_id "
          "WHERE c.court = :court "
          "AND c.close_day BETWEEN :first AND :last "
          "AND c.withdrawn = 0 AND c.has_opinion = 1",
          division.empty() ? "" : " AND c.division = :division",
          " ORDER BY CASE WHEN c.verdict = 3 THEN 0 WHEN c.verdict = 2 "
          "THEN 1 ELSE 2 END, c.callback_id LIMIT :limit"),
      params, [&](const sql::Row& row) -> absl::Status {
        callback::v1::Callback call;
        if (!call.ParseFromString(row.Blob(2))) {
          return absl::DataLossError("a stored callback cannot be read");
        }
        // An older program took them down as one.
        if (call.opinions().empty()) call.add_opinions(call.opinion());
        for (const std::string& said : call.opinions()) {
          ++facts.opinions_total;
          // The same words twice say no more to the reader.
          if (facts.opinions.size() >= kMaxOpinions ||
              !texts.insert(said).second) {
            continue;
          }
          v1::Opinion& opinion = facts.opinions.emplace_back();
          opinion.set_callback(
              MakeResourceName(court_, "callbacks", row.Text(0)));
          opinion.set_division(NameFrom(court_, "divisions", row.Text(1)));
          opinion.set_text(said);
          opinion.set_verdict(VerdictText(call.verdict()));
          opinion.set_acknowledged(row.Int(3) != 0);
        }
        return absl::OkStatus();
      });
}

absl::Status FactsReader::ReadSupervisions(const Span& span,
                                           const std::string& division,
                                           ReportFacts& facts) {
  sql::Params params = {{"court", court_},
                        {"first", DayNumber(span.first)},
                        {"end", EndTime(span)},
                        {"limit", kMaxSupervisions}};
  if (!division.empty()) params.emplace_back("division", division);
  return session_.Query(
      absl::StrCat("SELECT ", kSupervisionColumns,
                   " FROM ticket_facts t WHERE t.court = :court "
                   "AND t.key_supervision = 1 AND t.cancelled = 0 "
                   "AND t.create_time < :end "
                   "AND (t.closed_day = 0 OR t.closed_day >= :first)",
                   division.empty() ? "" : " AND t.division = :division",
                   " ORDER BY t.due_time, t.ticket_id LIMIT :limit"),
      params, [&](const sql::Row& row) {
        facts.supervisions.push_back(SupervisionOf(row, court_, EndTime(span)));
        return absl::OkStatus();
      });
}

absl::Status FactsReader::ReadCoverage(ReportFacts& facts) {
  for (v1::Opinion& opinion : facts.opinions) {
    const auto name = facts.names.find(opinion.division());
    if (name != facts.names.end()) {
      opinion.set_division_display_name(name->second);
    }
  }
  for (v1::Supervision& supervision : facts.supervisions) {
    const auto name = facts.names.find(supervision.division());
    if (name != facts.names.end()) {
      supervision.set_division_display_name(name->second);
    }
  }
  for (const auto& [group, totals] : facts.spans.back().tickets) {
    facts.ticket_facts += totals.closed;
  }
  return session_
      .QueryOne(
          "SELECT MAX(close_time) FROM ticket_facts "
          "WHERE court = :court AND closed_day > 0 "
          "AND closed_day BETWEEN :first AND :last",
          {{"court", court_},
           {"first", DayNumber(facts.spans.back().span.first)},
           {"last", DayNumber(facts.spans.back().span.last)}},
          [&](const sql::Row& row) { facts.facts_until = row.Time(0); })
      .status();
}

}  // namespace huifang::reporting

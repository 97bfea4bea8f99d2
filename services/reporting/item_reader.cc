// The words of a report: items, opinions, supervised tickets.
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/fact_columns.h"
#include "services/reporting/facts_reader.h"
#include "services/reporting/supervision_store.h"
#include "services/reporting/words_disclosure.h"

namespace huifang::reporting {
namespace {

constexpr std::size_t kMaxOpinions = 12;
// A court of 60 calls a week never has more in a month.
constexpr int kOpinionsRead = 1000;

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

// Of a ticket drawn twice the call with the unsatisfied caller, else the newest
// one. Only the choice among items knows which of them may count.
constexpr char kCandidateOrder[] =
    " ORDER BY t.close_time, t.ticket_id, "
    "CASE WHEN c.verdict = 3 THEN 0 ELSE 1 END, c.callback_id DESC";

std::string DivisionOf(const std::string& division) {
  return division.empty() ? "" : " AND t.division = :division";
}

}  // namespace

// Every candidate by what decides about it, then the words of the chosen ones.
absl::Status FactsReader::ReadItems(const Span& span,
                                    const std::string& division, int limit,
                                    SurveyDisclosure& disclosure,
                                    ReportFacts& facts) {
  sql::Params params = {{"court", court_},
                        {"first", DayNumber(span.first)},
                        {"last", DayNumber(span.last)}};
  if (!division.empty()) params.emplace_back("division", division);
  std::vector<ItemFacts> candidates;
  RETURN_IF_ERROR(session_.Query(
      absl::StrCat("SELECT t.ticket_id, t.close_time, t.has_due, t.on_time, "
                   "q.graded, q.passed, q.proposed_pass, c.callback_id, "
                   "c.verdict, c.division, c.team, c.close_day",
                   kItemTables, DivisionOf(division), kCandidateOrder),
      params, [&](const sql::Row& row) {
        std::string ticket = MakeResourceName(court_, "tickets", row.Text(0));
        // The first row of a ticket is the one that counts.
        if (!candidates.empty() && candidates.back().ticket == ticket) {
          return absl::OkStatus();
        }
        ItemFacts& item = candidates.emplace_back();
        item.ticket = std::move(ticket);
        item.close_time = row.Time(1);
        item.overdue = row.Int(2) != 0 && row.Int(3) == 0;
        item.inspected = !row.IsNull(4);
        item.graded = item.inspected && row.Int(4) != 0;
        item.failed = item.inspected && row.Int(item.graded ? 5 : 6) == 0;
        item.called = !row.IsNull(7);
        if (!item.called) return absl::OkStatus();
        item.callback_id = row.Text(7);
        item.unsatisfied = row.Int(8) == callback::v1::VERDICT_UNSATISFIED;
        item.cell = {NameFrom(court_, "divisions", row.Text(9)),
                     NameFrom(court_, "teams", row.Text(10)),
                     static_cast<int>(row.Int(11))};
        return absl::OkStatus();
      }));
  facts.items = ChooseItems(disclosure, span, std::move(candidates));
  facts.items_total = static_cast<std::int64_t>(facts.items.size());
  if (facts.items_total > limit) {
    facts.items.resize(static_cast<std::size_t>(limit));
  }
  for (ItemFacts& item : facts.items) RETURN_IF_ERROR(ReadItem(item));
  return absl::OkStatus();
}

absl::Status FactsReader::ReadItem(ItemFacts& item) {
  bool whole = true;
  ASSIGN_OR_RETURN(
      const bool found,
      session_.QueryOne(
          "SELECT t.source_id, t.division, t.handler, t.matter, t.reply, "
          "t.due_time, q.inspection, q.grade, c.body FROM ticket_facts t "
          "LEFT JOIN quality_facts q ON q.court = t.court "
          "AND q.ticket_id = t.ticket_id AND q.inspected = 1 "
          "LEFT JOIN call_facts c ON c.court = t.court "
          "AND c.callback_id = :callback "
          "WHERE t.court = :court AND t.ticket_id = :ticket",
          {{"court", court_},
           {"ticket", IdOf(item.ticket)},
           {"callback", item.callback_id}},
          [&](const sql::Row& row) {
            item.source_id = row.Text(0);
            item.division = NameFrom(court_, "divisions", row.Text(1));
            item.handler = NameFrom(court_, "staff", row.Text(2));
            item.matter = row.Text(3);
            item.reply = row.Text(4);
            item.due_time = row.Time(5);
            whole =
                (!item.inspected ||
                 item.inspection.ParseFromString(row.Blob(6))) &&
                (!item.graded || item.grade.ParseFromString(row.Blob(7))) &&
                (!item.called || item.callback.ParseFromString(row.Blob(8)));
          }));
  if (!found || !whole) {
    return absl::DataLossError("a stored fact cannot be read");
  }
  StrikeOut(item.grade, item.inspection);
  return absl::OkStatus();
}

absl::Status FactsReader::ReadOpinions(const Span& span,
                                       const std::string& division,
                                       SurveyDisclosure& disclosure,
                                       ReportFacts& facts) {
  sql::Params params = {{"court", court_},
                        {"first", DayNumber(span.first)},
                        {"last", DayNumber(span.last)},
                        {"limit", kOpinionsRead}};
  if (!division.empty()) params.emplace_back("division", division);
  std::set<std::string> texts;
  return session_.Query(
      absl::StrCat(
          "SELECT c.callback_id, c.division, c.body, v.acknowledged, c.team, "
          "c.close_day "
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
        const CallCell cell = {NameFrom(court_, "divisions", row.Text(1)),
                               NameFrom(court_, "teams", row.Text(4)),
                               static_cast<int>(row.Int(5))};
        // An older program took them down as one.
        if (call.opinions().empty()) call.add_opinions(call.opinion());
        for (const std::string& said : call.opinions()) {
          ++facts.opinions_total;
          // The same words twice say no more to the reader.
          if (facts.opinions.size() >= kMaxOpinions ||
              AreWordsWithheld(disclosure, span, cell) ||
              !texts.insert(said).second) {
            continue;
          }
          facts.opinions.emplace_back().cell = cell;
          v1::Opinion& opinion = facts.opinions.back().opinion;
          opinion.set_callback(
              MakeResourceName(court_, "callbacks", row.Text(0)));
          opinion.set_division(cell.division);
          opinion.set_text(said);
          opinion.set_verdict(VerdictText(call.verdict()));
          opinion.set_acknowledged(row.Int(3) != 0);
        }
        return absl::OkStatus();
      });
}

// Only the callback itself tells; a period has some hundreds of them.
absl::Status FactsReader::ReadReserve(const Span& span,
                                      const std::string& division,
                                      ReportFacts& facts) {
  sql::Params params = {{"court", court_},
                        {"first", DayNumber(span.first)},
                        {"last", DayNumber(span.last)}};
  if (!division.empty()) params.emplace_back("division", division);
  return session_.Query(
      absl::StrCat("SELECT c.body FROM call_facts c WHERE c.court = :court "
                   "AND c.close_day BETWEEN :first AND :last "
                   "AND c.withdrawn = 0",
                   division.empty() ? "" : " AND c.division = :division",
                   kOfStandingDraw),
      params, [&](const sql::Row& row) -> absl::Status {
        callback::v1::Callback call;
        if (!call.ParseFromString(row.Blob(0))) {
          return absl::DataLossError("a stored callback cannot be read");
        }
        facts.from_reserve += call.reserve_order() > 0 ? 1 : 0;
        return absl::OkStatus();
      });
}

absl::Status FactsReader::ReadSupervisions(const Span& span,
                                           const std::string& division,
                                           int limit, ReportFacts& facts) {
  sql::Params params = {{"court", court_},
                        {"first", DayNumber(span.first)},
                        {"end", EndTime(span)},
                        {"limit", limit}};
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
        facts.supervisions.push_back(
            SupervisionOf(row, court_, std::min(EndTime(span), now_)));
        return absl::OkStatus();
      });
}

absl::Status FactsReader::ReadCoverage(ReportFacts& facts) {
  for (OpinionFacts& said : facts.opinions) {
    const auto name = facts.names.find(said.cell.division);
    if (name != facts.names.end()) {
      said.opinion.set_division_display_name(name->second);
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

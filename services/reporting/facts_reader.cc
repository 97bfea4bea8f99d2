// The counts. Every query here runs inside a covering index of 001_facts.sql.
#include "services/reporting/facts_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/criteria_facts.h"
#include "services/reporting/fact_columns.h"
#include "services/reporting/report_store.h"
#include "services/reporting/suggestion_store.h"
#include "services/reporting/training_store.h"
#include "services/reporting/watch_rules.h"

namespace huifang::reporting {
namespace {

constexpr double kMicrosPerHour = 3.6e9;
// Printed in a report; trainings are each counted anew.
constexpr int kSuggestions = 100;
constexpr int kSupervisions = 50;
constexpr int kTrainings = 30;

// Whether there were more.
template <typename T>
bool CutTo(std::size_t most, std::vector<T>& list) {
  if (list.size() <= most) return false;
  list.resize(most);
  return true;
}

// Tickets that became due more than a year before a period count as overdue
// only while they are still open.
constexpr absl::Duration kOverdueHorizon = absl::Hours(24 * 366);

// The grouping column and filter of a report: a court groups by division, a
// division by team.
std::string GroupColumn(const std::string& division) {
  return division.empty() ? "division" : "team";
}
std::string DivisionFilter(const std::string& division) {
  return division.empty() ? "" : " AND division = :division";
}

sql::Params SpanParams(const std::string& court, const Span& span,
                       const std::string& division) {
  sql::Params params = {{"court", court},
                        {"first", DayNumber(span.first)},
                        {"last", DayNumber(span.last)}};
  if (!division.empty()) params.emplace_back("division", division);
  return params;
}

}  // namespace

absl::StatusOr<ReportFacts> FactsReader::ReadReport(
    const Span& span, const std::string& division,
    const DisclosurePolicy& policy) {
  ReportFacts facts;
  facts.court = absl::StrCat("courts/", court_);
  facts.division = NameFrom(court_, "divisions", division);
  const std::vector<Span> spans = SpansUpTo(span, kTrendSpans);
  for (const Span& one : spans) {
    ASSIGN_OR_RETURN(SpanFacts read, ReadSpan(one, division));
    facts.spans.push_back(std::move(read));
  }
  SpanFacts& now = facts.spans.back();
  SpanFacts& before = facts.spans[facts.spans.size() - 2];
  for (SpanFacts* one : {&now, &before}) {
    RETURN_IF_ERROR(ReadOverdue(one->span, division, *one));
    RETURN_IF_ERROR(ReadFindings(one->span, division, *one));
  }
  const Span week = LastWeekOf(span);
  const Span first_week = Before(week, kChartWeeks - 1);
  RETURN_IF_ERROR(ReadDays(first_week, week, facts.days));
  RETURN_IF_ERROR(
      ReadFindingDays(first_week, week, division, facts.finding_days));
  RETURN_IF_ERROR(ReadCalls(
      first_week.first < spans.front().first ? first_week : spans.front(),
      spans.back(), facts));
  if (division.empty()) RETURN_IF_ERROR(ReadRuleDivisions(span, facts));
  RETURN_IF_ERROR(ReportStore::Delivered(
      session_, court_, SpanLabel(span), division,
      [&](const v1::Report& report) { facts.printed.emplace_back(report); }));
  SurveyDisclosure disclosure(facts.calls, policy.min_people, &facts.printed);
  RETURN_IF_ERROR(ReadItems(span, division,
                            division.empty() ? kCourtItems : kDivisionItems,
                            disclosure, facts));
  RETURN_IF_ERROR(ReadOpinions(span, division, disclosure, facts));
  RETURN_IF_ERROR(ReadReserve(span, division, facts));
  RETURN_IF_ERROR(ReadDraws(span, facts));
  if (division.empty()) {
    ASSIGN_OR_RETURN(facts.criteria, ReadCriteria(session_, court_, span));
  }
  RETURN_IF_ERROR(ReadSupervisions(span, division, kSupervisions + 1, facts));
  facts.supervisions_cut = CutTo(kSupervisions, facts.supervisions);
  ASSIGN_OR_RETURN(facts.suggestions,
                   SuggestionStore::OfReport(session_, court_, span, division,
                                             kSuggestions + 1));
  facts.suggestions_cut = CutTo(kSuggestions, facts.suggestions);
  ASSIGN_OR_RETURN(facts.trainings,
                   TrainingStore::OfReport(session_, court_, span, division,
                                           kTrainings + 1));
  facts.trainings_cut = CutTo(kTrainings, facts.trainings);
  RETURN_IF_ERROR(ReadNames(facts));
  RETURN_IF_ERROR(ReadTiers(facts));
  RETURN_IF_ERROR(ReadCoverage(facts));
  return facts;
}

absl::StatusOr<std::vector<std::string>> FactsReader::DivisionsIn(
    const Span& span) {
  std::vector<std::string> divisions;
  RETURN_IF_ERROR(session_.Query(
      "SELECT division FROM ticket_facts WHERE court = :court "
      "AND closed_day > 0 AND closed_day BETWEEN :first AND :last "
      "AND division <> '' GROUP BY division ORDER BY division",
      SpanParams(court_, span, ""), [&](const sql::Row& row) {
        divisions.push_back(row.Text(0));
        return absl::OkStatus();
      }));
  return divisions;
}

absl::StatusOr<SpanFacts> FactsReader::ReadSpan(const Span& span,
                                                const std::string& division) {
  SpanFacts facts;
  facts.span = span;
  RETURN_IF_ERROR(ReadTickets(span, division, facts));
  RETURN_IF_ERROR(ReadQuality(span, division, facts));
  return facts;
}

absl::Status FactsReader::ReadTickets(const Span& span,
                                      const std::string& division,
                                      SpanFacts& facts) {
  const std::string group = GroupColumn(division);
  const std::string filter = DivisionFilter(division);
  const absl::string_view collection = division.empty() ? "divisions" : "teams";
  RETURN_IF_ERROR(session_.Query(
      absl::StrCat("SELECT ", group,
                   ", COUNT(*), SUM(instant), SUM(has_due), SUM(on_time), "
                   "SUM(dispatched), SUM(dispatches), SUM(replied), "
                   "SUM(reply_us), SUM(handling_us), SUM(reopened), "
                   "SUM(generated) FROM ticket_facts WHERE court = :court "
                   "AND closed_day > 0 "
                   "AND closed_day BETWEEN :first AND :last",
                   filter, " GROUP BY ", group),
      SpanParams(court_, span, division), [&](const sql::Row& row) {
        TicketTotals& t =
            facts.tickets[NameFrom(court_, collection, row.Text(0))];
        t.closed = row.Int(1);
        t.instant = row.Int(2);
        t.with_due = row.Int(3);
        t.on_time = row.Int(4);
        t.dispatched = row.Int(5);
        t.dispatches = row.Int(6);
        t.replied = row.Int(7);
        t.reply_hours = row.Real(8) / kMicrosPerHour;
        t.handling_hours = row.Real(9) / kMicrosPerHour;
        t.reopened = row.Int(10);
        t.generated = row.Int(11);
        return absl::OkStatus();
      }));
  return session_.Query(
      absl::StrCat("SELECT ", group,
                   ", COUNT(*), SUM(repeated) FROM ticket_facts "
                   "WHERE court = :court "
                   "AND created_day BETWEEN :first AND :last",
                   filter, " GROUP BY ", group),
      SpanParams(court_, span, division), [&](const sql::Row& row) {
        TicketTotals& t =
            facts.tickets[NameFrom(court_, collection, row.Text(0))];
        t.created = row.Int(1);
        t.repeats = row.Int(2);
        return absl::OkStatus();
      });
}

absl::Status FactsReader::ReadOverdue(const Span& span,
                                      const std::string& division,
                                      SpanFacts& facts) {
  const std::string group = GroupColumn(division);
  const std::string filter = DivisionFilter(division);
  const absl::string_view collection = division.empty() ? "divisions" : "teams";
  const auto add = [&](const sql::Row& row) {
    facts.tickets[NameFrom(court_, collection, row.Text(0))].overdue_open +=
        row.Int(1);
    return absl::OkStatus();
  };
  sql::Params params = {{"court", court_},
                        {"end", std::min(EndTime(span), now_)}};
  if (!division.empty()) params.emplace_back("division", division);
  RETURN_IF_ERROR(session_.Query(
      absl::StrCat("SELECT ", group,
                   ", COUNT(*) FROM ticket_facts WHERE court = :court "
                   "AND closed_day = 0 AND due_time > 0 AND due_time <= :end "
                   "AND cancelled = 0",
                   filter, " GROUP BY ", group),
      params, add));
  // Closed by now, but open and late when the period ended.
  params.emplace_back("last", DayNumber(span.last));
  params.emplace_back("horizon", EndTime(span) - kOverdueHorizon);
  return session_.Query(
      absl::StrCat("SELECT ", group,
                   ", COUNT(*) FROM ticket_facts WHERE court = :court "
                   "AND due_time > 0 AND due_time > :horizon "
                   "AND due_time <= :end AND closed_day > :last",
                   filter, " GROUP BY ", group),
      params, add);
}

absl::Status FactsReader::ReadQuality(const Span& span,
                                      const std::string& division,
                                      SpanFacts& facts) {
  const std::string group = GroupColumn(division);
  const absl::string_view collection = division.empty() ? "divisions" : "teams";
  return session_.Query(
      absl::StrCat("SELECT ", group,
                   ", CASE WHEN graded = 1 THEN tier ELSE proposed_tier END, "
                   "flagged, graded, COUNT(*), SUM(over_simplified), "
                   "SUM(CASE WHEN graded = 1 THEN passed ELSE proposed_pass "
                   "END), SUM(passed) FROM quality_facts WHERE court = :court "
                   "AND closed_day BETWEEN :first AND :last AND inspected = 1",
                   DivisionFilter(division), " GROUP BY 1, 2, 3, 4"),
      SpanParams(court_, span, division), [&](const sql::Row& row) {
        QualityTotals& q =
            facts.quality[NameFrom(court_, collection, row.Text(0))];
        const std::int64_t count = row.Int(4);
        const bool flagged = row.Int(2) != 0;
        const bool graded = row.Int(3) != 0;
        q.inspected += count;
        q.tiers[row.Text(1)] += count;
        q.over_simplified += row.Int(5);
        q.proposed_passed += row.Int(6);
        if (flagged) q.flagged += count;
        if (graded) {
          (flagged ? q.flagged_graded : q.plain_graded) += count;
          (flagged ? q.flagged_passed : q.plain_passed) += row.Int(7);
        }
        return absl::OkStatus();
      });
}

absl::Status FactsReader::ReadFindings(const Span& span,
                                       const std::string& division,
                                       SpanFacts& facts) {
  return session_.Query(
      absl::StrCat("SELECT rule, COUNT(*) FROM finding_facts "
                   "WHERE court = :court "
                   "AND closed_day BETWEEN :first AND :last",
                   DivisionFilter(division), " GROUP BY rule"),
      SpanParams(court_, span, division), [&](const sql::Row& row) {
        facts.findings[row.Text(0)] = row.Int(1);
        return absl::OkStatus();
      });
}

absl::Status FactsReader::ReadCalls(const Span& first, const Span& last,
                                    ReportFacts& facts) {
  // Whole draws: a stratum's respondents count also outside the span.
  return session_.Query(
      absl::StrCat(
          "SELECT draw, stratum, stratum_population, division, team, "
          "close_day, disposition, verdict, judge_called, in_time, attitude, "
          "clear, solved, simulated, caller FROM call_facts c "
          "WHERE court = :court "
          "AND withdrawn = 0 AND draw IN (SELECT draw FROM call_facts WHERE "
          "court = :court AND close_day BETWEEN :first AND :last)",
          kOfStandingDraw),
      {{"court", court_},
       {"first", DayNumber(first.first)},
       {"last", DayNumber(last.last)}},
      [&](const sql::Row& row) {
        CallFact& call = facts.calls.emplace_back();
        call.draw = row.Text(0);
        call.stratum = row.Text(1);
        call.stratum_population = row.Int(2);
        call.division = NameFrom(court_, "divisions", row.Text(3));
        call.team = NameFrom(court_, "teams", row.Text(4));
        call.close_day = static_cast<int>(row.Int(5));
        call.disposition = static_cast<Disposition>(row.Int(6));
        call.verdict = static_cast<Verdict>(row.Int(7));
        for (int q = 0; q < kQuestionCount; ++q) {
          call.answers[static_cast<std::size_t>(q)] =
              static_cast<Answer>(row.Int(8 + q));
        }
        call.simulated = row.Int(13) != 0;
        call.caller = row.Text(14);
        return absl::OkStatus();
      });
}

absl::Status FactsReader::ReadDays(const Span& first, const Span& last,
                                   DayFacts& days) {
  const sql::Params params = {{"court", court_},
                              {"first", DayNumber(first.first)},
                              {"last", DayNumber(last.last)}};
  const auto totals = [&](const sql::Row& row) -> DayTotals& {
    return days[NameFrom(court_, "divisions", row.Text(0))]
               [static_cast<int>(row.Int(1))];
  };
  RETURN_IF_ERROR(session_.Query(
      "SELECT division, closed_day, SUM(on_time), SUM(has_due) "
      "FROM ticket_facts WHERE court = :court AND closed_day > 0 "
      "AND closed_day BETWEEN :first AND :last GROUP BY division, closed_day",
      params, [&](const sql::Row& row) {
        totals(row).on_time = {row.Int(2), row.Int(3)};
        return absl::OkStatus();
      }));
  return session_.Query(
      "SELECT division, closed_day, SUM(CASE WHEN graded = 1 THEN passed ELSE "
      "proposed_pass END), COUNT(*) FROM quality_facts WHERE court = :court "
      "AND closed_day BETWEEN :first AND :last AND inspected = 1 "
      "GROUP BY division, closed_day",
      params, [&](const sql::Row& row) {
        totals(row).passed = {row.Int(2), row.Int(3)};
        return absl::OkStatus();
      });
}

absl::Status FactsReader::ReadFindingDays(const Span& first, const Span& last,
                                          const std::string& division,
                                          FindingDays& findings) {
  const Span weeks{first.kind, first.first, last.last};
  return session_.Query(
      absl::StrCat("SELECT rule, closed_day, COUNT(*) FROM finding_facts "
                   "WHERE court = :court AND closed_day BETWEEN :first AND "
                   ":last",
                   DivisionFilter(division), " GROUP BY rule, closed_day"),
      SpanParams(court_, weeks, division), [&](const sql::Row& row) {
        findings[row.Text(0)][static_cast<int>(row.Int(1))] = row.Int(2);
        return absl::OkStatus();
      });
}

absl::Status FactsReader::ReadRuleDivisions(const Span& span,
                                            ReportFacts& facts) {
  constexpr std::size_t kMostConcerned = 3;
  return session_.Query(
      "SELECT rule, division, COUNT(*) AS n FROM finding_facts "
      "WHERE court = :court AND closed_day BETWEEN :first AND :last "
      "AND division <> '' GROUP BY rule, division "
      "ORDER BY rule, n DESC, division",
      SpanParams(court_, span, ""), [&](const sql::Row& row) {
        std::vector<std::string>& divisions = facts.rule_divisions[row.Text(0)];
        if (divisions.size() < kMostConcerned) {
          divisions.push_back(NameFrom(court_, "divisions", row.Text(1)));
        }
        return absl::OkStatus();
      });
}

absl::Status FactsReader::ReadDraws(const Span& span, ReportFacts& facts) {
  return session_.Query(
      "SELECT draw, frame_digest, population, sampled, bundle_digest, "
      "public_seed, seeder, seed_source FROM draw_facts "
      "WHERE court = :court AND state <> 5 AND draw IN (SELECT draw FROM "
      "call_facts "
      "WHERE court = :court AND close_day BETWEEN :first AND :last "
      "AND withdrawn = 0) ORDER BY draw",
      SpanParams(court_, span, ""), [&](const sql::Row& row) {
        v1::MethodNote::DrawLine& draw = facts.draws.emplace_back();
        draw.set_draw(NameFrom(court_, "draws", row.Text(0)));
        draw.set_frame_digest(row.Text(1));
        draw.set_population(row.Int(2));
        draw.set_drawn(row.Int(3));
        draw.set_bundle_digest(row.Text(4));
        draw.set_public_seed(row.Text(5));
        draw.set_seeder(row.Text(6));
        draw.set_seed_source(row.Text(7));
        return absl::OkStatus();
      });
}

}  // namespace huifang::reporting

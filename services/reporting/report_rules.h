// Assembles a report from facts. Pure: the same facts give the same report.
#ifndef HUIFANG_SERVICES_REPORTING_REPORT_RULES_H_
#define HUIFANG_SERVICES_REPORTING_REPORT_RULES_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/facts.h"
#include "services/reporting/figure_rules.h"
#include "services/reporting/gap_chart_rules.h"
#include "services/reporting/item_rules.h"
#include "services/reporting/printed_rates.h"

namespace huifang::reporting {

// Periods a trend shows, the reported one included.
inline constexpr int kTrendSpans = 12;
// Items printed at most; the rest is counted.
inline constexpr int kCourtItems = 20;
inline constexpr int kDivisionItems = 80;

struct TierInfo {
  std::string code;
  std::string display_name;
  bool passes = true;
};

// Tiers of the rubric that ships: A 优, B 良, C 合格, D 不合格.
std::vector<TierInfo> DefaultTiers();

// What a caller said, and where the call counts.
struct OpinionFacts {
  v1::Opinion opinion;
  CallCell cell;
};

struct ReportFacts {
  std::string court;     // courts/110102
  std::string division;  // empty: the whole court
  DisplayNames names;    // of the court, divisions, teams and staff
  // Oldest first; the last one is reported, the one before stands beside it.
  std::vector<SpanFacts> spans;
  // Of the reported span's calls, those that a reserve gave.
  std::int64_t from_reserve = 0;
  // Every call of every draw that touches one of the spans.
  std::vector<CallFact> calls;
  // Of the court's divisions, for the charts of kChartWeeks weeks.
  DayFacts days;
  // Of the court, or the one division, over the same weeks.
  FindingDays finding_days;
  std::vector<TierInfo> tiers = DefaultTiers();
  DisplayNames rule_names;
  // Of the reported span: divisions by finding, most concerned first.
  std::map<std::string, std::vector<std::string>> rule_divisions;
  std::vector<ItemFacts> items;  // as ChooseItems gives them
  std::int64_t items_total = 0;
  std::vector<OpinionFacts> opinions;
  std::int64_t opinions_total = 0;
  std::vector<v1::Suggestion> suggestions;
  std::vector<v1::Supervision> supervisions;
  std::vector<v1::Training> trainings;
  // There are more than in the lists.
  bool suggestions_cut = false;
  bool supervisions_cut = false;
  bool trainings_cut = false;
  std::vector<v1::MethodNote::DrawLine> draws;
  // Of reports delivered for the same period: earlier versions, and those of
  // the court and its divisions.
  std::vector<PrintedRates> printed;
  // What a court's figures were judged by, but for the report's own rules.
  std::vector<v1::Criterion> criteria;
  std::int64_t ticket_facts = 0;
  absl::Time facts_until = absl::UnixEpoch();
};

v1::Period PeriodOf(const Span& span);

// Everything of a report but its name, version, state and who did what when.
v1::Report AssembleReport(const ReportFacts& facts, const FigurePolicy& policy);

// 西法回访周报〔2019〕30号, from 北京市西城区人民法院 and 2019-W30; a
// division's report carries its name behind: 30号·民事审判一庭.
std::string SerialNumber(const std::string& court_display_name,
                         const std::string& division_display_name,
                         const Span& span, int version);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_REPORT_RULES_H_

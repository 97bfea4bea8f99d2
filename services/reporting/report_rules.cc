#include "services/reporting/report_rules.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "services/common/resource_name.h"
#include "services/reporting/answer_rules.h"
#include "services/reporting/league_rules.h"
#include "services/reporting/method_rules.h"
#include "services/reporting/response_figures.h"
#include "services/reporting/survey_disclosure.h"
#include "services/reporting/training_rules.h"
#include "services/reporting/watch_rules.h"
#include "services/reporting/words_disclosure.h"

namespace huifang::reporting {
namespace {

constexpr v1::Measure kTrendMeasures[] = {
    v1::MEASURE_TICKETS_CLOSED,    v1::MEASURE_INSTANT_ANSWER_RATE,
    v1::MEASURE_ON_TIME_RATE,      v1::MEASURE_PASS_RATE,
    v1::MEASURE_SATISFACTION_RATE, v1::MEASURE_RESOLUTION_RATE};

constexpr v1::Measure kGroupMeasures[] = {
    v1::MEASURE_TICKETS_CLOSED,      v1::MEASURE_INSTANT_ANSWER_RATE,
    v1::MEASURE_ON_TIME_RATE,        v1::MEASURE_PASS_RATE,
    v1::MEASURE_CALLBACKS_COMPLETED, v1::MEASURE_SATISFACTION_RATE,
    v1::MEASURE_RESOLUTION_RATE};

constexpr std::size_t kTrainingTopics = 3;
// Fewer findings than this in a period are no topic.
constexpr std::int64_t kTrainingMinimum = 3;

// A scope asks whether its callback rates may be printed when it needs to know:
// most spans of a trend never do.
void Protect(SurveyDisclosure& disclosure, Scope& scope) {
  scope.is_withheld = [&disclosure, span = scope.span,
                       division = scope.division,
                       team = scope.team](v1::Measure measure) {
    return disclosure.IsWithheld(measure, span, division, team);
  };
}

Scope WholeScope(const ReportFacts& facts, const SpanFacts& span,
                 SurveyDisclosure& disclosure) {
  Scope scope;
  scope.span = span.span;
  scope.division = facts.division;
  scope.calls = &facts.calls;
  for (const auto& [group, totals] : span.tickets) scope.tickets += totals;
  for (const auto& [group, totals] : span.quality) scope.quality += totals;
  Protect(disclosure, scope);
  return scope;
}

Scope GroupScope(const ReportFacts& facts, const SpanFacts& span,
                 const std::string& group, SurveyDisclosure& disclosure) {
  Scope scope;
  scope.span = span.span;
  scope.division = facts.division.empty() ? group : facts.division;
  if (!facts.division.empty()) scope.team = group;
  scope.calls = &facts.calls;
  if (const auto it = span.tickets.find(group); it != span.tickets.end()) {
    scope.tickets = it->second;
  }
  if (const auto it = span.quality.find(group); it != span.quality.end()) {
    scope.quality = it->second;
  }
  Protect(disclosure, scope);
  return scope;
}

std::string NameOf(const DisplayNames& names, const std::string& name) {
  const auto it = names.find(name);
  if (it != names.end() && !it->second.empty()) return it->second;
  return IdOf(name);
}

void AddTrends(const ReportFacts& facts, const FigurePolicy& policy,
               SurveyDisclosure& disclosure, v1::Report& report) {
  std::vector<Scope> scopes;
  for (const SpanFacts& span : facts.spans) {
    scopes.push_back(WholeScope(facts, span, disclosure));
  }
  // Spans before the first ticket are no zero, they are nothing.
  const auto first =
      std::find_if(scopes.begin(), scopes.end(),
                   [](const Scope& scope) { return scope.tickets.closed > 0; });
  if (scopes.end() - first < 2) return;
  for (const v1::Measure measure : kTrendMeasures) {
    v1::Trend& trend = *report.add_trends();
    trend.set_measure(measure);
    trend.set_unit(UnitOf(measure));
    for (auto scope = first; scope != scopes.end(); ++scope) {
      v1::Trend::Point& point = *trend.add_points();
      point.set_period(SpanLabel(scope->span));
      *point.mutable_value() = ValueOf(measure, *scope, policy);
    }
  }
}

void AddTiers(const ReportFacts& facts, const Scope& now, const Scope& before,
              v1::Report& report) {
  if (now.quality.tiers.empty() && before.quality.tiers.empty()) return;
  std::set<std::string> known;
  const auto add = [&](const TierInfo& tier) {
    v1::TierShare& share = *report.add_tiers();
    share.set_tier(tier.code);
    share.set_display_name(tier.display_name);
    share.set_passes(tier.passes);
    const auto a = now.quality.tiers.find(tier.code);
    const auto b = before.quality.tiers.find(tier.code);
    share.set_count(a == now.quality.tiers.end() ? 0 : a->second);
    share.set_previous_count(b == before.quality.tiers.end() ? 0 : b->second);
    known.insert(tier.code);
  };
  for (const TierInfo& tier : facts.tiers) add(tier);
  // A tier of an older rubric is counted all the same.
  for (const auto& [code, count] : now.quality.tiers) {
    if (known.count(code) == 0) add({code, code, true});
  }
}

// Findings, and days between them, that come from what callers answered go with
// those answers.
bool MayCount(const std::string& rule, const ReportFacts& facts,
              SurveyDisclosure& disclosure) {
  if (rule != kCallersFinding) return true;
  const std::size_t now = facts.spans.size() - 1;
  for (const std::size_t at : {now, now - 1}) {
    if (disclosure.IsWithheld(v1::MEASURE_CALLED_BACK_RATE,
                              facts.spans[at].span, facts.division, "")) {
      return false;
    }
  }
  return true;
}

void AddFindings(const ReportFacts& facts, SurveyDisclosure& disclosure,
                 v1::Report& report) {
  const SpanFacts& now = facts.spans.back();
  const SpanFacts& before = facts.spans[facts.spans.size() - 2];
  std::vector<std::pair<std::string, std::int64_t>> sorted;
  for (const auto& finding : now.findings) {
    if (MayCount(finding.first, facts, disclosure)) sorted.push_back(finding);
  }
  std::stable_sort(
      sorted.begin(), sorted.end(),
      [](const auto& a, const auto& b) { return a.second > b.second; });
  std::int64_t total = 0;
  for (const auto& [rule, count] : sorted) total += count;
  std::int64_t running = 0;
  for (const auto& [rule, count] : sorted) {
    running += count;
    v1::FindingShare& share = *report.add_findings();
    share.set_rule(rule);
    const auto name = facts.rule_names.find(rule);
    share.set_display_name(name == facts.rule_names.end() ? RuleName(rule)
                                                          : name->second);
    share.set_count(count);
    const auto earlier = before.findings.find(rule);
    share.set_previous_count(
        earlier == before.findings.end() ? 0 : earlier->second);
    share.set_cumulative_share(static_cast<double>(running) /
                               static_cast<double>(total));
  }
}

void AddTopics(const ReportFacts& facts, SurveyDisclosure& disclosure,
               v1::Report& report) {
  for (const v1::FindingShare& finding : report.findings()) {
    if (report.training_topics_size() == static_cast<int>(kTrainingTopics) ||
        finding.count() < kTrainingMinimum) {
      break;
    }
    v1::TrainingTopic& topic = *report.add_training_topics();
    topic.set_rule(finding.rule());
    topic.set_display_name(finding.display_name());
    topic.set_count(finding.count());
    topic.set_advice(AdviceFor(finding.rule(), Locale::kChinese));
    topic.set_advice_en(AdviceFor(finding.rule(), Locale::kEnglish));
    for (const v1::Training& training : facts.trainings) {
      if (Treats(training, topic.rule())) topic.add_trainings(training.name());
    }
    const auto divisions = facts.rule_divisions.find(finding.rule());
    if (divisions == facts.rule_divisions.end()) continue;
    for (const std::string& division : divisions->second) {
      if (topic.rule() == kCallersFinding &&
          disclosure.IsWithheld(v1::MEASURE_CALLED_BACK_RATE,
                                facts.spans.back().span, division, "")) {
        continue;
      }
      topic.add_divisions(NameOf(facts.names, division));
    }
  }
}

void AddGroups(const ReportFacts& facts, const FigurePolicy& policy,
               SurveyDisclosure& disclosure, v1::Report& report) {
  const SpanFacts& now = facts.spans.back();
  const SpanFacts& before = facts.spans[facts.spans.size() - 2];
  std::vector<Scope> scopes;
  for (const auto& [group, totals] : now.tickets) {
    if (group.empty() || totals.closed == 0) continue;
    v1::GroupLine& line = *report.add_groups();
    line.set_group(group);
    line.set_display_name(NameOf(facts.names, group));
    const Scope scope = GroupScope(facts, now, group, disclosure);
    const Scope earlier = GroupScope(facts, before, group, disclosure);
    for (const v1::Measure measure : kGroupMeasures) {
      *line.add_figures() = FigureOf(measure, scope, earlier, policy);
    }
    scopes.push_back(scope);
  }
  // One group beside itself compares nothing.
  if (report.groups_size() < 2) return report.clear_groups();
  CompareGroups(scopes, policy, report);
}

// Items and opinions. The facts come without what is withheld; it is looked at
// here once more, because the report is what goes out.
void AddWords(const ReportFacts& facts, SurveyDisclosure& disclosure,
              v1::Report& report) {
  const Span& span = facts.spans.back().span;
  for (const ItemFacts& item : ChooseItems(disclosure, span, facts.items)) {
    *report.add_items() = MakeItem(item, report.items_size() + 1, facts.names);
  }
  report.set_items_omitted(facts.items_total -
                           static_cast<std::int64_t>(facts.items.size()));
  for (const OpinionFacts& said : facts.opinions) {
    if (AreWordsWithheld(disclosure, span, said.cell)) continue;
    *report.add_opinions() = said.opinion;
  }
  report.set_opinions_omitted(facts.opinions_total - report.opinions_size());
}

// The report's own charts; a court's report also those of divisions that alarm.
void AddWatch(const ReportFacts& facts, const FigurePolicy& policy,
              SurveyDisclosure& disclosure, v1::Report& report) {
  WatchFacts watch;
  watch.week = LastWeekOf(facts.spans.back().span);
  watch.days = &facts.days;
  watch.calls = &facts.calls;
  watch.names = &facts.names;
  watch.is_withheld = [&](v1::Measure measure, const Span& week,
                          const std::string& division) {
    return disclosure.IsWithheld(measure, week, division, "");
  };
  for (v1::ControlChart& chart : MakeCharts(watch, policy)) {
    if (chart.division() == facts.division ||
        (facts.division.empty() && Alarms(chart, watch.week))) {
      *report.add_charts() = std::move(chart);
    } else if (facts.division.empty() &&
               chart.state() == v1::ControlChart::STATE_WATCHED) {
      report.set_charts_watched(report.charts_watched() + 1);
    }
  }
  for (v1::ControlChart& chart :
       RareFindingCharts(facts.finding_days, watch.week, facts.rule_names)) {
    if (!MayCount(chart.rule(), facts, disclosure)) continue;
    chart.set_division(facts.division);
    chart.set_display_name(report.division_display_name());
    *report.add_charts() = std::move(chart);
  }
}

// What a superior court needs to compare courts.
void AddForSuperior(const ReportFacts& facts, const Scope& now,
                    const FigurePolicy& policy, v1::Report& report) {
  if (!facts.division.empty()) return;
  for (const v1::Measure measure : CourtMeasures()) {
    const Tally tally = TallyOf(measure, now, policy);
    v1::Tally& line = *report.add_tallies();
    line.set_measure(measure);
    line.set_numerator(tally.successes);
    line.set_denominator(tally.trials);
  }
  v1::Criterion& rules = *report.mutable_method()->add_criteria();
  rules.set_kind(v1::Criterion::KIND_REPORT_RULES);
  rules.add_versions(kCriteriaVersion);
  for (const v1::Criterion& criterion : facts.criteria) {
    *report.mutable_method()->add_criteria() = criterion;
  }
}

void AddMethod(const ReportFacts& facts, const Scope& now,
               const FigurePolicy& policy, v1::Report& report) {
  v1::MethodNote& method = *report.mutable_method();
  method.set_criteria_version(kCriteriaVersion);
  *method.mutable_dispositions() = DispositionsOf(now);
  *method.mutable_response_rates() = ResponseRatesOf(method.dispositions());
  for (const auto& draw : facts.draws) *method.add_draws() = draw;
  method.set_ticket_facts(facts.ticket_facts);
  method.mutable_facts_until_time()->set_seconds(
      absl::ToUnixSeconds(facts.facts_until));
  method.set_generated_tickets(now.tickets.generated);
  method.set_simulated_callbacks(std::count_if(
      facts.calls.begin(), facts.calls.end(), [&](const CallFact& call) {
        return call.simulated && IsMember(call, now);
      }));
  for (const std::string& sentence :
       MethodSentences(report, now, policy, Locale::kChinese)) {
    method.add_sentences(sentence);
  }
  for (const std::string& sentence :
       MethodSentences(report, now, policy, Locale::kEnglish)) {
    method.add_sentences_en(sentence);
  }
}

}  // namespace

std::vector<TierInfo> DefaultTiers() {
  return {{"A", "优", true},
          {"B", "良", true},
          {"C", "合格", true},
          {"D", "不合格", false}};
}

v1::Period PeriodOf(const Span& span) {
  v1::Period period;
  period.set_kind(span.kind == Span::Kind::kWeek ? v1::Period::KIND_WEEK
                                                 : v1::Period::KIND_MONTH);
  period.set_label(SpanLabel(span));
  period.set_start_day(DayText(span.first));
  period.set_end_day(DayText(span.last));
  return period;
}

v1::Report AssembleReport(const ReportFacts& facts,
                          const FigurePolicy& policy) {
  v1::Report report;
  const Span& span = facts.spans.back().span;
  SurveyDisclosure disclosure(facts.calls, policy.disclosure.min_people,
                              &facts.printed);
  Scope now = WholeScope(facts, facts.spans.back(), disclosure);
  now.from_reserve = facts.from_reserve;
  const Scope before =
      WholeScope(facts, facts.spans[facts.spans.size() - 2], disclosure);
  report.set_division(facts.division);
  report.set_court_display_name(NameOf(facts.names, facts.court));
  if (!facts.division.empty()) {
    report.set_division_display_name(NameOf(facts.names, facts.division));
  }
  *report.mutable_period() = PeriodOf(span);
  for (const v1::Measure measure : ReportMeasures()) {
    *report.add_figures() = FigureOf(measure, now, before, policy);
  }
  AddTrends(facts, policy, disclosure, report);
  AddTiers(facts, now, before, report);
  AddFindings(facts, disclosure, report);
  AddGroups(facts, policy, disclosure, report);
  AddWatch(facts, policy, disclosure, report);
  AddWords(facts, disclosure, report);
  for (const v1::Suggestion& suggestion : facts.suggestions) {
    *report.add_suggestions() = suggestion;
  }
  for (const v1::Supervision& supervision : facts.supervisions) {
    *report.add_supervisions() = supervision;
  }
  AddTopics(facts, disclosure, report);
  for (const v1::Training& training : facts.trainings) {
    *report.add_trainings() = training;
  }
  report.set_suggestions_cut(facts.suggestions_cut);
  report.set_supervisions_cut(facts.supervisions_cut);
  report.set_trainings_cut(facts.trainings_cut);
  for (v1::LeaderAnswer& answer : MakeAnswers(report, now)) {
    *report.add_answers() = std::move(answer);
  }
  AddMethod(facts, now, policy, report);
  AddForSuperior(facts, now, policy, report);
  return report;
}

std::string SerialNumber(const std::string& court_display_name,
                         const std::string& division_display_name,
                         const Span& span, int version) {
  // 北京市西城区人民法院: the district before 区 or 县 gives its first
  // character, as courts abbreviate themselves in document numbers.
  absl::string_view name = absl::StripSuffix(court_display_name, "人民法院");
  name = absl::StripSuffix(absl::StripSuffix(name, "区"), "县");
  const std::size_t city = name.rfind("市");
  if (city != absl::string_view::npos && city + 3 < name.size()) {
    name = name.substr(city + 3);
  }
  const std::string label = SpanLabel(span);
  const bool week = span.kind == Span::Kind::kWeek;
  const absl::string_view number =
      absl::StripPrefix(absl::string_view(label).substr(week ? 6 : 5), "0");
  return absl::StrCat(name.size() >= 3 ? name.substr(0, 3) : "本", "法回访",
                      week ? "周报" : "月报", "〔", label.substr(0, 4), "〕",
                      number, "号", division_display_name.empty() ? "" : "·",
                      division_display_name,
                      version > 1 ? absl::StrCat("（第", version, "版）") : "");
}

}  // namespace huifang::reporting

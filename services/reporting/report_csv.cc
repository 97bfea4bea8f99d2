#include "services/reporting/report_csv.h"

#include <array>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "services/reporting/agreement_lines.h"
#include "services/reporting/chart_text.h"
#include "services/reporting/comparison_text.h"
#include "services/reporting/csv_cells.h"
#include "services/reporting/item_rules.h"
#include "services/reporting/report_text.h"
#include "services/reporting/response_text.h"
#include "services/reporting/training_text.h"

namespace huifang::reporting {
namespace {

enum Column {
  kType,
  kCode,
  kName,
  kGroup,
  kValue,
  kPrevious,
  kLower,
  kUpper,
  kMethod,
  kNumerator,
  kDenominator,
  kState,
  kWorst,
  kBest,
  kProblem,
  kSuggestion,
  kEvidence,
  kColumns,
};

constexpr const char* kHeads[kColumns][2] = {
    {"类别", "type"},           {"代码", "code"},
    {"名称", "name"},           {"庭室或期间", "group"},
    {"本期", "value"},          {"上期", "previous"},
    {"区间下限", "lower"},      {"区间上限", "upper"},
    {"区间方法", "method"},     {"分子", "numerator"},
    {"分母", "denominator"},    {"状态", "state"},
    {"最坏界下", "worst_case"}, {"最坏界上", "best_case"},
    {"问题分析", "problem"},    {"改进建议", "suggestion"},
    {"依据", "evidence"}};

using csv::Number;
using csv::Text;
using Row = std::array<std::string, kColumns>;

const char* StateText(v1::Figure::State state) {
  switch (state) {
    case v1::Figure::STATE_OK:
      return "OK";
    case v1::Figure::STATE_NOT_ENOUGH_DATA:
      return "NOT_ENOUGH_DATA";
    case v1::Figure::STATE_SUPPRESSED:
      return "SUPPRESSED";
    default:
      return "NO_DATA";
  }
}

void SetValue(const v1::Figure::Value& value, Locale locale, Row& row) {
  row[kState] = StateText(value.state());
  if (value.state() == v1::Figure::STATE_SUPPRESSED) return;
  if (value.denominator() > 0) {
    row[kNumerator] = absl::StrCat(value.numerator());
    row[kDenominator] = absl::StrCat(value.denominator());
  }
  if (value.state() != v1::Figure::STATE_OK) return;
  row[kValue] = Number(value.value());
  if (value.has_interval()) {
    row[kLower] = Number(value.interval().lower());
    row[kUpper] = Number(value.interval().upper());
    row[kMethod] = Text(MethodLabel(value.interval().method(), locale));
  }
}

Row FigureRow(const char* type, const v1::Figure& figure, Locale locale) {
  Row row;
  row[kType] = type;
  row[kCode] = v1::Measure_Name(figure.measure());
  row[kName] = Text(MeasureLabel(figure.measure(), locale));
  SetValue(figure.current(), locale, row);
  if (figure.has_design()) {
    row[kWorst] = Number(figure.design().worst_case());
    row[kBest] = Number(figure.design().best_case());
  }
  if (figure.previous().state() == v1::Figure::STATE_OK) {
    row[kPrevious] = Number(figure.previous().value());
  }
  return row;
}

// A group in the funnel: its rate, the rate of all, the outer limits, what
// the test says.
Row ComparisonRow(const v1::Comparison& comparison, const std::string& group,
                  Locale locale) {
  Row row;
  row[kType] = "comparison";
  row[kCode] = v1::Measure_Name(comparison.measure());
  row[kName] = Text(MeasureLabel(comparison.measure(), locale));
  row[kGroup] = Text(group);
  row[kState] = std::string(
      absl::StripPrefix(v1::Comparison::Flag_Name(comparison.flag()), "FLAG_"));
  if (comparison.denominator() == 0) return row;
  row[kValue] = Number(static_cast<double>(comparison.numerator()) /
                       static_cast<double>(comparison.denominator()));
  row[kLower] = Number(comparison.limit_lower());
  row[kUpper] = Number(comparison.limit_upper());
  row[kNumerator] = absl::StrCat(comparison.numerator());
  row[kDenominator] = absl::StrCat(comparison.denominator());
  if (comparison.has_p_value()) {
    row[kMethod] =
        Text(absl::StrCat("Fisher p", PValueText(comparison.p_value()), " BH p",
                          PValueText(comparison.adjusted_p_value()), " center ",
                          Number(comparison.center())));
  }
  return row;
}

// A week or gap of a control chart, its limits, and whether it alarms.
Row ChartRow(const v1::ControlChart& chart,
             const v1::ControlChart::Point& point, Locale locale) {
  Row row;
  row[kType] = "control";
  row[kCode] =
      chart.rule().empty() ? v1::Measure_Name(chart.measure()) : chart.rule();
  row[kName] = Text(ChartTitle(chart, locale));
  row[kGroup] = Text(point.label());
  if (point.left_out()) return row;
  row[kValue] = Number(point.value());
  row[kLower] = Number(point.lower_limit());
  row[kUpper] = Number(point.upper_limit());
  if (point.denominator() > 0) {
    row[kNumerator] = absl::StrCat(point.numerator());
    row[kDenominator] = absl::StrCat(point.denominator());
  }
  std::vector<std::string> signals;
  for (const int rule : point.signals()) {
    signals.push_back(
        ChartRuleText(static_cast<v1::ControlChart::Rule>(rule), locale));
  }
  row[kState] = Text(absl::StrJoin(signals, ";"));
  return row;
}

Row ItemRow(const v1::Item& item, Locale locale) {
  std::vector<std::string> evidence;
  for (const v1::FindingQuote& finding : item.findings()) {
    evidence.push_back(absl::StrCat(finding.rule(), "/", finding.rule_version(),
                                    ":", finding.quote()));
  }
  Row row;
  row[kType] = "item";
  row[kCode] = Text(item.ticket_number());
  row[kName] = Text(item.matter());
  row[kGroup] = Text(item.division_display_name());
  row[kValue] = Text(item.tier());
  row[kState] = Text(VerdictIn(item.verdict(), locale));
  row[kProblem] = Text(EnglishOr(item.problem_en(), item.problem(), locale));
  row[kSuggestion] =
      Text(EnglishOr(item.suggestion_en(), item.suggestion(), locale));
  row[kEvidence] = Text(absl::StrJoin(evidence, ";"));
  return row;
}

// One department's answer to a suggestion.
Row SuggestionRow(const v1::Suggestion& suggestion,
                  const v1::Suggestion::Department& department, Locale locale) {
  Row row;
  row[kType] = "suggestion";
  row[kCode] = suggestion.name();
  row[kName] = Text(suggestion.title());
  row[kGroup] = Text(department.display_name());
  row[kState] = Text(SuggestionStateText(department.state(), locale));
  row[kProblem] = Text(suggestion.text());
  row[kSuggestion] = Text(department.response());
  row[kEvidence] = Text(absl::StrJoin(suggestion.sources(), ";"));
  return row;
}

// A row for each coefficient, or one that says why there is none.
void AddAgreement(const v1::AgreementLine& line, Locale locale,
                  absl::FunctionRef<void(const Row&)> add) {
  Row row;
  row[kType] = "agreement";
  row[kName] = Text(JudgedText(line, locale));
  row[kGroup] = absl::StrCat(line.start_day(), "/", line.end_day());
  row[kDenominator] = absl::StrCat(line.pairs());
  row[kState] = std::string(
      absl::StripPrefix(v1::AgreementLine::State_Name(line.state()), "STATE_"));
  if (line.coefficients().empty()) add(row);
  for (const v1::AgreementLine::Coefficient& one : line.coefficients()) {
    row[kCode] = std::string(absl::StripPrefix(
        v1::AgreementLine::Coefficient::Statistic_Name(one.statistic()),
        "STATISTIC_"));
    row[kValue] = Number(one.value());
    row[kLower] = Number(one.lower());
    row[kUpper] = Number(one.upper());
    add(row);
  }
}

Row TopicRow(const v1::Report& report, const v1::TrainingTopic& topic,
             Locale locale) {
  Row row;
  row[kType] = "training_topic";
  row[kCode] = Text(topic.rule());
  row[kName] = Text(topic.display_name());
  row[kGroup] = Text(absl::StrJoin(topic.divisions(), ";"));
  row[kValue] = absl::StrCat(topic.count());
  row[kSuggestion] = Text(EnglishOr(topic.advice_en(), topic.advice(), locale));
  row[kEvidence] = Text(TopicTrainingsText(report, topic, locale));
  return row;
}

// Value and previous are the rates after and before, the limits those of their
// difference, the counts those after.
Row TrainingRow(const v1::Training& training, Locale locale) {
  const v1::Training::Effect& effect = training.effect();
  Row row;
  row[kType] = "training";
  row[kCode] = training.name();
  row[kName] = Text(training.title());
  row[kGroup] = Text(AudienceText(training, locale));
  row[kState] = Text(TrainingStateText(training.state(), locale));
  row[kProblem] = Text(TreatedText(training, locale));
  row[kSuggestion] = training.day();
  row[kEvidence] = Text(EffectText(training, locale));
  if (training.has_effect()) {
    row[kNumerator] = absl::StrCat(effect.after().numerator());
    row[kDenominator] = absl::StrCat(effect.after().denominator());
  }
  if (effect.state() != v1::Figure::STATE_OK) return row;
  row[kValue] = Number(effect.after().value());
  row[kPrevious] = Number(effect.before().value());
  row[kLower] = Number(effect.difference().lower());
  row[kUpper] = Number(effect.difference().upper());
  row[kMethod] =
      Text(absl::StrCat("Newcombe, Fisher p", PValueText(effect.p_value())));
  return row;
}

Row CountRow(const char* type, const std::string& code, const std::string& name,
             std::int64_t count, std::int64_t previous) {
  Row row;
  row[kType] = type;
  row[kCode] = Text(code);
  row[kName] = Text(name);
  row[kValue] = absl::StrCat(count);
  row[kPrevious] = absl::StrCat(previous);
  return row;
}

}  // namespace

std::string RenderCsv(const v1::Report& report, Locale locale) {
  std::string csv = "\xEF\xBB\xBF";
  const auto add = [&csv](const Row& row) {
    absl::StrAppend(&csv, absl::StrJoin(row, ","), "\r\n");
  };
  Row heads;
  for (int i = 0; i < kColumns; ++i) {
    heads[static_cast<std::size_t>(i)] =
        kHeads[i][locale == Locale::kEnglish ? 1 : 0];
  }
  add(heads);
  if (!report.corrects().empty()) {
    Row row;
    row[kType] = "correction";
    row[kCode] = report.corrects();
    row[kName] = Text(CorrectionText(report, locale));
    add(row);
  }
  for (const v1::FigureChange& change : report.correction_changes()) {
    v1::Figure figure;
    figure.set_measure(change.measure());
    figure.set_unit(change.unit());
    *figure.mutable_current() = change.after();
    *figure.mutable_previous() = change.before();
    add(FigureRow("corrected", figure, locale));
  }
  for (const v1::Figure& figure : report.figures()) {
    add(FigureRow("figure", figure, locale));
  }
  for (const v1::Trend& trend : report.trends()) {
    for (const v1::Trend::Point& point : trend.points()) {
      Row row;
      row[kType] = "trend";
      row[kCode] = v1::Measure_Name(trend.measure());
      row[kName] = Text(MeasureLabel(trend.measure(), locale));
      row[kGroup] = point.period();
      SetValue(point.value(), locale, row);
      add(row);
    }
  }
  for (const v1::GroupLine& group : report.groups()) {
    for (const v1::Figure& figure : group.figures()) {
      Row row = FigureRow("group", figure, locale);
      row[kGroup] = Text(group.display_name());
      add(row);
    }
  }
  for (const v1::GroupLine& group : report.groups()) {
    for (const v1::Comparison& comparison : group.comparisons()) {
      add(ComparisonRow(comparison, group.display_name(), locale));
    }
  }
  for (const v1::ControlChart& chart : report.charts()) {
    for (const v1::ControlChart::Point& point : chart.points()) {
      add(ChartRow(chart, point, locale));
    }
  }
  for (const auto& [code, rate] :
       ResponseValues(report.method().response_rates())) {
    Row row;
    row[kType] = "aapor";
    row[kCode] = code;
    row[kValue] = Number(rate);
    add(row);
  }
  for (const v1::AgreementLine& line : report.agreements()) {
    AddAgreement(line, locale, add);
  }
  for (const v1::TierShare& tier : report.tiers()) {
    add(CountRow("tier", tier.tier(), tier.display_name(), tier.count(),
                 tier.previous_count()));
  }
  for (const v1::FindingShare& finding : report.findings()) {
    add(CountRow("finding", finding.rule(), finding.display_name(),
                 finding.count(), finding.previous_count()));
  }
  for (const v1::Item& item : report.items()) add(ItemRow(item, locale));
  for (const v1::Suggestion& suggestion : report.suggestions()) {
    for (const v1::Suggestion::Department& one : suggestion.departments()) {
      add(SuggestionRow(suggestion, one, locale));
    }
  }
  for (const v1::Supervision& one : report.supervisions()) {
    Row row;
    row[kType] = "supervision";
    row[kCode] = Text(one.ticket_number());
    row[kName] = Text(one.matter());
    row[kGroup] = Text(one.division_display_name());
    row[kState] = Text(SupervisionStateText(one, locale));
    add(row);
  }
  for (const v1::TrainingTopic& topic : report.training_topics()) {
    add(TopicRow(report, topic, locale));
  }
  for (const v1::Training& training : report.trainings()) {
    add(TrainingRow(training, locale));
  }
  return csv;
}

}  // namespace huifang::reporting

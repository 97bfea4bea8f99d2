#include <array>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "services/reporting/appraisal_file.h"
#include "services/reporting/csv_cell.h"
#include "services/reporting/report_text.h"

namespace huifang::reporting {
namespace {

enum Column {
  kType,
  kUnit,
  kName,
  kDivision,
  kCode,
  kValue,
  kLower,
  kUpper,
  kMethod,
  kNumerator,
  kDenominator,
  kState,
  kJudgement,
  kAdjustedP,
  kText,
  kColumns,
};

constexpr const char* kHeads[kColumns][2] = {
    {"类别", "type"},      {"代码", "unit"},          {"名称", "name"},
    {"庭室", "division"},  {"项目", "item"},          {"数值", "value"},
    {"区间下限", "lower"}, {"区间上限", "upper"},     {"区间方法", "method"},
    {"分子", "numerator"}, {"分母", "denominator"},   {"状态", "state"},
    {"判断", "judgement"}, {"校正p值", "adjusted_p"}, {"说明", "text"}};

using Row = std::array<std::string, kColumns>;
using Add = absl::FunctionRef<void(const Row&)>;

std::string StateName(v1::Figure::State state) {
  return std::string(
      absl::StripPrefix(v1::Figure::State_Name(state), "STATE_"));
}

void AddFigure(Row row, const v1::GroupLine& line, const v1::Figure& figure,
               Locale locale, Add add) {
  const v1::Figure::Value& value = figure.current();
  row[kCode] = v1::Measure_Name(figure.measure());
  row[kState] = StateName(value.state());
  if (value.denominator() > 0 &&
      value.state() != v1::Figure::STATE_SUPPRESSED) {
    row[kNumerator] = absl::StrCat(value.numerator());
    row[kDenominator] = absl::StrCat(value.denominator());
  }
  if (value.state() == v1::Figure::STATE_OK) {
    row[kValue] = csv::Number(value.value());
    if (value.has_interval()) {
      row[kLower] = csv::Number(value.interval().lower());
      row[kUpper] = csv::Number(value.interval().upper());
      row[kMethod] = csv::Text(MethodLabel(value.interval().method(), locale));
    }
  }
  if (const v1::Comparison* c = FindComparison(line, figure.measure())) {
    row[kJudgement] = std::string(
        absl::StripPrefix(v1::Comparison::Flag_Name(c->flag()), "FLAG_"));
    if (c->has_adjusted_p_value()) {
      row[kAdjustedP] = csv::Number(c->adjusted_p_value());
    }
  }
  add(row);
}

void AddCount(Row row, const char* item, std::int64_t count, Add add) {
  row[kCode] = item;
  row[kValue] = absl::StrCat(count);
  add(row);
}

void AddLine(const char* type, const v1::AppraisalLine& line, Locale locale,
             Add add) {
  Row row;
  row[kType] = type;
  row[kUnit] = csv::Text(line.line().group());
  row[kName] = csv::Text(line.line().display_name());
  row[kDivision] = csv::Text(line.division_display_name());
  AddCount(row, "closed", line.closed(), add);
  Row graded = row;
  graded[kState] = StateName(line.state());
  AddCount(graded, "graded", line.graded(), add);
  AddCount(row, "excluded", line.excluded(), add);
  for (const v1::Figure& figure : line.line().figures()) {
    AddFigure(row, line.line(), figure, locale, add);
  }
  for (const v1::TierShare& tier : line.tiers()) {
    Row one = row;
    one[kText] = csv::Text(tier.display_name());
    AddCount(one, csv::Text("tier/" + tier.tier()).c_str(), tier.count(), add);
  }
  for (const v1::FindingShare& finding : line.findings()) {
    Row one = row;
    one[kText] = csv::Text(finding.display_name());
    AddCount(one, csv::Text("finding/" + finding.rule()).c_str(),
             finding.count(), add);
  }
}

Row ExclusionRow(const v1::AppraisalExclusion& one) {
  Row row;
  row[kType] = "exclusion";
  row[kUnit] = csv::Text(one.ticket());
  row[kName] = csv::Text(one.ticket_number());
  row[kDivision] = csv::Text(one.division_display_name());
  row[kText] = csv::Text(absl::StrCat(
      one.reason(), " (", one.requester(), " ", MinuteText(one.create_time()),
      "; ", one.decider(), " ", MinuteText(one.decide_time()), ")"));
  return row;
}

Row TextRow(const char* type, const std::string& text) {
  Row row;
  row[kType] = type;
  row[kText] = csv::Text(text);
  return row;
}

}  // namespace

std::string AppraisalCsv(const v1::Appraisal& sheet, Locale locale) {
  std::string table = "\xEF\xBB\xBF";
  const auto add = [&table](const Row& row) {
    absl::StrAppend(&table, absl::StrJoin(row, ","), "\r\n");
  };
  Row heads;
  for (int i = 0; i < kColumns; ++i) {
    heads[static_cast<std::size_t>(i)] =
        kHeads[i][locale == Locale::kEnglish ? 1 : 0];
  }
  add(heads);
  Row head;
  head[kType] = "sheet";
  head[kUnit] = csv::Text(sheet.name());
  head[kName] = csv::Text(sheet.court_display_name());
  head[kCode] = csv::Text(sheet.period().label());
  head[kValue] = absl::StrCat(sheet.version());
  head[kText] = csv::Text(AppraisalCorrection(sheet, locale));
  add(head);
  for (const v1::AppraisalChange& change : sheet.changes()) {
    Row row = TextRow("change", ChangeText(change, locale));
    row[kUnit] = csv::Text(change.group());
    row[kName] = csv::Text(change.display_name());
    add(row);
  }
  for (const v1::AppraisalLine& line : sheet.divisions()) {
    AddLine("division", line, locale, add);
  }
  for (const v1::AppraisalLine& line : sheet.handlers()) {
    AddLine("handler", line, locale, add);
  }
  for (const v1::AppraisalExclusion& one : sheet.exclusions()) {
    add(ExclusionRow(one));
  }
  for (const std::string& sentence : AppraisalMethod(sheet, locale)) {
    add(TextRow("method", sentence));
  }
  return table;
}

}  // namespace huifang::reporting

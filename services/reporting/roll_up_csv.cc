#include <array>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "services/common/resource_name.h"
#include "services/reporting/csv_cell.h"
#include "services/reporting/report_text.h"
#include "services/reporting/roll_up_file.h"
#include "services/reporting/roll_up_rules.h"
#include "services/reporting/roll_up_text.h"

namespace huifang::reporting {
namespace {

using csv::Number;
using csv::StateText;
using csv::Text;

enum Column {
  kCode,
  kCourt,
  kMeasure,
  kName,
  kState,
  kValue,
  kLower,
  kUpper,
  kMethod,
  kNumerator,
  kDenominator,
  kJudgement,
  kAdjusted,
  kDifferenceLower,
  kDifferenceUpper,
  kReason,
  kReport,
  kDelivered,
  kWorst,
  kBest,
  kColumns,
};

constexpr const char* kHeads[kColumns][2] = {{"法院代码", "court"},
                                             {"法院", "court_name"},
                                             {"指标代码", "measure"},
                                             {"指标", "name"},
                                             {"状态", "state"},
                                             {"数值", "value"},
                                             {"区间下限", "lower"},
                                             {"区间上限", "upper"},
                                             {"区间方法", "method"},
                                             {"分子", "numerator"},
                                             {"分母", "denominator"},
                                             {"判断", "judgement"},
                                             {"校正p值", "adjusted_p"},
                                             {"差值下限", "difference_lower"},
                                             {"差值上限", "difference_upper"},
                                             {"不可比的原因", "not_compared"},
                                             {"报告", "report"},
                                             {"送交时间", "delivered"},
                                             {"最坏界下", "worst_case"},
                                             {"最坏界上", "best_case"}};

using Row = std::array<std::string, kColumns>;

void SetFigure(const v1::Figure& figure, Locale locale, Row& row) {
  const v1::Figure::Value& value = figure.current();
  row[kMeasure] = v1::Measure_Name(figure.measure());
  row[kName] = Text(MeasureLabel(figure.measure(), locale));
  row[kState] = StateText(value.state());
  if (value.state() == v1::Figure::STATE_SUPPRESSED) return;
  if (value.denominator() > 0) {
    row[kNumerator] = absl::StrCat(value.numerator());
    row[kDenominator] = absl::StrCat(value.denominator());
  }
  if (value.state() != v1::Figure::STATE_OK) return;
  row[kValue] = Number(value.value());
  if (figure.has_design()) {
    row[kWorst] = Number(figure.design().worst_case());
    row[kBest] = Number(figure.design().best_case());
  }
  if (!value.has_interval()) return;
  row[kLower] = Number(value.interval().lower());
  row[kUpper] = Number(value.interval().upper());
  row[kMethod] = Text(MethodLabel(value.interval().method(), locale));
}

void SetComparison(const v1::RollUp::Line& line, v1::Measure measure,
                   Locale locale, Row& row) {
  std::vector<std::string> reasons;
  for (const v1::RollUp::Obstacle& obstacle : line.obstacles()) {
    if (obstacle.measure() != measure) continue;
    reasons.push_back(ObstacleText(obstacle, locale));
  }
  if (!reasons.empty()) {
    row[kJudgement] = "NOT_COMPARABLE";
    row[kReason] = Text(absl::StrJoin(reasons, ";"));
    return;
  }
  const v1::Comparison* c = FindComparison(line, measure);
  if (c == nullptr) return;
  row[kJudgement] = std::string(
      absl::StripPrefix(v1::Comparison::Flag_Name(c->flag()), "FLAG_"));
  if (!c->has_p_value()) return;
  row[kAdjusted] = Number(c->adjusted_p_value());
  row[kDifferenceLower] = Number(c->difference().lower());
  row[kDifferenceUpper] = Number(c->difference().upper());
}

std::vector<Row> RowsOf(const v1::RollUp& roll_up, Locale locale) {
  std::vector<Row> rows;
  for (const v1::RollUp::Line& line : roll_up.lines()) {
    const v1::CourtFigures& court = line.court();
    Row head;
    head[kCode] = CourtOfName(court.name());
    head[kCourt] = Text(court.court_display_name());
    if (court.state() != v1::CourtFigures::STATE_DELIVERED) {
      head[kState] = "MISSING";
      rows.push_back(head);
      continue;
    }
    head[kReport] = Text(court.report());
    head[kDelivered] = MinuteText(court.deliver_time());
    for (const v1::Figure& figure : court.figures()) {
      Row row = head;
      SetFigure(figure, locale, row);
      SetComparison(line, figure.measure(), locale, row);
      rows.push_back(row);
    }
  }
  for (const v1::RollUp::Total& total : roll_up.totals()) {
    Row row;
    row[kCode] = CourtOfName(roll_up.name());
    row[kCourt] = Text(RollUpLabel("total", locale));
    SetFigure(total.figure(), locale, row);
    row[kReason] = Text(TotalText(roll_up, total, locale));
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

std::string RenderCsv(const v1::RollUp& roll_up, Locale locale) {
  std::string text = "\xEF\xBB\xBF";  // spreadsheets take it for UTF-8 then
  const auto add = [&text](const Row& row) {
    absl::StrAppend(&text, absl::StrJoin(row, ","), "\r\n");
  };
  Row heads;
  for (std::size_t i = 0; i < kColumns; ++i) {
    heads[i] = kHeads[i][locale == Locale::kEnglish ? 1 : 0];
  }
  add(heads);
  for (const Row& row : RowsOf(roll_up, locale)) add(row);
  return text;
}

}  // namespace huifang::reporting

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
#include "services/reporting/roll_up_trend_text.h"

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
  kPeriod,
  kSerialNumber,
  kVersion,
  kBundles,
  kSources,
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
                                             {"最坏界上", "best_case"},
                                             {"期间", "period"},
                                             {"报告编号", "serial_number"},
                                             {"版次", "version"},
                                             {"验证包摘要", "bundle_digests"},
                                             {"来源摘要", "sources_digest"}};

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

// A delivered court's columns that are the same in each of its rows.
Row HeadOf(const v1::CourtFigures& court, const std::string& period) {
  Row head;
  head[kCode] = CourtOfName(court.name());
  head[kCourt] = Text(court.court_display_name());
  head[kPeriod] = period;
  if (court.state() != v1::CourtFigures::STATE_DELIVERED) {
    head[kState] = "MISSING";
    return head;
  }
  head[kReport] = Text(court.report());
  head[kDelivered] = MinuteText(court.deliver_time());
  head[kSerialNumber] = Text(court.serial_number());
  head[kVersion] = absl::StrCat(court.version());
  std::vector<std::string> bundles;
  for (const v1::CourtFigures::Draw& draw : court.draws()) {
    if (!draw.bundle_digest().empty()) bundles.push_back(draw.bundle_digest());
  }
  head[kBundles] = absl::StrJoin(bundles, " ");
  return head;
}

void AddResponse(const v1::CourtFigures::Response& response, Locale locale,
                 Row row, std::vector<Row>& rows) {
  row[kMeasure] = v1::Measure_Name(v1::MEASURE_RESPONSE_RATE);
  row[kName] = Text(MeasureLabel(v1::MEASURE_RESPONSE_RATE, locale));
  row[kState] =
      StateText(response.rates().has_rr1() ? v1::Figure::STATE_OK
                                           : v1::Figure::STATE_NO_DATA);
  if (response.rates().has_rr1()) {
    row[kValue] = Number(response.rates().rr1());
    row[kNumerator] = absl::StrCat(response.completed());
    row[kDenominator] = absl::StrCat(response.eligible());
  }
  rows.push_back(row);
}

void AddCourt(const v1::RollUp::Line& line, const std::string& period,
              Locale locale, std::vector<Row>& rows) {
  const v1::CourtFigures& court = line.court();
  const Row head = HeadOf(court, period);
  if (court.state() != v1::CourtFigures::STATE_DELIVERED) {
    rows.push_back(head);
    return;
  }
  for (const v1::Figure& figure : court.figures()) {
    Row row = head;
    SetFigure(figure, locale, row);
    SetComparison(line, figure.measure(), locale, row);
    rows.push_back(row);
  }
  if (court.has_response()) AddResponse(court.response(), locale, head, rows);
}

// All courts together in one period.
Row TotalHead(const v1::RollUp& roll_up, const std::string& period,
              const std::string& sources_digest, Locale locale) {
  Row row;
  row[kCode] = CourtOfName(roll_up.name());
  row[kCourt] = Text(RollUpLabel("total", locale));
  row[kPeriod] = period;
  row[kSources] = sources_digest;
  return row;
}

void AddTotals(const v1::RollUp& roll_up, Locale locale,
               std::vector<Row>& rows) {
  const Row head = TotalHead(roll_up, roll_up.period().label(),
                             roll_up.sources_digest(), locale);
  for (const v1::RollUp::Total& total : roll_up.totals()) {
    Row row = head;
    SetFigure(total.figure(), locale, row);
    row[kReason] = Text(TotalText(roll_up, total, locale));
    rows.push_back(row);
  }
  AddResponse(roll_up.response(), locale, head, rows);
}

// The periods before; this one's rates are the totals.
void AddEarlier(const v1::RollUp& roll_up, Locale locale,
                std::vector<Row>& rows) {
  for (int i = 0; i + 1 < roll_up.trend_size(); ++i) {
    const v1::RollUp::TrendPoint& point = roll_up.trend(i);
    const Row head =
        TotalHead(roll_up, point.period(), point.sources_digest(), locale);
    for (const v1::RollUp::TrendRate& rate : point.rates()) {
      Row row = head;
      SetFigure(rate.total().figure(), locale, row);
      row[kJudgement] = std::string(absl::StripPrefix(
          v1::RollUp::TrendRate::Standing_Name(rate.standing()), "STANDING_"));
      row[kReason] =
          Text(absl::StrCat(DeliveredText(point, locale), "; ",
                            CourtsText(rate.total().courts(), locale)));
      rows.push_back(row);
    }
  }
}

std::vector<Row> RowsOf(const v1::RollUp& roll_up, Locale locale) {
  std::vector<Row> rows;
  for (const v1::RollUp::Line& line : roll_up.lines()) {
    AddCourt(line, roll_up.period().label(), locale, rows);
  }
  AddTotals(roll_up, locale, rows);
  AddEarlier(roll_up, locale, rows);
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

#include "services/reporting/chart_text.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace huifang::reporting {
namespace {

bool IsGap(const v1::ControlChart& chart) {
  return chart.kind() == v1::ControlChart::KIND_G ||
         chart.kind() == v1::ControlChart::KIND_T;
}

std::string Number(const v1::ControlChart& chart, double value) {
  if (chart.kind() == v1::ControlChart::KIND_T) {
    return absl::StrFormat("%.1f", value);
  }
  return IsGap(chart) ? absl::StrFormat("%.0f", value) : PercentText(value);
}

std::string KindText(v1::ControlChart::Kind kind, Locale locale) {
  const char* name = kind == v1::ControlChart::KIND_LANEY ? "Laney p′"
                     : kind == v1::ControlChart::KIND_G   ? "g"
                     : kind == v1::ControlChart::KIND_T   ? "t"
                                                          : "p";
  return absl::StrCat(name, locale == Locale::kEnglish ? " chart" : "图");
}

std::string StateText(const v1::ControlChart& chart, bool english) {
  switch (chart.state()) {
    case v1::ControlChart::STATE_TOO_FEW:
      return english ? "too few points: shown, not alarmed"
                     : "期数不足，只展示，不预警";
    case v1::ControlChart::STATE_TOO_RARE:
      return english ? "too few defects for a weekly rate: not alarmed"
                     : "缺陷过少，周比率不足为据，不预警";
    default:
      if (chart.points_size() > 0 && chart.points().rbegin()->left_out()) {
        return english ? "nothing to judge in the last week"
                       : "最近一周无可用数据";
      }
      return english ? "no alarm" : "未触发预警";
  }
}

std::string SignalText(const v1::ControlChart& chart,
                       const v1::ControlChart::Point& last, Locale locale) {
  const bool english = locale == Locale::kEnglish;
  std::vector<std::string> signals;
  for (const int rule : last.signals()) {
    signals.push_back(
        ChartRuleText(static_cast<v1::ControlChart::Rule>(rule), locale));
  }
  return absl::StrCat(
      last.label(), english ? " at " : "为", Number(chart, last.value()),
      english ? ": " : "，", absl::StrJoin(signals, english ? ", " : "，"),
      english ? " (" : "（", Number(chart, last.lower_limit()), "–",
      Number(chart, last.upper_limit()), english ? ")" : "）");
}

std::string BaselineText(const v1::ControlChart& chart, bool english) {
  if (chart.baseline_start().empty()) {
    return english ? "no baseline" : "尚无基线";
  }
  const std::string span = absl::StrCat(
      chart.baseline_start(), english ? " to " : "至", chart.baseline_end());
  const std::string center = Number(chart, chart.center());
  if (chart.court_baseline()) {
    return english ? absl::StrCat("center: the court's rate of ", span, ", ",
                                  center)
                   : absl::StrCat("中心线为全院", span, "的水平", center);
  }
  return english ? absl::StrCat("baseline ", span, ", center ", center)
                 : absl::StrCat("基线", span, "，中心线", center);
}

}  // namespace

std::string ChartTitle(const v1::ControlChart& chart, Locale locale) {
  const bool english = locale == Locale::kEnglish;
  // Charted of this measure is the share of open tickets, of those without a
  // division too (overdue_risk_rules.h).
  const bool risk = chart.measure() == v1::MEASURE_OVERDUE_OPEN;
  const std::string whose = !chart.division().empty() ? chart.display_name()
                            : risk ? (english ? "Not dispatched" : "未派单")
                                   : PageLabel("whole_court", locale);
  const std::string what =
      risk ? (english ? "near or past due, of the open"
                      : "临期和超期占在办的比例")
      : chart.kind() == v1::ControlChart::KIND_T
          ? absl::StrCat(chart.rule_display_name(),
                         english ? ": days between" : "：相隔天数")
      : IsGap(chart) ? absl::StrCat(MeasureLabel(chart.measure(), locale),
                                    english ? ": good tickets between defects"
                                            : "：两次缺陷间的合格件数")
                     : MeasureLabel(chart.measure(), locale);
  return absl::StrCat(whose, " · ", what, english ? " (" : "（",
                      KindText(chart.kind(), locale), english ? ")" : "）");
}

std::string ChartText(const v1::ControlChart& chart, Locale locale) {
  const bool english = locale == Locale::kEnglish;
  if (chart.points().empty()) return StateText(chart, english);
  const v1::ControlChart::Point& last = chart.points(chart.points_size() - 1);
  return absl::StrCat(last.signals().empty() ? StateText(chart, english)
                                             : SignalText(chart, last, locale),
                      english ? "; " : "；", BaselineText(chart, english),
                      english ? "." : "。");
}

std::string ChartRuleText(v1::ControlChart::Rule rule, Locale locale) {
  const bool english = locale == Locale::kEnglish;
  switch (rule) {
    case v1::ControlChart::RULE_BELOW_LIMITS:
      return english ? "below the lower limit" : "低于控制下限";
    case v1::ControlChart::RULE_ABOVE_LIMITS:
      return english ? "above the upper limit" : "高于控制上限";
    case v1::ControlChart::RULE_RUNS:
      return english ? "a run too long or too few crossings"
                     : "连续偏向一侧过久或穿越过少";
    default:
      return "";
  }
}

}  // namespace huifang::reporting

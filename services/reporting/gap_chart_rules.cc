#include "services/reporting/gap_chart_rules.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "services/reporting/watch_rules.h"

namespace huifang::reporting {
namespace {

constexpr std::size_t kFirstGaps = 10;
constexpr std::int64_t kFewest = 3;

v1::ControlChart::State StateOf(ChartState state) {
  switch (state) {
    case ChartState::kTooFew:
      return v1::ControlChart::STATE_TOO_FEW;
    case ChartState::kTooRare:
      return v1::ControlChart::STATE_TOO_RARE;
    case ChartState::kWatched:
      break;
  }
  return v1::ControlChart::STATE_WATCHED;
}

v1::ControlChart::Rule RuleOf(ChartRule rule) {
  switch (rule) {
    case ChartRule::kBelowLimits:
      return v1::ControlChart::RULE_BELOW_LIMITS;
    case ChartRule::kAboveLimits:
      return v1::ControlChart::RULE_ABOVE_LIMITS;
    case ChartRule::kRuns:
      break;
  }
  return v1::ControlChart::RULE_RUNS;
}

// The chart of gaps, each labelled with the day that ended it, held against
// the first ten.
void Judge(const std::vector<double>& gaps,
           const std::vector<std::string>& labels,
           GapBaseline (*baseline_of)(const std::vector<double>&),
           v1::ControlChart& chart) {
  const std::size_t behind = std::min(gaps.size(), kFirstGaps);
  const GapBaseline baseline = baseline_of(
      {gaps.begin(), gaps.begin() + static_cast<std::ptrdiff_t>(behind)});
  const ChartReading reading = ReadGaps(gaps, baseline, kWatchPolicy);
  chart.set_sigma_z(1);
  chart.set_center(baseline.center);
  chart.set_baseline_points(baseline.gaps);
  if (behind > 0) {
    chart.set_baseline_start(labels.front());
    chart.set_baseline_end(labels[behind - 1]);
  }
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    v1::ControlChart::Point& point = *chart.add_points();
    point.set_label(labels[i]);
    point.set_value(gaps[i]);
    point.set_in_baseline(i < kFirstGaps);
    point.set_lower_limit(reading.limits[i].lower);
    point.set_upper_limit(reading.limits[i].upper);
  }
  SetReading(reading, chart);
}

v1::ControlChart TimeChartOf(const std::map<int, std::int64_t>& days, int begin,
                             int end) {
  v1::ControlChart chart;
  chart.set_kind(v1::ControlChart::KIND_T);
  std::vector<double> gaps;
  std::vector<std::string> labels;
  double last = -1;
  for (const auto& [day, count] : days) {
    if (day < begin || day > end) continue;
    for (std::int64_t i = 0; i < count; ++i) {
      // The hour is not known: those of a day lie evenly in it.
      const double at =
          day + (static_cast<double>(i) + 0.5) / static_cast<double>(count);
      if (last >= 0) {
        gaps.push_back(at - last);
        labels.push_back(DayText(DayOfNumber(day)));
      }
      last = at;
    }
  }
  Judge(gaps, labels, TBaseline, chart);
  return chart;
}

}  // namespace

absl::CivilDay QuarterBefore(absl::CivilDay day) {
  const absl::CivilMonth quarter(day.year(), (day.month() - 1) / 3 * 3 + 1);
  return absl::CivilDay(quarter - 3);
}

void SetReading(const ChartReading& reading, v1::ControlChart& chart) {
  chart.set_state(StateOf(reading.state));
  chart.set_longest_run(reading.runs.longest);
  chart.set_longest_run_max(reading.runs.longest_max);
  chart.set_crossings(reading.runs.crossings);
  chart.set_crossings_min(reading.runs.crossings_min);
  for (const Signal& signal : reading.signals) {
    v1::ControlChart::Point& point =
        *chart.mutable_points(static_cast<int>(signal.point));
    // What made the limits is not judged by them.
    if (signal.rule != ChartRule::kRuns && point.in_baseline()) continue;
    point.add_signals(RuleOf(signal.rule));
  }
}

v1::ControlChart GapChartOf(v1::Measure measure, const Span& week,
                            const std::map<int, Tally>& days) {
  v1::ControlChart chart;
  chart.set_measure(measure);
  chart.set_kind(v1::ControlChart::KIND_G);
  std::vector<double> gaps;
  std::vector<std::string> labels;
  double good = 0;   // tickets so far
  double last = -1;  // position of the last defect; below 0: none yet
  const int begin = DayNumber(QuarterBefore(week.first));
  for (const auto& [day, tally] : days) {
    if (day < begin || day > DayNumber(week.last)) continue;
    const std::int64_t defects = tally.trials - tally.successes;
    // The order within a day is not known: defects lie evenly between the good.
    for (std::int64_t d = 0; d < defects; ++d) {
      const double at = good + static_cast<double>(tally.successes) *
                                   (static_cast<double>(d) + 0.5) /
                                   static_cast<double>(defects);
      if (last >= 0) {
        gaps.push_back(std::round(at - last));
        labels.push_back(DayText(DayOfNumber(day)));
      }
      last = at;
    }
    good += static_cast<double>(tally.successes);
  }
  Judge(gaps, labels, GBaseline, chart);
  return chart;
}

std::vector<v1::ControlChart> RareFindingCharts(const FindingDays& findings,
                                                const Span& week,
                                                const DisplayNames& names) {
  const int begin = DayNumber(QuarterBefore(week.first));
  const int end = DayNumber(week.last);
  const double earlier_weeks = (DayNumber(week.first) - begin) / 7.0;
  std::vector<v1::ControlChart> charts;
  for (const auto& [rule, days] : findings) {
    std::int64_t count = 0;
    std::int64_t earlier = 0;  // whether it is rare must not hide a bad week
    for (const auto& [day, tickets] : days) {
      if (day < begin || day > end) continue;
      count += tickets;
      if (day < DayNumber(week.first)) earlier += tickets;
    }
    if (count < kFewest ||
        static_cast<double>(earlier) >= kRareAWeek * earlier_weeks) {
      continue;
    }
    v1::ControlChart chart = TimeChartOf(days, begin, end);
    chart.set_rule(rule);
    const auto name = names.find(rule);
    chart.set_rule_display_name(name == names.end() ? RuleName(rule)
                                                    : name->second);
    charts.push_back(std::move(chart));
  }
  const auto rank = [&](const v1::ControlChart& chart) {
    return std::make_pair(!Alarms(chart, week), -chart.points_size());
  };
  std::stable_sort(
      charts.begin(), charts.end(),
      [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  if (charts.size() > kRareCharts) charts.resize(kRareCharts);
  return charts;
}

}  // namespace huifang::reporting

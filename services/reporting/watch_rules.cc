#include "services/reporting/watch_rules.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "services/common/resource_name.h"
#include "services/reporting/gap_chart_rules.h"
#include "services/reporting/league_rules.h"

namespace huifang::reporting {
namespace {

// Weeks that make a baseline for a young division: its own, or the court's. How
// much larger than a division's week the latter must be: the error of the
// center is then below a third of the week's own.
constexpr int kFirstWeeks = 4;
constexpr double kMuchLarger = 10;
// A division that clearly differed from the court before is not held against
// it: twice its exact tail is below this.
constexpr double kUnlike = 0.001;

struct Range {
  std::size_t first = 0;
  std::size_t end = 0;  // one past the last
};

struct Held {
  Baseline baseline;
  Range weeks;
  bool court = false;
};

Range QuarterOf(const std::vector<Span>& weeks) {
  const absl::CivilDay begin = QuarterBefore(weeks.back().first);
  const absl::CivilDay end(absl::CivilMonth(begin) + 3);
  Range range;
  while (range.first < weeks.size() && weeks[range.first].first < begin) {
    ++range.first;
  }
  range.end = range.first;
  while (range.end < weeks.size() && weeks[range.end].first < end) ++range.end;
  return range;
}

std::vector<Tally> Slice(const std::vector<Tally>& weeks, const Range& range) {
  using Offset = std::ptrdiff_t;
  return {weeks.begin() + static_cast<Offset>(range.first),
          weeks.begin() + static_cast<Offset>(range.end)};
}

Tally SumOf(const std::vector<Tally>& weeks) {
  Tally sum;
  for (const Tally& week : weeks) {
    sum.successes += week.successes;
    sum.trials += week.trials;
  }
  return sum;
}

int UsedIn(const std::vector<Tally>& weeks) {
  return static_cast<int>(
      std::count_if(weeks.begin(), weeks.end(),
                    [](const Tally& week) { return week.trials > 0; }));
}

// The first weeks from `from` on in which there was anything, the judged one
// left out.
Range FirstWeeksOf(const std::vector<Tally>& weeks, std::size_t from = 0) {
  Range range;
  range.first = from;
  while (range.first < weeks.size() && weeks[range.first].trials <= 0) {
    ++range.first;
  }
  range.end = range.first;
  int used = 0;
  while (range.end + 1 < weeks.size() && used < kFirstWeeks) {
    used += weeks[range.end++].trials > 0 ? 1 : 0;
  }
  return range;
}

// The court's rate, where it may stand for the division's.
bool HoldAgainstCourt(const Range& quarter, const std::vector<Tally>& own,
                      const std::vector<Tally>& court, Held& held) {
  const bool old = UsedIn(Slice(court, quarter)) >= kWatchPolicy.min_baseline;
  const Range range = old ? quarter : FirstWeeksOf(court);
  const std::vector<Tally> weeks = Slice(court, range);
  const Tally sum = SumOf(weeks);
  const int used = UsedIn(own);
  if (UsedIn(weeks) < kFirstWeeks || sum.trials <= 0 || used == 0) return false;
  const double center =
      static_cast<double>(sum.successes) / static_cast<double>(sum.trials);
  const double a_week = static_cast<double>(SumOf(own).trials) / used;
  if (static_cast<double>(sum.trials) < kMuchLarger * a_week ||
      BinomialPValue(SumOf(Slice(own, range)), center) < kUnlike) {
    return false;
  }
  held = {StatedBaseline(center), range, true};
  held.baseline.weeks = UsedIn(weeks);
  return true;
}

Held ChooseBaseline(const std::vector<Span>& weeks,
                    const std::vector<Tally>& own,
                    const std::vector<Tally>& court, bool sampled) {
  const Range quarter = QuarterOf(weeks);
  const std::vector<Tally> before = Slice(own, quarter);
  Held held{{}, quarter, false};
  if (UsedIn(before) >= kWatchPolicy.min_baseline) {
    held.baseline = LaneyBaseline(before);
    // Weeks that differ less than chance would make them: nothing to narrow.
    if (sampled || held.baseline.sigma_z < 1) held.baseline.sigma_z = 1;
    return held;
  }
  if (!court.empty()) {
    // Divisions differ: as soon as it has weeks of its own it is held against
    // those, however much larger the court is.
    const Range first = FirstWeeksOf(own, quarter.first);
    if (UsedIn(Slice(own, first)) >= kFirstWeeks) {
      return {CountedBaseline(Slice(own, first)), first, false};
    }
    if (HoldAgainstCourt(quarter, own, court, held)) return held;
  }
  Range all{0, own.size() - 1};
  while (all.first < all.end && own[all.first].trials <= 0) ++all.first;
  // Fewer than it takes, so that it cannot alarm; shown all the same.
  while (UsedIn(Slice(own, all)) >= kWatchPolicy.min_baseline ||
         (all.first < all.end && own[all.first].trials <= 0)) {
    ++all.first;
  }
  return {PBaseline(Slice(own, all)), all, false};
}

using WeeklyTallies = std::map<std::string, std::vector<Tally>>;

// Weekly sums of the days, by division; "" is the court.
WeeklyTallies FromDays(const DayFacts& days, const std::vector<Span>& weeks,
                       Tally DayTotals::*part) {
  WeeklyTallies series;
  series[""].resize(weeks.size());
  const int begin = DayNumber(weeks.front().first);
  const int end = DayNumber(weeks.back().last);
  for (const auto& [division, by_day] : days) {
    std::vector<Tally>& own = series[division];
    own.resize(weeks.size());
    for (const auto& [day, totals] : by_day) {
      if (day < begin || day > end) continue;
      const auto week = static_cast<std::size_t>((day - begin) / 7);
      const Tally& tally = totals.*part;
      own[week].successes += tally.successes;
      own[week].trials += tally.trials;
      if (division.empty()) continue;  // it is the court's row already
      series[""][week].successes += tally.successes;
      series[""][week].trials += tally.trials;
    }
  }
  return series;
}

// Calls of the draws that a week's tickets were in: what Ask needs of them.
std::vector<CallFact> CallsOf(const std::vector<CallFact>& calls,
                              const Span& week) {
  std::set<std::string> draws;
  const auto inside = [&](const CallFact& call) {
    return call.close_day >= DayNumber(week.first) &&
           call.close_day <= DayNumber(week.last);
  };
  for (const CallFact& call : calls) {
    if (inside(call)) draws.insert(call.draw);
  }
  std::vector<CallFact> chosen;
  for (const CallFact& call : calls) {
    if (draws.count(call.draw) > 0) chosen.push_back(call);
  }
  return chosen;
}

WeeklyTallies FromCalls(const WatchFacts& facts, const std::vector<Span>& weeks,
                        v1::Measure measure, const FigurePolicy& policy) {
  std::set<std::string> divisions = {""};
  for (const CallFact& call : *facts.calls) divisions.insert(call.division);
  WeeklyTallies series;
  for (const Span& week : weeks) {
    const std::vector<CallFact> calls = CallsOf(*facts.calls, week);
    for (const std::string& division : divisions) {
      Scope scope;
      scope.span = week;
      scope.division = division;
      scope.calls = &calls;
      scope.is_withheld = [&](v1::Measure asked) {
        return facts.is_withheld && facts.is_withheld(asked, week, division);
      };
      series[division].push_back(
          calls.empty() ? Tally{} : TallyOf(measure, scope, policy));
    }
  }
  return series;
}

void AddCharts(v1::Measure measure, const WatchFacts& facts,
               const std::vector<Span>& weeks, const WeeklyTallies& series,
               Tally DayTotals::*part, std::vector<v1::ControlChart>& charts) {
  const bool sampled = part == nullptr;
  const std::vector<Tally> none;
  for (const auto& [division, own] : series) {
    v1::ControlChart chart = ChartOf(
        measure, weeks, own, division.empty() ? none : series.at(""), sampled);
    if (chart.points().empty()) continue;
    if (chart.state() == v1::ControlChart::STATE_TOO_RARE && !sampled &&
        !division.empty()) {
      std::map<int, Tally> days;
      for (const auto& [day, totals] : facts.days->at(division)) {
        days[day] = totals.*part;
      }
      v1::ControlChart gaps = GapChartOf(measure, facts.week, days);
      if (gaps.points_size() > 1) chart = std::move(gaps);
    }
    chart.set_division(division);
    if (facts.names != nullptr) {
      const auto name = facts.names->find(division);
      chart.set_display_name(name == facts.names->end() ? IdOf(division)
                                                        : name->second);
    }
    charts.push_back(std::move(chart));
  }
}

}  // namespace

Span LastWeekOf(const Span& span) {
  if (span.kind == Span::Kind::kWeek) return span;
  const absl::CivilDay sunday =
      absl::PrevWeekday(span.last + 1, absl::Weekday::sunday);
  return {Span::Kind::kWeek, sunday - 6, sunday};
}

v1::ControlChart ChartOf(v1::Measure measure, const std::vector<Span>& weeks,
                         const std::vector<Tally>& own,
                         const std::vector<Tally>& court, bool sampled) {
  const Held held = ChooseBaseline(weeks, own, court, sampled);
  if (held.baseline.weeks == 0) return {};
  const Range shown{held.weeks.first, own.size()};
  const std::vector<Tally> tallies = Slice(own, shown);
  const ChartReading reading = ReadChart(tallies, held.baseline, kWatchPolicy);
  v1::ControlChart chart;
  chart.set_measure(measure);
  chart.set_kind(held.baseline.sigma_z > 1 ? v1::ControlChart::KIND_LANEY
                                           : v1::ControlChart::KIND_P);
  chart.set_center(held.baseline.center);
  chart.set_sigma_z(held.baseline.sigma_z);
  chart.set_baseline_points(held.baseline.weeks);
  chart.set_court_baseline(held.court);
  if (held.weeks.end > held.weeks.first) {
    chart.set_baseline_start(SpanLabel(weeks[held.weeks.first]));
    chart.set_baseline_end(SpanLabel(weeks[held.weeks.end - 1]));
  }
  for (std::size_t i = 0; i < tallies.size(); ++i) {
    v1::ControlChart::Point& point = *chart.add_points();
    const std::size_t week = shown.first + i;
    point.set_label(SpanLabel(weeks[week]));
    point.set_in_baseline(week < held.weeks.end);
    point.set_left_out(tallies[i].trials <= 0);
    if (point.left_out()) continue;
    point.set_numerator(tallies[i].successes);
    point.set_denominator(tallies[i].trials);
    point.set_value(static_cast<double>(tallies[i].successes) /
                    static_cast<double>(tallies[i].trials));
    point.set_lower_limit(reading.limits[i].lower);
    point.set_upper_limit(reading.limits[i].upper);
  }
  SetReading(reading, chart);
  return chart;
}

std::vector<v1::ControlChart> MakeCharts(const WatchFacts& facts,
                                         const FigurePolicy& policy) {
  const std::vector<Span> weeks = SpansUpTo(facts.week, kChartWeeks);
  std::vector<v1::ControlChart> charts;
  AddCharts(v1::MEASURE_SATISFACTION_RATE, facts, weeks,
            FromCalls(facts, weeks, v1::MEASURE_SATISFACTION_RATE, policy),
            nullptr, charts);
  AddCharts(v1::MEASURE_ON_TIME_RATE, facts, weeks,
            FromDays(*facts.days, weeks, &DayTotals::on_time),
            &DayTotals::on_time, charts);
  AddCharts(v1::MEASURE_PASS_RATE, facts, weeks,
            FromDays(*facts.days, weeks, &DayTotals::passed),
            &DayTotals::passed, charts);
  return charts;
}

bool Alarms(const v1::ControlChart& chart, const Span& week) {
  if (chart.points().empty()) return false;
  const v1::ControlChart::Point& last = chart.points(chart.points_size() - 1);
  // A gap that ended in an earlier week was that week's alarm.
  const bool old = (chart.kind() == v1::ControlChart::KIND_G ||
                    chart.kind() == v1::ControlChart::KIND_T) &&
                   last.label() < DayText(week.first);
  return !old && last.signals_size() > 0;
}

}  // namespace huifang::reporting

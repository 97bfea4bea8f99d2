// Charts over time of a court and its divisions, week by week: which baseline
// they are held against, and whether the last week is out of line.
#ifndef HUIFANG_SERVICES_REPORTING_WATCH_RULES_H_
#define HUIFANG_SERVICES_REPORTING_WATCH_RULES_H_

#include <string>
#include <vector>

#include "services/reporting/control_chart_rules.h"
#include "services/reporting/figure_rules.h"
#include "services/reporting/item_rules.h"

namespace huifang::reporting {

// Weeks looked at: a calendar quarter as baseline, and the quarter after it.
inline constexpr int kChartWeeks = 27;

// Charts are read with an exact tail beside three sigma, so that weeks of half
// an expected defect can be judged; below that the gaps are charted.
inline constexpr ChartPolicy kWatchPolicy = {.min_expected = 0.5};

// The week itself, or the last whole week of a month.
Span LastWeekOf(const Span& span);

// The chart of one series, `own`, one tally for each of `weeks`. The baseline
// is the calendar quarter before the last week's, so it stands still for a
// quarter and holds no week that it judges. A division without ten weeks in it
// is held against its own first four weeks, whose error then counts; without
// these, against the court's rate: of that quarter, or of the court's first
// four weeks; provided that the court is so much larger that its rate is known,
// and that the division was like it then. Else there are too few weeks.
// Without a single week to hold it against there is no chart: no points.
// `court` is empty for the court's own series. `sampled`: a p chart; else p′.
v1::ControlChart ChartOf(v1::Measure measure, const std::vector<Span>& weeks,
                         const std::vector<Tally>& own,
                         const std::vector<Tally>& court, bool sampled);

struct WatchFacts {
  Span week;  // the last one
  const DayFacts* days = nullptr;
  const std::vector<CallFact>* calls = nullptr;
  const DisplayNames* names = nullptr;
  std::function<bool(v1::Measure, const Span&, const std::string& division)>
      is_withheld;
};

// The court's charts and each division's: on-time, pass and satisfaction rate,
// those of which there is anything to show.
std::vector<v1::ControlChart> MakeCharts(const WatchFacts& facts,
                                         const FigurePolicy& policy);

// Whether the week that ends the chart makes it alarm.
bool Alarms(const v1::ControlChart& chart, const Span& week);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_WATCH_RULES_H_

// Charts of the gaps between rare defects, for what a weekly rate cannot tell.
#ifndef HUIFANG_SERVICES_REPORTING_GAP_CHART_RULES_H_
#define HUIFANG_SERVICES_REPORTING_GAP_CHART_RULES_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/control_chart_rules.h"
#include "services/reporting/item_rules.h"
#include "services/reporting/period_rules.h"

namespace huifang::reporting {

// First day of the calendar quarter before that of `day`.
absl::CivilDay QuarterBefore(absl::CivilDay day);

// Writes what was read onto the chart and its points.
void SetReading(const ChartReading& reading, v1::ControlChart& chart);

// g chart: good tickets between rare defects, `days` as good ones of all
// tickets by day number; the first ten gaps since the quarter before are the
// baseline.
v1::ControlChart GapChartOf(v1::Measure measure, const Span& week,
                            const std::map<int, Tally>& days);

// Tickets with a finding, by rule and day number of closing.
using FindingDays = std::map<std::string, std::map<int, std::int64_t>>;

// A finding is rare when fewer than this are expected in a week: three-sigma
// limits of a weekly rate are no limits then (docs/methods.md).
inline constexpr double kRareAWeek = 2;
// Charts of findings that one report shows.
inline constexpr std::size_t kRareCharts = 4;

// t charts of rare findings since the quarter before that of `week`: days
// between one ticket with it and the next. Those whose last gap alarms come
// first, then the most frequent. A finding with fewer than three tickets has no
// chart.
std::vector<v1::ControlChart> RareFindingCharts(const FindingDays& findings,
                                                const Span& week,
                                                const DisplayNames& names);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_GAP_CHART_RULES_H_

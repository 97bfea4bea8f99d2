// Charts as inline SVG without script: they print, and read in grey.
#ifndef HUIFANG_SERVICES_REPORTING_CHART_SVG_H_
#define HUIFANG_SERVICES_REPORTING_CHART_SVG_H_

#include <string>

#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/labels.h"

namespace huifang::reporting {

// One measure over time: bars for counts, a line with its interval band for
// rates. `target` 0 draws no target.
std::string TrendChart(const v1::Trend& trend, double target, Locale locale);

// Tiers as two stacked bars, this period above the one before.
std::string TierChart(const v1::Report& report, Locale locale);

// Findings, most frequent first, with their cumulative share.
std::string ParetoChart(const v1::Report& report, Locale locale);

// Divisions or teams side by side: on time, passed, satisfied, each with its
// interval and the whole's value as a line.
std::string GroupChart(const v1::Report& report, Locale locale);

// 漏斗图: divisions or teams by how many tickets they had and their rate,
// between the lines that hold 95 % and 99.8 % of groups like the rest. Those
// flagged are filled and named.
std::string FunnelChart(const v1::Report& report, v1::Measure measure,
                        Locale locale);

// 控制图: each week or gap between its limits, on the shaded baseline; filled
// where it alarms.
std::string ControlChartSvg(const v1::ControlChart& chart, Locale locale);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_CHART_SVG_H_

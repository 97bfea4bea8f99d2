#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "services/reporting/chart_svg.h"
#include "services/reporting/chart_text.h"
#include "services/reporting/svg_canvas.h"

namespace huifang::reporting {
namespace {

struct Plot {
  double left = 40, right = 12, top = 30, bottom = 22;
  double width = 330, height = 176;
  double low = 0, high = 1;
  int points = 1;

  double Step() const { return (width - left - right) / points; }
  double X(int point) const { return left + Step() * (point + 0.5); }
  double Y(double value) const {
    const double share = (std::clamp(value, low, high) - low) / (high - low);
    return height - bottom - share * (height - top - bottom);
  }
};

void SetScale(const v1::ControlChart& chart, bool rate, Plot& plot) {
  plot.points = std::max(1, chart.points_size());
  double low = chart.center();
  double high = chart.center();
  for (const auto& point : chart.points()) {
    if (point.left_out()) continue;
    low = std::min({low, point.value(), point.lower_limit()});
    high = std::max({high, point.value(), point.upper_limit()});
  }
  if (rate) {
    plot.low = std::max(0.0, std::floor((low - 0.01) * 20) / 20);
    plot.high = 1;
    if (plot.low >= 0.95) plot.low = 0.95;
  } else {
    plot.high = std::max(1.0, high * 1.05);
  }
}

// Limits are steps, because weeks differ in size.
void DrawLimits(const v1::ControlChart& chart, const Plot& plot,
                SvgCanvas& svg) {
  for (int i = 0; i < chart.points_size(); ++i) {
    const auto& point = chart.points(i);
    if (point.left_out()) continue;
    const double from = plot.X(i) - plot.Step() / 2;
    const double to = from + plot.Step();
    for (const double limit : {point.lower_limit(), point.upper_limit()}) {
      svg.Line(from, plot.Y(limit), to, plot.Y(limit), "funnel");
    }
  }
}

}  // namespace

std::string ControlChartSvg(const v1::ControlChart& chart, Locale locale) {
  const bool rate = chart.kind() == v1::ControlChart::KIND_P ||
                    chart.kind() == v1::ControlChart::KIND_LANEY;
  Plot plot;
  SetScale(chart, rate, plot);
  const std::string title = ChartTitle(chart, locale);
  SvgCanvas svg(plot.width, plot.height, title);
  svg.Text(2, 15, title, "start", "chart-title");
  int baseline = 0;
  while (baseline < chart.points_size() &&
         chart.points(baseline).in_baseline()) {
    ++baseline;
  }
  svg.Rect(plot.left, plot.top, plot.Step() * baseline,
           plot.height - plot.top - plot.bottom, "baseline");
  for (int tick = 0; tick <= 4; ++tick) {
    const double value = plot.low + (plot.high - plot.low) * tick / 4;
    svg.Line(plot.left, plot.Y(value), plot.width - plot.right, plot.Y(value),
             tick == 0 ? "axis" : "grid");
    svg.Text(plot.left - 5, plot.Y(value) + 3.5,
             rate ? absl::StrFormat("%.4g%%", 100 * value)
                  : absl::StrFormat("%.0f", value),
             "end", "tick");
  }
  DrawLimits(chart, plot, svg);
  svg.Line(plot.left, plot.Y(chart.center()), plot.width - plot.right,
           plot.Y(chart.center()), "whole");
  const int every = std::max(1, (chart.points_size() + 5) / 6);
  std::vector<std::pair<double, double>> line;
  for (int i = 0; i < chart.points_size(); ++i) {
    if (!chart.points(i).left_out()) {
      line.emplace_back(plot.X(i), plot.Y(chart.points(i).value()));
    }
  }
  svg.Polyline(line, "line");
  for (int i = chart.points_size() - 1; i >= 0; --i) {
    const auto& point = chart.points(i);
    const int from_last = chart.points_size() - 1 - i;
    if (from_last % every == 0) {
      svg.Text(plot.X(i), plot.height - 7,
               rate ? ShortPeriod(point.label(), locale)
                    : point.label().substr(
                          std::min<std::size_t>(5, point.label().size())),
               "middle", from_last == 0 ? "tick now" : "tick");
    }
    if (point.left_out()) continue;
    const bool signal = !point.signals().empty();
    svg.Circle(plot.X(i), plot.Y(point.value()), signal ? 4.5 : 2.4,
               signal ? "dot low" : "dot past");
  }
  return svg.Finish();
}

}  // namespace huifang::reporting

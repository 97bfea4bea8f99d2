#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/reporting/chart_svg.h"
#include "services/reporting/svg_canvas.h"

namespace huifang::reporting {
namespace {

// Plot area of one trend, and its scale.
struct Plot {
  double left = 38, right = 12, top = 34, bottom = 22;
  double width = 330, height = 176;
  double low = 0, high = 1, step = 0.2;
  std::size_t slots = 1;

  double X(std::size_t slot) const {
    const double step = (width - left - right) / static_cast<double>(slots);
    return left + step * (static_cast<double>(slot) + 0.5);
  }
  double Y(double value) const {
    const double share = (value - low) / (high - low);
    return height - bottom - share * (height - top - bottom);
  }
};

bool Readable(const v1::Figure::Value& value) {
  return value.state() == v1::Figure::STATE_OK;
}

bool HasBand(const v1::Figure::Value& value) {
  return Readable(value) && value.has_interval() &&
         value.interval().method() != v1::Interval::METHOD_CENSUS;
}

// The step of an axis of at most five lines over `range`.
double NiceStep(double range) {
  const double power = std::pow(10, std::floor(std::log10(range / 5)));
  for (const double step : {1.0, 2.0, 2.5, 5.0}) {
    if (step * power * 5 >= range) return step * power;
  }
  return 10 * power;
}

void SetScale(const v1::Trend& trend, double target, Plot& plot) {
  plot.slots =
      std::max<std::size_t>(1, static_cast<std::size_t>(trend.points_size()));
  double low = target > 0 ? target : 1;
  double high = 0;
  for (const auto& point : trend.points()) {
    if (!Readable(point.value())) continue;
    const double bottom = HasBand(point.value())
                              ? point.value().interval().lower()
                              : point.value().value();
    low = std::min(low, bottom);
    high = std::max(high, point.value().value());
  }
  if (trend.unit() == v1::Figure::UNIT_RATE) {
    plot.step = NiceStep(std::max(0.1, 1 - low));
    plot.high = 1;
    plot.low =
        std::max(0.0, 1 - plot.step * std::ceil((1 - low) / plot.step + 0.1));
  } else {
    plot.step = NiceStep(std::max(5.0, high));
    plot.low = 0;
    plot.high = plot.step * std::ceil(high / plot.step + 0.05);
  }
}

void DrawAxes(const v1::Trend& trend, const Plot& plot, Locale locale,
              SvgCanvas& svg) {
  const int ticks =
      static_cast<int>(std::lround((plot.high - plot.low) / plot.step));
  for (int tick = 0; tick <= ticks; ++tick) {
    const double value = plot.low + plot.step * tick;
    svg.Line(plot.left, plot.Y(value), plot.width - plot.right, plot.Y(value),
             tick == 0 ? "axis" : "grid");
    svg.Text(plot.left - 5, plot.Y(value) + 3.5,
             trend.unit() == v1::Figure::UNIT_RATE
                 ? absl::StrFormat("%.4g%%", 100 * value)
                 : absl::StrFormat("%.4g", value),
             "end", "tick");
  }
  const int every = trend.points_size() > 8 ? 2 : 1;
  const int last = trend.points_size() - 1;
  for (int i = last; i >= 0; i -= every) {
    svg.Text(plot.X(static_cast<std::size_t>(i)), plot.height - 7,
             ShortPeriod(trend.points(i).period(), locale), "middle",
             i == last ? "tick now" : "tick");
  }
}

void DrawBars(const v1::Trend& trend, const Plot& plot, SvgCanvas& svg) {
  const double step =
      (plot.width - plot.left - plot.right) / static_cast<double>(plot.slots);
  const double bar = std::min(22.0, step * 0.62);
  for (int i = 0; i < trend.points_size(); ++i) {
    const v1::Figure::Value& value = trend.points(i).value();
    if (!Readable(value)) continue;
    const double y = plot.Y(value.value());
    svg.Rect(plot.X(static_cast<std::size_t>(i)) - bar / 2, y, bar,
             plot.Y(0) - y, i + 1 == trend.points_size() ? "bar" : "bar past");
  }
}

// A stretch of periods that may all be read; a gap in the data is a gap in
// the line.
void DrawStretch(const v1::Trend& trend, const Plot& plot, int from, int to,
                 SvgCanvas& svg) {
  std::vector<std::pair<double, double>> line;
  std::vector<std::pair<double, double>> upper;
  std::vector<std::pair<double, double>> lower;
  for (int i = from; i < to; ++i) {
    const v1::Figure::Value& value = trend.points(i).value();
    const double x = plot.X(static_cast<std::size_t>(i));
    line.emplace_back(x, plot.Y(value.value()));
    const bool band = HasBand(value);
    upper.emplace_back(x,
                       plot.Y(band ? value.interval().upper() : value.value()));
    lower.emplace_back(
        x, plot.Y(band ? std::max(plot.low, value.interval().lower())
                       : value.value()));
  }
  if (upper.size() == 1) {
    svg.Line(upper[0].first, upper[0].second, lower[0].first, lower[0].second,
             "whisker");
  }
  upper.insert(upper.end(), lower.rbegin(), lower.rend());
  svg.Polygon(upper, "band");
  svg.Polyline(line, "line");
  for (int i = from; i < to; ++i) {
    const auto& [x, y] = line[static_cast<std::size_t>(i - from)];
    const bool now = i + 1 == trend.points_size();
    svg.Circle(x, y, now ? 4 : 2.4, now ? "dot" : "dot past");
  }
}

void DrawLine(const v1::Trend& trend, const Plot& plot, SvgCanvas& svg) {
  int from = 0;
  for (int i = 0; i <= trend.points_size(); ++i) {
    if (i < trend.points_size() && Readable(trend.points(i).value())) continue;
    if (i > from) DrawStretch(trend, plot, from, i, svg);
    from = i + 1;
  }
}

}  // namespace

std::string TrendChart(const v1::Trend& trend, double target, Locale locale) {
  Plot plot;
  SetScale(trend, target, plot);
  const std::string label = MeasureLabel(trend.measure(), locale);
  SvgCanvas svg(plot.width, plot.height, label);
  svg.Text(2, 15, label, "start", "chart-title");
  if (trend.points_size() > 0) {
    const v1::Figure::Value& now =
        trend.points(trend.points_size() - 1).value();
    svg.Text(plot.width - plot.right, 15, ValueText(now, trend.unit(), locale),
             "end", "chart-value");
  }
  DrawAxes(trend, plot, locale, svg);
  if (trend.unit() == v1::Figure::UNIT_RATE) {
    if (target > 0) {
      svg.Line(plot.left, plot.Y(target), plot.width - plot.right,
               plot.Y(target), "target");
    }
    DrawLine(trend, plot, svg);
  } else {
    DrawBars(trend, plot, svg);
  }
  return svg.Finish();
}

}  // namespace huifang::reporting

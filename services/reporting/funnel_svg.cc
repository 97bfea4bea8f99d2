#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_format.h"
#include "services/reporting/chart_svg.h"
#include "services/reporting/comparison_rules.h"
#include "services/reporting/comparison_text.h"
#include "services/reporting/league_rules.h"
#include "services/reporting/svg_canvas.h"

namespace huifang::reporting {
namespace {

struct Funnel {
  double left = 40, right = 14, top = 30, bottom = 30;
  double width = 330, height = 210;
  double low = 0;  // of the rate's axis, whose upper end is 1
  std::int64_t most = 1;

  double X(std::int64_t trials) const {
    return left + (width - left - right) * static_cast<double>(trials) /
                      static_cast<double>(most);
  }
  double Y(double rate) const {
    const double share = (std::max(low, rate) - low) / (1 - low);
    return height - bottom - share * (height - top - bottom);
  }
};

double RateOf(const v1::Comparison& c) {
  return static_cast<double>(c.numerator()) /
         static_cast<double>(c.denominator());
}

// Exact limits fall in steps: both edges of the band, drawn at up to 60 sizes.
void DrawLimits(const Funnel& funnel, double center, double tail,
                const char* style, SvgCanvas& svg) {
  std::vector<std::pair<double, double>> lower;
  std::vector<std::pair<double, double>> upper;
  const std::int64_t step = std::max<std::int64_t>(1, funnel.most / 60);
  for (std::int64_t n = step; n <= funnel.most; n += step) {
    const Limits limits = FunnelLimits(n, center, tail);
    lower.emplace_back(funnel.X(n), funnel.Y(limits.lower));
    upper.emplace_back(funnel.X(n), funnel.Y(limits.upper));
  }
  svg.Polyline(lower, style);
  svg.Polyline(upper, style);
}

void DrawGroups(const v1::Report& report, v1::Measure measure,
                const Funnel& funnel, SvgCanvas& svg) {
  for (const v1::GroupLine& group : report.groups()) {
    const v1::Comparison* c = FindComparison(group, measure);
    if (c == nullptr || c->denominator() == 0) continue;
    const double x = funnel.X(c->denominator());
    const double y = funnel.Y(RateOf(*c));
    const bool flagged = c->flag() == v1::Comparison::FLAG_LOW ||
                         c->flag() == v1::Comparison::FLAG_HIGH;
    svg.Circle(x, y, flagged ? 4.5 : 3.2, flagged ? "dot low" : "dot past");
    if (!flagged) continue;
    const bool right = x > (funnel.left + funnel.width - funnel.right) / 2;
    svg.Text(x + (right ? -7 : 7), y + 4, group.display_name(),
             right ? "end" : "start", "tick now");
  }
}

}  // namespace

std::string FunnelChart(const v1::Report& report, v1::Measure measure,
                        Locale locale) {
  Funnel funnel;
  double center = 0;
  double low = 1;
  for (const v1::GroupLine& group : report.groups()) {
    const v1::Comparison* c = FindComparison(group, measure);
    if (c == nullptr || c->denominator() == 0) continue;
    center = c->center();
    funnel.most = std::max(funnel.most, c->denominator());
    low = std::min({low, RateOf(*c), c->warning_lower()});
  }
  funnel.low = std::clamp(std::floor((std::min(low, center) - 0.02) * 10) / 10,
                          0.0, 0.9);
  const std::string label = MeasureLabel(measure, locale);
  SvgCanvas svg(funnel.width, funnel.height, label);
  svg.Text(2, 15, label, "start", "chart-title");
  for (int tick = 0; tick <= 4; ++tick) {
    const double rate = funnel.low + (1 - funnel.low) * tick / 4;
    svg.Line(funnel.left, funnel.Y(rate), funnel.width - funnel.right,
             funnel.Y(rate), tick == 0 ? "axis" : "grid");
    svg.Text(funnel.left - 5, funnel.Y(rate) + 3.5,
             absl::StrFormat("%.3g%%", 100 * rate), "end", "tick");
  }
  for (const std::int64_t n : {funnel.most / 2, funnel.most}) {
    svg.Text(funnel.X(n), funnel.height - 16, CountText(n), "middle", "tick");
  }
  svg.Text((funnel.left + funnel.width - funnel.right) / 2, funnel.height - 3,
           PageLabel("funnel_axis", locale), "middle", "tick");
  DrawLimits(funnel, center, kFunnelWarningTail, "funnel warning", svg);
  DrawLimits(funnel, center, kFunnelLimitTail, "funnel", svg);
  svg.Line(funnel.left, funnel.Y(center), funnel.width - funnel.right,
           funnel.Y(center), "whole");
  DrawGroups(report, measure, funnel, svg);
  return svg.Finish();
}

}  // namespace huifang::reporting

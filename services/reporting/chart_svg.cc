#include "services/reporting/chart_svg.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/common/text.h"
#include "services/reporting/svg_canvas.h"

namespace huifang::reporting {
namespace {

bool Readable(const v1::Figure::Value& value) {
  return value.state() == v1::Figure::STATE_OK;
}

bool HasBand(const v1::Figure::Value& value) {
  return Readable(value) && value.has_interval() &&
         value.interval().method() != v1::Interval::METHOD_CENSUS;
}

}  // namespace

std::string TierChart(const v1::Report& report, Locale locale) {
  constexpr double kWidth = 680;
  constexpr double kLeft = 68;
  constexpr double kBar = 24;
  const bool month = report.period().kind() == v1::Period::KIND_MONTH;
  SvgCanvas svg(kWidth, 92, PageLabel("tier", locale));
  for (const bool now : {true, false}) {
    const double y = now ? 6 : 40;
    std::int64_t total = 0;
    for (const v1::TierShare& tier : report.tiers()) {
      total += now ? tier.count() : tier.previous_count();
    }
    svg.Text(0, y + 16,
             PageLabel(now ? (month ? "this_month" : "this_week")
                           : (month ? "last_month" : "last_week"),
                       locale),
             "start", "label");
    if (total == 0) {
      svg.Text(kLeft, y + 16, "—", "start", "tick");
      continue;
    }
    double x = kLeft;
    int index = 0;
    for (const v1::TierShare& tier : report.tiers()) {
      const std::int64_t count = now ? tier.count() : tier.previous_count();
      const double share =
          static_cast<double>(count) / static_cast<double>(total);
      const double width = share * (kWidth - kLeft);
      const int shade = tier.passes() ? std::min(index, 2) : 3;
      svg.Rect(x, y, width, kBar,
               absl::StrCat("tier", shade, now ? "" : " faded"));
      if (width > 30) {
        svg.Text(x + width / 2, y + 16.5,
                 width > 74 ? absl::StrCat(tier.display_name(), " ", count)
                            : absl::StrCat(count),
                 "middle", shade == 1 || shade == 2 ? "on-light" : "on-dark");
      }
      x += width;
      ++index;
    }
  }
  double x = kLeft;
  int index = 0;
  for (const v1::TierShare& tier : report.tiers()) {
    const int shade = tier.passes() ? std::min(index, 2) : 3;
    svg.Rect(x, 75, 11, 11, absl::StrCat("tier", shade));
    const std::string text =
        absl::StrCat(tier.tier(), " ", tier.display_name());
    svg.Text(x + 16, 84.5, text, "start", "tick");
    x += 34 + 12 * static_cast<double>(CodePointCount(text));
    ++index;
  }
  return svg.Finish();
}

std::string ParetoChart(const v1::Report& report, Locale locale) {
  constexpr double kWidth = 680;
  constexpr double kLeft = 128;
  constexpr double kRight = 150;
  constexpr double kRow = 25;
  constexpr int kMaxRows = 10;
  const int rows = std::min(kMaxRows, report.findings_size());
  const double height = 22 + kRow * rows + 4;
  SvgCanvas svg(kWidth, height, PageLabel("finding", locale));
  svg.Text(kLeft, 12, PageLabel("count", locale), "start", "tick");
  svg.Text(kWidth, 12, PageLabel("cumulative", locale), "end", "tick");
  std::int64_t most = 1;
  for (const v1::FindingShare& finding : report.findings()) {
    most = std::max({most, finding.count(), finding.previous_count()});
  }
  const double scale = (kWidth - kLeft - kRight) / static_cast<double>(most);
  for (int i = 0; i < rows; ++i) {
    const v1::FindingShare& finding = report.findings(i);
    const double y = 22 + kRow * i;
    const double width = scale * static_cast<double>(finding.count());
    svg.Text(kLeft - 8, y + 14, finding.display_name(), "end", "label");
    svg.Rect(kLeft, y + 2, std::max(1.0, width), 15,
             finding.cumulative_share() <= 0.8 || i == 0 ? "bar" : "bar past");
    const double before =
        kLeft + scale * static_cast<double>(finding.previous_count());
    svg.Line(before, y, before, y + 19, "before");
    svg.Text(std::max(kLeft + width, before) + 7, y + 14,
             CountText(finding.count()), "start", "value");
    svg.Text(kWidth, y + 14, PercentText(finding.cumulative_share()), "end",
             "label");
  }
  return svg.Finish();
}

namespace {

constexpr v1::Measure kGroupMeasures[] = {v1::MEASURE_ON_TIME_RATE,
                                          v1::MEASURE_PASS_RATE,
                                          v1::MEASURE_SATISFACTION_RATE};

const v1::Figure* FindFigure(
    const google::protobuf::RepeatedPtrField<v1::Figure>& figures,
    v1::Measure measure) {
  for (const v1::Figure& figure : figures) {
    if (figure.measure() == measure) return &figure;
  }
  return nullptr;
}

// One column of the comparison.
struct Panel {
  double left;
  double width;
  double low;

  double X(double rate) const {
    return left + width * (std::max(low, rate) - low) / (1 - low);
  }
};

double PanelLow(const v1::Report& report, v1::Measure measure) {
  double low = 0.9;
  for (const v1::GroupLine& group : report.groups()) {
    const v1::Figure* figure = FindFigure(group.figures(), measure);
    if (figure == nullptr || !Readable(figure->current())) continue;
    const v1::Figure::Value& value = figure->current();
    low = std::min(low,
                   HasBand(value) ? value.interval().lower() : value.value());
  }
  return std::max(0.0, std::floor(low * 10) / 10);
}

void DrawGroupCell(const v1::Figure* figure, const Panel& panel, double y,
                   Locale locale, SvgCanvas& svg) {
  if (figure == nullptr || !Readable(figure->current())) {
    const std::string text =
        figure == nullptr
            ? "—"
            : ValueText(figure->current(), figure->unit(), locale);
    svg.Text(panel.left + panel.width / 2, y + 4, text, "middle", "tick");
    return;
  }
  const v1::Figure::Value& value = figure->current();
  if (HasBand(value)) {
    svg.Line(panel.X(value.interval().lower()), y,
             panel.X(value.interval().upper()), y, "whisker");
  }
  const bool missed = figure->claim() == v1::Figure::CLAIM_MISSED;
  svg.Circle(panel.X(value.value()), y, 4, missed ? "dot low" : "dot");
}

}  // namespace

std::string GroupChart(const v1::Report& report, Locale locale) {
  constexpr double kWidth = 680;
  constexpr double kName = 138;
  constexpr std::size_t kNameCharacters = 11;
  constexpr double kGap = 30;
  constexpr double kRight = 18;
  constexpr double kRow = 24;
  constexpr double kHead = 40;
  const double height = kHead + kRow * report.groups_size() + 8;
  const double panel_width = (kWidth - kName - kRight - 3 * kGap) / 3;
  SvgCanvas svg(kWidth, height, PageLabel("groups", locale));
  for (int g = 0; g < report.groups_size(); ++g) {
    const double y = kHead + kRow * (g + 0.5);
    const std::string& name = report.groups(g).display_name();
    const absl::string_view shown = FirstCodePoints(name, kNameCharacters);
    svg.Text(kName, y + 4,
             shown.size() == name.size() ? name : absl::StrCat(shown, "…"),
             "end", "label");
    svg.Line(kName + 10, y, kWidth, y, "grid");
  }
  double left = kName + kGap;
  for (const v1::Measure measure : kGroupMeasures) {
    const Panel panel{left, panel_width, PanelLow(report, measure)};
    svg.Text(left, 13, MeasureLabel(measure, locale), "start", "label strong");
    for (const double share : {0.0, 0.5, 1.0}) {
      const double rate = panel.low + (1 - panel.low) * share;
      svg.Text(panel.X(rate), 30, absl::StrFormat("%.3g%%", 100 * rate),
               "middle", "tick");
      svg.Line(panel.X(rate), kHead - 4, panel.X(rate), height - 4, "grid");
    }
    const v1::Figure* whole = FindFigure(report.figures(), measure);
    if (whole != nullptr && Readable(whole->current())) {
      const double x = panel.X(whole->current().value());
      svg.Line(x, kHead - 4, x, height - 4, "whole");
    }
    for (int g = 0; g < report.groups_size(); ++g) {
      DrawGroupCell(FindFigure(report.groups(g).figures(), measure), panel,
                    kHead + kRow * (g + 0.5), locale, svg);
    }
    left += panel_width + kGap;
  }
  return svg.Finish();
}

}  // namespace huifang::reporting

#include "services/reporting/roll_up_html_sections.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "services/reporting/chart_svg.h"
#include "services/reporting/comparison_text.h"
#include "services/reporting/league_rules.h"
#include "services/reporting/report_html_sections.h"
#include "services/reporting/report_text.h"
#include "services/reporting/roll_up_rules.h"
#include "services/reporting/roll_up_text.h"

namespace huifang::reporting {
namespace {

using Data = PageData;

// The court beside the others as the funnel's maker wants it.
v1::Report FunnelData(const v1::RollUp& roll_up) {
  v1::Report report;
  for (const v1::RollUp::Line& line : roll_up.lines()) {
    v1::GroupLine& group = *report.add_groups();
    group.set_display_name(line.court().court_display_name());
    *group.mutable_comparisons() = line.comparisons();
  }
  return report;
}

}  // namespace

void AddDifferences(const v1::RollUp& roll_up, Locale locale,
                    const ChartMaker& charts, Data& page) {
  Data sentences = NewList();
  for (const std::string& text : DifferenceTexts(roll_up, locale)) {
    Data row;
    row.set("text", text);
    sentences.push_back(row);
  }
  page.set("differences", sentences);
  Data flagged = NewList();
  for (const v1::Measure measure : CourtMeasures()) {
    for (const v1::RollUp::Line& line : roll_up.lines()) {
      const v1::Comparison* c = FindComparison(line, measure);
      if (c == nullptr || (c->flag() != v1::Comparison::FLAG_LOW &&
                           c->flag() != v1::Comparison::FLAG_HIGH)) {
        continue;
      }
      Data row;
      row.set("name", line.court().court_display_name());
      row.set("measure", MeasureLabel(measure, locale));
      const v1::Figure* figure = FindFigure(line.court(), measure);
      row.set("value", figure == nullptr ? "—"
                                         : ValueText(figure->current(),
                                                     figure->unit(), locale));
      SetText(row, "bounds", figure == nullptr ? "" : BoundsText(*figure));
      row.set("center", PercentText(c->center()));
      row.set("difference",
              absl::StrReplaceAll(
                  absl::StrCat(PercentText(c->difference().lower()), " – ",
                               PercentText(c->difference().upper())),
                  {{"-", "−"}}));
      row.set("p", absl::StrCat("p", PValueText(c->adjusted_p_value())));
      flagged.push_back(row);
    }
  }
  SetList(page, "flagged", flagged);
  Data funnels = NewList();
  const v1::Report data = FunnelData(roll_up);
  for (const v1::Measure measure : ComparedMeasures(roll_up)) {
    Data row;
    row.set("svg", charts(FunnelChart(data, measure, locale)));
    funnels.push_back(row);
  }
  SetList(page, "funnels", funnels);
}

void AddLeftOut(const v1::RollUp& roll_up, Locale locale, Data& page) {
  Data rows = NewList();
  const auto add = [&rows](const v1::RollUp::Line& line,
                           const std::string& measure,
                           const std::string& reason) {
    Data row;
    row.set("name", line.court().court_display_name());
    row.set("measure", measure);
    row.set("reason", reason);
    rows.push_back(row);
  };
  for (const v1::RollUp::Line& line : roll_up.lines()) {
    if (line.court().state() != v1::CourtFigures::STATE_DELIVERED) {
      add(line, "—", RollUpLabel("missing", locale));
    }
    for (const v1::RollUp::Obstacle& obstacle : line.obstacles()) {
      add(line, MeasureLabel(obstacle.measure(), locale),
          ObstacleText(obstacle, locale));
    }
  }
  SetList(page, "left_out", rows);
}

void AddSources(const v1::RollUp& roll_up, Locale locale, Data& page) {
  Data rows = NewList();
  for (const v1::RollUp::Line& line : roll_up.lines()) {
    const v1::CourtFigures& court = line.court();
    if (court.state() != v1::CourtFigures::STATE_DELIVERED) continue;
    std::vector<std::string> criteria;
    for (const v1::Criterion& criterion : court.criteria()) {
      criteria.push_back(absl::StrCat(
          CriterionLabel(criterion.kind(), locale), PageLabel("colon", locale),
          VersionsText(
              criterion.kind(),
              {criterion.versions().begin(), criterion.versions().end()},
              locale)));
    }
    Data row;
    row.set("name", court.court_display_name());
    row.set("report", court.serial_number());
    row.set("delivered", MinuteText(court.deliver_time()));
    row.set("criteria", absl::StrJoin(criteria, " · "));
    rows.push_back(row);
  }
  page.set("sources", rows);
  Data method = NewList();
  for (const std::string& sentence : MethodTexts(locale)) {
    Data row;
    row.set("sentence", sentence);
    method.push_back(row);
  }
  page.set("method", method);
}

}  // namespace huifang::reporting

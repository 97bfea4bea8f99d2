#include "services/reporting/roll_up_html_sections.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "services/common/resource_name.h"
#include "services/reporting/chart_svg.h"
#include "services/reporting/comparison_text.h"
#include "services/reporting/league_rules.h"
#include "services/reporting/report_html_sections.h"
#include "services/reporting/report_text.h"
#include "services/reporting/response_text.h"
#include "services/reporting/roll_up_rules.h"
#include "services/reporting/roll_up_text.h"
#include "services/reporting/roll_up_trend.h"
#include "services/reporting/roll_up_trend_text.h"

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

Data ResponseRow(const std::string& name,
                 const v1::CourtFigures::Response& response) {
  const v1::MethodNote::ResponseRates& rates = response.rates();
  const auto text = [](bool there, double rate) {
    return there ? PercentText(rate) : std::string("—");
  };
  Data row;
  row.set("name", name);
  row.set("completed", CountText(response.completed()));
  row.set("eligible", CountText(response.eligible()));
  row.set("rr1", text(rates.has_rr1(), rates.rr1()));
  row.set("con1", text(rates.has_con1(), rates.con1()));
  row.set("coop1", text(rates.has_coop1(), rates.coop1()));
  row.set("ref1", text(rates.has_ref1(), rates.ref1()));
  row.set("outcomes", OutcomeText(response.dispositions()));
  return row;
}

Data TrendCell(const v1::RollUp::TrendRate& rate, Locale locale) {
  const v1::Figure& figure = rate.total().figure();
  const bool told = figure.current().state() == v1::Figure::STATE_OK;
  Data cell;
  cell.set("value", ValueText(figure.current(), figure.unit(), locale));
  SetText(cell, "interval", IntervalText(figure.current(), locale));
  SetText(cell, "bounds", BoundsText(figure));
  SetText(cell, "courts",
          told ? CourtsText(rate.total().courts(), locale) : "");
  SetText(cell, "standing", StandingText(rate.standing(), locale));
  return cell;
}

Data TrendRow(const v1::RollUp::TrendPoint& point, Locale locale) {
  const bool gap = point.delivered() == 0;
  Data row;
  row.set("period", point.period());
  row.set("told", DeliveredText(point, locale));
  SetText(row, "gap", gap ? RollUpLabel("no_reports", locale) : "");
  SetText(row, "digest", gap ? "" : ShortDigest(point.sources_digest()));
  Data rates = NewList();
  if (!gap) {
    for (const v1::RollUp::TrendRate& rate : point.rates()) {
      rates.push_back(TrendCell(rate, locale));
    }
  }
  row.set("rates", rates);
  return row;
}

// The draws of all courts, and how many are not named.
void AddDraws(const v1::RollUp& roll_up, Locale locale, Data& page) {
  Data draws = NewList();
  for (const v1::RollUp::Line& line : roll_up.lines()) {
    const v1::CourtFigures& court = line.court();
    for (const v1::CourtFigures::Draw& draw : court.draws()) {
      Data row;
      row.set("name", court.court_display_name());
      row.set("draw", IdOf(draw.draw()));
      row.set("population", CountText(draw.population()));
      row.set("drawn", CountText(draw.drawn()));
      row.set("bundle", BundleText(draw, locale));
      draws.push_back(row);
    }
  }
  SetList(page, "draws", draws);
  SetText(page, "draws_omitted", OmittedDrawsText(roll_up, locale));
}

}  // namespace

void AddResponses(const v1::RollUp& roll_up, Locale locale, Data& page) {
  for (const auto& [key, measure] :
       {std::pair("completed", v1::MEASURE_CALLBACKS_COMPLETED),
        std::pair("rr1", v1::MEASURE_RESPONSE_RATE),
        std::pair("con1", v1::MEASURE_CONTACT_RATE),
        std::pair("coop1", v1::MEASURE_COOPERATION_RATE),
        std::pair("ref1", v1::MEASURE_REFUSAL_RATE)}) {
    page.set(absl::StrCat("head_", key), MeasureLabel(measure, locale));
  }
  Data rows = NewList();
  for (const v1::RollUp::Line& line : roll_up.lines()) {
    if (!line.court().has_response()) continue;
    rows.push_back(ResponseRow(line.court().court_display_name(),
                               line.court().response()));
  }
  SetList(page, "responses", rows);
  page.set("response_total",
           ResponseRow(RollUpLabel("total", locale), roll_up.response()));
}

void AddTrend(const v1::RollUp& roll_up, Locale locale,
              const ChartMaker& charts, Data& page) {
  SetText(page, "no_trend", NoTrendText(roll_up, locale));
  Data heads = NewList();
  Data pictures = NewList();
  Data rows = NewList();
  if (DeliveredPeriods(roll_up) > 1) {
    for (const v1::Measure measure : CourtMeasures()) {
      Data head;
      head.set("head", MeasureLabel(measure, locale));
      heads.push_back(head);
      if (ComparedPeriods(roll_up, measure) < 2) continue;
      const v1::RollUp::Total* total = FindTotal(roll_up, measure);
      Data picture;
      picture.set(
          "svg", charts(TrendChart(
                     TrendOf(roll_up, measure),
                     total == nullptr ? 0 : total->figure().target(), locale)));
      pictures.push_back(picture);
    }
    for (const v1::RollUp::TrendPoint& point : roll_up.trend()) {
      rows.push_back(TrendRow(point, locale));
    }
  }
  page.set("trend_heads", heads);
  page.set("trend_columns", absl::StrCat(CourtMeasures().size()));
  SetList(page, "trend_charts", pictures);
  SetList(page, "trend", rows);
}

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
    const bool told = court.state() == v1::CourtFigures::STATE_DELIVERED;
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
    row.set("code", CourtOfName(court.name()));
    row.set("report",
            told ? court.serial_number() : RollUpLabel("missing", locale));
    row.set("version", told ? absl::StrCat(court.version()) : "");
    row.set("delivered", MinuteText(court.deliver_time()));
    row.set("criteria", absl::StrJoin(criteria, " · "));
    rows.push_back(row);
  }
  page.set("sources", rows);
  AddDraws(roll_up, locale, page);
  page.set("sources_digest", roll_up.sources_digest());
  Data method = NewList();
  for (const std::string& sentence : MethodTexts(roll_up, locale)) {
    Data row;
    row.set("sentence", sentence);
    method.push_back(row);
  }
  page.set("method", method);
}

}  // namespace huifang::reporting

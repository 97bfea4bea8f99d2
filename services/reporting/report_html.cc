#include "services/reporting/report_html.h"

#include <kainjow/mustache.hpp>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/chart_svg.h"
#include "services/reporting/chart_text.h"
#include "services/reporting/report_html_sections.h"
#include "services/reporting/report_text.h"

namespace huifang::reporting {
namespace {

using Data = PageData;

const char* ToneClass(v1::LeaderAnswer::Tone tone) {
  switch (tone) {
    case v1::LeaderAnswer::TONE_GOOD:
      return "good";
    case v1::LeaderAnswer::TONE_WATCH:
      return "watch";
    case v1::LeaderAnswer::TONE_ACT:
      return "act";
    default:
      return "unknown";
  }
}

void AddMasthead(const v1::Report& report, Locale locale, Data& page) {
  const bool month = report.period().kind() == v1::Period::KIND_MONTH;
  page.set("court", report.court_display_name());
  const std::string issued_by = PageLabel("issued_by", locale);
  page.set("issuer",
           absl::StrCat(report.court_display_name(),
                        locale == Locale::kEnglish ? ", " : "", issued_by));
  page.set("title", PageLabel(month ? "month_title" : "week_title", locale));
  page.set("serial", report.serial_number());
  page.set("is_draft", Data(report.state() == v1::Report::STATE_READY ||
                            report.state() == v1::Report::STATE_REVIEWED));
  page.set("issued_by", issued_by);
  page.set("issue_day", DateText(report.build_time(), locale));
  page.set("subject", SubjectText(report, locale));
  page.set("period_label", report.period().label());
  page.set("period_title", PeriodTitle(report.period(), locale));
  page.set("now", PageLabel(month ? "this_month" : "this_week", locale));
  page.set("before", PageLabel(month ? "last_month" : "last_week", locale));
  page.set("change_word", PageLabel(month ? "vs_month" : "vs_week", locale));
  SetText(page, "correction", CorrectionText(report, locale));
  SetText(page, "notice", NoticeText(report.method(), locale));
  page.set("criteria", report.method().criteria_version());
  page.set("built", MinuteText(report.build_time()));
  page.set("report_name", report.name());
  page.set("send_to", report.division().empty() ? PageLabel("leaders", locale)
                                                : SubjectText(report, locale));
  const std::string colon = PageLabel("colon", locale);
  std::vector<std::string> approval;
  if (!report.reviewer().empty()) {
    approval.push_back(
        absl::StrCat(PageLabel("reviewed", locale), colon, report.reviewer()));
  }
  if (!report.approver().empty()) {
    approval.push_back(
        absl::StrCat(PageLabel("approved", locale), colon, report.approver()));
  }
  if (!report.acknowledger().empty()) {
    approval.push_back(absl::StrCat(PageLabel("received", locale), colon,
                                    report.acknowledger()));
  }
  page.set("approval", absl::StrJoin(approval, "  "));
}

void AddAnswers(const v1::Report& report, Locale locale, Data& page) {
  Data answers = NewList();
  for (const v1::LeaderAnswer& answer : report.answers()) {
    Data row;
    row.set("question", QuestionText(answer.question(), locale));
    row.set("tone", ToneClass(answer.tone()));
    row.set("answer", EnglishOr(answer.answer_en(), answer.answer(), locale));
    const v1::Figure* figure = FindFigure(report, answer.measure());
    if (figure == nullptr) {
      row.set("measure", "");
      row.set("value", absl::StrCat(CountText(report.opinions_size() +
                                              report.opinions_omitted()),
                                    locale == Locale::kChinese ? "条" : ""));
      row.set("has_value", Data(true));
      row.set("value_note", "");
    } else {
      row.set("measure", MeasureLabel(figure->measure(), locale));
      row.set("value", ValueText(figure->current(), figure->unit(), locale));
      row.set("has_value",
              Data(figure->current().state() == v1::Figure::STATE_OK));
      row.set("value_note", EvidenceText(*figure, locale));
      SetText(row, "value_change", ChangeText(*figure, locale));
    }
    answers.push_back(row);
  }
  page.set("answers", answers);
}

// Whether more of a measure is better, worse, or neither.
int Direction(v1::Measure measure) {
  switch (measure) {
    case v1::MEASURE_DISPATCH_HOPS:
    case v1::MEASURE_TRANSIT_HOURS:
    case v1::MEASURE_HANDLING_HOURS:
    case v1::MEASURE_REOPEN_RATE:
    case v1::MEASURE_REPEAT_RATE:
    case v1::MEASURE_OVER_SIMPLIFIED_RATE:
    case v1::MEASURE_REFUSAL_RATE:
    case v1::MEASURE_OVERDUE_OPEN:
      return -1;
    case v1::MEASURE_TICKETS_CREATED:
    case v1::MEASURE_TICKETS_CLOSED:
    case v1::MEASURE_INSPECTED:
    case v1::MEASURE_CALLBACKS_DRAWN:
    case v1::MEASURE_CALLBACKS_COMPLETED:
      return 0;
    default:
      return 1;
  }
}

// A change is coloured only when its interval excludes zero: the rest is
// noise, and colour would make a story of it.
const char* ChangeTone(const v1::Figure& figure) {
  if (!figure.has_difference()) return "soft";
  const int direction = Direction(figure.measure());
  if (figure.difference().lower() > 0) return direction >= 0 ? "up" : "down";
  if (figure.difference().upper() < 0) return direction >= 0 ? "down" : "up";
  return "soft";
}

const char* PartOf(v1::Measure measure, Locale locale) {
  const bool english = locale == Locale::kEnglish;
  if (measure >= v1::MEASURE_CALLBACKS_DRAWN &&
      measure <= v1::MEASURE_CLEAR_RATE) {
    return english ? "Callbacks (a random sample)" : "电话回访（随机抽样）";
  }
  if (measure >= v1::MEASURE_INSPECTED &&
      measure <= v1::MEASURE_OVER_SIMPLIFIED_RATE) {
    return english ? "Quality check" : "工单质检";
  }
  return english ? "Handling (all tickets)" : "工单办理（全量）";
}

void AddFigures(const v1::Report& report, Locale locale, Data& page) {
  Data rows = NewList();
  std::string part;
  for (const v1::Figure& figure : report.figures()) {
    const std::string its_part = PartOf(figure.measure(), locale);
    if (its_part != part) {
      part = its_part;
      Data head;
      head.set("part", part);
      rows.push_back(head);
    }
    Data row;
    row.set("part", Data(false));
    row.set("label", MeasureLabel(figure.measure(), locale));
    row.set("definition", MeasureBasis(figure.measure(), locale));
    row.set("value", ValueText(figure.current(), figure.unit(), locale));
    row.set("previous", ValueText(figure.previous(), figure.unit(), locale));
    row.set("change", ChangeText(figure, locale));
    row.set("change_tone", ChangeTone(figure));
    row.set("interval", IntervalText(figure.current(), locale));
    SetText(row, "bounds", BoundsText(figure));
    row.set("basis", BasisText(figure.current()));
    SetText(row, "claim", ClaimText(figure, locale));
    row.set("claim_tone", figure.claim() == v1::Figure::CLAIM_SUPPORTED ? "good"
                          : figure.claim() == v1::Figure::CLAIM_MISSED
                              ? "act"
                              : "watch");
    rows.push_back(row);
  }
  page.set("figures", rows);
}

void AddCharts(const v1::Report& report, Locale locale,
               const ChartMaker& charts, Data& page) {
  Data trends = NewList();
  for (const v1::Trend& trend : report.trends()) {
    const v1::Figure* figure = FindFigure(report, trend.measure());
    const double target = figure == nullptr ? 0 : figure->target();
    Data row;
    row.set("svg", charts(TrendChart(trend, target, locale)));
    trends.push_back(row);
  }
  SetList(page, "trends", trends);
  Data watch = NewList();
  for (const v1::ControlChart& chart : report.charts()) {
    Data row;
    row.set("svg", charts(ControlChartSvg(chart, locale)));
    row.set("text", ChartText(chart, locale));
    watch.push_back(row);
  }
  SetList(page, "watch", watch);
  page.set("has_charts",
           Data(report.trends_size() > 0 || report.charts_size() > 0));
  page.set("has_watched", Data(report.charts_watched() > 0));
  page.set("charts_watched", CountText(report.charts_watched()));
  const std::string quality = QualityText(report, locale);
  page.set("has_quality", Data(!quality.empty()));
  SetText(page, "quality_text", quality);
  page.set("tier_svg", report.tiers().empty()
                           ? Data(false)
                           : charts(TierChart(report, locale)));
  page.set("pareto_svg", report.findings().empty()
                             ? Data(false)
                             : charts(ParetoChart(report, locale)));
  page.set("pareto_hint",
           locale == Locale::kEnglish
               ? "Tick: the period before. Dark: the first 80 %."
               : "黑色竖线为上期件数；深色为累计占比前80%的问题。");
}

// 一、 二、 … before the headings of those sections that exist.
void AddSectionNumbers(const v1::Report& report, Locale locale, Data& page) {
  static constexpr const char* kHan[] = {"一", "二", "三", "四",
                                         "五", "六", "七", "八"};
  const std::pair<const char*, bool> sections[] = {
      {"figures", true},
      {"trends", report.trends_size() > 0 || report.charts_size() > 0},
      {"quality", !QualityText(report, locale).empty()},
      {"groups", report.groups_size() > 0},
      {"callbacks", true},
      {"items", true},
      {"actions", true},
      {"method", true}};
  Data numbers;
  std::size_t next = 0;
  for (const auto& [name, exists] : sections) {
    if (!exists) continue;
    numbers.set(name, locale == Locale::kEnglish
                          ? absl::StrCat(next + 1, ". ")
                          : absl::StrCat(kHan[next], "、"));
    ++next;
  }
  page.set("section", numbers);
}

}  // namespace

PageData ReportPage(const v1::Report& report, Locale locale,
                    const ChartMaker& charts) {
  Data page;
  Data words;
  for (const auto& [key, text] : PageLabels(locale)) words.set(key, text);
  page.set("t", words);
  AddSectionNumbers(report, locale, page);
  AddMasthead(report, locale, page);
  AddAnswers(report, locale, page);
  AddFigures(report, locale, page);
  AddCharts(report, locale, charts, page);
  AddGroups(report, locale, charts, page);
  AddOpinions(report, locale, page);
  AddItems(report, locale, page);
  AddActions(report, locale, page);
  AddMethod(report, locale, page);
  return page;
}

absl::StatusOr<std::string> RenderHtml(const v1::Report& report, Locale locale,
                                       const TemplateSet& templates) {
  const std::string court = CourtOfName(report.name());
  Data page = ReportPage(report, locale,
                         [](const std::string& svg) { return Data(svg); });
  page.set("chart_css", templates.Text(court, "chart.css"));
  ASSIGN_OR_RETURN(std::string css,
                   templates.Print(court, "report.css.mustache", page));
  page.set("css", css);
  return templates.Print(court, "report.html.mustache", page);
}

}  // namespace huifang::reporting

// The sheets of comparisons and of charts over time, with native charts.
#include "services/reporting/chart_text.h"
#include "services/reporting/comparison_text.h"
#include "services/reporting/xlsx_book.h"

namespace huifang::reporting {

void Book::AddComparisons() {
  const std::vector<v1::Measure> measures = ComparedMeasures(report_);
  if (measures.empty()) return;
  const char* name = locale_ == Locale::kEnglish ? "Comparisons" : "比较";
  lxw_worksheet* sheet = Sheet("比较", "Comparisons");
  worksheet_set_column(sheet, 0, 1, 20, nullptr);
  worksheet_set_column(sheet, 2, 13, 11, nullptr);
  int row = 0;
  for (const std::string& sentence : DifferenceTexts(report_, locale_)) {
    worksheet_merge_range(sheet, RowOf(row), 0, RowOf(row), 13,
                          sentence.c_str(), text_);
    worksheet_set_row(sheet, RowOf(row), 30, nullptr);
    ++row;
  }
  ++row;
  PutHeads(
      sheet, row,
      {Word("measure"), Word(report_.division().empty() ? "division" : "team"),
       "x", "n", "x/n", Word("center"), Word("warning_band") + " ↓",
       Word("warning_band") + " ↑", Word("limit_band") + " ↓",
       Word("limit_band") + " ↑", Word("p_value"), Word("adjusted_p"),
       Word("judgement")});
  int at = 0;
  for (const v1::Measure measure : measures) {
    const int first = row + 1;
    for (const v1::GroupLine& group : report_.groups()) {
      const v1::Comparison* c = FindComparison(group, measure);
      if (c == nullptr) continue;
      ++row;
      Put(sheet, row, 0, MeasureLabel(measure, locale_), text_);
      Put(sheet, row, 1, group.display_name(), text_);
      Put(sheet, row, 12, FlagText(c->flag(), locale_), text_);
      if (c->denominator() == 0) continue;
      PutCount(sheet, row, 2, c->numerator());
      PutCount(sheet, row, 3, c->denominator());
      PutRate(sheet, row, 4,
              static_cast<double>(c->numerator()) /
                  static_cast<double>(c->denominator()));
      PutRate(sheet, row, 5, c->center());
      PutRate(sheet, row, 6, c->warning_lower());
      PutRate(sheet, row, 7, c->warning_upper());
      PutRate(sheet, row, 8, c->limit_lower());
      PutRate(sheet, row, 9, c->limit_upper());
      if (!c->has_p_value()) continue;
      PutNumber(sheet, row, 10, c->p_value());
      PutNumber(sheet, row, 11, c->adjusted_p_value());
    }
    AddFunnel(sheet, name, measure, first, row, at++);
  }
}

void Book::AddWatch() {
  if (report_.charts().empty()) return;
  const char* name = locale_ == Locale::kEnglish ? "Control" : "控制图";
  lxw_worksheet* sheet = Sheet("控制图", "Control");
  worksheet_set_column(sheet, 0, 0, 36, nullptr);
  worksheet_set_column(sheet, 1, 8, 12, nullptr);
  PutHeads(sheet, 0,
           {Word("measure"), Word("week"), "x", "n", "x/n", "↓", Word("center"),
            "↑", Word("signal")});
  int row = 0;
  int at = 0;
  for (const v1::ControlChart& chart : report_.charts()) {
    const int first = row + 1;
    for (const v1::ControlChart::Point& point : chart.points()) {
      ++row;
      Put(sheet, row, 0, ChartTitle(chart, locale_), text_);
      Put(sheet, row, 1, point.label(), text_);
      if (point.left_out()) continue;
      const bool rate = point.denominator() > 0;
      if (rate) {
        PutCount(sheet, row, 2, point.numerator());
        PutCount(sheet, row, 3, point.denominator());
      }
      int column = 4;
      for (const double value : {point.value(), point.lower_limit(),
                                 chart.center(), point.upper_limit()}) {
        worksheet_write_number(sheet, RowOf(row), Col(column++), value,
                               rate ? rate_ : mean_);
      }
      std::string signals;
      for (const int rule : point.signals()) {
        signals +=
            ChartRuleText(static_cast<v1::ControlChart::Rule>(rule), locale_) +
            " ";
      }
      Put(sheet, row, 8, signals, text_);
    }
    Put(sheet, ++row, 0, ChartText(chart, locale_), text_);
    AddControlChart(sheet, name, chart, first, row - 1, at++);
  }
}

void Book::AddControlChart(lxw_worksheet* sheet, const char* name,
                           const v1::ControlChart& control, int first_row,
                           int last_row, int at) {
  lxw_chart* chart = workbook_add_chart(workbook_, LXW_CHART_LINE);
  const lxw_color_t colors[] = {0x1F4E7A, 0x6B717B, 0xB3121B, 0x6B717B};
  for (int line = 0; line < 4; ++line) {
    lxw_chart_series* series = chart_add_series(chart, nullptr, nullptr);
    chart_series_set_categories(series, name, RowOf(first_row), 1,
                                RowOf(last_row), 1);
    chart_series_set_values(series, name, RowOf(first_row), Col(4 + line),
                            RowOf(last_row), Col(4 + line));
    lxw_chart_line style = {};
    style.color = colors[line];
    style.width = line == 0 ? 2.25F : 1.0F;
    chart_series_set_line(series, &style);
  }
  chart_title_set_name(chart, ChartTitle(control, locale_).c_str());
  chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
  worksheet_insert_chart(sheet, RowOf(at * 16), 10, chart);
}

}  // namespace huifang::reporting

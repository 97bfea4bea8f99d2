#include "services/reporting/report_xlsx.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/reporting/report_text.h"
#include "services/reporting/xlsx_book.h"

namespace huifang::reporting {

void Book::AddSummary() {
  lxw_worksheet* sheet = Sheet("汇总", "Summary");
  const bool month = report_.period().kind() == v1::Period::KIND_MONTH;
  worksheet_set_column(sheet, 0, 0, 24, nullptr);
  worksheet_set_column(sheet, 1, 6, 13, nullptr);
  worksheet_set_column(sheet, 7, 7, 40, nullptr);
  Put(sheet, 0, 0,
      absl::StrCat(report_.court_display_name(), " ",
                   Word(month ? "month_title" : "week_title")),
      title_);
  Put(sheet, 1, 0,
      absl::StrCat(SubjectText(report_, locale_), "  ",
                   PeriodTitle(report_.period(), locale_), "  ",
                   report_.serial_number()),
      nullptr);
  Put(sheet, 2, 0, NoticeText(report_.method(), locale_), nullptr);
  Put(sheet, 3, 0, CorrectionText(report_, locale_), nullptr);
  int row = 5;
  for (const v1::LeaderAnswer& answer : report_.answers()) {
    Put(sheet, row, 0, QuestionText(answer.question(), locale_), head_);
    worksheet_merge_range(
        sheet, RowOf(row), 1, RowOf(row), 7,
        EnglishOr(answer.answer_en(), answer.answer(), locale_).c_str(), text_);
    worksheet_set_row(sheet, RowOf(row), 32, nullptr);
    ++row;
  }
  ++row;
  PutHeads(
      sheet, row,
      {Word("measure"), Word(month ? "this_month" : "this_week"),
       Word(month ? "last_month" : "last_week"), Word("change"),
       absl::StrCat(Word("interval"), " ↓"),
       absl::StrCat(Word("interval"), " ↑"), Word("basis"), Word("definition"),
       absl::StrCat(Word("bounds"), " ↓"), absl::StrCat(Word("bounds"), " ↑")});
  for (const v1::Figure& figure : report_.figures()) {
    ++row;
    Put(sheet, row, 0, MeasureLabel(figure.measure(), locale_), text_);
    PutValue(sheet, row, 1, figure.current(), figure.unit());
    PutValue(sheet, row, 2, figure.previous(), figure.unit());
    Put(sheet, row, 3, ChangeText(figure, locale_), text_);
    if (figure.current().has_interval() &&
        figure.current().state() == v1::Figure::STATE_OK) {
      PutRate(sheet, row, 4, figure.current().interval().lower());
      PutRate(sheet, row, 5, figure.current().interval().upper());
    }
    Put(sheet, row, 6, BasisText(figure.current()), text_);
    Put(sheet, row, 7, MeasureBasis(figure.measure(), locale_), text_);
    if (!figure.has_design()) continue;
    PutRate(sheet, row, 8, figure.design().worst_case());
    PutRate(sheet, row, 9, figure.design().best_case());
  }
  row += 2;
  PutHeads(sheet, row,
           {Word("tier"), Word(month ? "this_month" : "this_week"),
            Word(month ? "last_month" : "last_week")});
  const int first = row + 1;
  for (const v1::TierShare& tier : report_.tiers()) {
    ++row;
    Put(sheet, row, 0, absl::StrCat(tier.tier(), " ", tier.display_name()),
        text_);
    PutCount(sheet, row, 1, tier.count());
    PutCount(sheet, row, 2, tier.previous_count());
  }
  if (!report_.tiers().empty()) {
    AddTierChart(sheet, locale_ == Locale::kEnglish ? "Summary" : "汇总",
                 first);
  }
}

void Book::AddTierChart(lxw_worksheet* sheet, const char* name, int first_row) {
  const int last_row = first_row + report_.tiers_size() - 1;
  lxw_chart* chart = workbook_add_chart(workbook_, LXW_CHART_COLUMN);
  for (int column = 1; column <= 2; ++column) {
    lxw_chart_series* series = chart_add_series(chart, nullptr, nullptr);
    chart_series_set_categories(series, name, RowOf(first_row), 0,
                                RowOf(last_row), 0);
    chart_series_set_values(series, name, RowOf(first_row), Col(column),
                            RowOf(last_row), Col(column));
    chart_series_set_name_range(series, name, RowOf(first_row - 1),
                                Col(column));
  }
  chart_title_set_name(chart, Word("tier").c_str());
  worksheet_insert_chart(sheet, RowOf(first_row - 1), 4, chart);
}

void Book::AddTrends() {
  if (report_.trends().empty()) return;
  const char* name = locale_ == Locale::kEnglish ? "Trends" : "趋势";
  lxw_worksheet* sheet = Sheet("趋势", "Trends");
  worksheet_set_column(sheet, 0, 24, 12, nullptr);
  Put(sheet, 0, 0, Word("trends"), head_);
  const v1::Trend& first = report_.trends(0);
  for (int i = 0; i < first.points_size(); ++i) {
    Put(sheet, i + 1, 0, first.points(i).period(), text_);
  }
  int column = 1;
  int at = 0;
  for (const v1::Trend& trend : report_.trends()) {
    Put(sheet, 0, column, MeasureLabel(trend.measure(), locale_), head_);
    Put(sheet, 0, column + 1, "↓", head_);
    Put(sheet, 0, column + 2, "↑", head_);
    Put(sheet, 0, column + 3, Word("basis"), head_);
    for (int i = 0; i < trend.points_size(); ++i) {
      const v1::Figure::Value& value = trend.points(i).value();
      if (value.state() != v1::Figure::STATE_OK) continue;
      PutValue(sheet, i + 1, column, value, trend.unit());
      Put(sheet, i + 1, column + 3, BasisText(value), text_);
      if (!value.has_interval()) continue;
      PutRate(sheet, i + 1, column + 1, value.interval().lower());
      PutRate(sheet, i + 1, column + 2, value.interval().upper());
    }
    AddTrendChart(sheet, name, trend, column, at++);
    column += 4;
  }
}

int Book::PutGroupHeads(lxw_worksheet* sheet, int at, int column) {
  const v1::Figure& figure = report_.groups(0).figures(at);
  const std::string label = MeasureLabel(figure.measure(), locale_);
  Put(sheet, 0, column++, label, head_);
  if (figure.unit() != v1::Figure::UNIT_RATE) return column;
  const auto put = [&](const std::string& what) {
    Put(sheet, 0, column++, absl::StrCat(label, " ", what), head_);
  };
  put(Word("basis"));
  for (const char* end : {" ↓", " ↑"}) put(Word("interval") + end);
  const auto& groups = report_.groups();
  if (std::any_of(groups.begin(), groups.end(),
                  [at](const v1::GroupLine& group) {
                    return group.figures(at).has_design();
                  })) {
    for (const char* end : {" ↓", " ↑"}) put(Word("bounds") + end);
  }
  return column;
}

void Book::PutGroupFigure(lxw_worksheet* sheet, int row, int column,
                          const v1::Figure& figure) {
  const v1::Figure::Value& value = figure.current();
  PutValue(sheet, row, column, value, figure.unit());
  if (figure.unit() != v1::Figure::UNIT_RATE) return;
  Put(sheet, row, column + 1, BasisText(value), text_);
  if (value.state() != v1::Figure::STATE_OK) return;
  if (value.has_interval()) {
    PutRate(sheet, row, column + 2, value.interval().lower());
    PutRate(sheet, row, column + 3, value.interval().upper());
  }
  if (figure.has_design()) {
    PutRate(sheet, row, column + 4, figure.design().worst_case());
    PutRate(sheet, row, column + 5, figure.design().best_case());
  }
}

// Each rate with what was counted, its interval and its bounds behind it.
void Book::AddGroups() {
  if (report_.groups().empty()) return;
  const char* name = locale_ == Locale::kEnglish ? "Groups" : "分庭";
  lxw_worksheet* sheet = Sheet("分庭", "Groups");
  worksheet_set_column(sheet, 0, 0, 24, nullptr);
  Put(sheet, 0, 0, Word(report_.division().empty() ? "division" : "team"),
      head_);
  std::vector<int> columns;  // of each figure's value
  int next = 1;
  for (int i = 0; i < report_.groups(0).figures_size(); ++i) {
    columns.push_back(next);
    next = PutGroupHeads(sheet, i, next);
  }
  worksheet_set_column(sheet, 1, Col(next - 1), 13, nullptr);
  worksheet_freeze_panes(sheet, 1, 1);
  int row = 0;
  for (const v1::GroupLine& group : report_.groups()) {
    ++row;
    Put(sheet, row, 0, group.display_name(), text_);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      PutGroupFigure(sheet, row, columns[i],
                     group.figures(static_cast<int>(i)));
    }
  }
  lxw_chart* chart = workbook_add_chart(workbook_, LXW_CHART_BAR);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const v1::Measure measure =
        report_.groups(0).figures(static_cast<int>(i)).measure();
    if (measure != v1::MEASURE_ON_TIME_RATE &&
        measure != v1::MEASURE_PASS_RATE) {
      continue;
    }
    lxw_chart_series* series = chart_add_series(chart, nullptr, nullptr);
    chart_series_set_categories(series, name, 1, 0, RowOf(row), 0);
    chart_series_set_values(series, name, 1, Col(columns[i]), RowOf(row),
                            Col(columns[i]));
    chart_series_set_name_range(series, name, 0, Col(columns[i]));
  }
  worksheet_insert_chart(sheet, RowOf(row + 2), 0, chart);
}

absl::StatusOr<std::string> RenderXlsx(const v1::Report& report,
                                       Locale locale) {
  return MakeWorkbook([&](lxw_workbook* workbook) {
    Book book(workbook, report, locale);
    book.AddSummary();
    book.AddTrends();
    book.AddGroups();
    book.AddComparisons();
    book.AddWatch();
    book.AddItems();
    book.AddActions();
    book.AddTrainings();
    book.AddMethod();
  });
}

}  // namespace huifang::reporting

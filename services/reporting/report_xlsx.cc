#include "services/reporting/report_xlsx.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

#include "absl/cleanup/cleanup.h"
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
  worksheet_set_column(sheet, 0, 18, 12, nullptr);
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
    for (int i = 0; i < trend.points_size(); ++i) {
      const v1::Figure::Value& value = trend.points(i).value();
      if (value.state() != v1::Figure::STATE_OK) continue;
      PutValue(sheet, i + 1, column, value, trend.unit());
      if (!value.has_interval()) continue;
      PutRate(sheet, i + 1, column + 1, value.interval().lower());
      PutRate(sheet, i + 1, column + 2, value.interval().upper());
    }
    AddTrendChart(sheet, name, column, trend.points_size(), at++);
    column += 3;
  }
}

void Book::AddTrendChart(lxw_worksheet* sheet, const char* name, int column,
                         int points, int at) {
  const v1::Trend& trend = report_.trends(at);
  const bool rate = trend.unit() == v1::Figure::UNIT_RATE;
  lxw_chart* chart =
      workbook_add_chart(workbook_, rate ? LXW_CHART_LINE : LXW_CHART_COLUMN);
  for (int line = 0; line < (rate ? 3 : 1); ++line) {
    lxw_chart_series* series = chart_add_series(chart, nullptr, nullptr);
    chart_series_set_categories(series, name, 1, 0, RowOf(points), 0);
    chart_series_set_values(series, name, 1, Col(column + line), RowOf(points),
                            Col(column + line));
    chart_series_set_name_range(series, name, 0, Col(column + line));
    lxw_chart_line style = {};
    style.color = line == 0 ? 0x1F4E7A : 0xA9C1D8;
    style.width = line == 0 ? 2.25F : 1.0F;
    if (line > 0) style.dash_type = LXW_CHART_LINE_DASH_DASH;
    chart_series_set_line(series, &style);
  }
  chart_title_set_name(chart, MeasureLabel(trend.measure(), locale_).c_str());
  chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
  if (rate) chart_axis_set_max(chart->y_axis, 1);
  worksheet_insert_chart(sheet, RowOf(points + 2 + (at / 2) * 16),
                         Col((at % 2) * 6), chart);
}

void Book::AddGroups() {
  if (report_.groups().empty()) return;
  const char* name = locale_ == Locale::kEnglish ? "Groups" : "分庭";
  lxw_worksheet* sheet = Sheet("分庭", "Groups");
  worksheet_set_column(sheet, 0, 0, 24, nullptr);
  worksheet_set_column(sheet, 1, 8, 13, nullptr);
  std::vector<std::string> heads = {
      Word(report_.division().empty() ? "division" : "team")};
  for (const v1::Figure& figure : report_.groups(0).figures()) {
    heads.push_back(MeasureLabel(figure.measure(), locale_));
  }
  PutHeads(sheet, 0, heads);
  int row = 0;
  for (const v1::GroupLine& group : report_.groups()) {
    ++row;
    Put(sheet, row, 0, group.display_name(), text_);
    for (int i = 0; i < group.figures_size(); ++i) {
      PutValue(sheet, row, i + 1, group.figures(i).current(),
               group.figures(i).unit());
    }
  }
  lxw_chart* chart = workbook_add_chart(workbook_, LXW_CHART_BAR);
  for (int i = 0; i < report_.groups(0).figures_size(); ++i) {
    const v1::Measure measure = report_.groups(0).figures(i).measure();
    if (measure != v1::MEASURE_ON_TIME_RATE &&
        measure != v1::MEASURE_PASS_RATE) {
      continue;
    }
    lxw_chart_series* series = chart_add_series(chart, nullptr, nullptr);
    chart_series_set_categories(series, name, 1, 0, RowOf(row), 0);
    chart_series_set_values(series, name, 1, Col(i + 1), RowOf(row),
                            Col(i + 1));
    chart_series_set_name_range(series, name, 0, Col(i + 1));
  }
  worksheet_insert_chart(sheet, RowOf(row + 2), 0, chart);
}

absl::StatusOr<std::string> WriteBook(
    absl::FunctionRef<void(lxw_workbook*)> fill) {
  // The library of Debian 12 writes to files only. A private folder, because
  // it names the file itself.
  std::string folder =
      (std::filesystem::temp_directory_path() / "huifang-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) {
    return absl::InternalError("no temporary folder for the workbook");
  }
  const absl::Cleanup remove = [&folder] {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  };
  const std::string path = folder + "/report.xlsx";
  lxw_workbook* workbook = workbook_new(path.c_str());
  if (workbook == nullptr) {
    return absl::InternalError("the workbook cannot be created");
  }
  fill(workbook);
  const lxw_error error = workbook_close(workbook);
  if (error != LXW_NO_ERROR) {
    return absl::InternalError(
        absl::StrCat("the workbook cannot be written: ", lxw_strerror(error)));
  }
  std::ifstream in(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), {});
  if (bytes.empty()) return absl::InternalError("the workbook is empty");
  return bytes;
}

absl::StatusOr<std::string> RenderXlsx(const v1::Report& report,
                                       Locale locale) {
  return WriteBook([&](lxw_workbook* workbook) {
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

#include "services/reporting/xlsx_pen.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"

namespace huifang::reporting {

absl::StatusOr<std::string> MakeWorkbook(
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

void XlsxPen::AddFunnel(lxw_worksheet* sheet, const char* name,
                        v1::Measure measure, int first_row, int last_row,
                        int at) {
  lxw_chart* chart = workbook_add_chart(workbook_, LXW_CHART_SCATTER);
  struct Points {
    int column;
    std::uint8_t marker;
    lxw_color_t color;
  };
  // The library names dashes in a way that no reader of the format knows.
  for (const Points& points : {Points{4, LXW_CHART_MARKER_CIRCLE, 0x1F4E7A},
                               Points{5, LXW_CHART_MARKER_PLUS, 0xB3121B},
                               Points{6, LXW_CHART_MARKER_X, 0xA9C1D8},
                               Points{7, LXW_CHART_MARKER_X, 0xA9C1D8},
                               Points{8, LXW_CHART_MARKER_X, 0x6B717B},
                               Points{9, LXW_CHART_MARKER_X, 0x6B717B}}) {
    lxw_chart_series* series = chart_add_series(chart, nullptr, nullptr);
    chart_series_set_categories(series, name, RowOf(first_row), 3,
                                RowOf(last_row), 3);
    chart_series_set_values(series, name, RowOf(first_row), Col(points.column),
                            RowOf(last_row), Col(points.column));
    chart_series_set_marker_type(series, points.marker);
    lxw_chart_fill fill = {};
    fill.color = points.color;
    chart_series_set_marker_fill(series, &fill);
    lxw_chart_line line = {};
    line.color = points.color;
    chart_series_set_marker_line(series, &line);
  }
  chart_title_set_name(chart, MeasureLabel(measure, locale_).c_str());
  chart_axis_set_name(chart->x_axis, "n");
  chart_axis_set_max(chart->y_axis, 1);
  chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
  worksheet_insert_chart(sheet, RowOf(at * 16), 14, chart);
}

void XlsxPen::AddTrendChart(lxw_worksheet* sheet, const char* name,
                            const v1::Trend& trend, int column, int at) {
  const int points = trend.points_size();
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

}  // namespace huifang::reporting

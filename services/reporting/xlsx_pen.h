#ifndef HUIFANG_SERVICES_REPORTING_XLSX_PEN_H_
#define HUIFANG_SERVICES_REPORTING_XLSX_PEN_H_

#include <xlsxwriter.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/labels.h"

namespace huifang::reporting {

inline lxw_col_t Col(int column) { return static_cast<lxw_col_t>(column); }
inline lxw_row_t RowOf(int row) { return static_cast<lxw_row_t>(row); }

// The bytes of the workbook that `fill` writes.
absl::StatusOr<std::string> MakeWorkbook(
    absl::FunctionRef<void(lxw_workbook*)> fill);

// Writes cells in the formats and the language of one workbook.
class XlsxPen {
 protected:
  XlsxPen(lxw_workbook* workbook, Locale locale)
      : workbook_(workbook), locale_(locale) {
    title_ = Format(16, true);
    format_set_font_color(title_, 0xB3121B);
    head_ = Format(10, true);
    format_set_bg_color(head_, 0xE4ECF3);
    format_set_bottom(head_, LXW_BORDER_THIN);
    format_set_text_wrap(head_);
    text_ = Format(10, false);
    format_set_text_wrap(text_);
    format_set_align(text_, LXW_ALIGN_VERTICAL_TOP);
    rate_ = Format(10, false);
    format_set_num_format(rate_, "0.0%");
    count_ = Format(10, false);
    format_set_num_format(count_, "#,##0");
    mean_ = Format(10, false);
    format_set_num_format(mean_, "0.00");
    number_ = Format(10, false);
    format_set_num_format(number_, "0.0000");
  }

  lxw_format* Format(double size, bool bold) {
    lxw_format* format = workbook_add_format(workbook_);
    format_set_font_name(format, "宋体");
    format_set_font_size(format, size);
    if (bold) format_set_bold(format);
    return format;
  }

  std::string Word(const char* key) const { return PageLabel(key, locale_); }

  lxw_worksheet* Sheet(const char* zh, const char* en) {
    lxw_worksheet* sheet = workbook_add_worksheet(
        workbook_, locale_ == Locale::kEnglish ? en : zh);
    worksheet_set_paper(sheet, 9);  // A4
    worksheet_fit_to_pages(sheet, 1, 0);
    return sheet;
  }

  void Put(lxw_worksheet* sheet, int row, int column, const std::string& text,
           lxw_format* format) {
    worksheet_write_string(sheet, RowOf(row), Col(column), text.c_str(),
                           format);
  }

  void PutHeads(lxw_worksheet* sheet, int row,
                const std::vector<std::string>& heads) {
    for (std::size_t i = 0; i < heads.size(); ++i) {
      Put(sheet, row, static_cast<int>(i), heads[i], head_);
    }
  }

  // The number itself where there is one, so that it can be reckoned with.
  void PutValue(lxw_worksheet* sheet, int row, int column,
                const v1::Figure::Value& value, v1::Figure::Unit unit) {
    if (value.state() != v1::Figure::STATE_OK) {
      Put(sheet, row, column, ValueText(value, unit, locale_), text_);
      return;
    }
    worksheet_write_number(sheet, RowOf(row), Col(column), value.value(),
                           unit == v1::Figure::UNIT_RATE    ? rate_
                           : unit == v1::Figure::UNIT_COUNT ? count_
                                                            : mean_);
  }

  void PutRate(lxw_worksheet* sheet, int row, int column, double rate) {
    worksheet_write_number(sheet, RowOf(row), Col(column), rate, rate_);
  }

  void PutCount(lxw_worksheet* sheet, int row, int column, std::int64_t count) {
    worksheet_write_number(sheet, RowOf(row), Col(column),
                           static_cast<double>(count), count_);
  }

  void PutNumber(lxw_worksheet* sheet, int row, int column, double number) {
    worksheet_write_number(sheet, RowOf(row), Col(column), number, number_);
  }

  // Points of n and rate, and the limits of each as points of their own: groups
  // of any order make a funnel then. Columns 3 to 9 of the rows are n, the
  // rate, the center, both warning limits and both outer limits; the chart
  // stands right of column 13.
  void AddFunnel(lxw_worksheet* sheet, const char* name, v1::Measure measure,
                 int first_row, int last_row, int at);

  // One measure over periods, its limits dashed if it is a rate. Column 0 holds
  // the periods from row 1 on, `column` and the two behind it the value and its
  // limits; charts stand two abreast below.
  void AddTrendChart(lxw_worksheet* sheet, const char* name,
                     const v1::Trend& trend, int column, int at);

  lxw_workbook* workbook_;
  const Locale locale_;
  lxw_format* title_;
  lxw_format* head_;
  lxw_format* text_;
  lxw_format* rate_;
  lxw_format* count_;
  lxw_format* mean_;
  lxw_format* number_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_XLSX_PEN_H_

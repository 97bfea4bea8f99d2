#ifndef HUIFANG_SERVICES_REPORTING_XLSX_BOOK_H_
#define HUIFANG_SERVICES_REPORTING_XLSX_BOOK_H_

#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/xlsx_pen.h"

namespace huifang::reporting {

// A report's workbook under construction.
class Book : private XlsxPen {
 public:
  Book(lxw_workbook* workbook, const v1::Report& report, Locale locale)
      : XlsxPen(workbook, locale), report_(report) {}

  void AddSummary();
  void AddTrends();
  void AddGroups();
  // Who truly differs, with a funnel for each measure.
  void AddComparisons();
  // Each control chart as a table with a line chart.
  void AddWatch();
  void AddItems();
  // Suggestions with each department's state, and supervised tickets.
  void AddActions();
  // Topics of the findings' Pareto, and trainings with their effects.
  void AddTrainings();
  void AddMethod();

 private:
  void AddControlChart(lxw_worksheet* sheet, const char* name,
                       const v1::ControlChart& chart, int first_row,
                       int last_row, int at);
  // Heads of the figure at a place of each group's line; the next free column.
  int PutGroupHeads(lxw_worksheet* sheet, int at, int column);
  void PutGroupFigure(lxw_worksheet* sheet, int row, int column,
                      const v1::Figure& figure);
  void AddTierChart(lxw_worksheet* sheet, const char* name, int first_row);

  const v1::Report& report_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_XLSX_BOOK_H_

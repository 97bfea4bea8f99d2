#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/reporting/appraisal_file.h"
#include "services/reporting/report_text.h"
#include "services/reporting/xlsx_pen.h"

namespace huifang::reporting {
namespace {

using Lines = google::protobuf::RepeatedPtrField<v1::AppraisalLine>;

class AppraisalBook final : private XlsxPen {
 public:
  AppraisalBook(lxw_workbook* workbook, const v1::Appraisal& sheet,
                Locale locale)
      : XlsxPen(workbook, locale), sheet_(sheet) {}

  void AddLines(const char* zh, const char* en, const Lines& lines,
                const std::vector<std::string>& differences);
  void AddExclusions();
  void AddMethod();

 private:
  std::string Own(const char* key) const { return AppraisalWord(key, locale_); }
  // The columns of one figure, from `column` on; the next free one.
  int PutFigure(lxw_worksheet* sheet, int row, int column,
                const v1::GroupLine& line, const v1::Figure& figure);
  std::vector<std::string> Heads(const Lines& lines) const;

  const v1::Appraisal& sheet_;
};

int AppraisalBook::PutFigure(lxw_worksheet* sheet, int row, int column,
                             const v1::GroupLine& line,
                             const v1::Figure& figure) {
  const v1::Figure::Value& value = figure.current();
  PutValue(sheet, row, column, value, figure.unit());
  Put(sheet, row, column + 1, BasisText(value), text_);
  if (value.state() == v1::Figure::STATE_OK && value.has_interval()) {
    PutRate(sheet, row, column + 2, value.interval().lower());
    PutRate(sheet, row, column + 3, value.interval().upper());
  }
  if (const v1::Comparison* c = FindComparison(line, figure.measure())) {
    Put(sheet, row, column + 4, FlagText(c->flag(), locale_), text_);
    if (c->has_adjusted_p_value()) {
      PutNumber(sheet, row, column + 5, c->adjusted_p_value());
    }
  }
  return column + 6;
}

std::vector<std::string> AppraisalBook::Heads(const Lines& lines) const {
  std::vector<std::string> heads = {Word("division"), Own("handler"),
                                    Own("closed"),    Own("graded"),
                                    Own("excluded"),  Word("state")};
  if (lines.empty()) return heads;
  for (const v1::Figure& figure : lines[0].line().figures()) {
    heads.push_back(MeasureLabel(figure.measure(), locale_));
    heads.push_back(Word("basis"));
    heads.push_back(absl::StrCat(Word("interval"), " ↓"));
    heads.push_back(absl::StrCat(Word("interval"), " ↑"));
    heads.push_back(Own("judgement"));
    heads.push_back(Word("adjusted_p"));
  }
  for (const v1::TierShare& tier : lines[0].tiers()) {
    heads.push_back(tier.display_name());
  }
  heads.push_back(Own("findings"));
  return heads;
}

void AppraisalBook::AddLines(const char* zh, const char* en, const Lines& lines,
                             const std::vector<std::string>& differences) {
  lxw_worksheet* sheet = Sheet(zh, en);
  worksheet_set_column(sheet, 0, 1, 20, nullptr);
  worksheet_set_column(sheet, 2, 30, 11, nullptr);
  Put(sheet, 0, 0,
      absl::StrCat(sheet_.court_display_name(), " ", Own("sheet"), "  ",
                   PeriodTitle(sheet_.period(), locale_), "  ", Own("version"),
                   " ", sheet_.version()),
      title_);
  int row = 1;
  for (const std::string& text : {AppraisalCorrection(sheet_, locale_),
                                  AppraisalNotice(sheet_, locale_)}) {
    if (!text.empty()) Put(sheet, row++, 0, text, nullptr);
  }
  Put(sheet, row++, 0, Own("order"), nullptr);
  PutHeads(sheet, ++row, Heads(lines));
  for (const v1::AppraisalLine& line : lines) {
    ++row;
    const bool handler = !line.division().empty();
    Put(sheet, row, 0,
        handler ? line.division_display_name() : line.line().display_name(),
        text_);
    Put(sheet, row, 1, handler ? line.line().display_name() : "", text_);
    PutCount(sheet, row, 2, line.closed());
    PutCount(sheet, row, 3, line.graded());
    PutCount(sheet, row, 4, line.excluded());
    Put(sheet, row, 5,
        line.state() == v1::Figure::STATE_OK ? "" : Word("not_enough"), text_);
    int column = 6;
    for (const v1::Figure& figure : line.line().figures()) {
      column = PutFigure(sheet, row, column, line.line(), figure);
    }
    // Each line has the tiers of the rubric; one of an older rubric follows.
    for (const v1::TierShare& tier : lines[0].tiers()) {
      for (const v1::TierShare& own : line.tiers()) {
        if (own.tier() == tier.tier()) {
          PutCount(sheet, row, column, own.count());
        }
      }
      ++column;
    }
    Put(sheet, row, column, absl::StrJoin(FindingTexts(line), " · "), text_);
  }
  row += 2;
  for (const std::string& sentence : differences) {
    Put(sheet, row++, 0, sentence, nullptr);
  }
}

void AppraisalBook::AddExclusions() {
  lxw_worksheet* sheet = Sheet("排除", "Excluded");
  worksheet_set_column(sheet, 0, 6, 20, nullptr);
  PutHeads(sheet, 0,
           {Word("ticket"), Word("division"), Own("reason"), Own("requester"),
            Word("day"), Own("decider"), Word("day")});
  int row = 0;
  for (const v1::AppraisalExclusion& one : sheet_.exclusions()) {
    ++row;
    Put(sheet, row, 0, one.ticket_number(), text_);
    Put(sheet, row, 1, one.division_display_name(), text_);
    Put(sheet, row, 2, one.reason(), text_);
    Put(sheet, row, 3, one.requester(), text_);
    Put(sheet, row, 4, MinuteText(one.create_time()), text_);
    Put(sheet, row, 5, one.decider(), text_);
    Put(sheet, row, 6, MinuteText(one.decide_time()), text_);
  }
}

void AppraisalBook::AddMethod() {
  lxw_worksheet* sheet = Sheet("口径", "Method");
  worksheet_set_column(sheet, 0, 0, 24, nullptr);
  worksheet_set_column(sheet, 1, 1, 110, nullptr);
  int row = 0;
  for (const std::string& sentence : AppraisalMethod(sheet_, locale_)) {
    Put(sheet, row++, 1, sentence, text_);
  }
  for (const v1::AppraisalChange& change : sheet_.changes()) {
    if (&change == &sheet_.changes(0)) {
      Put(sheet, ++row, 0, Own("changes"), head_);
    }
    Put(sheet, ++row, 0, change.display_name(), text_);
    Put(sheet, row, 1, ChangeText(change, locale_), text_);
  }
  row += 2;
  Put(sheet, row, 0, Own("frozen"), text_);
  Put(sheet, row, 1,
      absl::StrCat(MinuteText(sheet_.create_time()), "  ", sheet_.creator(),
                   "  ", sheet_.name()),
      text_);
}

}  // namespace

absl::StatusOr<std::string> AppraisalXlsx(const v1::Appraisal& sheet,
                                          Locale locale) {
  return MakeWorkbook([&](lxw_workbook* workbook) {
    AppraisalBook book(workbook, sheet, locale);
    book.AddLines("庭室", "Divisions", sheet.divisions(),
                  DivisionDifferences(sheet, locale));
    book.AddLines("承办人", "Handlers", sheet.handlers(),
                  HandlerDifferences(sheet, locale));
    book.AddExclusions();
    book.AddMethod();
  });
}

}  // namespace huifang::reporting

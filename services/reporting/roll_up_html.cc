#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/comparison_text.h"
#include "services/reporting/league_rules.h"
#include "services/reporting/report_html_sections.h"
#include "services/reporting/report_text.h"
#include "services/reporting/roll_up_file.h"
#include "services/reporting/roll_up_html_sections.h"
#include "services/reporting/roll_up_rules.h"
#include "services/reporting/roll_up_text.h"

namespace huifang::reporting {
namespace {

using Data = PageData;

// The table's columns. How many were interviewed stands under the rates.
std::vector<v1::Measure> Columns() {
  std::vector<v1::Measure> columns = {v1::MEASURE_TICKETS_CLOSED};
  columns.insert(columns.end(), CourtMeasures().begin(), CourtMeasures().end());
  return columns;
}

const char* ClaimTone(v1::Figure::Claim claim) {
  switch (claim) {
    case v1::Figure::CLAIM_SUPPORTED:
      return "good";
    case v1::Figure::CLAIM_MISSED:
      return "act";
    case v1::Figure::CLAIM_NOT_SUPPORTED:
      return "watch";
    default:
      return "unknown";
  }
}

void AddMasthead(const v1::RollUp& roll_up, Locale locale, Data& page) {
  const bool month = roll_up.period().kind() == v1::Period::KIND_MONTH;
  page.set("court", roll_up.court_display_name());
  const std::string title =
      RollUpLabel(month ? "month_title" : "week_title", locale);
  page.set("title", title);
  page.set("subject", title);
  page.set("period_label", roll_up.period().label());
  page.set("period_title", PeriodTitle(roll_up.period(), locale));
  const int told = roll_up.lines_size() - roll_up.missing();
  page.set("told", locale == Locale::kEnglish
                       ? absl::StrCat(told, " of ", roll_up.lines_size(),
                                      " courts delivered")
                       : absl::StrCat("应报", roll_up.lines_size(), "家，已报",
                                      told, "家"));
  SetText(page, "notice", NoticeText(roll_up, locale));
  page.set("rules", roll_up.rules_version());
  page.set("roll_up_name", roll_up.name());
}

// One of the leader's questions, answered by the courts together.
Data AnswerOf(const v1::RollUp& roll_up, v1::LeaderAnswer::Question question,
              v1::Measure measure, v1::Measure also, Locale locale) {
  Data row;
  row.set("question", QuestionText(question, locale));
  row.set("measure", MeasureLabel(measure, locale));
  row.set("tone", "unknown");
  row.set("value", "—");
  row.set("value_note", "");
  row.set("has_value", Data(false));
  row.set("answer", "");
  const v1::RollUp::Total* total = FindTotal(roll_up, measure);
  if (total == nullptr) return row;
  const v1::Figure& figure = total->figure();
  row.set("tone", ClaimTone(figure.claim()));
  row.set("value", ValueText(figure.current(), figure.unit(), locale));
  row.set("has_value", Data(figure.current().state() == v1::Figure::STATE_OK));
  row.set("value_note", EvidenceText(figure, locale));
  std::vector<std::string> sentences = {TotalText(roll_up, *total, locale)};
  const std::string claim = ClaimText(figure, locale);
  const bool english = locale == Locale::kEnglish;
  if (!claim.empty()) {
    sentences.push_back(absl::StrCat(MeasureLabel(measure, locale),
                                     english ? " " : "", claim,
                                     english ? "." : "。"));
  }
  const v1::RollUp::Total* second = FindTotal(roll_up, also);
  if (second != nullptr &&
      second->figure().current().state() == v1::Figure::STATE_OK) {
    sentences.push_back(absl::StrCat(
        MeasureLabel(also, locale), english ? " " : "",
        ValueText(second->figure().current(), second->figure().unit(), locale),
        english ? " (" : "（", EvidenceText(second->figure(), locale),
        english ? ")." : "）。"));
  }
  row.set("answer", absl::StrJoin(sentences, english ? " " : ""));
  return row;
}

void AddAnswers(const v1::RollUp& roll_up, Locale locale, Data& page) {
  Data answers = NewList();
  answers.push_back(AnswerOf(roll_up, v1::LeaderAnswer::QUESTION_SOLVED,
                             v1::MEASURE_RESOLUTION_RATE,
                             v1::MEASURE_SATISFACTION_RATE, locale));
  answers.push_back(AnswerOf(roll_up, v1::LeaderAnswer::QUESTION_COMPLIANT,
                             v1::MEASURE_PASS_RATE, v1::MEASURE_UNSPECIFIED,
                             locale));
  answers.push_back(AnswerOf(roll_up, v1::LeaderAnswer::QUESTION_IN_TIME,
                             v1::MEASURE_ON_TIME_RATE,
                             v1::MEASURE_INSTANT_ANSWER_RATE, locale));
  Data opinions;
  opinions.set("question",
               QuestionText(v1::LeaderAnswer::QUESTION_OPINIONS, locale));
  opinions.set("measure", "");
  opinions.set("tone", "unknown");
  opinions.set("value", CountText(roll_up.opinions()));
  opinions.set("has_value", Data(true));
  opinions.set("value_note", "");
  opinions.set(
      "answer",
      locale == Locale::kEnglish
          ? absl::StrCat(CountText(roll_up.opinions()),
                         " opinions heard; suggestions: ",
                         CountText(roll_up.suggestions()),
                         ", done: ", CountText(roll_up.suggestions_done()), ".")
          : absl::StrCat("听取群众意见", CountText(roll_up.opinions()),
                         "条；改进建议", CountText(roll_up.suggestions()),
                         "项，其中已落实",
                         CountText(roll_up.suggestions_done()), "项。"));
  answers.push_back(opinions);
  page.set("answers", answers);
}

Data CellOf(const v1::Figure* figure, Locale locale) {
  Data cell;
  cell.set("value", figure == nullptr
                        ? "—"
                        : ValueText(figure->current(), figure->unit(), locale));
  const bool rate =
      figure != nullptr && figure->unit() == v1::Figure::UNIT_RATE;
  SetText(cell, "interval",
          rate ? IntervalText(figure->current(), locale) : "");
  SetText(cell, "bounds", rate ? BoundsText(*figure) : "");
  SetText(cell, "basis", rate ? BasisText(figure->current()) : "");
  SetText(cell, "flag", "");
  SetText(cell, "claim", "");
  return cell;
}

void SetFlag(const v1::RollUp::Line& line, v1::Measure measure, Locale locale,
             Data& cell) {
  if (IsObstructed(line, measure)) {
    cell.set("flag", RollUpLabel("incomparable", locale));
    cell.set("flag_tone", "watch");
    return;
  }
  const v1::Comparison* c = FindComparison(line, measure);
  if (c == nullptr || (c->flag() != v1::Comparison::FLAG_LOW &&
                       c->flag() != v1::Comparison::FLAG_HIGH)) {
    return;
  }
  cell.set("flag", FlagText(c->flag(), locale));
  cell.set("flag_tone", c->flag() == v1::Comparison::FLAG_LOW ? "act" : "good");
}

void AddCourts(const v1::RollUp& roll_up, Locale locale, Data& page) {
  const std::vector<v1::Measure> columns = Columns();
  Data heads = NewList();
  for (const v1::Measure measure : columns) {
    Data head;
    head.set("head", MeasureLabel(measure, locale));
    heads.push_back(head);
  }
  page.set("heads", heads);
  page.set("columns", absl::StrCat(columns.size() + 1));
  Data rows = NewList();
  for (const v1::RollUp::Line& line : roll_up.lines()) {
    const v1::CourtFigures& court = line.court();
    const bool told = court.state() == v1::CourtFigures::STATE_DELIVERED;
    Data row;
    row.set("name", court.court_display_name());
    SetText(row, "missing", told ? "" : RollUpLabel("missing", locale));
    SetText(
        row, "opinions",
        told ? absl::StrCat(court.opinions(), " / ", court.suggestions()) : "");
    Data cells = NewList();
    for (const v1::Measure measure : columns) {
      if (!told) break;
      Data cell = CellOf(FindFigure(court, measure), locale);
      SetFlag(line, measure, locale, cell);
      cells.push_back(cell);
    }
    row.set("cells", cells);
    rows.push_back(row);
  }
  page.set("courts", rows);
  page.set("opinions_total",
           absl::StrCat(roll_up.opinions(), " / ", roll_up.suggestions()));
}

void AddTotals(const v1::RollUp& roll_up, Locale locale, Data& page) {
  Data cells = NewList();
  Data notes = NewList();
  for (const v1::Measure measure : Columns()) {
    const v1::RollUp::Total* total = FindTotal(roll_up, measure);
    Data cell = CellOf(total == nullptr ? nullptr : &total->figure(), locale);
    if (total != nullptr) {
      SetText(cell, "claim", ClaimText(total->figure(), locale));
      cell.set("claim_tone", ClaimTone(total->figure().claim()));
      const std::string note =
          EnglishOr(total->figure().note_en(), total->figure().note(), locale);
      if (!note.empty()) {
        Data row;
        row.set("note", note);
        notes.push_back(row);
      }
    }
    cells.push_back(cell);
  }
  page.set("totals", cells);
  page.set("notes", notes);
}

}  // namespace

PageData RollUpPage(const v1::RollUp& roll_up, Locale locale,
                    const ChartMaker& charts) {
  Data page;
  Data words;
  for (const auto& [key, text] : PageLabels(locale)) words.set(key, text);
  page.set("t", words);
  Data own;
  for (const auto& [key, text] : RollUpLabels(locale)) own.set(key, text);
  page.set("w", own);
  AddMasthead(roll_up, locale, page);
  AddAnswers(roll_up, locale, page);
  AddCourts(roll_up, locale, page);
  AddTotals(roll_up, locale, page);
  AddResponses(roll_up, locale, page);
  AddTrend(roll_up, locale, charts, page);
  AddDifferences(roll_up, locale, charts, page);
  AddLeftOut(roll_up, locale, page);
  AddSources(roll_up, locale, page);
  return page;
}

absl::StatusOr<std::string> RenderHtml(const v1::RollUp& roll_up, Locale locale,
                                       const TemplateSet& templates) {
  const std::string court = CourtOfName(roll_up.name());
  Data page = RollUpPage(roll_up, locale,
                         [](const std::string& svg) { return Data(svg); });
  page.set("chart_css", templates.Text(court, "chart.css"));
  ASSIGN_OR_RETURN(const std::string css,
                   templates.Print(court, "report.css.mustache", page));
  page.set("css", css);
  return templates.Print(court, "roll_up.html.mustache", page);
}

}  // namespace huifang::reporting

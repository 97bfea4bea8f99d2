#include "absl/strings/str_cat.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/appraisal_file.h"
#include "services/reporting/report_html_sections.h"
#include "services/reporting/report_text.h"

namespace huifang::reporting {
namespace {

using Data = PageData;
using Lines = google::protobuf::RepeatedPtrField<v1::AppraisalLine>;

Data Cell(const v1::GroupLine& line, const v1::Figure& figure, Locale locale) {
  Data cell;
  cell.set("value", ValueText(figure.current(), figure.unit(), locale));
  SetText(cell, "basis", BasisText(figure.current()));
  SetText(cell, "interval", IntervalText(figure.current(), locale));
  // Only a difference that chance does not explain is marked.
  const v1::Comparison* c = FindComparison(line, figure.measure());
  const bool low = c != nullptr && c->flag() == v1::Comparison::FLAG_LOW;
  const bool high = c != nullptr && c->flag() == v1::Comparison::FLAG_HIGH;
  SetText(cell, "flag", low || high ? FlagText(c->flag(), locale) : "");
  cell.set("tone", low ? "act" : "good");
  return cell;
}

Data Texts(const std::vector<std::string>& texts, const char* key) {
  Data list = NewList();
  for (const std::string& text : texts) {
    Data row;
    row.set(key, text);
    list.push_back(row);
  }
  return list;
}

Data LineRow(const v1::AppraisalLine& line, Locale locale) {
  Data row;
  row.set("name", line.line().display_name());
  SetText(row, "division", line.division_display_name());
  row.set("closed", CountText(line.closed()));
  row.set("graded", CountText(line.graded()));
  SetText(row, "few",
          line.state() == v1::Figure::STATE_OK
              ? ""
              : PageLabel("not_enough", locale));
  SetList(row, "tiers", Texts(TierTexts(line), "text"));
  SetList(row, "findings", Texts(FindingTexts(line), "text"));
  row.set("excluded", CountText(line.excluded()));
  Data cells = NewList();
  for (const v1::Figure& figure : line.line().figures()) {
    cells.push_back(Cell(line.line(), figure, locale));
  }
  row.set("cells", cells);
  return row;
}

Data Part(const char* title, const char* head, const Lines& lines,
          const std::vector<std::string>& differences, Locale locale) {
  Data part;
  part.set("title", AppraisalWord(title, locale));
  part.set("head", AppraisalWord(head, locale));
  Data rows = NewList();
  for (const v1::AppraisalLine& line : lines) {
    rows.push_back(LineRow(line, locale));
  }
  SetList(part, "lines", rows);
  Data heads = NewList();
  if (!lines.empty()) {
    for (const v1::Figure& figure : lines[0].line().figures()) {
      Data one;
      one.set("head", MeasureLabel(figure.measure(), locale));
      heads.push_back(one);
    }
  }
  part.set("heads", heads);
  SetList(part, "differences", Texts(differences, "text"));
  return part;
}

void AddExclusions(const v1::Appraisal& sheet, Locale locale, Data& page) {
  Data exclusions = NewList();
  for (const v1::AppraisalExclusion& one : sheet.exclusions()) {
    Data row;
    row.set("ticket", one.ticket_number());
    row.set("division", one.division_display_name());
    row.set("reason", one.reason());
    row.set("requester", one.requester());
    row.set("requested", DateText(one.create_time(), locale));
    row.set("decider", one.decider());
    row.set("decided", DateText(one.decide_time(), locale));
    exclusions.push_back(row);
  }
  SetList(page, "exclusions", exclusions);
}

std::string CountsLine(const v1::Appraisal& sheet, Locale locale) {
  const std::string colon = PageLabel("colon", locale);
  const auto part = [&](const char* word, std::int64_t count) {
    return absl::StrCat(AppraisalWord(word, locale), " ", CountText(count));
  };
  return absl::StrCat(part("closed", sheet.closed()), " · ",
                      part("graded", sheet.graded()), " · ",
                      part("excluded", sheet.exclusions_size()));
}

}  // namespace

PageData AppraisalPage(const v1::Appraisal& sheet, Locale locale) {
  Data page;
  Data words;
  for (const auto& [key, text] : PageLabels(locale)) words.set(key, text);
  for (const auto& [key, text] : AppraisalWords(locale)) words.set(key, text);
  page.set("t", words);
  page.set("court", sheet.court_display_name());
  page.set("subject", AppraisalWord("sheet", locale));
  page.set("period_label", sheet.period().label());
  page.set("period_title", PeriodTitle(sheet.period(), locale));
  page.set("version", CountText(sheet.version()));
  page.set("creator", sheet.creator());
  page.set("made_day", DateText(sheet.create_time(), locale));
  page.set("made", MinuteText(sheet.create_time()));
  page.set("criteria", sheet.criteria_version());
  page.set("appraisal_name", sheet.name());
  page.set("counts", CountsLine(sheet, locale));
  SetText(page, "correction", AppraisalCorrection(sheet, locale));
  SetText(page, "notice", AppraisalNotice(sheet, locale));
  Data changes = NewList();
  for (const v1::AppraisalChange& change : sheet.changes()) {
    Data row;
    row.set("name", change.display_name());
    row.set("text", ChangeText(change, locale));
    changes.push_back(row);
  }
  SetList(page, "changes", changes);
  Data parts = NewList();
  parts.push_back(Part("divisions", "division", sheet.divisions(),
                       DivisionDifferences(sheet, locale), locale));
  parts.push_back(Part("handlers", "handler", sheet.handlers(),
                       HandlerDifferences(sheet, locale), locale));
  page.set("parts", parts);
  AddExclusions(sheet, locale, page);
  page.set("method", Texts(AppraisalMethod(sheet, locale), "sentence"));
  return page;
}

absl::StatusOr<std::string> AppraisalHtml(const v1::Appraisal& sheet,
                                          Locale locale,
                                          const TemplateSet& templates) {
  const std::string court = CourtOfName(sheet.name());
  Data page = AppraisalPage(sheet, locale);
  page.set("chart_css", "");  // a sheet has no charts
  ASSIGN_OR_RETURN(std::string css,
                   templates.Print(court, "report.css.mustache", page));
  page.set("css", css);
  return templates.Print(court, "appraisal.html.mustache", page);
}

}  // namespace huifang::reporting

// The sheets of text: items and method.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/reporting/agreement_lines.h"
#include "services/reporting/item_rules.h"
#include "services/reporting/report_text.h"
#include "services/reporting/response_text.h"
#include "services/reporting/training_text.h"
#include "services/reporting/xlsx_book.h"

namespace huifang::reporting {

void Book::AddItems() {
  lxw_worksheet* sheet = Sheet("逐条", "Items");
  const int widths[] = {6, 18, 16, 12, 8, 10, 40, 40, 36, 44, 40};
  for (int i = 0; i < 11; ++i) {
    worksheet_set_column(sheet, Col(i), Col(i), widths[i], nullptr);
  }
  PutHeads(
      sheet, 0,
      {"#", Word("ticket"), Word("division"), Word("handler"), Word("tier"),
       MeasureLabel(v1::MEASURE_SATISFACTION_RATE, locale_), Word("matter"),
       Word("reply"), Word("problem"), Word("suggestion"), Word("evidence")});
  worksheet_freeze_panes(sheet, 1, 0);
  int row = 0;
  for (const v1::Item& item : report_.items()) {
    ++row;
    std::vector<std::string> evidence;
    for (const v1::FindingQuote& finding : item.findings()) {
      evidence.push_back(
          absl::StrCat(finding.display_name(), "(", finding.rule(), ")",
                       finding.quote().empty() ? "" : ":", finding.quote()));
    }
    PutCount(sheet, row, 0, item.number());
    Put(sheet, row, 1, item.ticket_number(), text_);
    Put(sheet, row, 2, item.division_display_name(), text_);
    Put(sheet, row, 3, item.handler_display_name(), text_);
    Put(sheet, row, 4, item.tier(), text_);
    Put(sheet, row, 5, VerdictIn(item.verdict(), locale_), text_);
    Put(sheet, row, 6, item.matter(), text_);
    Put(sheet, row, 7, item.reply(), text_);
    Put(sheet, row, 8, EnglishOr(item.problem_en(), item.problem(), locale_),
        text_);
    Put(sheet, row, 9,
        EnglishOr(item.suggestion_en(), item.suggestion(), locale_), text_);
    Put(sheet, row, 10, absl::StrJoin(evidence, "\n"), text_);
  }
  if (row > 0) worksheet_autofilter(sheet, 0, 0, RowOf(row), 10);
}

void Book::AddActions() {
  if (report_.suggestions().empty() && report_.supervisions().empty()) return;
  lxw_worksheet* sheet = Sheet("建议与督办", "Actions");
  const int widths[] = {24, 60, 60, 14};
  for (int i = 0; i < 4; ++i) {
    worksheet_set_column(sheet, Col(i), Col(i), widths[i], nullptr);
  }
  int row = 0;
  if (!report_.suggestions().empty()) {
    PutHeads(sheet, row++,
             {Word("suggestion"), Word("evidence"), Word("division"),
              Word("state")});
    for (const v1::Suggestion& suggestion : report_.suggestions()) {
      Put(sheet, row, 0, suggestion.title(), text_);
      Put(sheet, row, 1, suggestion.text(), text_);
      Put(sheet, row, 2, DepartmentsText(suggestion, locale_), text_);
      Put(sheet, row++, 3, SuggestionStateText(suggestion.state(), locale_),
          text_);
    }
    ++row;
  }
  if (report_.supervisions().empty()) return;
  PutHeads(sheet, row++,
           {Word("ticket"), Word("matter"), Word("division"), Word("state")});
  for (const v1::Supervision& one : report_.supervisions()) {
    Put(sheet, row, 0, one.ticket_number(), text_);
    Put(sheet, row, 1, one.matter(), text_);
    Put(sheet, row, 2, one.division_display_name(), text_);
    Put(sheet, row++, 3, SupervisionStateText(one, locale_), text_);
  }
}

void Book::AddTrainings() {
  if (report_.training_topics().empty() && report_.trainings().empty()) return;
  lxw_worksheet* sheet = Sheet("培训", "Trainings");
  const int widths[] = {28, 24, 24, 14, 12, 12, 12, 12, 12, 12, 60};
  for (int i = 0; i < 11; ++i) {
    worksheet_set_column(sheet, Col(i), Col(i), widths[i], nullptr);
  }
  int row = 0;
  if (!report_.training_topics().empty()) {
    PutHeads(sheet, row++,
             {Word("finding"), Word("division"), Word("training_title"),
              Word("count"), Word("suggestion")});
    for (const v1::TrainingTopic& topic : report_.training_topics()) {
      Put(sheet, row, 0, topic.display_name(), text_);
      Put(sheet, row, 1,
          absl::StrJoin(topic.divisions(),
                        locale_ == Locale::kEnglish ? ", " : "、"),
          text_);
      Put(sheet, row, 2, TopicTrainingsText(report_, topic, locale_), text_);
      PutCount(sheet, row, 3, topic.count());
      Put(sheet, row++, 4,
          EnglishOr(topic.advice_en(), topic.advice(), locale_), text_);
    }
    ++row;
  }
  if (report_.trainings().empty()) return;
  PutHeads(
      sheet, row++,
      {Word("training_title"), Word("treats"), Word("audience"), Word("day"),
       Word("state"), Word("attendees"), Word("before"), Word("after"),
       Word("difference_lower"), Word("difference_upper"), Word("effect")});
  for (const v1::Training& one : report_.trainings()) {
    Put(sheet, row, 0, one.title(), text_);
    Put(sheet, row, 1, TreatedText(one, locale_), text_);
    Put(sheet, row, 2, AudienceText(one, locale_), text_);
    Put(sheet, row, 3, one.day(), text_);
    Put(sheet, row, 4, TrainingStateText(one.state(), locale_), text_);
    PutCount(sheet, row, 5, one.attendee_count());
    if (one.has_effect()) {
      PutValue(sheet, row, 6, one.effect().before(), v1::Figure::UNIT_RATE);
      PutValue(sheet, row, 7, one.effect().after(), v1::Figure::UNIT_RATE);
    }
    if (one.effect().has_difference()) {
      PutRate(sheet, row, 8, one.effect().difference().lower());
      PutRate(sheet, row, 9, one.effect().difference().upper());
    }
    Put(sheet, row++, 10, EffectText(one, locale_), text_);
  }
}

void Book::AddMethod() {
  lxw_worksheet* sheet = Sheet("方法", "Method");
  worksheet_set_column(sheet, 0, 0, 110, nullptr);
  int row = 0;
  Put(sheet, row++, 0, Word("method"), head_);
  for (const std::string& sentence : MethodIn(report_.method(), locale_)) {
    Put(sheet, row++, 0, sentence, text_);
  }
  for (const v1::AgreementLine& line : report_.agreements()) {
    Put(sheet, row++, 0,
        absl::StrCat(JudgedText(line, locale_), "  n=", line.pairs(), "  ",
                     CoefficientText(line, locale_)),
        text_);
  }
  for (const auto& [family, rates] : ResponseTable(report_.method(), locale_)) {
    Put(sheet, row++, 0, absl::StrCat(family, ": ", rates), text_);
  }
  for (const auto& draw : report_.method().draws()) {
    Put(sheet, row++, 0,
        absl::StrCat(draw.draw(), "  N=", draw.population(),
                     "  n=", draw.drawn(), "  SHA-256 ", draw.frame_digest()),
        text_);
    if (draw.bundle_digest().empty()) continue;
    Put(sheet, row++, 0,
        absl::StrCat(Word("bundle_digest"), " ", draw.bundle_digest(), "  ",
                     SeedText(draw, locale_)),
        text_);
  }
  Put(sheet, row, 0,
      absl::StrCat(Word("criteria"), " ", report_.method().criteria_version(),
                   " · ", report_.name()),
      text_);
}

}  // namespace huifang::reporting

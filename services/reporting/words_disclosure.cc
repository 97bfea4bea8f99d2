#include "services/reporting/words_disclosure.h"

#include <algorithm>
#include <utility>

#include "services/reporting/survey_rules.h"

namespace huifang::reporting {
namespace {

namespace callback = huifang::callback::v1;
namespace grading = huifang::grading::v1;

// What of the call's division and team, or of the rest beside divisions and
// teams, is withheld in one span. A part that nobody prints (those of no
// division) is what keeps a withheld part from being told.
bool IsWithheldIn(SurveyDisclosure& disclosure, v1::Measure measure,
                  const Span& span, const CallCell& cell) {
  if (disclosure.IsWithheld(measure, span, "", "")) return true;
  if (cell.division.empty()) {
    return disclosure.IsRestWithheld(measure, span, "");
  }
  if (disclosure.IsWithheld(measure, span, cell.division, "")) return true;
  return cell.team.empty()
             ? disclosure.IsRestWithheld(measure, span, cell.division)
             : disclosure.IsWithheld(measure, span, cell.division, cell.team);
}

// The periods whose rates an answer of the day would help to tell: the one
// reported, its week, and on a day of no whole week of its month, which nobody
// prints, the month and its weeks.
std::vector<Span> SpansAbout(const Span& span, absl::CivilDay day) {
  std::vector<Span> spans = {span};
  const Span week = WeekOf(day);
  const Span month = MonthOf(absl::CivilMonth(day));
  if (!(week == span)) spans.push_back(week);
  if (week.first >= month.first && week.last <= month.last) return spans;
  if (!(month == span)) spans.push_back(month);
  for (const Span& inside : WeeksInside(month)) spans.push_back(inside);
  return spans;
}

bool Fails(const ItemFacts& item) { return item.failed || item.overdue; }

// An unsatisfied caller and a person's failing grade weigh more than what the
// machine only proposes.
int WeightOf(const ItemFacts& item) {
  const int failed = !item.failed ? 0 : item.graded ? 8 : 4;
  return (item.unsatisfied ? 8 : 0) + failed + (item.overdue ? 2 : 0);
}

// Nothing of the call stays, nor of what the machine found by it.
void Hush(ItemFacts& item) {
  item.called = false;
  item.unsatisfied = false;
  item.callback.Clear();
  item.callback_id.clear();
  auto& findings = *item.inspection.mutable_findings();
  const bool found = !findings.empty();
  findings.erase(std::remove_if(findings.begin(), findings.end(),
                                [](const grading::Finding& finding) {
                                  return finding.rule_id() == kCallersFinding;
                                }),
                 findings.end());
  // A machine's proposal that rested on the caller's answer alone.
  if (found && findings.empty() && !item.graded) item.failed = false;
}

}  // namespace

bool AreWordsWithheld(SurveyDisclosure& disclosure, const Span& span,
                      const CallCell& cell) {
  for (const Span& about : SpansAbout(span, DayOfNumber(cell.close_day))) {
    for (const v1::Measure measure : SurveyMeasures()) {
      if (IsWithheldIn(disclosure, measure, about, cell)) return true;
    }
  }
  return false;
}

std::vector<ItemFacts> ChooseItems(SurveyDisclosure& disclosure,
                                   const Span& span,
                                   std::vector<ItemFacts> candidates) {
  std::vector<ItemFacts> chosen;
  for (ItemFacts& item : candidates) {
    if (item.called && AreWordsWithheld(disclosure, span, item.cell)) {
      Hush(item);
      if (!Fails(item)) continue;
    }
    chosen.push_back(std::move(item));
  }
  std::stable_sort(chosen.begin(), chosen.end(),
                   [](const ItemFacts& a, const ItemFacts& b) {
                     return WeightOf(a) > WeightOf(b);
                   });
  return chosen;
}

}  // namespace huifang::reporting

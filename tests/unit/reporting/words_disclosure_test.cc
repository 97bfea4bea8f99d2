#include "services/reporting/words_disclosure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/reporting/report_rules.h"
#include "tests/unit/reporting/forms.h"

namespace huifang::reporting {
namespace {

namespace callback = huifang::callback::v1;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kDivision = "courts/110102/divisions/civil";

// Three groups, of which `few` is heard twice: too few to be shown. All answers
// are of one stratum, so that only their sum shows in the court's rate.
struct World {
  // Divisions of a court, or teams of one division.
  bool teams = false;
  // Of the callers of `few`, and of `other`, who lose or gain as many.
  int unsatisfied_of_few = 0;

  std::string Name(const char* group) const {
    return absl::StrCat("courts/110102/", teams ? "teams/" : "divisions/",
                        group);
  }

  ReportFacts Facts() const {
    ReportFacts facts;
    facts.court = "courts/110102";
    if (teams) facts.division = kDivision;
    for (const Span& span : SpansUpTo(*ParseSpan("2019-W30"), kTrendSpans)) {
      facts.spans.emplace_back().span = span;
    }
    Add("many", 20, 3, facts);
    Add("few", 2, unsatisfied_of_few, facts);
    Add("other", 10, 4 - unsatisfied_of_few, facts);
    facts.items_total = static_cast<std::int64_t>(facts.items.size());
    facts.opinions_total = static_cast<std::int64_t>(facts.opinions.size());
    return facts;
  }

  // The first tickets have the unsatisfied callers; the very first is late.
  void Add(const char* group, int heard, int unsatisfied,
           ReportFacts& facts) const {
    TicketTotals& totals = facts.spans.back().tickets[Name(group)];
    totals.closed = 100;
    totals.with_due = 100;
    totals.on_time = 99;
    for (int i = 0; i < heard; ++i) {
      CallFact& call = facts.calls.emplace_back();
      call.draw = "d";
      call.stratum = "s";
      call.stratum_population = 300;
      call.division = teams ? kDivision : Name(group);
      if (teams) call.team = Name(group);
      call.close_day = DayNumber(facts.spans.back().span.first) + i % 7;
      call.disposition = Disposition::kComplete;
      call.answers.fill(Answer::kYes);
      call.verdict = Verdict::kSatisfied;
      if (i < unsatisfied) {
        call.verdict = Verdict::kUnsatisfied;
        call.answers[kSolved] = Answer::kNo;
      }
      AddWords(group, i, i < unsatisfied, call, facts);
    }
  }

  void AddWords(const char* group, int number, bool unsatisfied,
                const CallFact& call, ReportFacts& facts) const {
    const CallCell cell = {call.division, call.team, call.close_day};
    OpinionFacts& said = facts.opinions.emplace_back();
    said.cell = cell;
    said.opinion.set_division(call.division);
    said.opinion.set_text(absl::StrCat("words of ", group));
    said.opinion.set_verdict(unsatisfied ? "不满意" : "满意");
    if (!unsatisfied && number > 0) return;
    ItemFacts& item = facts.items.emplace_back();
    item.source_id = absl::StrCat(group, "-", number);
    item.ticket = absl::StrCat("courts/110102/tickets/", item.source_id);
    item.division = call.division;
    item.overdue = number == 0;
    item.inspected = true;
    item.called = true;
    item.unsatisfied = unsatisfied;
    item.cell = cell;
    if (!unsatisfied) return;
    item.inspection.add_findings()->set_rule_id(std::string(kCallersFinding));
    item.callback.set_name("courts/110102/callbacks/1");
    item.callback.set_verdict(callback::VERDICT_UNSATISFIED);
    item.callback.mutable_items()->set_solved(callback::ANSWER_NO);
    item.callback.set_opinion(absl::StrCat("complaint of ", group));
  }
};

using FormTexts = std::map<std::string, std::string>;

FormTexts FormsOf(const World& world) {
  return Forms(AssembleReport(world.Facts(), FigurePolicy()));
}

// Whatever a reader subtracts: all that goes out is the same whether none, one
// or both of the two were satisfied.
TEST(WordsDisclosure, NothingInAnyFormTellsHowTheFewAnswered) {
  for (const bool teams : {false, true}) {
    const FormTexts none = FormsOf({teams, 0});
    ASSERT_EQ(none.size(), 9U);
    for (const int unsatisfied : {1, 2}) {
      for (const auto& [name, text] : FormsOf({teams, unsatisfied})) {
        EXPECT_TRUE(text == none.at(name))
            << name << (teams ? " of teams, " : " of divisions, ")
            << unsatisfied << " unsatisfied";
      }
    }
  }
}

// The subtraction itself: items of a group where the caller is unsatisfied, of
// the interviews that the group's line counts.
TEST(WordsDisclosure, ItemsDoNotCountTheUnsatisfiedOfAWithheldRate) {
  const v1::Report report = AssembleReport(World{false, 1}.Facts(), {});
  int withheld = 0;
  for (const v1::GroupLine& group : report.groups()) {
    for (const v1::Figure& figure : group.figures()) {
      if (figure.measure() != v1::MEASURE_SATISFACTION_RATE ||
          figure.current().state() != v1::Figure::STATE_SUPPRESSED) {
        continue;
      }
      ++withheld;
      for (const v1::Item& item : report.items()) {
        if (item.division() != group.group()) continue;
        EXPECT_EQ(item.verdict(), "");
        EXPECT_EQ(item.opinion(), "");
        EXPECT_EQ(item.callback(), "");
        EXPECT_THAT(item.problem(), Not(HasSubstr("回访")));
        EXPECT_EQ(item.findings_size(), 0);
      }
      for (const v1::Opinion& opinion : report.opinions()) {
        EXPECT_NE(opinion.division(), group.group());
      }
    }
  }
  EXPECT_EQ(withheld, 2);  // the few, and the smallest that would tell of them
}

TEST(WordsDisclosure, WordsOfManyArePrintedAndThoseOfFewInNoForm) {
  for (const auto& [name, text] : FormsOf({false, 2})) {
    // CSV and XLSX have no opinions.
    if (name[0] != 'c' && name[0] != 'x') {
      EXPECT_THAT(text, HasSubstr("words of many")) << name;
      EXPECT_THAT(text, HasSubstr("complaint of many")) << name;
    }
    EXPECT_THAT(text, Not(HasSubstr("words of few"))) << name;
    EXPECT_THAT(text, Not(HasSubstr("complaint of few"))) << name;
    EXPECT_THAT(text, HasSubstr("few-0")) << name;  // late whoever called
    EXPECT_THAT(text, Not(HasSubstr("few-1"))) << name;
  }
}

TEST(WordsDisclosure, TheOrderOfItemsDoesNotTellTheVerdict) {
  ReportFacts facts = World{false, 1}.Facts();
  SurveyDisclosure disclosure(facts.calls, 3);
  ItemFacts failed;
  failed.ticket = "failed";
  failed.graded = true;
  failed.failed = true;
  facts.items.push_back(failed);
  const std::vector<ItemFacts> chosen =
      ChooseItems(disclosure, facts.spans.back().span, std::move(facts.items));
  std::vector<std::string> order;
  for (const ItemFacts& item : chosen) {
    order.push_back(item.source_id.empty() ? item.ticket : item.source_id);
  }
  EXPECT_THAT(order, ::testing::ElementsAre("many-0", "many-1", "many-2",
                                            "failed", "few-0", "other-0"));
}

TEST(WordsDisclosure, AProposalThatRestsOnTheAnswerGoesWithIt) {
  ReportFacts facts = World{false, 2}.Facts();
  for (ItemFacts& item : facts.items) item.failed = true;
  SurveyDisclosure disclosure(facts.calls, 3);
  for (const ItemFacts& item : ChooseItems(disclosure, facts.spans.back().span,
                                           std::move(facts.items))) {
    EXPECT_NE(item.source_id, "few-1");
  }
}

// One division beside a large one, in July 2019: the 29th to 31st belong to a
// week that ends in August.
TEST(WordsDisclosure, DaysOfNoWholeWeekKeepAWeekFromBeingTold) {
  std::vector<CallFact> calls;
  const auto add = [&](const char* division, absl::CivilDay day, int count) {
    for (int i = 0; i < count; ++i) {
      CallFact& call = calls.emplace_back();
      call.division = division;
      call.close_day = DayNumber(day);
      call.disposition = Disposition::kComplete;
      call.verdict = Verdict::kSatisfied;
    }
  };
  const absl::CivilDay first(2019, 7, 1);
  for (int week = 0; week < 5; ++week) {
    add("large", first + 7 * week, 30);
    add("small", first + 7 * week, week == 0 ? 2 : 10);
  }
  add("small", absl::CivilDay(2019, 8, 2), 4);
  add("large", absl::CivilDay(2019, 8, 2), 30);
  SurveyDisclosure disclosure(calls, 3);
  const Span week = *ParseSpan("2019-W31");
  const auto withheld = [&](absl::CivilDay day) {
    return AreWordsWithheld(disclosure, week, {"small", "", DayNumber(day)});
  };
  ASSERT_FALSE(
      disclosure.IsWithheld(v1::MEASURE_SATISFACTION_RATE, week, "small", ""));
  ASSERT_TRUE(disclosure.IsWithheld(v1::MEASURE_SATISFACTION_RATE,
                                    *ParseSpan("2019-W27"), "small", ""));
  EXPECT_TRUE(withheld(absl::CivilDay(2019, 7, 29)));
  EXPECT_FALSE(withheld(absl::CivilDay(2019, 8, 2)));
}

}  // namespace
}  // namespace huifang::reporting

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/reporting/report_rules.h"
#include "services/reporting/report_text.h"

namespace huifang::reporting {
namespace {

constexpr v1::Measure kSatisfaction = v1::MEASURE_SATISFACTION_RATE;

std::string Division(const char* name) {
  return absl::StrCat("courts/110102/divisions/", name);
}

ReportFacts EmptyFacts() {
  ReportFacts facts;
  facts.court = "courts/110102";
  for (const Span& span : SpansUpTo(*ParseSpan("2019-W30"), kTrendSpans)) {
    facts.spans.emplace_back().span = span;
    for (const char* name : {"many", "some", "other"}) {
      facts.spans.back().tickets[Division(name)].closed = 100;
    }
  }
  return facts;
}

// Calls of one week, `back` weeks before the reported one.
void AddCalls(const char* division, int satisfied, int unsatisfied,
              ReportFacts& facts, int back = 0, const char* caller = "") {
  for (int i = 0; i < satisfied + unsatisfied; ++i) {
    CallFact& call = facts.calls.emplace_back();
    call.draw = absl::StrCat("d", back);
    call.stratum = "s";
    call.stratum_population = 300;
    call.division = Division(division);
    call.close_day = DayNumber(Before(facts.spans.back().span, back).first);
    call.disposition = Disposition::kComplete;
    call.verdict = i < satisfied ? Verdict::kSatisfied : Verdict::kUnsatisfied;
    call.caller = caller;
  }
}

ReportFacts UsualFacts() {
  ReportFacts facts = EmptyFacts();
  for (const int back : {0, 1}) {
    AddCalls("many", 17, 3, facts, back);
    AddCalls("some", 8, 2, facts, back);
    AddCalls("other", 8, 1, facts, back);
  }
  return facts;
}

v1::Report Assemble(const ReportFacts& facts) {
  return AssembleReport(facts, FigurePolicy());
}

const v1::Figure::Value& Whole(const v1::Report& report) {
  return FindFigure(report, kSatisfaction)->current();
}

const v1::Figure::Value& Of(const v1::Report& report, const char* division) {
  for (const v1::GroupLine& group : report.groups()) {
    if (group.group() != Division(division)) continue;
    for (const v1::Figure& figure : group.figures()) {
      if (figure.measure() == kSatisfaction) return figure.current();
    }
  }
  ADD_FAILURE() << "no line of " << division;
  return v1::Figure::Value::default_instance();
}

bool IsShown(const v1::Figure::Value& value) {
  return value.state() == v1::Figure::STATE_OK;
}

TEST(LateAnswers, WithoutNewFactsACorrectionReadsTheSame) {
  ReportFacts facts = UsualFacts();
  const v1::Report delivered = Assemble(facts);
  facts.printed.emplace_back(delivered);
  EXPECT_EQ(Assemble(facts).SerializeAsString(), delivered.SerializeAsString());
}

// Whatever is subtracted from what was delivered: the correction is the same
// whether the one who answered since was satisfied or not.
TEST(LateAnswers, TheAnswerOfOneLateCallerChangesNothing) {
  const v1::Report delivered = Assemble(UsualFacts());
  for (const int back : {0, 1}) {
    for (const char* division : {"many", "some", "other"}) {
      ReportFacts satisfied = UsualFacts();
      AddCalls(division, 1, 0, satisfied, back);
      satisfied.printed.emplace_back(delivered);
      ReportFacts unsatisfied = UsualFacts();
      AddCalls(division, 0, 1, unsatisfied, back);
      unsatisfied.printed.emplace_back(delivered);
      EXPECT_EQ(Assemble(satisfied).SerializeAsString(),
                Assemble(unsatisfied).SerializeAsString())
          << division << ", " << back << " weeks back";
    }
  }
}

// The change of a printed rate, in people at least; nothing where it is not
// printed twice.
int Change(const v1::Figure::Value& before, const v1::Figure::Value& after) {
  if (!IsShown(before) || !IsShown(after)) return -1;
  return static_cast<int>(std::abs(after.denominator() - before.denominator()));
}

TEST(LateAnswers, NoDifferenceOfTwoVersionsIsAboutTooFew) {
  const v1::Report delivered = Assemble(UsualFacts());
  for (int many = 0; many < 5; ++many) {
    for (int some = 0; some < 5; ++some) {
      ReportFacts facts = UsualFacts();
      AddCalls("many", many, 0, facts);
      AddCalls("some", 0, some, facts);
      facts.printed.emplace_back(delivered);
      const v1::Report now = Assemble(facts);
      const int of_whole = Change(Whole(delivered), Whole(now));
      const int of_many = Change(Of(delivered, "many"), Of(now, "many"));
      const int of_some = Change(Of(delivered, "some"), Of(now, "some"));
      const int of_other = Change(Of(delivered, "other"), Of(now, "other"));
      const auto safe = [](int people) { return people <= 0 || people >= 3; };
      EXPECT_TRUE(safe(of_whole) && safe(of_many) && safe(of_some))
          << many << some;
      if (of_whole < 0 || of_other < 0) continue;
      EXPECT_TRUE(of_many < 0 || safe(of_whole - of_many)) << many << some;
      EXPECT_TRUE(of_some < 0 || safe(of_whole - of_some)) << many << some;
    }
  }
}

TEST(LateAnswers, EnoughOfThemArePrinted) {
  const v1::Report delivered = Assemble(UsualFacts());
  ReportFacts facts = UsualFacts();
  AddCalls("many", 2, 2, facts);
  facts.printed.emplace_back(delivered);
  const v1::Report now = Assemble(facts);
  EXPECT_EQ(Whole(now).denominator(), Whole(delivered).denominator() + 4);
  EXPECT_EQ(Of(now, "many").numerator(), 19);
}

TEST(LateAnswers, ThreeOfOneCallerAreOnePerson) {
  ReportFacts facts = UsualFacts();
  facts.printed.emplace_back(Assemble(facts));
  AddCalls("many", 1, 2, facts, 0, "one");
  EXPECT_FALSE(IsShown(Of(Assemble(facts), "many")));
}

TEST(LateAnswers, AChangedAnswerIsALateOne) {
  ReportFacts facts = UsualFacts();
  facts.printed.emplace_back(Assemble(facts));
  facts.calls.front().verdict = Verdict::kUnsatisfied;
  const v1::Report now = Assemble(facts);
  EXPECT_FALSE(IsShown(Whole(now)));
  EXPECT_FALSE(IsShown(Of(now, "many")));
  EXPECT_TRUE(IsShown(Of(now, "some")));
}

TEST(LateAnswers, AVersionBetweenThatWithheldTheRateIsNoWayRound) {
  ReportFacts facts = UsualFacts();
  facts.printed.emplace_back(Assemble(facts));
  AddCalls("many", 0, 1, facts);
  facts.printed.emplace_back(Assemble(facts));
  EXPECT_FALSE(IsShown(Of(Assemble(facts), "many")));
}

TEST(LateAnswers, WhatWasWithheldBesideAPrintedWholeStaysWithheld) {
  ReportFacts facts = EmptyFacts();
  AddCalls("many", 17, 3, facts);
  AddCalls("some", 1, 1, facts);
  AddCalls("other", 8, 1, facts);
  const v1::Report delivered = Assemble(facts);
  ASSERT_TRUE(IsShown(Whole(delivered)));
  ASSERT_FALSE(IsShown(Of(delivered, "other")));
  facts.printed.emplace_back(delivered);
  AddCalls("some", 8, 2, facts);
  // `other` is as it was: printed now, it would tell what `some` were then.
  EXPECT_FALSE(IsShown(Of(Assemble(facts), "other")));
}

TEST(LateAnswers, AReportDeliveredTooEarlyDoesNotLockThePeriod) {
  ReportFacts facts = EmptyFacts();
  AddCalls("many", 1, 1, facts);
  const v1::Report delivered = Assemble(facts);
  ASSERT_FALSE(IsShown(Whole(delivered)));
  facts.printed.emplace_back(delivered);
  AddCalls("many", 20, 1, facts);
  AddCalls("some", 8, 2, facts);
  EXPECT_TRUE(IsShown(Whole(Assemble(facts))));
}

}  // namespace
}  // namespace huifang::reporting

#include "services/reporting/figure_rules.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace huifang::reporting {
namespace {

Scope WeekScope() {
  Scope scope;
  scope.span = *ParseSpan("2019-W30");
  return scope;
}

CallFact Call(const Scope& scope, Disposition disposition,
              Verdict verdict = Verdict::kNone) {
  CallFact call;
  call.draw = "d";
  call.stratum = "s";
  call.stratum_population = 300;
  call.close_day = DayNumber(scope.span.first);
  call.disposition = disposition;
  call.verdict = verdict;
  return call;
}

std::vector<CallFact> Interviews(const Scope& scope, int satisfied, int all) {
  std::vector<CallFact> calls;
  for (int i = 0; i < all; ++i) {
    calls.push_back(
        Call(scope, Disposition::kComplete,
             i < satisfied ? Verdict::kSatisfied : Verdict::kUnsatisfied));
  }
  return calls;
}

TEST(FigureRulesTest, NinetyFivePercentOfSixtyIsNotClaimed) {
  Scope scope = WeekScope();
  const std::vector<CallFact> calls = Interviews(scope, 57, 60);
  scope.calls = &calls;
  const v1::Figure figure = FigureOf(v1::MEASURE_SATISFACTION_RATE, scope,
                                     WeekScope(), FigurePolicy());
  EXPECT_NEAR(figure.current().value(), 0.95, 1e-12);
  EXPECT_EQ(figure.claim(), v1::Figure::CLAIM_NOT_SUPPORTED);
  EXPECT_EQ(figure.previous().state(), v1::Figure::STATE_NO_DATA);
  EXPECT_FALSE(figure.has_difference());
}

TEST(FigureRulesTest, OneWholeStratumHasTheExactInterval) {
  Scope scope = WeekScope();
  std::vector<CallFact> calls = Interviews(scope, 57, 60);
  scope.calls = &calls;
  const auto interval = [&] {
    return ValueOf(v1::MEASURE_SATISFACTION_RATE, scope, FigurePolicy())
        .interval();
  };
  const CountLimits exact = Hypergeometric(57, 60, 300);
  EXPECT_EQ(interval().method(), v1::Interval::METHOD_HYPERGEOMETRIC);
  EXPECT_DOUBLE_EQ(interval().lower(),
                   static_cast<double>(exact.lower) / 300.0);
  EXPECT_DOUBLE_EQ(interval().upper(),
                   static_cast<double>(exact.upper) / 300.0);
  // Somebody of the stratum who was not heard is no member.
  calls.push_back(Call(scope, Disposition::kNonContact));
  calls.back().close_day -= 7;
  EXPECT_EQ(interval().method(), v1::Interval::METHOD_KORN_GRAUBARD);
  // A caller who answered twice.
  calls.pop_back();
  calls[0].caller = calls[1].caller = "one";
  EXPECT_EQ(interval().method(), v1::Interval::METHOD_KORN_GRAUBARD);
  // A second stratum.
  calls[0].caller = calls[1].caller = "";
  for (int i = 0; i < 10; ++i) calls[static_cast<std::size_t>(i)].stratum = "t";
  EXPECT_EQ(interval().method(), v1::Interval::METHOD_KORN_GRAUBARD);
}

TEST(FigureRulesTest, AllOfASmallFrameIsAPoint) {
  Scope scope = WeekScope();
  std::vector<CallFact> calls = Interviews(scope, 9, 10);
  for (CallFact& call : calls) call.stratum_population = 10;
  scope.calls = &calls;
  const v1::Interval interval =
      ValueOf(v1::MEASURE_SATISFACTION_RATE, scope, FigurePolicy()).interval();
  EXPECT_EQ(interval.method(), v1::Interval::METHOD_CENSUS);
  EXPECT_EQ(interval.lower(), interval.upper());
}

TEST(FigureRulesTest, FewInterviewsGiveNoRate) {
  Scope scope = WeekScope();
  std::vector<CallFact> calls = Interviews(scope, 4, 4);
  scope.calls = &calls;
  const auto value = [&] {
    return ValueOf(v1::MEASURE_SATISFACTION_RATE, scope, FigurePolicy());
  };
  EXPECT_EQ(value().state(), v1::Figure::STATE_NOT_ENOUGH_DATA);
  EXPECT_EQ(value().value(), 0);
  calls.resize(2);
  EXPECT_EQ(value().state(), v1::Figure::STATE_SUPPRESSED);
  EXPECT_EQ(value().denominator(), 0);
  calls.clear();
  EXPECT_EQ(value().state(), v1::Figure::STATE_NO_DATA);
}

TEST(FigureRulesTest, UndeterminedVerdictsAreNoAnswer) {
  Scope scope = WeekScope();
  std::vector<CallFact> calls = Interviews(scope, 6, 6);
  calls.push_back(Call(scope, Disposition::kComplete, Verdict::kUndetermined));
  scope.calls = &calls;
  EXPECT_EQ(ValueOf(v1::MEASURE_SATISFACTION_RATE, scope, FigurePolicy())
                .denominator(),
            6);
}

TEST(FigureRulesTest, UnreachedCallersWidenTheWorstCase) {
  Scope scope = WeekScope();
  std::vector<CallFact> calls = Interviews(scope, 30, 34);
  for (int i = 0; i < 16; ++i) {
    calls.push_back(Call(scope, Disposition::kNonContact));
  }
  scope.calls = &calls;
  const v1::Figure figure = FigureOf(v1::MEASURE_SATISFACTION_RATE, scope,
                                     WeekScope(), FigurePolicy());
  EXPECT_NEAR(figure.design().worst_case(), 0.60, 1e-12);
  EXPECT_NEAR(figure.design().best_case(), 0.92, 1e-12);
}

// The AAPOR set of outcomerate's README, with UH and UO as unknown.
TEST(FigureRulesTest, ResponseRatesFollowAapor) {
  Scope scope = WeekScope();
  std::vector<CallFact> calls;
  const std::pair<Disposition, int> counts[] = {
      {Disposition::kComplete, 5},     {Disposition::kPartial, 3},
      {Disposition::kRefusal, 2},      {Disposition::kNonContact, 1},
      {Disposition::kOther, 2},        {Disposition::kUnknownHousehold, 1},
      {Disposition::kUnknownOther, 1}, {Disposition::kNotEligible, 1}};
  for (const auto& [disposition, count] : counts) {
    for (int i = 0; i < count; ++i) {
      calls.push_back(Call(scope, disposition));
    }
  }
  scope.calls = &calls;
  const auto value = [&](v1::Measure measure) {
    return ValueOf(measure, scope, FigurePolicy()).value();
  };
  EXPECT_NEAR(value(v1::MEASURE_RESPONSE_RATE), 1.0 / 3, 1e-12);
  EXPECT_NEAR(value(v1::MEASURE_COOPERATION_RATE), 5.0 / 12, 1e-12);
  EXPECT_NEAR(value(v1::MEASURE_REFUSAL_RATE), 2.0 / 15, 1e-12);
  EXPECT_NEAR(value(v1::MEASURE_CONTACT_RATE), 4.0 / 5, 1e-12);
  EXPECT_EQ(value(v1::MEASURE_CALLBACKS_DRAWN), 16);
}

TEST(FigureRulesTest, NobodyCalledIsNoRateOfZero) {
  const Scope scope = WeekScope();
  EXPECT_EQ(ValueOf(v1::MEASURE_RESPONSE_RATE, scope, FigurePolicy()).state(),
            v1::Figure::STATE_NO_DATA);
  EXPECT_EQ(ValueOf(v1::MEASURE_ON_TIME_RATE, scope, FigurePolicy()).state(),
            v1::Figure::STATE_NO_DATA);
}

TEST(FigureRulesTest, PassRateIsWeightedByFlag) {
  Scope scope = WeekScope();
  scope.quality.inspected = 1000;
  scope.quality.flagged = 100;
  scope.quality.flagged_graded = 100;
  scope.quality.flagged_passed = 40;
  scope.quality.plain_graded = 90;
  scope.quality.plain_passed = 90;
  const v1::Figure::Value value =
      ValueOf(v1::MEASURE_PASS_RATE, scope, FigurePolicy());
  EXPECT_NEAR(value.value(), (40 + 900) / 1000.0, 1e-12);
  EXPECT_LT(value.interval().lower(), value.value());
}

TEST(FigureRulesTest, AMachinesProposalSupportsNoClaim) {
  Scope scope = WeekScope();
  scope.quality.inspected = 1000;
  scope.quality.proposed_passed = 990;
  const v1::Figure figure =
      FigureOf(v1::MEASURE_PASS_RATE, scope, WeekScope(), FigurePolicy());
  EXPECT_EQ(figure.claim(), v1::Figure::CLAIM_NOT_SUPPORTED);
  EXPECT_FALSE(figure.note().empty());
}

TEST(FigureRulesTest, AMachinesProposalMissesNoTarget) {
  Scope scope = WeekScope();
  scope.quality.inspected = 1000;
  scope.quality.proposed_passed = 900;
  EXPECT_EQ(FigureOf(v1::MEASURE_PASS_RATE, scope, WeekScope(), FigurePolicy())
                .claim(),
            v1::Figure::CLAIM_UNSPECIFIED);
}

TEST(FigureRulesTest, AProposalAndAGradeHaveNoDifference) {
  Scope proposed = WeekScope();
  proposed.quality.inspected = 1000;
  proposed.quality.proposed_passed = 800;
  Scope graded = proposed;
  graded.quality.plain_graded = 100;
  graded.quality.plain_passed = 95;
  EXPECT_FALSE(FigureOf(v1::MEASURE_PASS_RATE, graded, proposed, FigurePolicy())
                   .has_difference());
  EXPECT_TRUE(FigureOf(v1::MEASURE_PASS_RATE, graded, graded, FigurePolicy())
                  .has_difference());
}

// 140 grades, of which the 40 that stand for 900 tickets tell the change.
TEST(FigureRulesTest, PassRatesDifferByWhatTheirGradesCarry) {
  Scope before = WeekScope();
  before.quality.inspected = 1000;
  before.quality.flagged = 100;
  before.quality.flagged_graded = 100;
  before.quality.flagged_passed = 70;
  before.quality.plain_graded = 40;
  before.quality.plain_passed = 38;
  Scope now = before;
  now.quality.plain_passed = 33;
  const v1::Figure figure =
      FigureOf(v1::MEASURE_PASS_RATE, now, before, FigurePolicy());
  EXPECT_NEAR(figure.current().value() - figure.previous().value(), -0.1125,
              1e-12);
  EXPECT_LT(figure.difference().lower(), 0);
  EXPECT_GT(figure.difference().upper(), 0);
}

TEST(FigureRulesTest, FourGradesAreNoPassRateButAllAre) {
  Scope scope = WeekScope();
  scope.quality.inspected = 20;
  scope.quality.proposed_passed = 19;
  scope.quality.plain_graded = 4;
  scope.quality.plain_passed = 4;
  EXPECT_FALSE(PassRateIsGraded(scope.quality));
  EXPECT_NEAR(ValueOf(v1::MEASURE_PASS_RATE, scope, FigurePolicy()).value(),
              0.95, 1e-12);
  scope.quality.plain_graded = 5;
  EXPECT_TRUE(PassRateIsGraded(scope.quality));
  scope.quality.inspected = 3;
  scope.quality.plain_graded = 3;
  EXPECT_TRUE(PassRateIsGraded(scope.quality));
}

TEST(FigureRulesTest, CountsOfAllTicketsHaveNoSamplingError) {
  Scope scope = WeekScope();
  scope.tickets.with_due = 100;
  scope.tickets.on_time = 97;
  const v1::Figure figure =
      FigureOf(v1::MEASURE_ON_TIME_RATE, scope, scope, FigurePolicy());
  EXPECT_EQ(figure.current().interval().method(), v1::Interval::METHOD_CENSUS);
  EXPECT_EQ(figure.claim(), v1::Figure::CLAIM_SUPPORTED);
  EXPECT_LT(figure.difference().lower(), 0);
  EXPECT_GT(figure.difference().upper(), 0);
}

TEST(FigureRulesTest, CallsOutsideTheSpanOrDivisionAreNoMembers) {
  Scope scope = WeekScope();
  CallFact call = Call(scope, Disposition::kComplete);
  call.division = "a";
  EXPECT_TRUE(IsMember(call, scope));
  scope.division = "b";
  EXPECT_FALSE(IsMember(call, scope));
  scope.division = "a";
  call.close_day = DayNumber(scope.span.last) + 1;
  EXPECT_FALSE(IsMember(call, scope));
}

}  // namespace
}  // namespace huifang::reporting

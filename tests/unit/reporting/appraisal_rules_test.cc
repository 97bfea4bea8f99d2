#include "services/reporting/appraisal_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/common/clock.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/reporting/appraisal_correction.h"
#include "services/reporting/appraisal_text.h"
#include "services/reporting/exclusion_rules.h"
#include "tests/support/matchers.h"

namespace huifang::reporting {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Exclusion = v1::AppraisalExclusion;

constexpr char kCivil[] = "courts/110102/divisions/civil-1";

std::string Staff(const std::string& id) {
  return absl::StrCat("courts/110102/staff/", id);
}

Span July() { return ParseSpan("2019-07").value(); }

absl::Time August(int day, int hour = 9) {
  return absl::FromCivil(absl::CivilHour(2019, 8, day, hour), CourtTimeZone());
}

// `graded` of `closed` tickets graded, one of ten of them flagged, `passed` of
// them passed.
HandledFacts Line(std::int64_t closed, std::int64_t graded,
                  std::int64_t passed) {
  HandledFacts line;
  line.tickets.closed = closed;
  line.tickets.with_due = closed;
  line.tickets.on_time = closed;
  line.quality.inspected = closed;
  line.quality.proposed_passed = closed;
  line.quality.flagged = graded / 10;
  line.quality.flagged_graded = graded / 10;
  line.quality.flagged_passed = std::min(passed, graded / 10);
  line.quality.plain_graded = graded - graded / 10;
  line.quality.plain_passed = passed - line.quality.flagged_passed;
  line.tiers = {{"A", passed}, {"D", graded - passed}};
  return line;
}

AppraisalFacts Facts(const std::map<std::string, HandledFacts>& handlers) {
  AppraisalFacts facts;
  facts.court = "courts/110102";
  facts.span = July();
  for (const auto& [id, line] : handlers) {
    facts.lines[{kCivil, Staff(id)}] = line;
  }
  return facts;
}

v1::Appraisal Sheet(const AppraisalFacts& facts) {
  return AssembleAppraisal(facts, FigurePolicy(), AppraisalPolicy());
}

grading::v1::Grade Grade(absl::Time made) {
  grading::v1::Grade grade;
  *grade.mutable_create_time() = ToTimestamp(made);
  return grade;
}

TEST(AppealRules, TheLastInstantOfAWindowIsStillInTime) {
  grading::v1::Grade grade = Grade(August(1));
  *grade.mutable_appeal_end_time() = ToTimestamp(August(11));
  AppealStanding standing;
  AddGrade(grade, August(11), absl::Hours(24 * 365), standing);
  EXPECT_EQ(standing.open_windows, 1);
  standing = {};
  AddGrade(grade, August(11) + absl::Microseconds(1), absl::Hours(24 * 365),
           standing);
  EXPECT_EQ(standing.open_windows, 0);
  EXPECT_OK(CheckAppraisable(July(), standing, August(12)));
}

TEST(AppealRules, AGradeThatDoesNotTellItsWindowWaitsForTheLongest) {
  AppealStanding standing;
  AddGrade(Grade(August(1)), August(30), absl::Hours(24 * 365), standing);
  EXPECT_EQ(standing.open_windows, 1);
  EXPECT_EQ(standing.last_end, August(1) + absl::Hours(24 * 365));
}

TEST(AppealRules, ARefusalSaysUntilWhenAndWhichAppealsAreOpen) {
  AppealStanding standing;
  standing.open_windows = 2;
  standing.any = true;
  standing.last_end = August(11, 10);
  standing.appeals = {"courts/110102/appeals/a1"};
  const absl::Status refused = CheckAppraisable(July(), standing, August(5));
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(refused, HasReason("APPEALS_NOT_OVER"));
  EXPECT_THAT(
      std::string(refused.message()),
      AllOf(HasSubstr("2019-08-11 10:00"),
            HasSubstr("courts/110102/appeals/a1"),
            HasSubstr("尚有2件评级在申诉期内"), HasSubstr("1件申诉未决")));
  standing.open_windows = 0;
  EXPECT_THAT(CheckAppraisable(July(), standing, August(12)),
              HasReason("APPEALS_NOT_OVER"));
}

TEST(AppealRules, APeriodThatIsNotOverIsNotAppraised) {
  EXPECT_THAT(CheckAppraisable(July(), {}, August(1, 0) - absl::Seconds(1)),
              HasReason("PERIOD_NOT_OVER"));
  EXPECT_OK(CheckAppraisable(July(), {}, August(1, 0)));
}

TEST(AppraisalRules, BelowTheFloorNoRateIsGivenAndNobodyIsCompared) {
  const v1::Appraisal sheet = Sheet(Facts({{"few", Line(40, 9, 0)},
                                           {"li", Line(40, 20, 20)},
                                           {"wang", Line(40, 20, 20)}}));
  ASSERT_THAT(sheet.handlers(), SizeIs(3));
  const v1::AppraisalLine& few = sheet.handlers(0);
  EXPECT_EQ(few.state(), v1::Figure::STATE_NOT_ENOUGH_DATA);
  EXPECT_EQ(few.line().figures(0).current().state(),
            v1::Figure::STATE_NOT_ENOUGH_DATA);
  EXPECT_EQ(few.line().figures(0).current().denominator(), 9);
  EXPECT_FALSE(few.line().figures(0).current().has_interval());
  for (const v1::Comparison& comparison : few.line().comparisons()) {
    EXPECT_EQ(comparison.flag(), v1::Comparison::FLAG_NOT_ENOUGH_DATA);
    EXPECT_FALSE(comparison.has_p_value());
  }
  const v1::AppraisalLine& li = sheet.handlers(1);
  EXPECT_EQ(li.state(), v1::Figure::STATE_OK);
  EXPECT_TRUE(li.line().figures(0).current().has_interval());
}

TEST(AppraisalRules, AMachinesProposalIsNobodysGrade) {
  HandledFacts machine = Line(40, 0, 0);
  machine.quality.flagged = 30;
  machine.quality.proposed_passed = 10;
  HandledFacts flagged_only = Line(40, 0, 0);  // nothing says how the rest is
  flagged_only.quality.flagged = 15;
  flagged_only.quality.flagged_graded = 15;
  const v1::Appraisal sheet =
      Sheet(Facts({{"li", machine}, {"wang", flagged_only}}));
  EXPECT_EQ(sheet.handlers(0).line().figures(0).current().state(),
            v1::Figure::STATE_NO_DATA);
  EXPECT_EQ(sheet.handlers(1).line().figures(0).current().state(),
            v1::Figure::STATE_NOT_ENOUGH_DATA);
  EXPECT_EQ(sheet.graded(), 15);
  EXPECT_EQ(sheet.flagged_ungraded(), 30);
}

TEST(AppraisalRules, OnlyATrueDifferenceIsSaidAndLinesAreNoRank) {
  std::map<std::string, HandledFacts> handlers = {{"wang", Line(60, 40, 16)}};
  for (int i = 0; i < 10; ++i) {
    handlers[absl::StrCat("a", i)] = Line(60, 40, 38 + i % 3);
  }
  const v1::Appraisal sheet = Sheet(Facts(handlers));
  ASSERT_THAT(sheet.handlers(), SizeIs(11));
  for (const v1::AppraisalLine& line : sheet.handlers()) {
    EXPECT_EQ(line.line().comparisons(0).flag(),
              line.line().display_name() == "wang" ? v1::Comparison::FLAG_LOW
                                                   : v1::Comparison::FLAG_USUAL)
        << line.line().display_name();
  }
  EXPECT_EQ(sheet.handlers(0).line().display_name(), "a0");
  EXPECT_EQ(sheet.handlers(1).line().display_name(), "a1")
      << "who passed more comes behind";
  const std::string said =
      absl::StrJoin(HandlerDifferences(sheet, Locale::kChinese), "");
  EXPECT_THAT(said, HasSubstr("wang（"));
  EXPECT_THAT(said, HasSubstr("其余10名承办人没有超出偶然波动的差异"));
}

TEST(AppraisalRules, TicketsOfNobodyAreCountedAndInNoLine) {
  AppraisalFacts facts = Facts({{"li", Line(40, 20, 20)}});
  facts.lines[{kCivil, ""}] = Line(7, 0, 0);
  facts.lines[{"", ""}] = Line(5, 0, 0);
  const v1::Appraisal sheet = Sheet(facts);
  EXPECT_EQ(sheet.closed(), 52);
  EXPECT_EQ(sheet.without_handler(), 12);
  ASSERT_THAT(sheet.divisions(), SizeIs(1));
  EXPECT_EQ(sheet.divisions(0).closed(), 47);
  EXPECT_THAT(sheet.handlers(), SizeIs(1));
}

// Of one stratum, a caller each; the `index`th of them.
CallFact Answer(const std::string& handler, int index, Verdict verdict) {
  CallFact call;
  call.draw = "d1";
  call.stratum = "s";
  call.stratum_population = 100;
  call.division = kCivil;
  call.group = HandlerGroup({kCivil, Staff(handler)});
  call.close_day = DayNumber(absl::CivilDay(2019, 7, 22));
  call.ticket = absl::StrCat(handler, "-", index);
  call.caller = call.ticket;
  call.disposition = Disposition::kComplete;
  call.verdict = verdict;
  return call;
}

TEST(AppraisalRules, TheDifferenceToAReportTellsNothingOfAnExcludedCaller) {
  AppraisalFacts facts =
      Facts({{"li", Line(40, 20, 20)}, {"wang", Line(40, 20, 20)}});
  for (int i = 0; i < 12; ++i) {
    facts.calls.push_back(Answer("li", i, Verdict::kSatisfied));
    facts.calls.push_back(Answer("wang", i, Verdict::kSatisfied));
  }
  const auto satisfaction = [](const v1::AppraisalLine& line) {
    return line.line().figures(2).current();
  };
  EXPECT_EQ(satisfaction(Sheet(facts).handlers(0)).denominator(), 12);
  facts.exclusions.emplace_back().set_ticket("courts/110102/tickets/li-0");
  v1::Appraisal sheet = Sheet(facts);
  EXPECT_EQ(satisfaction(sheet.handlers(0)).state(),
            v1::Figure::STATE_SUPPRESSED);
  EXPECT_EQ(satisfaction(sheet.divisions(0)).state(),
            v1::Figure::STATE_SUPPRESSED);
  EXPECT_EQ(satisfaction(sheet.handlers(1)).state(), v1::Figure::STATE_OK);
  for (const char* id : {"li-1", "li-2"}) {
    facts.exclusions.emplace_back().set_ticket(
        absl::StrCat("courts/110102/tickets/", id));
  }
  sheet = Sheet(facts);
  EXPECT_EQ(satisfaction(sheet.handlers(0)).state(), v1::Figure::STATE_OK);
  EXPECT_EQ(satisfaction(sheet.handlers(0)).denominator(), 9);
}

TEST(AppraisalCorrection, NamesWhatReadsOtherwiseAndWhy) {
  v1::Appraisal before =
      Sheet(Facts({{"li", Line(40, 20, 20)}, {"wang", Line(40, 20, 20)}}));
  before.set_name("courts/110102/appraisals/one");
  before.set_version(1);
  const v1::Appraisal after =
      Sheet(Facts({{"li", Line(40, 20, 19)}, {"wang", Line(40, 20, 20)}}));
  v1::Appraisal sheet = after;
  EXPECT_THAT(CorrectAppraisal(before, " ", sheet),
              HasReason("CORRECTION_REASON_NEEDED"));
  ASSERT_OK(CorrectAppraisal(before, "复评", sheet));
  EXPECT_EQ(sheet.corrects(), before.name());
  EXPECT_EQ(sheet.correction_reason(), "复评");
  ASSERT_THAT(sheet.changes(), SizeIs(2)) << "the division and li";
  EXPECT_EQ(sheet.changes(1).group(), Staff("li"));
  EXPECT_THAT(ChangeText(sheet.changes(1), Locale::kChinese),
              AllOf(HasSubstr("20/20"), HasSubstr("19/20"),
                    HasSubstr("优 20 → 19"), HasSubstr("不合格 0 → 1")));
}

TEST(AppraisalCorrection, ATierThatMovedWithoutTheRateIsNamedToo) {
  HandledFacts better = Line(40, 20, 20);
  better.tiers = {{"A", 19}, {"B", 1}};
  v1::Appraisal before = Sheet(Facts({{"li", Line(40, 20, 20)}}));
  v1::Appraisal sheet = Sheet(Facts({{"li", better}}));
  ASSERT_OK(CorrectAppraisal(before, "复评", sheet));
  EXPECT_THAT(sheet.changes(1).figures(), IsEmpty());
  EXPECT_THAT(sheet.changes(1).tiers(), SizeIs(2));
}

TEST(AppraisalCorrection, WhatReadsTheSameIsNoCorrection) {
  const v1::Appraisal before = Sheet(Facts({{"li", Line(40, 20, 20)}}));
  v1::Appraisal sheet = before;
  EXPECT_THAT(CorrectAppraisal(before, "再做一次", sheet),
              HasReason("NOTHING_TO_CORRECT"));
}

class ExclusionRules : public ::testing::Test {
 protected:
  const ExcludedTicket ticket_{.name = "courts/110102/tickets/t1",
                               .number = "12368-1",
                               .division = kCivil,
                               .division_display_name = "民一庭",
                               .handlers = {Staff("wang"), Staff("li")},
                               .closed_day = "2019-07-22"};
  const Person officer_{"officer-yang", Staff("yang")};
  const Person head_{"head-zhao", Staff("zhao")};

  Exclusion Asked() {
    return NewExclusion(ticket_, "诉求超出职责", officer_, August(1)).value();
  }
  absl::Status Approve(const Person& person, Exclusion& exclusion) {
    return Decide(ticket_, person, Exclusion::STATE_APPROVED, "", August(2),
                  exclusion);
  }
};

TEST_F(ExclusionRules, WhoAskedNeverApprovesWhateverTheToken) {
  Exclusion asked = Asked();
  for (const Person& same :
       {officer_, Person{"officer-yang", ""}, Person{"phone", Staff("yang")}}) {
    EXPECT_THAT(Approve(same, asked), HasReason("SAME_PERSON"));
  }
  EXPECT_EQ(asked.state(), Exclusion::STATE_REQUESTED);
  ASSERT_OK(Approve(head_, asked));
  EXPECT_EQ(asked.state(), Exclusion::STATE_APPROVED);
  EXPECT_EQ(asked.decider(), "head-zhao");
  EXPECT_EQ(asked.decider_staff(), Staff("zhao"));
}

TEST_F(ExclusionRules, NoHandlerOfTheTicketHasAPartInIt) {
  for (const Person& own :
       {Person{"head-wang", Staff("wang")}, Person{"graded", Staff("li")},
        Person{"wang", ""}}) {
    EXPECT_THAT(NewExclusion(ticket_, "x", own, August(1)),
                HasReason("OWN_TICKET"));
    Exclusion asked = Asked();
    EXPECT_THAT(Approve(own, asked), HasReason("OWN_TICKET"));
  }
  // Nor who handled it when it was asked for.
  Exclusion asked = Asked();
  ExcludedTicket moved = ticket_;
  moved.handlers = {Staff("chen")};
  EXPECT_EQ(
      ErrorReason(Decide(moved, {"head-wang", Staff("wang")},
                         Exclusion::STATE_APPROVED, "", August(2), asked)),
      "OWN_TICKET");
}

TEST_F(ExclusionRules, DecidedOnceForAll) {
  Exclusion asked = Asked();
  ASSERT_OK(Decide(ticket_, head_, Exclusion::STATE_REJECTED, "属于职责",
                   August(2), asked));
  EXPECT_THAT(Approve(head_, asked), HasReason("WRONG_STATE"));
}

TEST_F(ExclusionRules, NumbersInAReasonAreMasked) {
  const Exclusion asked =
      NewExclusion(ticket_, "来电13800001234反复", officer_, August(1)).value();
  EXPECT_THAT(asked.reason(), Not(HasSubstr("13800001234")));
}

}  // namespace
}  // namespace huifang::reporting

#include "services/callback/disposition_rules.h"

#include <gtest/gtest.h>

#include "services/common/clock.h"

namespace huifang::callback {
namespace {

// 2026-08-05 is a Wednesday.
absl::Time Local(int day, int hour, int minute) {
  return absl::FromCivil(absl::CivilMinute(2026, 8, day, hour, minute),
                         CourtTimeZone());
}

bool WeekdayOnly(absl::CivilDay day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday != absl::Weekday::saturday && weekday != absl::Weekday::sunday;
}

// All made at `time`.
std::vector<Tried> Tries(const std::vector<Outcome>& outcomes,
                         absl::Time time) {
  std::vector<Tried> tried;
  for (const Outcome outcome : outcomes) tried.push_back({outcome, time});
  return tried;
}

NextStep After(const std::vector<Outcome>& outcomes, absl::Time now,
               const AttemptPolicy& policy = {}) {
  return DecideNextStep(Tries(outcomes, now), now, std::nullopt, policy,
                        WeekdayOnly);
}

TEST(Disposition, OutcomesThatEndACall) {
  const absl::Time now = Local(5, 10, 0);
  EXPECT_EQ(After({Outcome::kCompleted}, now).disposition,
            Disposition::kComplete);
  EXPECT_EQ(After({Outcome::kBrokenOff}, now).disposition,
            Disposition::kPartial);
  EXPECT_EQ(After({Outcome::kRefused}, now).disposition, Disposition::kRefusal);
  EXPECT_EQ(After({Outcome::kWrongNumber}, now).disposition,
            Disposition::kNotEligible);
  EXPECT_EQ(After({Outcome::kUnable}, now).disposition, Disposition::kOther);
  EXPECT_EQ(After({Outcome::kNoNumber}, now).disposition,
            Disposition::kUnknownOther);
}

TEST(Disposition, NumberOutOfServiceIsDecidedOnceByThePlan) {
  const absl::Time now = Local(5, 10, 0);
  EXPECT_EQ(After({Outcome::kOutOfService}, now).disposition,
            Disposition::kNotEligible);
  EXPECT_EQ(
      After({Outcome::kOutOfService}, now, {.out_of_service_is_unknown = true})
          .disposition,
      Disposition::kUnknownOther);
}

TEST(Attempts, NoAnswerIsTriedThreeHoursLaterInAWindow) {
  const NextStep next = After({Outcome::kNoAnswer}, Local(5, 11, 30));
  EXPECT_EQ(next.disposition, Disposition::kOpen);
  EXPECT_EQ(next.next_attempt_time, Local(5, 14, 30));
}

TEST(Attempts, DelayThatLeavesTheWindowsWaitsForTheNextWorkingDay) {
  EXPECT_EQ(After({Outcome::kNoAnswer}, Local(5, 16, 0)).next_attempt_time,
            Local(6, 9, 0));
  EXPECT_EQ(After({Outcome::kNoAnswer}, Local(7, 16, 0)).next_attempt_time,
            Local(10, 9, 0));
}

TEST(Attempts, BusyLineIsTriedSoonAgain) {
  EXPECT_EQ(After({Outcome::kBusy}, Local(5, 9, 10)).next_attempt_time,
            Local(5, 9, 40));
}

TEST(Attempts, ThirdMissIsANonContact) {
  const absl::Time now = Local(5, 10, 0);
  EXPECT_EQ(After({Outcome::kNoAnswer, Outcome::kBusy}, now).disposition,
            Disposition::kOpen);
  EXPECT_EQ(
      After({Outcome::kNoAnswer, Outcome::kBusy, Outcome::kSwitchedOff}, now)
          .disposition,
      Disposition::kNonContact);
}

TEST(Attempts, AppointmentIsKeptAndUsesUpNoAttempt) {
  const absl::Time evening = Local(6, 20, 0);
  const NextStep next = DecideNextStep(
      Tries({Outcome::kNoAnswer, Outcome::kAppointment}, Local(5, 10, 0)),
      Local(5, 10, 0), evening, {}, WeekdayOnly);
  EXPECT_EQ(next.disposition, Disposition::kOpen);
  EXPECT_EQ(next.next_attempt_time, evening);
  EXPECT_EQ(
      After({Outcome::kNoAnswer, Outcome::kAppointment, Outcome::kNoAnswer},
            Local(6, 10, 0))
          .disposition,
      Disposition::kOpen);
}

TEST(Attempts, AppointmentsEndToo) {
  const std::vector<Outcome> outcomes(6, Outcome::kAppointment);
  EXPECT_EQ(DecideNextStep(Tries(outcomes, Local(5, 10, 0)), Local(5, 10, 0),
                           Local(6, 10, 0), {}, WeekdayOnly)
                .disposition,
            Disposition::kOther);
}

TEST(Attempts, RefusalMayBeAskedOnceMore) {
  const AttemptPolicy policy{.refusal_cooling = absl::Hours(24 * 7)};
  const NextStep next = After({Outcome::kRefused}, Local(5, 10, 0), policy);
  EXPECT_EQ(next.disposition, Disposition::kOpen);
  EXPECT_EQ(next.next_attempt_time, Local(12, 10, 0));
  EXPECT_EQ(
      After({Outcome::kRefused, Outcome::kRefused}, Local(12, 10, 0), policy)
          .disposition,
      Disposition::kRefusal);
}

TEST(Attempts, NextOneIsInTheWindowThatWasTriedLeast) {
  // Two mornings: the third try waits for the afternoon.
  const std::vector<Tried> mornings = {{Outcome::kNoAnswer, Local(4, 9, 0)},
                                       {Outcome::kNoAnswer, Local(5, 9, 0)}};
  const AttemptPolicy policy{.no_answer_delay = absl::Minutes(30)};
  EXPECT_EQ(DecideNextStep(mornings, Local(5, 9, 0), std::nullopt, policy,
                           WeekdayOnly)
                .next_attempt_time,
            Local(5, 14, 0));
  // An afternoon: the next one is a morning, although the window is open.
  EXPECT_EQ(DecideNextStep({{Outcome::kSwitchedOff, Local(5, 14, 0)}},
                           Local(5, 14, 0), std::nullopt, policy, WeekdayOnly)
                .next_attempt_time,
            Local(6, 9, 0));
}

TEST(Attempts, OutcomeMayHaveItsOwnDelayAndLimit) {
  const AttemptPolicy policy{
      .max_attempts = 5,
      .outcomes = {{Outcome::kSwitchedOff, {absl::Hours(24), 2}}}};
  EXPECT_EQ(
      After({Outcome::kSwitchedOff}, Local(5, 9, 30), policy).next_attempt_time,
      Local(6, 14, 0));
  EXPECT_EQ(After({Outcome::kSwitchedOff, Outcome::kSwitchedOff},
                  Local(5, 9, 30), policy)
                .disposition,
            Disposition::kNonContact);
  EXPECT_EQ(
      After({Outcome::kNoAnswer, Outcome::kNoAnswer}, Local(5, 9, 30), policy)
          .disposition,
      Disposition::kOpen);
}

TEST(Contact, IsLeftAloneAfterTheDaysCallsAndAfterARefusal) {
  const absl::Time now = Local(5, 10, 0);
  EXPECT_LE(EarliestCall({.calls_today = 2}, false, now, {}), now);
  EXPECT_EQ(EarliestCall({.calls_today = 3}, false, now, {}), Local(6, 0, 0));
  EXPECT_EQ(EarliestCall({.paused_until = Local(9, 0, 0)}, false, now, {}),
            Local(9, 0, 0));
  // The caller asked for it.
  EXPECT_LE(EarliestCall({.calls_today = 5}, true, now, {}), now);
  // But not who refused since.
  EXPECT_EQ(EarliestCall({.paused_until = Local(9, 0, 0)}, true, now, {}),
            Local(9, 0, 0));
}

TEST(Windows, InsideOneIsNow) {
  EXPECT_EQ(NextCallTime(Local(5, 9, 0), DefaultWindows(), WeekdayOnly),
            Local(5, 9, 0));
  EXPECT_EQ(NextCallTime(Local(5, 12, 0), DefaultWindows(), WeekdayOnly),
            Local(5, 14, 0));
  EXPECT_EQ(NextCallTime(Local(5, 8, 0), DefaultWindows(), WeekdayOnly),
            Local(5, 9, 0));
}

TEST(Windows, ParsesHoursInOrder) {
  const auto parsed = ParseWindows({"09:30-11:30", "18:00-20:00"});
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->at(1).begin.hour, 18);
  EXPECT_FALSE(ParseWindows({"9:30-11:30"}).ok());
  EXPECT_FALSE(ParseWindows({"11:30-09:30"}).ok());
  EXPECT_FALSE(ParseWindows({"09:00-12:00", "11:00-13:00"}).ok());
  EXPECT_FALSE(ParseWindows({"09:00-25:00"}).ok());
  EXPECT_FALSE(ParseWindows({"09:00"}).ok());
}

}  // namespace
}  // namespace huifang::callback

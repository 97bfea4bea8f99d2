#include "services/callback/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "services/callback/plan_policy.h"
#include "services/callback/store_util.h"
#include "tests/support/matchers.h"

namespace huifang::callback {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

v1::CreateDrawRequest GoodDraw() {
  v1::CreateDrawRequest request;
  request.set_parent("courts/110102");
  request.set_from_date("2019-07-22");
  request.set_to_date("2019-07-28");
  request.set_size(60);
  return request;
}

TEST(ValidateDraw, GoodIsGood) { EXPECT_TRUE(Validate(GoodDraw()).ok()); }

TEST(ValidateDraw, EachBadFieldIsNamed) {
  v1::CreateDrawRequest request = GoodDraw();
  request.set_from_date("1899-01-01");
  request.set_size(-1);
  request.set_public_seed(std::string(201, 'x'));
  request.set_plan("courts/310101/plans/weekly");
  const absl::Status status = Validate(request);
  for (const char* field : {"from_date", "size", "public_seed", "plan"}) {
    EXPECT_THAT(status, StatusIs(kInvalid, HasSubstr(field)));
  }
}

TEST(ValidateDraw, PeriodRunsForwardAndIsBounded) {
  v1::CreateDrawRequest request = GoodDraw();
  request.set_to_date("2019-07-21");
  EXPECT_THAT(Validate(request), StatusIs(kInvalid, HasSubstr("to_date")));
  request.set_to_date("2021-07-21");
  EXPECT_THAT(Validate(request), StatusIs(kInvalid, HasSubstr("400 days")));
}

v1::RecordAttemptRequest GoodAttempt() {
  v1::RecordAttemptRequest request;
  request.set_name("courts/110102/callbacks/x");
  request.set_lease_token("token");
  request.set_outcome(v1::OUTCOME_NO_ANSWER);
  return request;
}

TEST(ValidateAttempt, InterviewsGoThroughComplete) {
  EXPECT_TRUE(Validate(GoodAttempt()).ok());
  v1::RecordAttemptRequest request = GoodAttempt();
  request.set_outcome(v1::OUTCOME_COMPLETED);
  EXPECT_THAT(Validate(request), StatusIs(kInvalid, HasSubstr("outcome")));
}

TEST(ValidateAttempt, AppointmentIsAheadButNotFar) {
  const absl::Time now = absl::FromUnixSeconds(1563757200);
  v1::RecordAttemptRequest request = GoodAttempt();
  request.set_outcome(v1::OUTCOME_APPOINTMENT);
  EXPECT_FALSE(Validate(request).ok());
  *request.mutable_appointment_time() = ToProto(now + absl::Hours(5));
  EXPECT_TRUE(Validate(request).ok());
  EXPECT_TRUE(ValidateAppointment(request, now).ok());
  *request.mutable_appointment_time() = ToProto(now - absl::Seconds(1));
  EXPECT_FALSE(ValidateAppointment(request, now).ok());
  *request.mutable_appointment_time() = ToProto(now + absl::Hours(24 * 61));
  EXPECT_FALSE(ValidateAppointment(request, now).ok());
  request.set_outcome(v1::OUTCOME_BUSY);
  EXPECT_FALSE(Validate(request).ok());
}

TEST(ValidateAttempt, MinutesAreANumberInRange) {
  v1::RecordAttemptRequest request = GoodAttempt();
  for (const double minutes : {-1.0, 601.0, std::nan("")}) {
    request.set_minutes(minutes);
    EXPECT_FALSE(Validate(request).ok()) << minutes;
  }
}

TEST(ValidateComplete, ReopeningNeedsWords) {
  v1::CompleteCallbackRequest request;
  request.set_name("courts/110102/callbacks/x");
  request.set_lease_token("token");
  request.mutable_items()->set_score(3);
  EXPECT_TRUE(Validate(request).ok());
  request.set_reopen_ticket(true);
  EXPECT_THAT(Validate(request), StatusIs(kInvalid, HasSubstr("convey_text")));
}

TEST(ValidateComplete, TextMustBeUtf8AndBounded) {
  v1::CompleteCallbackRequest request;
  request.set_name("courts/110102/callbacks/x");
  request.set_lease_token("token");
  request.mutable_items()->set_score(3);
  std::string long_text;
  for (int i = 0; i < 2001; ++i) long_text += "字";
  request.set_opinion(long_text);
  EXPECT_FALSE(Validate(request).ok());
  request.set_opinion("\xff");
  EXPECT_FALSE(Validate(request).ok());
}

TEST(ValidatePlan, BuiltInPlanIsValid) {
  EXPECT_TRUE(ValidatePlan(BuiltInPlan("110102")).ok());
}

TEST(ValidatePlan, EachBadFieldIsNamed) {
  v1::SamplingPlan plan;
  plan.set_draw_time("8:30");
  plan.add_strata(v1::STRATUM_KEY_DIVISION);
  plan.add_strata(v1::STRATUM_KEY_DIVISION);
  plan.set_floor(-1);
  plan.mutable_size()->mutable_precision()->set_margin(0.5);
  plan.mutable_attempt_rule()->add_windows("12:00-09:00");
  plan.mutable_verdict_rule()->set_partly_is_good(true);
  const absl::Status status = ValidatePlan(plan);
  for (const char* field : {"display_name", "draw_time", "strata", "floor",
                            "margin", "windows", "verdict_rule.version"}) {
    EXPECT_THAT(status, StatusIs(kInvalid, HasSubstr(field)));
  }
}

TEST(ValidateRelation, SubjectIsOfTheSameCourt) {
  v1::CreateRelationRequest request;
  request.set_parent("courts/110102");
  request.mutable_relation()->set_officer("officer-yang");
  request.mutable_relation()->set_reason("同学");
  request.mutable_relation()->set_subject("courts/110102/staff/li");
  EXPECT_TRUE(Validate(request).ok());
  request.mutable_relation()->set_subject("courts/310101/staff/li");
  EXPECT_FALSE(Validate(request).ok());
  request.mutable_relation()->set_subject("courts/110102/plans/x");
  EXPECT_FALSE(Validate(request).ok());
}

TEST(PlanDefaults, SizeFollowsThePlan) {
  v1::SampleSize size;
  EXPECT_EQ(WantedOf(size, 1000), 60);
  size.mutable_capacity()->set_minutes(600);
  size.mutable_capacity()->set_minutes_per_call(15);
  EXPECT_EQ(WantedOf(size, 1000), 40);
}

}  // namespace
}  // namespace huifang::callback

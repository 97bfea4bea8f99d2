#include "services/callback/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "absl/strings/str_cat.h"
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
  request.set_convey_text(" ");
  EXPECT_THAT(Validate(request), StatusIs(kInvalid, HasSubstr("blank")));
  request.set_convey_text("请回电");
  EXPECT_TRUE(Validate(request).ok());
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

TEST(ValidateComplete, OpinionsAreGivenOneByOneOrAsOne) {
  v1::CompleteCallbackRequest request;
  request.set_name("courts/110102/callbacks/x");
  request.set_lease_token("token");
  request.mutable_items()->set_score(3);
  request.add_opinions("希望早点回复");
  EXPECT_TRUE(Validate(request).ok());
  request.set_opinion("希望早点回复");
  EXPECT_THAT(Validate(request), StatusIs(kInvalid, HasSubstr("opinions")));
  request.clear_opinion();
  request.add_opinions("");
  EXPECT_THAT(Validate(request), StatusIs(kInvalid, HasSubstr("opinions")));
  request.mutable_opinions(1)->assign("再见");
  while (request.opinions_size() < 11) request.add_opinions("再见");
  EXPECT_THAT(Validate(request), StatusIs(kInvalid, HasSubstr("at most 10")));
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
  EXPECT_EQ(WantedOf(size, {}, 1000), 60);
  size.mutable_capacity()->set_minutes(600);

  EXPECT_EQ(WantedOf(size, {}, 1000), 40);
}

v1::SamplingPlan SeededByParties(int parties) {
  v1::SamplingPlan plan;
  plan.set_display_name("双方定种");
  plan.set_seed_source(v1::SamplingPlan::SEED_SOURCE_PARTIES);
  for (int i = 0; i < parties; ++i) {
    auto& party = *plan.add_seed_parties();
    party.set_party(absl::StrCat("office-", i));
    party.set_role("head");
  }
  return plan;
}

TEST(ValidatePlan, SeedHasTwoToFiveParties) {
  EXPECT_TRUE(ValidatePlan(SeededByParties(2)).ok());
  EXPECT_TRUE(ValidatePlan(SeededByParties(5)).ok());
  for (const int parties : {0, 1, 6}) {
    EXPECT_THAT(ValidatePlan(SeededByParties(parties)),
                StatusIs(kInvalid, HasSubstr("seed_parties")));
  }
}

TEST(ValidatePlan, PartyIsUniqueAndHasSomebody) {
  v1::SamplingPlan plan = SeededByParties(2);
  plan.mutable_seed_parties(1)->set_party("office-0");
  EXPECT_THAT(ValidatePlan(plan), StatusIs(kInvalid, HasSubstr("each once")));
  plan = SeededByParties(2);
  plan.mutable_seed_parties(1)->set_role("handler");
  EXPECT_THAT(ValidatePlan(plan), StatusIs(kInvalid, HasSubstr("principal")));
}

TEST(ValidatePlan, CapIsNotBelowTheFloor) {
  v1::SamplingPlan plan = SeededByParties(2);
  plan.set_cap(1);
  EXPECT_THAT(ValidatePlan(plan), StatusIs(kInvalid, HasSubstr("plan.cap")));
  plan.set_floor(1);
  EXPECT_TRUE(ValidatePlan(plan).ok());
}

TEST(ValidateSeed, CommitmentIsADigestAndSaltIsLong) {
  v1::CommitSeedRequest commit;
  commit.set_name("courts/110102/draws/x");
  commit.set_commitment(std::string(64, 'a'));
  EXPECT_TRUE(Validate(commit).ok());
  commit.set_commitment(std::string(64, 'A'));
  EXPECT_THAT(Validate(commit), StatusIs(kInvalid, HasSubstr("commitment")));
  v1::RevealSeedRequest reveal;
  reveal.set_name("courts/110102/draws/x");
  reveal.set_secret("a|b");
  reveal.set_salt("short");
  for (const char* field : {"secret", "salt"}) {
    EXPECT_THAT(Validate(reveal), StatusIs(kInvalid, HasSubstr(field)));
  }
}

// They become part of a statement's text.
TEST(ValidateFilter, StatesAndVerdictsAreKnownAndFew) {
  v1::CallbackFilter filter;
  filter.add_states(v1::Callback::STATE_WAITING);
  filter.add_verdicts(v1::VERDICT_SATISFIED);
  EXPECT_TRUE(Validate(filter).ok());
  filter.add_verdicts(static_cast<v1::Verdict>(4711));
  EXPECT_THAT(Validate(filter),
              StatusIs(kInvalid, HasSubstr("filter.verdicts")));
  filter.clear_verdicts();
  for (int i = 0; i < 100; ++i) filter.add_states(v1::Callback::STATE_WAITING);
  EXPECT_THAT(Validate(filter), StatusIs(kInvalid, HasSubstr("filter.states")));
  v1::ListDrawsRequest draws;
  for (int i = 0; i < 100; ++i) draws.add_states(v1::Draw::STATE_DRAWN);
  EXPECT_THAT(Validate(draws), StatusIs(kInvalid, HasSubstr("states")));
  v1::ListConveyancesRequest conveyances;
  conveyances.add_states(static_cast<v1::Conveyance::State>(-1));
  EXPECT_THAT(Validate(conveyances), StatusIs(kInvalid, HasSubstr("states")));
}

}  // namespace
}  // namespace huifang::callback

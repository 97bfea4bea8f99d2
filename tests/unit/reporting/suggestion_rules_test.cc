#include "services/reporting/suggestion_rules.h"

#include <gtest/gtest.h>

#include "services/common/error.h"
#include "services/reporting/validate.h"
#include "tests/support/matchers.h"

namespace huifang::reporting {
namespace {

using Suggestion = v1::Suggestion;

const absl::Time kNow = absl::FromUnixSeconds(1564390800);
const char kFiling[] = "courts/110102/divisions/filing";
const char kCivil[] = "courts/110102/divisions/civil-1";

v1::CreateSuggestionRequest Asked() {
  v1::CreateSuggestionRequest request;
  request.set_parent("courts/110102");
  request.mutable_suggestion()->set_title("诉讼费退费");
  request.mutable_suggestion()->set_text("建议窗口一次告知退费流程");
  request.mutable_suggestion()->add_departments()->set_division(kFiling);
  request.mutable_suggestion()->add_departments()->set_division(kCivil);
  return request;
}

Suggestion Made() {
  return *NewSuggestion(Asked().suggestion(),
                        {{kFiling, "立案庭"}, {kCivil, "民事审判一庭"}}, "li",
                        kNow);
}

absl::Status Answer(const char* division, Suggestion::State state,
                    Suggestion& suggestion) {
  v1::RespondToSuggestionRequest request;
  request.set_division(division);
  request.set_state(state);
  request.set_response("本月内印发告知单");
  return Respond(request, kNow, suggestion);
}

TEST(SuggestionRules, ItBeginsOpenAtEveryDepartment) {
  const Suggestion suggestion = Made();
  EXPECT_EQ(suggestion.state(), Suggestion::STATE_OPEN);
  EXPECT_EQ(suggestion.departments(1).display_name(), "民事审判一庭");
  EXPECT_EQ(suggestion.departments(1).state(), Suggestion::STATE_OPEN);
  EXPECT_EQ(
      ErrorReason(NewSuggestion(Asked().suggestion(), {}, "li", kNow).status()),
      "NO_SUCH_DIVISION");
}

TEST(SuggestionRules, TheWholeIsWhereTheSlowestStands) {
  Suggestion suggestion = Made();
  ASSERT_OK(Answer(kFiling, Suggestion::STATE_DONE, suggestion));
  EXPECT_EQ(suggestion.state(), Suggestion::STATE_OPEN);
  ASSERT_OK(Answer(kCivil, Suggestion::STATE_ACCEPTED, suggestion));
  EXPECT_EQ(suggestion.state(), Suggestion::STATE_ACCEPTED);
  ASSERT_OK(Answer(kCivil, Suggestion::STATE_DECLINED, suggestion));
  EXPECT_EQ(suggestion.state(), Suggestion::STATE_DONE);
  suggestion = Made();
  ASSERT_OK(Answer(kFiling, Suggestion::STATE_DECLINED, suggestion));
  ASSERT_OK(Answer(kCivil, Suggestion::STATE_DECLINED, suggestion));
  EXPECT_EQ(suggestion.state(), Suggestion::STATE_DECLINED);
}

TEST(SuggestionRules, ASettledAnswerStands) {
  Suggestion suggestion = Made();
  ASSERT_OK(Answer(kFiling, Suggestion::STATE_DONE, suggestion));
  EXPECT_EQ(
      ErrorReason(Answer(kFiling, Suggestion::STATE_ACCEPTED, suggestion)),
      "SUGGESTION_SETTLED");
  EXPECT_EQ(ErrorReason(Answer("courts/110102/divisions/other",
                               Suggestion::STATE_DONE, suggestion)),
            "NOT_ADDRESSED");
}

TEST(SuggestionRules, WhatWasPromisedStaysWhenAnotherAnswerLeavesItOut) {
  Suggestion suggestion = Made();
  v1::RespondToSuggestionRequest request;
  request.set_division(kCivil);
  request.set_state(Suggestion::STATE_ACCEPTED);
  request.set_response("八月底前办妥");
  request.set_due_day("2019-08-30");
  ASSERT_OK(Respond(request, kNow, suggestion));
  request.set_state(Suggestion::STATE_DONE);
  request.clear_response();
  request.clear_due_day();
  ASSERT_OK(Respond(request, kNow, suggestion));
  for (const Suggestion::Department& one : suggestion.departments()) {
    if (one.division() != kCivil) continue;
    EXPECT_EQ(one.response(), "八月底前办妥");
    EXPECT_EQ(one.due_day(), "2019-08-30");
  }
}

TEST(SuggestionRules, FaultyRequestsAreNamed) {
  EXPECT_OK(Validate(Asked()));
  v1::CreateSuggestionRequest bad = Asked();
  bad.mutable_suggestion()->set_title(" ");
  EXPECT_FALSE(Validate(bad).ok());
  bad = Asked();
  bad.mutable_suggestion()->add_departments()->set_division(kCivil);
  EXPECT_FALSE(Validate(bad).ok()) << "twice the same";
  bad = Asked();
  bad.mutable_suggestion()->mutable_departments(0)->set_division(
      "courts/110101/divisions/filing");
  EXPECT_FALSE(Validate(bad).ok()) << "another court's";
  bad = Asked();
  bad.mutable_suggestion()->add_sources("courts/110101/tickets/1");
  EXPECT_FALSE(Validate(bad).ok()) << "another court's";
  v1::RespondToSuggestionRequest decline;
  decline.set_name("courts/110102/suggestions/1");
  decline.set_division(kCivil);
  decline.set_state(Suggestion::STATE_DECLINED);
  EXPECT_FALSE(Validate(decline).ok()) << "no reason";
  decline.set_response("法律另有规定");
  EXPECT_OK(Validate(decline));
  decline.set_due_day("2019-08-30");
  EXPECT_FALSE(Validate(decline).ok()) << "declined, and yet a day";
}

}  // namespace
}  // namespace huifang::reporting

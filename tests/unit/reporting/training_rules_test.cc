#include "services/reporting/training_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/common/error.h"
#include "services/reporting/period_rules.h"
#include "services/reporting/report_csv.h"
#include "services/reporting/report_html.h"
#include "services/reporting/training_text.h"
#include "services/reporting/validate.h"
#include "tests/support/matchers.h"

namespace huifang::reporting {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Training = v1::Training;

const absl::Time kNow = absl::FromUnixSeconds(1564390800);  // 2019-07-29
const char kCivil[] = "courts/110102/divisions/civil-1";
const char kWang[] = "courts/110102/staff/wang";
const DisplayNames kNames = {{kCivil, "民事审判一庭"}, {kWang, "王法官"}};

v1::CreateTrainingRequest Asked() {
  v1::CreateTrainingRequest request;
  request.set_parent("courts/110102");
  Training& training = *request.mutable_training();
  training.set_title("答复规范");
  training.set_day("2019-07-15");
  training.add_rules("over_simplified");
  training.add_divisions(kCivil);
  training.add_attendees(kWang);
  return request;
}

Training Planned() {
  return *NewTraining(Asked().training(), kNames, {}, "li", kNow);
}

v1::HoldTrainingRequest Attended() {
  v1::HoldTrainingRequest request;
  request.set_name("courts/110102/trainings/1");
  request.add_attendees(kWang);
  return request;
}

// Of a training on 2019-07-15, as of a day.
Training::Effect Effect(const Tally& before, const Tally& after,
                        absl::CivilDay today = absl::CivilDay(2019, 8, 13)) {
  return EffectOf(DaysAround(absl::CivilDay(2019, 7, 15)), before, after,
                  today);
}

TEST(TrainingRules, ItBeginsPlannedWithItsNames) {
  const Training training = Planned();
  EXPECT_EQ(training.state(), Training::STATE_PLANNED);
  EXPECT_EQ(training.division_display_names(0), "民事审判一庭");
  EXPECT_EQ(training.rule_display_names(0), "过于简化");
  EXPECT_EQ(training.creator(), "li");
  EXPECT_FALSE(training.has_effect());
}

TEST(TrainingRules, WhatTheCourtDoesNotHaveIsRefused) {
  const auto reason = [](const v1::CreateTrainingRequest& request) {
    return ErrorReason(
        NewTraining(request.training(), kNames, {}, "li", kNow).status());
  };
  v1::CreateTrainingRequest request = Asked();
  request.mutable_training()->set_rules(0, "over_simplifed");
  EXPECT_EQ(reason(request), "NO_SUCH_RULE");
  request = Asked();
  request.mutable_training()->add_attendees("courts/110102/staff/nobody");
  EXPECT_EQ(reason(request), "NO_SUCH_STAFF");
  request = Asked();
  request.mutable_training()->add_divisions("courts/110102/divisions/none");
  EXPECT_EQ(reason(request), "NO_SUCH_DIVISION");
  request = Asked();
  request.mutable_training()->set_rules(0, "local_rule");
  EXPECT_OK(NewTraining(request.training(), kNames,
                        {{"local_rule", "本院规则"}}, "li", kNow)
                .status());
}

TEST(TrainingRules, OnlyAPlannedOneIsHeldOrCancelled) {
  Training held = Planned();
  ASSERT_OK(HoldTraining(Attended(), kNames, kNow, held));
  EXPECT_EQ(held.state(), Training::STATE_HELD);
  EXPECT_EQ(held.attendee_count(), held.attendees_size());
  EXPECT_EQ(ErrorReason(HoldTraining(Attended(), kNames, kNow, held)),
            "TRAINING_SETTLED");
  EXPECT_EQ(ErrorReason(CancelTraining({}, kNow, held)), "TRAINING_SETTLED");
  Training cancelled = Planned();
  ASSERT_OK(CancelTraining({}, kNow, cancelled));
  EXPECT_EQ(ErrorReason(HoldTraining(Attended(), kNames, kNow, cancelled)),
            "TRAINING_SETTLED");
}

TEST(TrainingRules, NoneIsHeldBeforeItsDay) {
  Training training = Planned();
  v1::HoldTrainingRequest request = Attended();
  request.set_day("2019-07-30");
  EXPECT_EQ(ErrorReason(HoldTraining(request, kNames, kNow, training)),
            "TRAINING_NOT_YET");
  EXPECT_EQ(training.state(), Training::STATE_PLANNED);
  request.set_day("2019-07-29");
  ASSERT_OK(HoldTraining(request, kNames, kNow, training));
  EXPECT_EQ(training.day(), "2019-07-29");
}

TEST(TrainingRules, BothSidesHaveFourWeeksAndNotTheDayItself) {
  const EffectDays days = DaysAround(absl::CivilDay(2019, 7, 15));
  EXPECT_EQ(DayText(days.before_first), "2019-06-17");
  EXPECT_EQ(DayText(days.before_last), "2019-07-14");
  EXPECT_EQ(DayText(days.after_first), "2019-07-16");
  EXPECT_EQ(DayText(days.after_last), "2019-08-12");
}

// 57/60 less 50/60 is Newcombe's own example, (0.002749, 0.234969).
TEST(TrainingRules, TheDifferenceIsNewcombesAndFishersTestStandsBeside) {
  const Training::Effect effect = Effect({50, 60}, {57, 60});
  ASSERT_EQ(effect.state(), v1::Figure::STATE_OK);
  EXPECT_NEAR(effect.difference().lower(), 0.002749, 1e-6);
  EXPECT_NEAR(effect.difference().upper(), 0.234969, 1e-6);
  EXPECT_DOUBLE_EQ(effect.p_value(), FisherExact({50, 60}, {57, 60}));
  EXPECT_DOUBLE_EQ(effect.before().value(), 50.0 / 60);
}

TEST(TrainingRules, UntilTheDaysAfterAreOverThereAreOnlyCounts) {
  const Training::Effect effect =
      Effect({50, 60}, {57, 60}, absl::CivilDay(2019, 8, 12));
  EXPECT_FALSE(effect.complete());
  EXPECT_EQ(effect.state(), v1::Figure::STATE_NOT_ENOUGH_DATA);
  EXPECT_EQ(effect.after().state(), v1::Figure::STATE_NOT_ENOUGH_DATA);
  EXPECT_EQ(effect.after().denominator(), 60);
  EXPECT_FALSE(effect.has_difference());
  EXPECT_FALSE(effect.has_p_value());
}

TEST(TrainingRules, BelowTwentyTicketsNothingIsConcluded) {
  EXPECT_EQ(Effect({6, 20}, {0, 20}).state(), v1::Figure::STATE_OK);
  for (const auto& [before, after] :
       {std::pair{Tally{6, 19}, Tally{0, 20}},
        std::pair{Tally{6, 20}, Tally{0, 19}}, std::pair{Tally{}, Tally{}}}) {
    const Training::Effect effect = Effect(before, after);
    EXPECT_EQ(effect.state(), v1::Figure::STATE_NOT_ENOUGH_DATA);
    EXPECT_FALSE(effect.has_difference());
  }
}

// Why the limit is what it is.
TEST(TrainingRules, TwentyTicketsTellWhatTenCannot) {
  EXPECT_GT(NewcombeDifference(0, 10, 3, 10).upper, 0);
  EXPECT_LT(NewcombeDifference(0, 20, 6, 20).upper, 0);
}

TEST(TrainingRules, AFallWithinChanceIsNotCalledOne) {
  Training training = Planned();
  EXPECT_EQ(EffectText(training, Locale::kChinese), "");
  *training.mutable_effect() = Effect({10, 40}, {2, 40});
  EXPECT_THAT(EffectText(training, Locale::kChinese), HasSubstr("明显下降"));
  EXPECT_THAT(EffectText(training, Locale::kChinese),
              HasSubstr("25.0%（10/40） → 5.0%（2/40），−20.0个百分点"));
  *training.mutable_effect() = Effect({10, 40}, {8, 40});
  EXPECT_THAT(EffectText(training, Locale::kChinese),
              HasSubstr("变化可能出于偶然"));
  *training.mutable_effect() = Effect({1, 5}, {0, 7});
  EXPECT_EQ(EffectText(training, Locale::kChinese), "数据不足（前1/5，后0/7）");
  *training.mutable_effect() =
      Effect({10, 40}, {1, 9}, absl::CivilDay(2019, 8, 1));
  EXPECT_EQ(EffectText(training, Locale::kChinese),
            "2019-08-12后评估（目前：前10/40，后1/9）");
}

TEST(TrainingRules, EveryFormOfAReportPrintsTopicTrainingAndEffect) {
  v1::Report report;
  report.mutable_period()->set_label("2019-W33");
  v1::TrainingTopic& topic = *report.add_training_topics();
  topic.set_rule("over_simplified");
  topic.set_display_name("过于简化");
  topic.set_count(7);
  topic.add_trainings("courts/110102/trainings/1");
  Training& training = *report.add_trainings();
  training = Planned();
  training.set_name("courts/110102/trainings/1");
  training.set_title("=答复规范");
  training.set_state(Training::STATE_HELD);
  *training.mutable_effect() = Effect({10, 40}, {2, 40});
  const absl::StatusOr<std::string> page = RenderHtml(report, Locale::kChinese);
  ASSERT_OK(page.status());
  const std::string csv = RenderCsv(report, Locale::kChinese);
  for (const std::string& form : {*page, csv}) {
    EXPECT_THAT(form, HasSubstr("=答复规范（2019-07-15，已举办）"));
    EXPECT_THAT(form, HasSubstr("明显下降"));
  }
  EXPECT_THAT(*page, HasSubstr("专题培训与效果"));
  EXPECT_THAT(csv,
              HasSubstr("training_topic,\"over_simplified\",\"过于简化\""));
  EXPECT_THAT(csv, Not(HasSubstr("\"=答复规范")));
}

TEST(TrainingRules, FaultyRequestsAreNamed) {
  EXPECT_OK(Validate(Asked()));
  v1::CreateTrainingRequest bad = Asked();
  bad.mutable_training()->set_title(" ");
  EXPECT_FALSE(Validate(bad).ok());
  bad = Asked();
  bad.mutable_training()->set_day("2019-02-30");
  EXPECT_FALSE(Validate(bad).ok());
  bad = Asked();
  bad.mutable_training()->add_rules("over_simplified");
  EXPECT_FALSE(Validate(bad).ok()) << "twice the same";
  bad = Asked();
  bad.mutable_training()->add_attendees("courts/110101/staff/li");
  EXPECT_FALSE(Validate(bad).ok()) << "another court's";
  EXPECT_OK(Validate(Attended()));
  v1::HoldTrainingRequest hold = Attended();
  hold.clear_attendees();
  EXPECT_FALSE(Validate(hold).ok()) << "nobody attended";
  hold = Attended();
  hold.add_attendees("courts/110101/staff/li");
  EXPECT_FALSE(Validate(hold).ok()) << "another court's";
}

}  // namespace
}  // namespace huifang::reporting

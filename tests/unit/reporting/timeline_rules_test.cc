#include "services/reporting/timeline_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/common/proto_time.h"
#include "services/reporting/validate_timeline.h"
#include "tests/support/matchers.h"

namespace huifang::reporting {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Entry = v1::TimelineEntry;
using Entries = std::vector<Entry>;
using huifang::ticket::v1::Ticket;
using huifang::ticket::v1::TicketEvent;

const absl::Time kNow = absl::FromUnixSeconds(1564390800);  // 2019-07-29
const char kCivil[] = "courts/110102/divisions/civil-1";

v1::Suggestion Answered() {
  v1::Suggestion suggestion;
  suggestion.set_name("courts/110102/suggestions/s1");
  suggestion.set_title("诉讼费退费");
  suggestion.set_creator("officer-li");
  *suggestion.mutable_create_time() = ToTimestamp(kNow);
  v1::Suggestion::Department& department = *suggestion.add_departments();
  department.set_division(kCivil);
  department.set_display_name("民事审判一庭");
  department.set_state(v1::Suggestion::STATE_ACCEPTED);
  department.set_response("本月内印发告知单");
  department.set_due_day("2019-08-30");
  *department.mutable_update_time() = ToTimestamp(kNow + absl::Hours(5));
  return suggestion;
}

TEST(TimelineRules, ASuggestionTellsWhoWroteItAndWhoAnsweredWhat) {
  const v1::Suggestion suggestion = Answered();
  const Entry answer = AnswerEntry(suggestion, kCivil, "head-wang");
  const v1::Timeline timeline = InOrder(TimelineOf(suggestion, {answer}));
  ASSERT_THAT(timeline.entries(), SizeIs(2));
  const Entry& created = timeline.entries(0);
  EXPECT_EQ(created.type(), Entry::TYPE_SUGGESTION_CREATED);
  EXPECT_EQ(created.actor(), "officer-li");
  EXPECT_EQ(created.subject(), suggestion.name());
  EXPECT_EQ(created.detail(), "《诉讼费退费》送民事审判一庭");
  const Entry& answered = timeline.entries(1);
  EXPECT_EQ(answered.actor(), "head-wang");
  EXPECT_EQ(answered.division(), kCivil);
  EXPECT_EQ(answered.detail(),
            "《诉讼费退费》民事审判一庭：采纳，本月内印发告知单（承诺2019-08-30"
            "前完成）");
}

TEST(TimelineRules, AnAnswerFromBeforeEntriesWereStoredIsToldWithoutWho) {
  const Entries entries = TimelineOf(Answered(), {});
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[0].type(), Entry::TYPE_SUGGESTION_ANSWERED);
  EXPECT_EQ(entries[0].actor(), "");
}

TEST(TimelineRules, EarlierAnswersStayThoughTheSuggestionForgetsThem) {
  v1::Suggestion suggestion = Answered();
  const Entry first = AnswerEntry(suggestion, kCivil, "head-wang");
  suggestion.mutable_departments(0)->set_state(v1::Suggestion::STATE_DONE);
  *suggestion.mutable_departments(0)->mutable_update_time() =
      ToTimestamp(kNow + absl::Hours(50));
  const Entry second = AnswerEntry(suggestion, kCivil, "head-zhao");
  const v1::Timeline timeline =
      InOrder(TimelineOf(suggestion, {second, first}));
  ASSERT_THAT(timeline.entries(), SizeIs(3));
  EXPECT_EQ(timeline.entries(1).actor(), "head-wang");
  EXPECT_EQ(timeline.entries(2).actor(), "head-zhao");
  EXPECT_THAT(timeline.entries(2).detail(), HasSubstr("已落实"));
}

v1::Training Held() {
  v1::Training training;
  training.set_name("courts/110102/trainings/t1");
  training.set_title("答复规范");
  training.set_creator("officer-li");
  training.set_day("2019-07-30");
  training.add_attendees("courts/110102/staff/wang");
  training.set_state(v1::Training::STATE_HELD);
  *training.mutable_create_time() = ToTimestamp(kNow);
  *training.mutable_hold_time() = ToTimestamp(kNow + absl::Hours(30));
  return training;
}

TEST(TimelineRules, ATrainingTellsWhoHeldItAndItsEffectOnceThatIsKnown) {
  v1::Training training = Held();
  const Entries stored = {TrainingEntry(training, "leader-sun")};
  training.mutable_effect()->set_end_day("2019-08-27");
  EXPECT_THAT(TimelineOf(training, stored), SizeIs(2));
  training.mutable_effect()->set_complete(true);
  const v1::Timeline timeline = InOrder(TimelineOf(training, stored));
  ASSERT_THAT(timeline.entries(), SizeIs(3));
  EXPECT_EQ(timeline.entries(0).type(), Entry::TYPE_TRAINING_PLANNED);
  EXPECT_EQ(timeline.entries(0).actor(), "officer-li");
  EXPECT_EQ(timeline.entries(1).type(), Entry::TYPE_TRAINING_HELD);
  EXPECT_EQ(timeline.entries(1).actor(), "leader-sun");
  EXPECT_EQ(timeline.entries(1).detail(), "2019-07-30举办，参加1人");
  EXPECT_EQ(timeline.entries(2).type(), Entry::TYPE_TRAINING_EFFECT);
  EXPECT_NE(timeline.entries(2).detail(), "");
}

TEST(TimelineRules, ACancelledTrainingSaysWhoAndWhy) {
  v1::Training training = Held();
  training.clear_hold_time();
  training.set_state(v1::Training::STATE_CANCELLED);
  training.set_cancel_reason("与庭审冲突");
  *training.mutable_cancel_time() = ToTimestamp(kNow + absl::Hours(1));
  const Entries entries =
      TimelineOf(training, {TrainingEntry(training, "leader-sun")});
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[0].type(), Entry::TYPE_TRAINING_CANCELLED);
  EXPECT_EQ(entries[0].actor(), "leader-sun");
  EXPECT_EQ(entries[0].detail(), "与庭审冲突");
}

TicketEvent Event(TicketEvent::Type type, bool key_supervision) {
  TicketEvent event;
  event.set_court("110102");
  event.set_type(type);
  *event.mutable_event_time() = ToTimestamp(kNow);
  event.mutable_ticket()->set_name("courts/110102/tickets/1");
  event.mutable_ticket()->set_key_supervision(key_supervision);
  event.mutable_ticket()->set_agent("courts/110102/staff/desk");
  return event;
}

TEST(TimelineRules, SupervisionBeginsAndEndsWithTheTicketsMark) {
  const Entries begun =
      SupervisionEntries(Event(TicketEvent::TYPE_UPDATED, true), false);
  ASSERT_THAT(begun, SizeIs(1));
  EXPECT_EQ(begun[0].type(), Entry::TYPE_SUPERVISION_BEGUN);
  EXPECT_EQ(begun[0].subject(), "courts/110102/supervisions/1");
  EXPECT_EQ(begun[0].ticket(), "courts/110102/tickets/1");
  EXPECT_EQ(begun[0].actor(), "") << "an update does not say who";
  const Entries ended =
      SupervisionEntries(Event(TicketEvent::TYPE_UPDATED, false), true);
  ASSERT_THAT(ended, SizeIs(1));
  EXPECT_EQ(ended[0].type(), Entry::TYPE_SUPERVISION_ENDED);
  EXPECT_EQ(SupervisionEntries(Event(TicketEvent::TYPE_CREATED, true), false)[0]
                .actor(),
            "courts/110102/staff/desk");
}

TEST(TimelineRules, WhatHappensToASupervisedTicketIsTold) {
  TicketEvent event = Event(TicketEvent::TYPE_DEADLINE, true);
  event.set_deadline_stage(TicketEvent::DEADLINE_STAGE_HEAD);
  EXPECT_EQ(SupervisionEntries(event, true)[0].detail(), "提醒庭长");
  event = Event(TicketEvent::TYPE_REPLIED, true);
  event.mutable_ticket()->add_replies()->set_author("courts/110102/staff/wang");
  EXPECT_EQ(SupervisionEntries(event, true)[0].actor(),
            "courts/110102/staff/wang");
  event = Event(TicketEvent::TYPE_CLOSED, true);
  event.mutable_ticket()->set_state(Ticket::STATE_CLOSED);
  EXPECT_EQ(SupervisionEntries(event, true)[0].detail(), "办结");
  EXPECT_THAT(SupervisionEntries(Event(TicketEvent::TYPE_UPDATED, true), true),
              IsEmpty());
  EXPECT_THAT(SupervisionEntries(Event(TicketEvent::TYPE_CLOSED, false), false),
              IsEmpty());
}

TEST(TimelineRules, OfTooManyEntriesTheNewestAreTold) {
  Entries entries(kMaxTimelineEntries + 3);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    *entries[i].mutable_entry_time() =
        ToTimestamp(kNow - absl::Seconds(static_cast<std::int64_t>(i)));
    entries[i].set_detail(absl::StrCat(i));
  }
  const v1::Timeline timeline = InOrder(entries);
  ASSERT_THAT(timeline.entries(), SizeIs(kMaxTimelineEntries));
  EXPECT_EQ(timeline.entries(kMaxTimelineEntries - 1).detail(), "0");
}

TEST(ValidateTimeline, TicketsAreOfTheCourtAndNotTooMany) {
  v1::ListTicketEntriesRequest request;
  request.set_parent("courts/110102");
  EXPECT_FALSE(Validate(request).ok());
  request.add_tickets("courts/110102/tickets/1");
  EXPECT_OK(Validate(request));
  for (const char* wrong :
       {"", "courts/110105/tickets/1", "courts/110102/reports/1", "1"}) {
    v1::ListTicketEntriesRequest faulty = request;
    faulty.add_tickets(wrong);
    EXPECT_THAT(Validate(faulty),
                testing::StatusIs(absl::StatusCode::kInvalidArgument))
        << wrong;
  }
  for (int i = 0; i < 200; ++i) request.add_tickets("courts/110102/tickets/1");
  EXPECT_FALSE(Validate(request).ok());
}

}  // namespace
}  // namespace huifang::reporting

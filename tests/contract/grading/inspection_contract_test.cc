#include "tests/contract/grading/grading_fixture.h"

namespace huifang::grading {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;
using Event = v1::GradeEvent;

class InspectionContract : public GradingContract {};

TEST_P(InspectionContract, AClosedTicketIsPendingThenInspectedOnce) {
  See(ClosedTicket("t1", kForwardOnly));
  EXPECT_EQ(Get("t1").state(), v1::Inspection::STATE_PENDING);
  Inspect({"t1"});
  Inspect({"t1"});
  const v1::Inspection inspection = Get("t1");
  EXPECT_EQ(inspection.state(), v1::Inspection::STATE_DONE);
  EXPECT_EQ(inspection.version(), 1);
  EXPECT_TRUE(inspection.provisional());
  ASSERT_THAT(inspection.findings(), SizeIs(1));
  EXPECT_EQ(inspection.findings(0).rule_id(), "forward_only");
  EXPECT_EQ(inspection.proposed_tier(), "D");
  EXPECT_FALSE(inspection.proposed_pass());
  EXPECT_TRUE(inspection.flagged());
  EXPECT_EQ(inspection.source_id(), "src-t1");
  EXPECT_THAT(EventTypes(), ElementsAre(Event::TYPE_INSPECTED));
  EXPECT_EQ(Events()[0].inspection().name(), inspection.name());
}

TEST_P(InspectionContract, AnOpenTicketIsNoneOfItsBusiness) {
  ticket::v1::Ticket ticket = ClosedTicket("t1", kForwardOnly);
  ticket.set_state(ticket::v1::Ticket::STATE_REPLIED);
  See(ticket);
  EXPECT_TRUE(absl::IsNotFound(inspections_->Get(kCourt, "t1").status()));
}

TEST_P(InspectionContract, ANewReplyIsANewVersion) {
  ticket::v1::Ticket ticket = ClosedTicket("t1", kForwardOnly);
  See(ticket);
  Inspect({"t1"});
  ticket.set_version(4);
  ticket::v1::Reply* better = ticket.add_replies();
  better->set_revision(2);
  better->set_replaces_revision(1);
  better->set_text(kGoodAnswer);
  See(ticket);
  Inspect({"t1"});
  EXPECT_EQ(Get("t1").version(), 2);
  EXPECT_THAT(Get("t1").findings(), SizeIs(0));
  EXPECT_EQ(Get("t1").proposed_tier(), "A");
}

TEST_P(InspectionContract, WhatNoRuleReadsDoesNotInspectAgain) {
  ticket::v1::Ticket ticket = ClosedTicket("t1", kForwardOnly);
  See(ticket);
  Inspect({"t1"});
  ticket.set_version(4);
  ticket.set_key_supervision(true);
  See(ticket);
  EXPECT_THAT(inspections_->FindPending(kCourt, {"t1"}).value(), SizeIs(0));
}

TEST_P(InspectionContract, ReopenedTicketsAreWithdrawnAndComeBack) {
  ticket::v1::Ticket ticket = ClosedTicket("t1", kForwardOnly);
  See(ticket);
  Inspect({"t1"});
  ticket.set_version(4);
  ticket.set_state(ticket::v1::Ticket::STATE_REOPENED);
  See(ticket);
  EXPECT_EQ(Get("t1").state(), v1::Inspection::STATE_WITHDRAWN);
  EXPECT_TRUE(absl::IsNotFound(Lease(yang_).status()));
  ticket.set_version(5);
  ticket.set_state(ticket::v1::Ticket::STATE_CLOSED);
  See(ticket);
  Inspect({"t1"});
  EXPECT_EQ(Get("t1").state(), v1::Inspection::STATE_DONE);
  EXPECT_EQ(Get("t1").version(), 2);
  EXPECT_THAT(EventTypes(), ElementsAre(Event::TYPE_INSPECTED,
                                        Event::TYPE_INSPECTION_WITHDRAWN,
                                        Event::TYPE_INSPECTED));
}

TEST_P(InspectionContract, AResultOfOlderTextsIsRefused) {
  See(ClosedTicket("t1", kForwardOnly));
  const std::vector<PendingTicket> old =
      inspections_->LoadPending(kCourt, {"t1"}).value();
  ASSERT_THAT(old, SizeIs(1));
  ticket::v1::Ticket changed = ClosedTicket("t1", kGoodAnswer);
  changed.set_version(4);
  See(changed);
  InspectionResult stale;
  stale.ticket = "t1";
  stale.generation = old[0].generation;
  stale.inspection.set_version(1);
  bool stored = true;
  ASSERT_TRUE(db_->Write(kCourt,
                         [&](sql::Session& session) -> absl::Status {
                           ASSIGN_OR_RETURN(stored, InspectionStore::Save(
                                                        session, kCourt, stale,
                                                        clock_.Now()));
                           return absl::OkStatus();
                         })
                  .ok());
  EXPECT_FALSE(stored);
  EXPECT_THAT(inspections_->FindPending(kCourt, {"t1"}).value(), SizeIs(1));
}

TEST_P(InspectionContract, TheCallersNoContradictsTheRecordedCall) {
  ticket::v1::Ticket ticket = ClosedTicket("t1", kGoodAnswer);
  ticket.set_contact_recorded(true);
  See(ticket);
  Inspect({"t1"});
  EXPECT_FALSE(Get("t1").flagged());
  Hear("t1", callback::v1::ANSWER_NO);
  Inspect({"t1"});
  ASSERT_THAT(Get("t1").findings(), SizeIs(1));
  EXPECT_EQ(Get("t1").findings(0).rule_id(), "contradiction");
  EXPECT_EQ(Get("t1").version(), 2);
  EXPECT_EQ(Get("t1").callback(), "courts/110102/callbacks/c1");
}

TEST_P(InspectionContract, AnInterviewMadeAgainChangesNothing) {
  ticket::v1::Ticket ticket = ClosedTicket("t1", kGoodAnswer);
  ticket.set_contact_recorded(true);
  See(ticket);
  Inspect({"t1"});
  Hear("t1", callback::v1::ANSWER_NO, "courts/110102/callbacks/c0");
  EXPECT_THAT(inspections_->FindPending(kCourt, {"t1"}).value(), SizeIs(0));
}

TEST_P(InspectionContract, ACallbackAheadOfItsTicketWaitsForIt) {
  Hear("t1", callback::v1::ANSWER_NO);
  v1::ListInspectionsRequest all;
  EXPECT_THAT(inspections_->List(all, kCourt, std::nullopt, 10).value(),
              SizeIs(0));
  ticket::v1::Ticket ticket = ClosedTicket("t1", kGoodAnswer);
  ticket.set_contact_recorded(true);
  See(ticket);
  Inspect({"t1"});
  ASSERT_THAT(Get("t1").findings(), SizeIs(1));
  EXPECT_EQ(Get("t1").findings(0).rule_id(), "contradiction");
}

// A service that starts anew reads callbacks sooner than tickets.
TEST_P(InspectionContract, ACallbackAheadOfAnOpenTicketIsNoInspection) {
  Hear("t1", callback::v1::ANSWER_NO);
  ticket::v1::Ticket ticket = ClosedTicket("t1", kGoodAnswer);
  ticket.set_state(ticket::v1::Ticket::STATE_REPLIED);
  See(ticket);
  EXPECT_THAT(EventTypes(), SizeIs(0));
  ticket.set_state(ticket::v1::Ticket::STATE_CLOSED);
  ticket.set_version(4);
  See(ticket);
  std::int64_t learned = -1;
  ASSERT_TRUE(db_->Read([&](sql::Session& session) {
                   return session
                       .QueryOne(
                           "SELECT learned FROM inspections", {},
                           [&](const sql::Row& row) { learned = row.Int(0); })
                       .status();
                 })
                  .ok());
  EXPECT_EQ(learned, 0);  // its texts are still to be learned from
}

TEST_P(InspectionContract, ListsByPageAndByCondition) {
  std::vector<std::string> ids;
  for (int i = 0; i < 7; ++i) {
    ids.push_back(absl::StrCat("t", i));
    clock_.Advance(absl::Minutes(1));
    See(ClosedTicket(ids.back(), i % 2 == 0 ? kForwardOnly : kGoodAnswer));
  }
  Inspect(ids);
  v1::ListInspectionsRequest request;
  const std::vector<v1::Inspection> first =
      inspections_->List(request, kCourt, std::nullopt, 3).value();
  ASSERT_THAT(first, SizeIs(4));
  EXPECT_EQ(first[0].source_id(), "src-t6");
  const TimeCursor after = {
      absl::ToUnixMicros(FromTimestamp(first[2].closed_time())), "t4"};
  EXPECT_EQ(
      inspections_->List(request, kCourt, after, 3).value()[0].source_id(),
      "src-t3");
  request.set_rule_id("forward_only");
  EXPECT_THAT(inspections_->List(request, kCourt, std::nullopt, 10).value(),
              SizeIs(4));
  request.set_rule_id("");
  request.set_flagged_only(true);
  EXPECT_THAT(inspections_->List(request, kCourt, std::nullopt, 10).value(),
              SizeIs(4));
  request.set_division("courts/110102/divisions/other");
  EXPECT_THAT(inspections_->List(request, kCourt, std::nullopt, 10).value(),
              SizeIs(0));
  EXPECT_THAT(inspections_->List({}, "110105", std::nullopt, 10).value(),
              SizeIs(0));
}

TEST_P(InspectionContract, ProvisionalOnesAreInspectedAgainByThemselves) {
  std::vector<std::string> few;
  std::vector<std::string> many;
  for (int i = 0; i < 220; ++i) {
    ticket::v1::Ticket ticket =
        ClosedTicket(absl::StrCat("t", i), absl::StrCat(kGoodAnswer, "第", i));
    ticket.set_content(absl::StrCat(ticket.content(), "编号", i * 37));
    if (i == 20) Inspect(few);
    See(ticket);
    (i < 20 ? few : many).push_back(absl::StrCat("t", i));
  }
  EXPECT_TRUE(Get("t0").provisional());
  Inspect(many);
  EXPECT_FALSE(Get("t219").provisional());
  EXPECT_EQ(models_->Load(kCourt).value().model->documents(), 220);
  // The worker that made the model trusted put the first ones into the queue.
  const TakeResult taken = queue_.Take(1000, absl::Seconds(30)).value();
  EXPECT_THAT(taken.leases, SizeIs(::testing::Ge(20u)));
  for (const absl::Status& status : worker_->Work(taken.leases)) {
    EXPECT_TRUE(status.ok()) << status;
  }
  EXPECT_FALSE(Get("t0").provisional());
  EXPECT_EQ(Get("t0").version(), 2);
}

TEST_P(InspectionContract, NoInspectionWaitsUntilATrustedModelHasLearned) {
  const auto see = [&](int from, int to) {
    std::vector<std::string> ids;
    for (int i = from; i < to; ++i) {
      ids.push_back(absl::StrCat("t", i));
      See(ClosedTicket(ids.back(), absl::StrCat(kGoodAnswer, i)));
    }
    return ids;
  };
  const auto learned = [&] {
    return models_->Load(kCourt).value().model->documents();
  };
  Inspect(see(0, 220));
  ASSERT_EQ(learned(), 220);
  clock_.Advance(absl::Seconds(1));
  Inspect(see(220, 260));
  EXPECT_EQ(learned(), 220);
  EXPECT_FALSE(Get("t259").provisional());
  const TakeResult taken = learn_queue_.Take(10, absl::Seconds(30)).value();
  ASSERT_THAT(taken.leases, SizeIs(1));
  EXPECT_EQ(taken.leases[0].task_id, kCourt);
  EXPECT_TRUE(worker_->Learn(taken.leases).at(0).ok());
  EXPECT_EQ(learned(), 260);
}

TEST_P(InspectionContract, EachTicketIsLearnedOnce) {
  std::vector<std::string> ids;
  for (int i = 0; i < 40; ++i) {
    ids.push_back(absl::StrCat("t", i));
    See(ClosedTicket(ids.back(), absl::StrCat(kGoodAnswer, i)));
  }
  ASSERT_TRUE(models_->LearnIfDue(kCourt, clock_.Now()).ok());
  ASSERT_TRUE(models_->LearnIfDue(kCourt, clock_.Now()).ok());
  ModelStore another(*db_);
  ASSERT_TRUE(another.LearnIfDue(kCourt, clock_.Now()).ok());
  EXPECT_EQ(another.Load(kCourt).value().model->documents(), 40);
  EXPECT_EQ(another.Describe(kCourt).value().version(), 1);
}

TEST_P(InspectionContract, EverythingPendingFindsItsWayIntoTheQueue) {
  for (int i = 0; i < 5; ++i) {
    See(ClosedTicket(absl::StrCat("t", i), kForwardOnly));
  }
  ASSERT_TRUE(inspect_queue_->EnqueueMissing().ok());
  ASSERT_TRUE(inspect_queue_->EnqueueMissing().ok());
  const TakeResult taken = queue_.Take(100, absl::Seconds(30)).value();
  ASSERT_THAT(taken.leases, SizeIs(5));
  for (const absl::Status& status : worker_->Work(taken.leases)) {
    EXPECT_TRUE(status.ok()) << status;
  }
  EXPECT_THAT(inspections_->ListPending({}, 10).value(), SizeIs(0));
}

TEST_P(InspectionContract, ACopyForAnotherMatterIsFound) {
  See(ClosedTicket("t1", kGoodAnswer));
  Inspect({"t1"});
  std::vector<std::string> filler;
  for (int i = 0; i < 20; ++i) {
    filler.push_back(absl::StrCat("f", i));
    See(ClosedTicket(filler.back(), kForwardOnly));
  }
  Inspect(filler);
  ticket::v1::Ticket other = ClosedTicket("t2", kGoodAnswer);
  other.set_title("请求查封被执行人车辆");
  other.set_content("被执行人的车停在小区地下车库，希望执行局尽快扣押处理。");
  See(other);
  Inspect({"t2"});
  EXPECT_EQ(Get("t2").nearest_inspection(), "courts/110102/inspections/t1");
}

TEST_P(InspectionContract, ReinspectingAsksTheMachineAgain) {
  See(ClosedTicket("t1", kForwardOnly));
  Inspect({"t1"});
  ASSERT_TRUE(db_->Write(kCourt,
                         [&](sql::Session& session) {
                           return InspectionStore::Reinspect(session, kCourt,
                                                             "t1")
                               .status();
                         })
                  .ok());
  Inspect({"t1"});
  EXPECT_EQ(Get("t1").version(), 2);
}

INSTANTIATE_TEST_SUITE_P(
    Engines, InspectionContract, ::testing::ValuesIn(testing::SqlEngines()),
    testing::EngineName<::testing::TestParamInfo<std::string>>);

}  // namespace
}  // namespace huifang::grading

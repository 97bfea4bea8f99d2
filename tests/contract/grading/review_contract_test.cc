#include "services/grading/appeal_store.h"
#include "services/grading/grade_store.h"
#include "services/grading/rubric_store.h"
#include "tests/contract/grading/grading_fixture.h"
#include "tests/support/matchers.h"

namespace huifang::grading {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using Event = v1::GradeEvent;

class ReviewContract : public GradingContract {
 protected:
  void Flag(const std::string& id) {
    See(ClosedTicket(id, kForwardOnly));
    Inspect({id});
  }
  void PutStaff(const std::string& staff, const std::string& team) {
    ticket::v1::TicketEvent event;
    event.set_court(kCourt);
    event.set_type(ticket::v1::TicketEvent::TYPE_DIRECTORY_CHANGED);
    ticket::v1::Staff* member = event.mutable_directory()->add_staff();
    member->set_name(staff);
    member->set_team(team);
    ASSERT_TRUE(db_->Write(kCourt,
                           [&](sql::Session& session) {
                             return InspectionStore::ApplyTicket(session, event,
                                                                 clock_.Now());
                           })
                    .ok());
  }
  std::vector<v1::Grade> Grades() {
    std::vector<v1::Grade> grades;
    EXPECT_TRUE(db_->Read([&](sql::Session& session) -> absl::Status {
                     ASSIGN_OR_RETURN(grades,
                                      GradeStore::List(session, {}, kCourt,
                                                       std::nullopt, 100));
                     return absl::OkStatus();
                   })
                    .ok());
    return grades;
  }
  v1::Grade GradeNext(const Actor& actor, const std::string& weak) {
    const absl::StatusOr<v1::LeaseReviewResponse> lease = Lease(actor);
    EXPECT_TRUE(lease.ok()) << lease.status();
    const absl::StatusOr<v1::Grade> grade =
        desk_->Submit(GradeFor(*lease, weak));
    EXPECT_TRUE(grade.ok()) << grade.status();
    return grade.ok() ? *grade : v1::Grade();
  }
  // Of the ticket t1.
  static v1::CreateReviewRequest ReviewOfCall() {
    v1::CreateReviewRequest request;
    request.set_parent("courts/110102");
    request.mutable_review()->set_ticket("courts/110102/tickets/t1");
    request.mutable_review()->set_subject(v1::SUBJECT_CALL);
    request.mutable_review()->set_recording("rec-7");
    return request;
  }
  absl::StatusOr<v1::Appeal> AppealAgainst(const v1::Grade& grade,
                                           const Actor& actor) {
    v1::CreateAppealRequest request;
    request.set_parent("courts/110102");
    request.mutable_appeal()->set_grade(grade.name());
    request.mutable_appeal()->set_grounds("已电话答复");
    return desk_->Appeal(request, actor);
  }

  const Actor handler_{"judge-li", kHandler, "handler"};
};

TEST_P(ReviewContract, AFlaggedTicketIsGradedAndSettled) {
  Flag("t1");
  const v1::LeaseReviewResponse lease = Lease(yang_).value();
  EXPECT_EQ(lease.review().reason(), v1::Review::REASON_FLAGGED);
  EXPECT_EQ(lease.reply(), kForwardOnly);
  EXPECT_EQ(lease.rubric().criteria_size(), 6);
  const v1::Grade grade = desk_->Submit(GradeFor(lease, "substance")).value();
  EXPECT_EQ(grade.tier(), "D");
  EXPECT_FALSE(grade.passed());
  EXPECT_TRUE(grade.counts());
  EXPECT_EQ(grade.reviewer(), kYang);
  EXPECT_EQ(grade.source_id(), "src-t1");
  EXPECT_THAT(grade.confirmed_rules(), ElementsAre("forward_only"));
  EXPECT_TRUE(absl::IsNotFound(Lease(yang_).status()));
  EXPECT_THAT(EventTypes(),
              ElementsAre(Event::TYPE_INSPECTED, Event::TYPE_GRADED));
  EXPECT_EQ(Events()[1].inspection().name(), lease.inspection().name());
}

TEST_P(ReviewContract, UnflaggedTicketsEnterByTheRandomShare) {
  See(ClosedTicket("t1", kGoodAnswer));
  Inspect({"t1"});
  EXPECT_TRUE(absl::IsNotFound(Lease(yang_).status()));
  UsePolicy({.random_percent = 100, .blind_percent = 0});
  See(ClosedTicket("t2", kGoodAnswer));
  Inspect({"t2"});
  const v1::LeaseReviewResponse lease = Lease(yang_).value();
  EXPECT_EQ(lease.review().reason(), v1::Review::REASON_RANDOM);
  EXPECT_DOUBLE_EQ(lease.review().inclusion_probability(), 1.0);
}

TEST_P(ReviewContract, NobodyReviewsTheirOwnTicketsOrTheirTeams) {
  Flag("t1");
  EXPECT_TRUE(
      absl::IsNotFound(Lease({"judge-li", kHandler, "officer"}).status()));
  PutStaff(kYang, "courts/110102/teams/t1");
  EXPECT_TRUE(absl::IsNotFound(Lease(yang_).status()));
  PutStaff(kYang, "courts/110102/teams/filing");
  EXPECT_TRUE(Lease(yang_).ok());
}

TEST_P(ReviewContract, TwoReviewersNeverHoldOneReview) {
  Flag("t1");
  EXPECT_TRUE(Lease(yang_).ok());
  EXPECT_TRUE(absl::IsNotFound(Lease(wang_).status()));
}

TEST_P(ReviewContract, TheHolderGetsTheSameReviewBack) {
  Flag("t1");
  Flag("t2");
  const v1::LeaseReviewResponse first = Lease(yang_).value();
  const v1::LeaseReviewResponse again = Lease(yang_).value();
  EXPECT_EQ(first.review().name(), again.review().name());
  EXPECT_EQ(first.review().lease_token(), again.review().lease_token());
}

TEST_P(ReviewContract, ALostLeaseCannotGrade) {
  Flag("t1");
  const v1::LeaseReviewResponse lost = Lease(yang_).value();
  clock_.Advance(absl::Minutes(31));
  const v1::LeaseReviewResponse taken = Lease(wang_).value();
  EXPECT_EQ(taken.review().name(), lost.review().name());
  EXPECT_TRUE(absl::IsAborted(desk_->Submit(GradeFor(lost)).status()));
  EXPECT_TRUE(desk_->Submit(GradeFor(taken)).ok());
  EXPECT_TRUE(
      absl::IsFailedPrecondition(desk_->Submit(GradeFor(taken)).status()));
  EXPECT_THAT(Grades(), SizeIs(1));
}

TEST_P(ReviewContract, AnExpiredLeaseNobodyTookStillGrades) {
  Flag("t1");
  const v1::LeaseReviewResponse lease = Lease(yang_).value();
  clock_.Advance(absl::Hours(3));
  EXPECT_TRUE(desk_->Submit(GradeFor(lease)).ok());
}

TEST_P(ReviewContract, ARepeatedSubmissionIsOneGrade) {
  Flag("t1");
  v1::SubmitGradeRequest request = GradeFor(Lease(yang_).value());
  request.set_request_id("01903d5c-0000-7000-8000-000000000001");
  const v1::Grade first = desk_->Submit(request).value();
  const v1::Grade second = desk_->Submit(request).value();
  EXPECT_EQ(first.name(), second.name());
  EXPECT_THAT(Grades(), SizeIs(1));
}

TEST_P(ReviewContract, ScoresMustFitTheRubricAndAFailNeedsAReason) {
  Flag("t1");
  const v1::LeaseReviewResponse lease = Lease(yang_).value();
  v1::SubmitGradeRequest request = GradeFor(lease);
  request.mutable_scores()->RemoveLast();
  EXPECT_TRUE(absl::IsInvalidArgument(desk_->Submit(request).status()));
  request = GradeFor(lease, "substance");
  request.clear_comment();
  EXPECT_TRUE(absl::IsInvalidArgument(desk_->Submit(request).status()));
  EXPECT_THAT(Grades(), IsEmpty());
}

TEST_P(ReviewContract, RecusalIsForGoodAndKept) {
  Flag("t1");
  const v1::LeaseReviewResponse lease = Lease(yang_).value();
  v1::ReleaseReviewRequest release;
  release.set_name(lease.review().name());
  release.set_lease_token(lease.review().lease_token());
  release.set_recuse(true);
  release.set_reason("与当事人相识");
  const v1::Review released = desk_->Release(release).value();
  ASSERT_THAT(released.recusals(), SizeIs(1));
  EXPECT_EQ(released.recusals(0).reviewer(), kYang);
  EXPECT_TRUE(absl::IsNotFound(Lease(yang_).status()));
  EXPECT_TRUE(Lease(wang_).ok());
}

TEST_P(ReviewContract, ReinspectionDoesNotQueueTwice) {
  Flag("t1");
  ASSERT_TRUE(db_->Write(kCourt,
                         [&](sql::Session& session) {
                           return InspectionStore::Reinspect(session, kCourt,
                                                             "t1")
                               .status();
                         })
                  .ok());
  Inspect({"t1"});
  EXPECT_TRUE(Lease(yang_).ok());
  EXPECT_TRUE(absl::IsNotFound(Lease(wang_).status()));
}

TEST_P(ReviewContract, ContradictionFoundAfterTheGradeIsReviewedOnceMore) {
  UsePolicy({.random_percent = 100, .blind_percent = 0});
  ticket::v1::Ticket ticket = ClosedTicket("t1", kGoodAnswer);
  ticket.set_contact_recorded(true);
  See(ticket);
  Inspect({"t1"});
  ASSERT_TRUE(desk_->Submit(GradeFor(Lease(yang_).value())).ok());
  Hear("t1", callback::v1::ANSWER_NO);
  Inspect({"t1"});
  const v1::LeaseReviewResponse again = Lease(wang_).value();
  EXPECT_EQ(again.review().reason(), v1::Review::REASON_FLAGGED);
  ASSERT_TRUE(desk_->Submit(GradeFor(again)).ok());
  Hear("t1", callback::v1::ANSWER_NO);
  Inspect({"t1"});
  EXPECT_TRUE(absl::IsNotFound(Lease(yang_).status()));
}

TEST_P(ReviewContract, BlindSecondReviewIsBlindAndDoesNotCount) {
  UsePolicy({.random_percent = 0, .blind_percent = 100});
  Flag("t1");
  GradeNext(yang_, "substance");
  EXPECT_TRUE(absl::IsNotFound(Lease(yang_).status()));
  const v1::LeaseReviewResponse second = Lease(wang_).value();
  EXPECT_EQ(second.review().reason(), v1::Review::REASON_BLIND_SECOND);
  EXPECT_TRUE(second.review().earlier_grade().empty());
  EXPECT_TRUE(second.review().handler().empty());
  EXPECT_TRUE(second.inspection().proposed_tier().empty());
  const v1::Grade grade = desk_->Submit(GradeFor(second)).value();
  EXPECT_FALSE(grade.counts());
  EXPECT_EQ(grade.handler(), kHandler);
  std::vector<std::pair<int, int>> pairs;
  ASSERT_TRUE(db_->Read([&](sql::Session& session) -> absl::Status {
                   ASSIGN_OR_RETURN(
                       pairs, GradeStore::AgreementPairs(session, {}, kCourt));
                   return absl::OkStatus();
                 })
                  .ok());
  EXPECT_THAT(pairs, ElementsAre(std::make_pair(3, 0)));
}

TEST_P(ReviewContract, AnAppealIsGradedByAnotherPersonAndDecided) {
  Flag("t1");
  const v1::Grade grade = GradeNext(yang_, "substance");
  const v1::Appeal appeal = AppealAgainst(grade, handler_).value();
  EXPECT_EQ(appeal.state(), v1::Appeal::STATE_OPEN);
  EXPECT_TRUE(
      absl::IsFailedPrecondition(AppealAgainst(grade, handler_).status()));
  EXPECT_TRUE(absl::IsNotFound(Lease(yang_).status()));
  const v1::Grade second = GradeNext(wang_, "");
  EXPECT_TRUE(second.counts());
  EXPECT_EQ(second.supersedes(), grade.name());
  EXPECT_EQ(EventTypes().back(), Event::TYPE_APPEAL_DECIDED);
  EXPECT_EQ(Events().back().appeal().state(), v1::Appeal::STATE_CHANGED);
  EXPECT_EQ(Events().back().appeal().deciding_grade(), second.name());
  EXPECT_THAT(Grades(), SizeIs(2));
  EXPECT_TRUE(
      absl::IsFailedPrecondition(AppealAgainst(grade, handler_).status()));

  v1::SetPrecedentRequest precedent;
  precedent.set_name(appeal.name());
  precedent.set_precedent(true);
  precedent.set_note("当日电话答复并有录音的，视为实质答复");
  EXPECT_TRUE(desk_->SetPrecedent(precedent).value().precedent());
  Flag("t2");
  EXPECT_THAT(Lease(yang_).value().precedents(), SizeIs(1));
}

TEST_P(ReviewContract, AnAppealThatWasGivenUpDoesNotWaitBehindAllOthers) {
  Flag("t1");
  const v1::Grade grade = GradeNext(yang_, "substance");
  const v1::Appeal appeal = AppealAgainst(grade, handler_).value();
  const v1::LeaseReviewResponse first = Lease(wang_).value();
  EXPECT_EQ(first.review().reason(), v1::Review::REASON_APPEAL);
  Flag("t2");
  Flag("t3");
  clock_.Advance(absl::Minutes(31));
  const Actor third{"officer-zhao", "courts/110102/staff/zhao", "officer"};
  EXPECT_EQ(Lease(third)->review().name(), first.review().name());
}

TEST_P(ReviewContract, AppealsAreForThoseConcernedAndInTime) {
  Flag("t1");
  const v1::Grade grade = GradeNext(yang_, "substance");
  EXPECT_TRUE(absl::IsPermissionDenied(
      AppealAgainst(grade, {"judge-x", "courts/110102/staff/x", "handler"})
          .status()));
  clock_.Advance(absl::Hours(24 * 11));
  EXPECT_TRUE(
      absl::IsFailedPrecondition(AppealAgainst(grade, handler_).status()));
}

TEST_P(ReviewContract, AGradeKeepsTheWindowItWasGivenWith) {
  UsePolicy({.random_percent = 0,
             .blind_percent = 0,
             .appeal_window = absl::Hours(24 * 20)});
  Flag("t1");
  const v1::Grade grade = GradeNext(yang_, "substance");
  EXPECT_EQ(FromTimestamp(grade.appeal_end_time()),
            FromTimestamp(grade.create_time()) + absl::Hours(24 * 20));
  EXPECT_EQ(Events().back().grade().appeal_end_time().seconds(),
            grade.appeal_end_time().seconds());
  UsePolicy({.random_percent = 0,
             .blind_percent = 0,
             .appeal_window = absl::Hours(24)});
  clock_.Advance(absl::Hours(24 * 19));
  EXPECT_TRUE(AppealAgainst(grade, handler_).ok());
}

TEST_P(ReviewContract, AWithdrawnAppealLeavesTheGradeAlone) {
  Flag("t1");
  const v1::Grade grade = GradeNext(yang_, "substance");
  const v1::Appeal appeal = AppealAgainst(grade, handler_).value();
  v1::WithdrawAppealRequest request;
  request.set_name(appeal.name());
  EXPECT_TRUE(
      absl::IsPermissionDenied(desk_->WithdrawAppeal(request, wang_).status()));
  request.set_etag("stale");
  EXPECT_TRUE(
      absl::IsAborted(desk_->WithdrawAppeal(request, handler_).status()));
  request.set_etag(appeal.etag());
  EXPECT_EQ(desk_->WithdrawAppeal(request, handler_).value().state(),
            v1::Appeal::STATE_WITHDRAWN);
  EXPECT_TRUE(absl::IsNotFound(Lease(wang_).status()));
  EXPECT_EQ(EventTypes().back(), Event::TYPE_APPEAL_WITHDRAWN);
}

TEST_P(ReviewContract, AnAppealOutlivesTheReopeningOfItsTicket) {
  Flag("t1");
  const v1::Grade grade = GradeNext(yang_, "substance");
  ASSERT_TRUE(AppealAgainst(grade, handler_).ok());
  ticket::v1::Ticket ticket = ClosedTicket("t1", kForwardOnly);
  ticket.set_version(4);
  ticket.set_state(ticket::v1::Ticket::STATE_REOPENED);
  See(ticket);
  EXPECT_EQ(GradeNext(wang_, "").supersedes(), grade.name());
  EXPECT_EQ(EventTypes().back(), Event::TYPE_APPEAL_DECIDED);
}

TEST_P(ReviewContract, CallsAreReviewedOnRequestByTheirOwnRubric) {
  See(ClosedTicket("t1", kGoodAnswer));
  Inspect({"t1"});
  // The caller may go on with what was answered.
  EXPECT_FALSE(desk_->Create(ReviewOfCall()).value().etag().empty());
  EXPECT_TRUE(absl::IsAlreadyExists(desk_->Create(ReviewOfCall()).status()));
  const v1::LeaseReviewResponse lease = Lease(yang_).value();
  EXPECT_EQ(lease.rubric().name(), "courts/110102/rubrics/call");
  const v1::Grade grade = desk_->Submit(GradeFor(lease)).value();
  EXPECT_EQ(grade.subject(), v1::SUBJECT_CALL);
  EXPECT_EQ(grade.tier(), "A");
}

TEST_P(ReviewContract, AReviewOfACallStandsInForNoneOfItsTicket) {
  See(ClosedTicket("t1", kForwardOnly));
  ASSERT_OK(desk_->Create(ReviewOfCall()));
  Inspect({"t1"});
  const v1::LeaseReviewResponse first = Lease(yang_).value();
  const v1::LeaseReviewResponse second = Lease(wang_).value();
  EXPECT_THAT((std::vector<v1::Subject>{first.review().subject(),
                                        second.review().subject()}),
              UnorderedElementsAre(v1::SUBJECT_CALL, v1::SUBJECT_TICKET));
}

TEST_P(ReviewContract, AReviewOfACallOutlivesTheReopeningOfItsTicket) {
  See(ClosedTicket("t1", kGoodAnswer));
  Inspect({"t1"});
  ASSERT_OK(desk_->Create(ReviewOfCall()));
  ticket::v1::Ticket ticket = ClosedTicket("t1", kGoodAnswer);
  ticket.set_version(4);
  ticket.set_state(ticket::v1::Ticket::STATE_REOPENED);
  See(ticket);
  EXPECT_EQ(GradeNext(yang_, "").subject(), v1::SUBJECT_CALL);
}

TEST_P(ReviewContract, RubricsAreVersionedAndGuarded) {
  const auto publish = [&](v1::Rubric rubric) {
    absl::StatusOr<v1::Rubric> next = absl::UnknownError("not run");
    const absl::Status status = db_->Write(kCourt, [&](sql::Session& session) {
      next = RubricStore::Publish(session, kCourt, rubric, clock_.Now());
      return next.status();
    });
    return status.ok() ? next : absl::StatusOr<v1::Rubric>(status);
  };
  v1::Rubric rubric;
  ASSERT_TRUE(db_->Read([&](sql::Session& session) -> absl::Status {
                   ASSIGN_OR_RETURN(rubric,
                                    RubricStore::Current(session, kCourt,
                                                         v1::SUBJECT_TICKET));
                   return absl::OkStatus();
                 })
                  .ok());
  EXPECT_EQ(rubric.version(), 1);
  const v1::Rubric old = rubric;
  rubric.mutable_criteria(0)->set_weight(40);
  const absl::StatusOr<v1::Rubric> second = publish(rubric);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->version(), 2);
  EXPECT_TRUE(absl::IsAborted(publish(old).status()));
  v1::Rubric wrong = *second;
  wrong.mutable_tiers(1)->set_min_score(99);
  EXPECT_TRUE(absl::IsInvalidArgument(publish(wrong).status()));
  ASSERT_TRUE(db_->Read([&](sql::Session& session) -> absl::Status {
                   ASSIGN_OR_RETURN(
                       const v1::Rubric first,
                       RubricStore::Find(session, kCourt, "ticket", 1));
                   EXPECT_EQ(first.criteria(0).weight(), 20);
                   return absl::OkStatus();
                 })
                  .ok());
  See(ClosedTicket("t1", kForwardOnly));
  Inspect({"t1"});
  EXPECT_EQ(Get("t1").rubric_version(), 2);
}

INSTANTIATE_TEST_SUITE_P(
    Engines, ReviewContract, ::testing::ValuesIn(testing::SqlEngines()),
    testing::EngineName<::testing::TestParamInfo<std::string>>);

}  // namespace
}  // namespace huifang::grading

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "services/callback/callback_handler.h"
#include "services/callback/conveyance_handler.h"
#include "services/callback/recall_rules.h"
#include "services/callback/recalls.h"
#include "tests/contract/callback/callback_service_fixture.h"
#include "tests/support/matchers.h"

namespace huifang::callback {
namespace {

using testing::StatusIs;
using Stub = v1::CallService::Stub;

// Interviews that another officer makes again.
class RecallContract : public CallbackServiceTest {
 protected:
  RecallContract() {
    const auto channel = host_.Start({&call_handler_, &conveyance_handler_});
    calls_stub_ = v1::CallService::NewStub(channel);
    conveyances_stub_ = v1::ConveyanceService::NewStub(channel);
  }
  ~RecallContract() override { host_.Stop(); }

  v1::Draw DrawWithShare(double share, int size) {
    v1::SamplingPlan plan = SeededBy(v1::SamplingPlan::SEED_SOURCE_GIVEN);
    plan.set_recall_share(share);
    plan.set_reopen_unsolved(true);
    v1::CreateDrawRequest request = Week30(size);
    request.set_plan(AddPlan("again", plan));
    request.set_public_seed("42");
    const v1::Draw draw = Create(request);
    EXPECT_TRUE(WorkOn(draw).ok());
    return Reload(draw);
  }
  // The interview of the only drawn ticket.
  v1::Callback FirstInterview() {
    AddTickets(5);
    DrawWithShare(1, 1);
    v1::CompleteCallbackRequest request = AllGood(*LeaseFor(Officer()));
    request.set_note("首次记录");
    request.set_opinion("首次意见");
    request.set_convey_text("请尽快送达判决书");
    return desk_.Complete(Officer(), request).value();
  }

  template <typename Owner, typename Request, typename Response>
  grpc::Status CallAs(rpc::Call caller, Owner& stub,
                      grpc::Status (Owner::*method)(grpc::ClientContext*,
                                                    const Request&, Response*),
                      const Request& request, Response* response) {
    host_.admission().SetCaller(std::move(caller));
    grpc::ClientContext context;
    return (stub.*method)(&context, request, response);
  }
  v1::ListRecallsResponse Recalls(bool differing = false) {
    v1::ListRecallsRequest request;
    request.set_parent(kParent);
    request.set_differing(differing);
    v1::ListRecallsResponse page;
    EXPECT_TRUE(CallAs(host_.CallAs("head", kCourt), *calls_stub_,
                       &Stub::ListRecalls, request, &page)
                    .ok());
    return page;
  }
  v1::ListCallbacksResponse List(const rpc::Call& caller,
                                 const v1::CallbackFilter& filter = {}) {
    v1::ListCallbacksRequest request;
    request.set_parent(kParent);
    *request.mutable_filter() = filter;
    v1::ListCallbacksResponse page;
    EXPECT_TRUE(
        CallAs(caller, *calls_stub_, &Stub::ListCallbacks, request, &page)
            .ok());
    return page;
  }

  CallbackHandler call_handler_{host_.runtime(), *db_,     callbacks_, plans_,
                                contacts_,       tickets_, desk_,      events_};
  ConveyanceHandler conveyance_handler_{host_.runtime(), *db_, conveyances_};
  std::unique_ptr<v1::CallService::Stub> calls_stub_;
  std::unique_ptr<v1::ConveyanceService::Stub> conveyances_stub_;
};

TEST_P(RecallContract, ShareIsTheOneThatTheSeedChose) {
  AddTickets(30);
  const v1::Draw draw = DrawWithShare(0.5, 20);
  int chosen = 0;
  for (int i = 0; i < 20; ++i) {
    const auto lease = LeaseFor(Officer());
    ASSERT_TRUE(lease.ok()) << lease.status();
    const v1::Callback done = *desk_.Complete(Officer(), AllGood(*lease));
    const bool wanted = IsRecalled(draw.seed(), IdOf(done.ticket()), 0.5);
    EXPECT_EQ(!done.recall().empty(), wanted) << done.ticket();
    chosen += wanted ? 1 : 0;
  }
  EXPECT_GT(chosen, 0);
  EXPECT_LT(chosen, 20);
  EXPECT_EQ(Recalls().recalls_size(), chosen);
  EXPECT_EQ(CountEvents(v1::CallbackEvent::TYPE_RECALL_CHANGED), chosen);
}

TEST_P(RecallContract, NothingIsMadeAgainUnlessThePlanSaysSo) {
  AddTickets(5);
  DrawOf(3);
  for (int i = 0; i < 3; ++i) {
    const auto done = desk_.Complete(Officer(), AllGood(*LeaseFor(Officer())));
    EXPECT_TRUE(done->recall().empty());
  }
  EXPECT_EQ(Recalls().recalls_size(), 0);
  EXPECT_EQ(call_queue_.Stats()->tasks, 0);
}

TEST_P(RecallContract, BrokenOffAndUnreachedAreNotMadeAgain) {
  AddTickets(5);
  DrawWithShare(1, 2);
  v1::CompleteCallbackRequest broken = AllGood(*LeaseFor(Officer()));
  broken.set_broken_off(true);
  ASSERT_TRUE(desk_.Complete(Officer(), broken).ok());
  v1::RecordAttemptRequest gone = Miss(*LeaseFor(Officer()));
  gone.set_outcome(v1::OUTCOME_WRONG_NUMBER);
  ASSERT_TRUE(desk_.Record(Officer(), gone).ok());
  EXPECT_EQ(Recalls().recalls_size(), 0);
}

TEST_P(RecallContract, SecondCallGoesToAnotherOfficerTheNextDay) {
  const v1::Callback first = FirstInterview();
  ASSERT_FALSE(first.recall().empty());
  EXPECT_THAT(LeaseFor(Officer("zhao")), StatusIs(absl::StatusCode::kNotFound));
  Advance(kRecallDelay);
  EXPECT_THAT(LeaseFor(Officer()), StatusIs(absl::StatusCode::kNotFound));
  // Nor under another token of the same person.
  rpc::Call same = Officer();
  same.principal = "admin-yang";
  EXPECT_THAT(LeaseFor(same), StatusIs(absl::StatusCode::kNotFound));
  v1::LeaseCallbackRequest named;
  named.set_parent(kParent);
  named.set_callback(first.recall());
  EXPECT_THAT(desk_.Lease(Officer(), named),
              StatusIs(absl::StatusCode::kPermissionDenied));
  // The rules of the first call hold for the second.
  EXPECT_THAT(LeaseFor(Officer("judge-1")),
              StatusIs(absl::StatusCode::kNotFound));
  const auto second = LeaseFor(Officer("zhao"));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->callback().recall_of(), first.name());
  EXPECT_EQ(second->callback().ticket(), first.ticket());
}

TEST_P(RecallContract, SecondOfficerSeesNothingOfTheFirstInterview) {
  const v1::Callback first = FirstInterview();
  Advance(kRecallDelay);
  const auto lease = LeaseFor(Officer("zhao"));
  ASSERT_TRUE(lease.ok()) << lease.status();
  const v1::Callback& again = lease->callback();
  EXPECT_FALSE(again.has_items());
  EXPECT_EQ(again.verdict(), v1::VERDICT_UNSPECIFIED);
  EXPECT_EQ(again.attempts_size(), 0);
  EXPECT_TRUE(again.opinion().empty());
  EXPECT_TRUE(again.conveyance().empty());

  v1::GetCallbackRequest get;
  get.set_name(first.name());
  v1::Callback seen;
  ASSERT_TRUE(
      CallAs(Officer("zhao"), *calls_stub_, &Stub::GetCallback, get, &seen)
          .ok());
  EXPECT_FALSE(seen.has_items());
  EXPECT_EQ(seen.verdict(), v1::VERDICT_UNSPECIFIED);
  EXPECT_TRUE(seen.opinion().empty());
  EXPECT_TRUE(seen.attempts(0).note().empty());
  EXPECT_FALSE(List(Officer("zhao")).callbacks(0).has_items());
  v1::CallbackFilter satisfied;
  satisfied.add_verdicts(v1::VERDICT_SATISFIED);
  EXPECT_EQ(List(Officer("zhao"), satisfied).callbacks_size(), 0);

  v1::GetConveyanceRequest words;
  words.set_name(first.conveyance());
  v1::Conveyance conveyance;
  ASSERT_TRUE(CallAs(Officer("zhao"), *conveyances_stub_,
                     &v1::ConveyanceService::Stub::GetConveyance, words,
                     &conveyance)
                  .ok());
  EXPECT_TRUE(conveyance.text().empty());
}

TEST_P(RecallContract, WhoInterviewedAndWhoLeadsSeeTheAnswers) {
  const v1::Callback first = FirstInterview();
  v1::GetCallbackRequest get;
  get.set_name(first.name());
  for (const rpc::Call& caller : {Officer(), host_.CallAs("head", kCourt)}) {
    v1::Callback seen;
    ASSERT_TRUE(
        CallAs(caller, *calls_stub_, &Stub::GetCallback, get, &seen).ok());
    EXPECT_EQ(seen.verdict(), v1::VERDICT_SATISFIED);
    EXPECT_EQ(seen.opinion(), "首次意见");
  }
}

TEST_P(RecallContract, DifferentAnswersAreListedAndCounted) {
  const v1::Callback first = FirstInterview();
  Advance(kRecallDelay);
  v1::CompleteCallbackRequest other = AllGood(*LeaseFor(Officer("zhao")));
  other.mutable_items()->set_solved(v1::ANSWER_NO);
  const auto second = desk_.Complete(Officer("zhao"), other);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->verdict(), v1::VERDICT_UNSATISFIED);
  // Neither made a third time, nor handed back by itself.
  EXPECT_TRUE(second->recall().empty());
  EXPECT_TRUE(second->conveyance().empty());

  const v1::ListRecallsResponse page = Recalls(/*differing=*/true);
  ASSERT_EQ(page.recalls_size(), 1);
  const v1::Recall& recall = page.recalls(0);
  EXPECT_EQ(recall.first(), first.name());
  EXPECT_EQ(recall.first_officer(), "officer-yang");
  EXPECT_EQ(recall.second_officer(), "officer-zhao");
  ASSERT_EQ(recall.items_size(), 6);  // the verdict and five questions
  EXPECT_EQ(recall.items(0).question(), "verdict");
  EXPECT_TRUE(recall.items(0).differs());
  EXPECT_EQ(recall.items(5).question(), "solved");
  EXPECT_EQ(recall.items(5).first(), "YES");
  EXPECT_EQ(recall.items(5).second(), "NO");
  EXPECT_FALSE(recall.items(1).differs());

  v1::GetRecallAgreementRequest ask;
  ask.set_parent(kParent);
  v1::RecallAgreement agreement;
  ASSERT_TRUE(CallAs(host_.CallAs("head", kCourt), *calls_stub_,
                     &Stub::GetRecallAgreement, ask, &agreement)
                  .ok());
  EXPECT_EQ(agreement.chosen(), 1);
  EXPECT_EQ(agreement.completed(), 1);
  EXPECT_EQ(agreement.differing(), 1);
  EXPECT_EQ(agreement.questions(0).observed(), 0);
  EXPECT_EQ(agreement.questions(1).observed(), 1);
  *ask.mutable_first_from() = ToProto(clock().Now());
  ASSERT_TRUE(CallAs(host_.CallAs("head", kCourt), *calls_stub_,
                     &Stub::GetRecallAgreement, ask, &agreement)
                  .ok());
  EXPECT_EQ(agreement.chosen(), 0);
}

TEST_P(RecallContract, EqualAnswersAreNoFinding) {
  FirstInterview();
  Advance(kRecallDelay);
  ASSERT_TRUE(
      desk_.Complete(Officer("zhao"), AllGood(*LeaseFor(Officer("zhao"))))
          .ok());
  EXPECT_EQ(Recalls(/*differing=*/true).recalls_size(), 0);
  EXPECT_FALSE(Recalls().recalls(0).differs());
}

TEST_P(RecallContract, SecondCallIsInNoListingAndNoFigure) {
  const v1::Callback first = FirstInterview();
  Advance(kRecallDelay);
  ASSERT_TRUE(
      desk_.Complete(Officer("zhao"), AllGood(*LeaseFor(Officer("zhao"))))
          .ok());
  const rpc::Call head = host_.CallAs("head", kCourt);
  ASSERT_EQ(List(head).callbacks_size(), 1);
  EXPECT_EQ(List(head).callbacks(0).name(), first.name());
  v1::CallbackFilter recalls;
  recalls.set_recalls(true);
  ASSERT_EQ(List(head, recalls).callbacks_size(), 1);
  EXPECT_EQ(List(head, recalls).callbacks(0).name(), first.recall());

  const absl::Time before = clock().Now() - absl::Hours(24 * 7);
  EXPECT_EQ(callbacks_.Calls(kCourt, before)->calls, 1);
  EXPECT_EQ(callbacks_.History(kCourt, before)->at("min-1").judged, 1);
  const std::vector<v1::CallbackEvent> events = Events();
  for (const v1::CallbackEvent& event : events) {
    EXPECT_TRUE(event.callback().recall_of().empty());
    EXPECT_EQ(event.has_recall(),
              event.type() == v1::CallbackEvent::TYPE_RECALL_CHANGED);
  }
  EXPECT_EQ(CountEvents(v1::CallbackEvent::TYPE_COMPLETED), 1);
}

TEST_P(RecallContract, OfficersDoNotSeeTheComparison) {
  FirstInterview();
  v1::ListRecallsRequest request;
  request.set_parent(kParent);
  v1::ListRecallsResponse page;
  EXPECT_EQ(
      CallAs(Officer("zhao"), *calls_stub_, &Stub::ListRecalls, request, &page)
          .error_code(),
      grpc::StatusCode::PERMISSION_DENIED);
}

TEST_P(RecallContract, AbortedDrawTakesItsSecondCallsOut) {
  const v1::Callback first = FirstInterview();
  Abort(draws_.Get(kCourt, IdOf(first.draw()))->draw);
  EXPECT_EQ(callbacks_.Get(kCourt, IdOf(first.recall()))->callback.state(),
            v1::Callback::STATE_WITHDRAWN);
}

TEST_P(RecallContract, FlushedQueueLosesNoSecondCall) {
  const v1::Callback first = FirstInterview();
  const std::string task = CallTaskId(kCourt, IdOf(first.recall()));
  ASSERT_TRUE(call_queue_.Cancel(task).ok());
  ASSERT_EQ(call_queue_.Stats()->tasks, 0);
  ASSERT_TRUE(reconciliation_.Run().ok());
  EXPECT_EQ(call_queue_.Stats()->tasks, 1);
}

TEST_P(RecallContract, NotMadeInTimeItExpires) {
  const v1::Callback first = FirstInterview();
  Advance(absl::Hours(24 * 14) - absl::Minutes(1));
  ASSERT_TRUE(reconciliation_.Run().ok());
  EXPECT_EQ(callbacks_.Get(kCourt, IdOf(first.recall()))->callback.state(),
            v1::Callback::STATE_WAITING);
  Advance(absl::Minutes(1));
  // Nobody gets it, swept already or not.
  EXPECT_THAT(LeaseFor(Officer("zhao")), StatusIs(absl::StatusCode::kNotFound));
  ASSERT_TRUE(reconciliation_.Run().ok());
  ASSERT_TRUE(reconciliation_.Run().ok());
  const v1::Callback expired =
      callbacks_.Get(kCourt, IdOf(first.recall()))->callback;
  EXPECT_EQ(expired.state(), v1::Callback::STATE_EXPIRED);
  EXPECT_EQ(FromProto(expired.complete_time()), clock().Now());
  EXPECT_EQ(call_queue_.Stats()->tasks, 0);
  int told = 0;
  for (const v1::CallbackEvent& event : Events()) {
    told += event.recall().state() == v1::Callback::STATE_EXPIRED ? 1 : 0;
  }
  EXPECT_EQ(told, 1);

  v1::GetRecallAgreementRequest ask;
  ask.set_parent(kParent);
  v1::RecallAgreement agreement;
  ASSERT_TRUE(CallAs(host_.CallAs("head", kCourt), *calls_stub_,
                     &Stub::GetRecallAgreement, ask, &agreement)
                  .ok());
  EXPECT_EQ(agreement.chosen(), 1);
  EXPECT_EQ(agreement.expired(), 1);
  EXPECT_EQ(agreement.completed(), 0);
  EXPECT_EQ(agreement.unreached(), 0);
}

// A release before this one writes no time of expiry.
TEST_P(RecallContract, RecallOfAnOlderReplicaIsFoundOnceAndKeepsItsTime) {
  const v1::Callback first = FirstInterview();
  ASSERT_TRUE(db_->Write(kCourt,
                         [&](sql::Session& session) {
                           return session
                               .Run(
                                   "UPDATE callbacks SET expire_time = 0 WHERE "
                                   "court = :court",
                                   {{"court", kCourt}})
                               .status();
                         })
                  .ok());
  ASSERT_EQ(callbacks_.ExpiredRecalls(clock().Now(), 10)->size(), 1u);
  ASSERT_TRUE(reconciliation_.Run().ok());
  EXPECT_EQ(callbacks_.ExpiredRecalls(clock().Now(), 10)->size(), 0u);
  EXPECT_EQ(call_queue_.Stats()->tasks, 1);
  Advance(absl::Hours(24 * 14));
  ASSERT_TRUE(reconciliation_.Run().ok());
  EXPECT_EQ(callbacks_.Get(kCourt, IdOf(first.recall()))->callback.state(),
            v1::Callback::STATE_EXPIRED);
}

TEST_P(RecallContract, HeldOrAppointedItDoesNotExpire) {
  const v1::Callback first = FirstInterview();
  const std::string id = IdOf(first.recall());
  // Tuesday 10:00 two weeks later, a minute short of it.
  Advance(absl::Hours(24 * 14) - absl::Minutes(1));
  const auto lease = LeaseFor(Officer("zhao"));
  ASSERT_TRUE(lease.ok()) << lease.status();
  Advance(absl::Minutes(10));
  ASSERT_TRUE(reconciliation_.Run().ok());
  EXPECT_EQ(callbacks_.Get(kCourt, id)->callback.state(),
            v1::Callback::STATE_LEASED);
  v1::RecordAttemptRequest later = Miss(*lease);
  later.set_outcome(v1::OUTCOME_APPOINTMENT);
  *later.mutable_appointment_time() = ToProto(clock().Now() + absl::Hours(48));
  ASSERT_TRUE(desk_.Record(Officer("zhao"), later).ok());
  Advance(absl::Hours(48));
  ASSERT_TRUE(reconciliation_.Run().ok());
  EXPECT_TRUE(LeaseFor(Officer("zhao")).ok());
  // Held too long, nobody else took it over.
  Advance(absl::Hours(25));
  ASSERT_TRUE(reconciliation_.Run().ok());
  EXPECT_EQ(callbacks_.Get(kCourt, id)->callback.state(),
            v1::Callback::STATE_EXPIRED);
}

TEST_P(RecallContract, ThousandRecallsOfAnOfficersOwnHideNoFirstCall) {
  AddTickets(5);
  const v1::Draw draw = DrawWithShare(1, 2);
  const v1::Callback first =
      *desk_.Complete(Officer(), AllGood(*LeaseFor(Officer())));
  ASSERT_TRUE(db_->Write(kCourt,
                         [&](sql::Session& session) -> absl::Status {
                           for (int i = 0; i < 1000; ++i) {
                             StoredCallback again;
                             again.callback = RecallOf(
                                 first, absl::Hours(24 * 14),
                                 clock().Now() - kRecallDelay - absl::Hours(1));
                             again.callback.set_name(
                                 absl::StrCat(kParent, "/callbacks/again-", i));
                             if (absl::StatusOr<bool> put =
                                     CallbackStore::Insert(session, again);
                                 !put.ok()) {
                               return put.status();
                             }
                           }
                           return absl::OkStatus();
                         })
                  .ok());
  const auto lease = LeaseFor(Officer());
  ASSERT_TRUE(lease.ok()) << lease.status();
  EXPECT_TRUE(lease->callback().recall_of().empty());
  EXPECT_EQ(lease->callback().draw(), draw.name());
}

TEST_P(RecallContract, SecondCallMakesNoRecentCaller) {
  const v1::Callback first = FirstInterview();
  Advance(kRecallDelay);
  const auto lease = LeaseFor(Officer("zhao"));
  ASSERT_TRUE(desk_.Complete(Officer("zhao"), AllGood(*lease)).ok());
  // Made later than the first call, so that only the first one's time counts.
  ASSERT_TRUE(
      db_->Write(kCourt,
                 [&](sql::Session& session) {
                   return session
                       .Run(
                           "UPDATE callbacks SET create_time = :time WHERE "
                           "recall_of > ''",
                           {{"time", clock().Now()}})
                       .status();
                 })
          .ok());
  const absl::Time drawn = FromProto(first.create_time());
  EXPECT_TRUE(
      callbacks_.RecentCallers(kCourt, drawn)->contains(first.caller_key()));
  EXPECT_FALSE(callbacks_.RecentCallers(kCourt, drawn + absl::Microseconds(1))
                   ->contains(first.caller_key()));
}

INSTANTIATE_TEST_SUITE_P(
    Engines, RecallContract, ::testing::ValuesIn(testing::SqlEngines()),
    testing::EngineName<::testing::TestParamInfo<std::string>>);

}  // namespace
}  // namespace huifang::callback

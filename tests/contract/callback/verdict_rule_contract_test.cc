#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "services/callback/plan_handler.h"
#include "services/callback/plan_store.h"
#include "services/callback/recall_rules.h"
#include "services/callback/recall_store.h"
#include "tests/contract/callback/callback_service_fixture.h"
#include "tests/support/matchers.h"

namespace huifang::callback {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
using Stub = v1::SamplingPlanService::Stub;

// Stops a worker as soon as it looks at the clock: in its first batch.
class StoppingClock final : public Clock {
 public:
  explicit StoppingClock(Clock& clock) : clock_(clock) {}
  absl::Time Now() override {
    if (worker != nullptr) worker->Stop();
    return clock_.Now();
  }
  JudgeWorker* worker = nullptr;

 private:
  Clock& clock_;
};

// A plan's rule changes after callers were interviewed.
class VerdictRuleContract : public CallbackServiceTest {
 protected:
  VerdictRuleContract() {
    stub_ = v1::SamplingPlanService::NewStub(host_.Start({&plan_handler_}));
  }
  ~VerdictRuleContract() override { host_.Stop(); }

  // The interviews of `count` callers who found the attitude so-so.
  std::vector<v1::Callback> Interviews(int count, double recall_share = 0) {
    AddTickets(count + 2);
    v1::SamplingPlan plan;
    plan.set_recall_share(recall_share);
    v1::CreateDrawRequest request = Week30(count);
    request.set_plan(AddPlan("weekly", plan));
    const v1::Draw draw = Create(request);
    EXPECT_TRUE(WorkOn(draw).ok());
    for (int i = 0; i < count; ++i) Interview(Officer());
    return Callbacks(draw);
  }
  v1::Callback Interview(const rpc::Call& officer) {
    v1::CompleteCallbackRequest request = AllGood(*LeaseFor(officer));
    request.mutable_items()->set_attitude(v1::ANSWER_PARTLY);
    return desk_.Complete(officer, request).value();
  }
  // Anew for each call: its deadline is by the clock.
  void ActAsHead() {
    host_.admission().SetCaller(host_.CallAs("head", kCourt));
  }
  // Changes the plan's rule.
  grpc::Status Change(const v1::VerdictRule& rule) {
    ActAsHead();
    v1::UpdateSamplingPlanRequest update;
    update.mutable_plan()->set_name(absl::StrCat(kParent, "/plans/weekly"));
    *update.mutable_plan()->mutable_verdict_rule() = rule;
    update.mutable_update_mask()->add_paths("verdict_rule");
    v1::SamplingPlan plan;
    grpc::ClientContext context;
    return stub_->UpdateSamplingPlan(&context, update, &plan);
  }
  // By it, so-so is good.
  static v1::VerdictRule SoSoIsGood(const char* version = "court/2") {
    v1::VerdictRule rule;
    rule.set_version(version);
    rule.set_partly_is_good(true);
    return rule;
  }
  std::vector<v1::VerdictRuleVersion> Versions() {
    ActAsHead();
    v1::ListVerdictRulesRequest request;
    request.set_parent(kParent);
    v1::ListVerdictRulesResponse page;
    grpc::ClientContext context;
    EXPECT_TRUE(stub_->ListVerdictRules(&context, request, &page).ok());
    return {page.verdict_rules().begin(), page.verdict_rules().end()};
  }
  // Does what the judging thread would; how many tasks there were.
  int WorkOff(JudgeWorker& worker) {
    const TakeResult due = judge_queue_.Take(10, absl::Minutes(1)).value();
    for (const Lease& lease : due.leases) {
      const absl::Status done = worker.Work(lease);
      EXPECT_TRUE(done.ok() ? judge_queue_.Complete(lease).ok()
                            : judge_queue_.HandBack(lease, {}).ok());
    }
    return static_cast<int>(due.leases.size());
  }
  v1::Callback Reload(const std::string& name) {
    return callbacks_.Get(kCourt, IdOf(name)).value().callback;
  }

  PlanHandler plan_handler_{host_.runtime(), *db_, plans_, planner_,
                            judge_queue_};
  std::unique_ptr<Stub> stub_;
};

TEST_P(VerdictRuleContract, ChangedRuleJudgesOldInterviewsBesideTheOldVerdict) {
  const std::vector<v1::Callback> before = Interviews(3);
  Advance(absl::Hours(24));
  ASSERT_TRUE(Change(SoSoIsGood()).ok());
  EXPECT_EQ(WorkOff(judge_worker_), 1);
  for (const v1::Callback& old : before) {
    ASSERT_EQ(old.verdict(), v1::VERDICT_UNSATISFIED);
    const v1::Callback now = Reload(old.name());
    EXPECT_EQ(now.verdict(), v1::VERDICT_SATISFIED);
    EXPECT_EQ(now.verdict_rule_version(), "court/2");
    ASSERT_EQ(now.judgements_size(), 2);
    EXPECT_EQ(now.judgements(0).verdict(), v1::VERDICT_UNSATISFIED);
    EXPECT_EQ(now.judgements(0).verdict_rule_version(), "items/1");
    EXPECT_EQ(FromProto(now.judgements(0).judge_time()),
              FromProto(old.complete_time()));
    EXPECT_EQ(now.judgements(1).verdict(), v1::VERDICT_SATISFIED);
    EXPECT_EQ(FromProto(now.judgements(1).judge_time()), clock().Now());
    EXPECT_EQ(now.items().attitude(), v1::ANSWER_PARTLY);
    EXPECT_EQ(FromProto(now.complete_time()), FromProto(old.complete_time()));
  }
  const std::vector<v1::VerdictRuleVersion> versions = Versions();
  ASSERT_EQ(versions.size(), 2u);
  EXPECT_EQ(versions[0].name(), "courts/110102/verdictRules/weekly.1");
  EXPECT_EQ(versions[0].rule().version(), "items/1");
  EXPECT_EQ(versions[1].state(), v1::VerdictRuleVersion::STATE_DONE);
  EXPECT_EQ(versions[1].judged_count(), 3);
  EXPECT_EQ(versions[1].changed_count(), 3);
  EXPECT_EQ(versions[1].creator(), "head-tester");
}

TEST_P(VerdictRuleContract, NewestJudgementCountsInFigures) {
  Interviews(3);
  const absl::Time since = clock().Now() - absl::Hours(1);
  EXPECT_EQ(callbacks_.History(kCourt, since)->at("min-1").unsatisfied, 3);
  ASSERT_TRUE(Change(SoSoIsGood()).ok());
  WorkOff(judge_worker_);
  EXPECT_EQ(callbacks_.History(kCourt, since)->at("min-1").unsatisfied, 0);
  EXPECT_EQ(callbacks_.History(kCourt, since)->at("min-1").judged, 3);
  v1::CallbackFilter satisfied;
  satisfied.add_verdicts(v1::VERDICT_SATISFIED);
  EXPECT_EQ(callbacks_.List(kCourt, satisfied, std::nullopt, 10)->rows.size(),
            3u);
}

TEST_P(VerdictRuleContract, EachInterviewJudgedAgainIsToldOfOnce) {
  Interviews(3);
  ASSERT_TRUE(Change(SoSoIsGood()).ok());
  WorkOff(judge_worker_);
  EXPECT_EQ(CountEvents(v1::CallbackEvent::TYPE_JUDGED_AGAIN), 3);
  EXPECT_EQ(CountEvents(v1::CallbackEvent::TYPE_COMPLETED), 3);
  for (const v1::CallbackEvent& event : Events()) {
    if (event.type() != v1::CallbackEvent::TYPE_JUDGED_AGAIN) continue;
    EXPECT_EQ(event.callback().verdict(), v1::VERDICT_SATISFIED);
    EXPECT_EQ(event.callback().judgements_size(), 2);
  }
}

TEST_P(VerdictRuleContract, StoppedHalfwayItGoesOnAndJudgesNoneTwice) {
  const std::vector<v1::Callback> before = Interviews(5);
  ASSERT_TRUE(Change(SoSoIsGood()).ok());
  StoppingClock clock(host_.clock());
  JudgeWorker killed(*db_, draws_, clock, /*batch=*/2);
  clock.worker = &killed;
  EXPECT_EQ(WorkOff(killed), 1);
  EXPECT_EQ(Versions()[1].judged_count(), 2);
  EXPECT_EQ(Versions()[1].state(), v1::VerdictRuleVersion::STATE_JUDGING);

  JudgeWorker next(*db_, draws_, host_.clock(), /*batch=*/2);
  EXPECT_EQ(WorkOff(next), 1);
  Lease again;
  again.task_id = Versions()[1].name();
  EXPECT_TRUE(next.Work(again).ok());
  EXPECT_EQ(Versions()[1].judged_count(), 5);
  EXPECT_EQ(Versions()[1].state(), v1::VerdictRuleVersion::STATE_DONE);
  for (const v1::Callback& old : before) {
    EXPECT_EQ(Reload(old.name()).judgements_size(), 2);
  }
  EXPECT_EQ(CountEvents(v1::CallbackEvent::TYPE_JUDGED_AGAIN), 5);
}

TEST_P(VerdictRuleContract, FlushedQueueForgetsNoChange) {
  Interviews(1);
  ASSERT_TRUE(Change(SoSoIsGood()).ok());
  ASSERT_TRUE(judge_queue_.Cancel(Versions()[1].name()).ok());
  ASSERT_EQ(judge_queue_.Stats()->tasks, 0);
  ASSERT_TRUE(reconciliation_.Run().ok());
  EXPECT_EQ(WorkOff(judge_worker_), 1);
  EXPECT_EQ(Versions()[1].judged_count(), 1);
  ASSERT_TRUE(reconciliation_.Run().ok());
  EXPECT_EQ(judge_queue_.Stats()->tasks, 0);
}

TEST_P(VerdictRuleContract, CallsOfOldDrawsAreJudgedByTheChangedRule) {
  AddTickets(5);
  v1::CreateDrawRequest request = Week30(1);
  request.set_plan(AddPlan("weekly", {}));
  ASSERT_TRUE(WorkOn(Create(request)).ok());
  ASSERT_TRUE(Change(SoSoIsGood()).ok());
  const v1::Callback done = Interview(Officer());
  EXPECT_EQ(done.verdict(), v1::VERDICT_SATISFIED);
  ASSERT_EQ(done.judgements_size(), 1);
  EXPECT_EQ(done.judgements(0).number(), 2);
  WorkOff(judge_worker_);
  EXPECT_EQ(Reload(done.name()).judgements_size(), 1);
}

TEST_P(VerdictRuleContract, NextChangeEndsTheOneBefore) {
  const std::vector<v1::Callback> before = Interviews(2);
  ASSERT_TRUE(Change(SoSoIsGood()).ok());
  v1::VerdictRule strict;
  strict.set_version("court/3");
  strict.add_deciding_items(v1::Script::ITEM_SOLVED);
  ASSERT_TRUE(Change(strict).ok());
  EXPECT_EQ(WorkOff(judge_worker_), 2);
  EXPECT_EQ(Versions()[1].state(), v1::VerdictRuleVersion::STATE_SUPERSEDED);
  EXPECT_EQ(Versions()[1].judged_count(), 0);
  EXPECT_EQ(Versions()[2].judged_count(), 2);
  for (const v1::Callback& old : before) {
    const v1::Callback now = Reload(old.name());
    EXPECT_EQ(now.verdict(), v1::VERDICT_SATISFIED);
    EXPECT_EQ(now.verdict_rule_version(), "court/3");
    EXPECT_EQ(now.judgements_size(), 2);
  }
}

// A release before this one stores a plan's rule without a version.
TEST_P(VerdictRuleContract,
       RuleChangedByAnOlderReplicaIsNoticedAtTheNextUpdate) {
  Interviews(1);
  ASSERT_TRUE(Change(SoSoIsGood()).ok());
  WorkOff(judge_worker_);
  ASSERT_TRUE(db_->Write(kCourt,
                         [&](sql::Session& session) -> absl::Status {
                           ASSIGN_OR_RETURN(
                               v1::SamplingPlan plan,
                               PlanStore::Load(session, kCourt, "weekly"));
                           *plan.mutable_verdict_rule() = {};
                           return PlanStore::Save(session, plan);
                         })
                  .ok());
  ASSERT_TRUE(Change({}).ok());
  ASSERT_EQ(Versions().size(), 3u);
  EXPECT_EQ(Versions()[2].rule().version(), "items/1");
}

TEST_P(VerdictRuleContract, ListsRulesOfAPlanOfTheCourtOnly) {
  ActAsHead();
  v1::ListVerdictRulesRequest request;
  request.set_parent(kParent);
  request.set_plan("courts/110101/plans/weekly");
  v1::ListVerdictRulesResponse page;
  grpc::ClientContext context;
  EXPECT_EQ(stub_->ListVerdictRules(&context, request, &page).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_P(VerdictRuleContract, SameRuleIsNoChange) {
  Interviews(1);
  v1::VerdictRule same;
  same.set_version("items/1");
  ASSERT_TRUE(Change(same).ok());
  EXPECT_TRUE(Versions().empty());
  EXPECT_EQ(judge_queue_.Stats()->tasks, 0);
}

TEST_P(VerdictRuleContract, NameOfAnotherRuleAndALostScoreAreRefused) {
  Interviews(1);
  ASSERT_TRUE(Change(SoSoIsGood()).ok());
  v1::VerdictRule other = SoSoIsGood();
  other.add_deciding_items(v1::Script::ITEM_SOLVED);
  EXPECT_THAT(Change(other).error_message(), HasSubstr("verdict_rule.version"));
  v1::VerdictRule shorter = SoSoIsGood("court/3");
  auto& level = *shorter.add_score_levels();
  level.set_score(1);
  level.set_verdict(v1::VERDICT_UNSATISFIED);
  EXPECT_THAT(Change(shorter).error_message(), HasSubstr("score_levels"));
  EXPECT_EQ(Versions().size(), 2u);
}

TEST_P(VerdictRuleContract, BothInterviewsOfACallerAreJudgedByOneRule) {
  const v1::Callback first = Interviews(1, /*recall_share=*/1)[0];
  Advance(kRecallDelay);
  v1::CompleteCallbackRequest bad = AllGood(*LeaseFor(Officer("zhao")));
  ASSERT_TRUE(desk_.Complete(Officer("zhao"), bad).ok());
  ASSERT_TRUE(Change(SoSoIsGood()).ok());
  WorkOff(judge_worker_);
  const v1::Callback second = Reload(first.recall());
  EXPECT_EQ(second.verdict_rule_version(), "court/2");
  EXPECT_EQ(second.judgements_size(), 2);
  std::vector<v1::Recall> pairs;
  ASSERT_TRUE(
      db_->Read([&](sql::Session& session) -> absl::Status {
           pairs = ListRecalls(session, kCourt, {}, std::nullopt, 10).value();
           return absl::OkStatus();
         })
          .ok());
  ASSERT_EQ(pairs.size(), 1u);
  EXPECT_EQ(pairs[0].items(0).question(), "verdict");
  EXPECT_FALSE(pairs[0].items(0).differs());
  EXPECT_EQ(Versions()[1].judged_count(), 1);
}

INSTANTIATE_TEST_SUITE_P(
    Engines, VerdictRuleContract, ::testing::ValuesIn(testing::SqlEngines()),
    testing::EngineName<::testing::TestParamInfo<std::string>>);

}  // namespace
}  // namespace huifang::callback

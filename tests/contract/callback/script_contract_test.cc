#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <set>

#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "services/callback/plan_handler.h"
#include "services/callback/script_store.h"
#include "tests/contract/callback/callback_service_fixture.h"
#include "tests/support/matchers.h"

namespace huifang::callback {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
using Stub = v1::SamplingPlanService::Stub;

// What is asked, as data.
class ScriptContract : public CallbackServiceTest {
 protected:
  ScriptContract() {
    stub_ = v1::SamplingPlanService::NewStub(host_.Start({&plan_handler_}));
    host_.admission().SetCaller(host_.CallAs("head", kCourt));
  }
  ~ScriptContract() override { host_.Stop(); }

  static v1::Script::Question& Ask(v1::Script& script, const char* id,
                                   const char* text, v1::Script::Item item) {
    v1::Script::Question& question = *script.add_questions();
    question.set_question(id);
    question.set_text(text);
    question.set_item(item);
    return question;
  }
  static v1::Script::Option& Offer(v1::Script::Question& question,
                                   const char* id, const char* text,
                                   v1::Answer answer = v1::ANSWER_UNSPECIFIED) {
    v1::Script::Option& option = *question.add_options();
    option.set_option(id);
    option.set_text(text);
    option.set_answer(answer);
    return option;
  }
  // Who was not called back is asked why they think so, and not about attitude.
  static v1::Script Branching() {
    v1::Script script;
    script.set_display_name("分支问卷");
    script.set_greeting("您好,这里是法院12368热线。");
    auto& called = Ask(script, "called", "法官给您回电话了吗?",
                       v1::Script::ITEM_JUDGE_CALLED);
    Offer(called, "yes", "回了", v1::ANSWER_YES).set_next("attitude");
    Offer(called, "no", "没有", v1::ANSWER_NO);
    Ask(script, "why", "您是怎么得知结果的?", v1::Script::ITEM_UNSPECIFIED)
        .set_next("solved");
    auto& attitude =
        Ask(script, "attitude", "态度好吗?", v1::Script::ITEM_ATTITUDE);
    Offer(attitude, "good", "好", v1::ANSWER_YES);
    Offer(attitude, "bad", "不好", v1::ANSWER_NO);
    auto& solved =
        Ask(script, "solved", "问题解决了吗?", v1::Script::ITEM_SOLVED);
    Offer(solved, "yes", "解决了", v1::ANSWER_YES);
    Offer(solved, "no", "没有解决", v1::ANSWER_NO);
    auto& channel = Ask(script, "channel", "以后希望怎样联系您?",
                        v1::Script::ITEM_UNSPECIFIED);
    Offer(channel, "phone", "电话");
    Offer(channel, "message", "短信");
    channel.set_next("END");
    Offer(*script.mutable_questions(0), "late", "回得晚", v1::ANSWER_PARTLY)
        .set_next("timely");
    auto& timely =
        Ask(script, "timely", "回复及时吗?", v1::Script::ITEM_IN_TIME);
    Offer(timely, "yes", "及时", v1::ANSWER_YES);
    Offer(timely, "no", "不及时", v1::ANSWER_NO);
    auto& clear = Ask(script, "clear", "答复明确吗?", v1::Script::ITEM_CLEAR);
    Offer(clear, "yes", "明确", v1::ANSWER_YES);
    Offer(clear, "no", "不明确", v1::ANSWER_NO);
    clear.set_next("attitude");
    return script;
  }

  template <typename Request, typename Response>
  grpc::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                 const Request&, Response*),
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    return (stub_.get()->*method)(&context, request, response);
  }
  grpc::Status Store(const v1::Script& script, v1::Script* stored,
                     const std::string& id = "weekly") {
    v1::CreateScriptRequest request;
    request.set_parent(kParent);
    request.set_script_id(id);
    *request.mutable_script() = script;
    return Call(&Stub::CreateScript, request, stored);
  }
  v1::Script Stored(const v1::Script& script) {
    v1::Script stored;
    const grpc::Status status = Store(script, &stored);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return stored;
  }
  v1::Draw DrawAskedBy(const std::string& script, int size) {
    v1::SamplingPlan plan;
    plan.set_script(script);
    v1::CreateDrawRequest request = Week30(size);
    request.set_plan(AddPlan("asked", plan));
    const v1::Draw draw = Create(request);
    EXPECT_TRUE(WorkOn(draw).ok());
    return Reload(draw);
  }
  struct Reply {
    const char* question;
    const char* option;
    const char* text = "";
  };
  static v1::CompleteCallbackRequest Answered(
      const v1::LeaseCallbackResponse& lease,
      std::initializer_list<Reply> replies) {
    v1::CompleteCallbackRequest request;
    request.set_name(lease.callback().name());
    request.set_lease_token(lease.lease_token());
    for (const Reply& reply : replies) {
      v1::ScriptReply& added = *request.add_answers();
      added.set_question(reply.question);
      added.set_option(reply.option);
      added.set_text(reply.text);
    }
    return request;
  }

  PlanHandler plan_handler_{host_.runtime(), *db_, plans_, planner_,
                            judge_queue_};
  std::unique_ptr<Stub> stub_;
};

// Judged by what they were never asked, good old interviews would lose their
// verdict while bad ones keep theirs.
TEST_P(ScriptContract, ChangedRuleMustSuitTheScriptsOfOldDraws) {
  v1::Script four;
  four.set_display_name("四问");
  for (const auto item : {v1::Script::ITEM_IN_TIME, v1::Script::ITEM_ATTITUDE,
                          v1::Script::ITEM_CLEAR, v1::Script::ITEM_SOLVED}) {
    auto& question = Ask(four, absl::StrCat("q", item).c_str(), "如何?", item);
    Offer(question, "yes", "好", v1::ANSWER_YES);
    Offer(question, "no", "不好", v1::ANSWER_NO);
  }
  const v1::Script old = Stored(four);
  const v1::Script asks_more = Stored(Branching());
  v1::UpdateSamplingPlanRequest update;
  v1::SamplingPlan& plan = *update.mutable_plan();
  plan.set_name(absl::StrCat(kParent, "/plans/asked"));
  plan.set_script(asks_more.name());
  plan.mutable_verdict_rule()->set_version("court/2");
  plan.mutable_verdict_rule()->add_deciding_items(
      v1::Script::ITEM_JUDGE_CALLED);
  update.mutable_update_mask()->add_paths("script");
  update.mutable_update_mask()->add_paths("verdict_rule");
  AddTickets(3);
  DrawAskedBy(old.name(), 1);
  const grpc::Status refused = Call(&Stub::UpdateSamplingPlan, update, &plan);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(refused.error_message(), HasSubstr(old.name()));

  v1::SamplingPlan other;
  other.set_script(old.name());
  plan.set_name(AddPlan("undrawn", other));
  plan.set_script(asks_more.name());
  plan.mutable_verdict_rule()->set_version("court/2");
  EXPECT_TRUE(Call(&Stub::UpdateSamplingPlan, update, &plan).ok());
}

TEST_P(ScriptContract, EachStoredScriptIsTheNextVersionOfItsId) {
  const v1::Script first = Stored(Branching());
  EXPECT_EQ(first.name(), "courts/110102/scripts/weekly.1");
  EXPECT_EQ(first.creator(), "head-tester");
  v1::Script changed = Branching();
  changed.set_greeting("您好。");
  const v1::Script second = Stored(changed);
  EXPECT_EQ(second.name(), "courts/110102/scripts/weekly.2");
  v1::GetScriptRequest get;
  get.set_name(first.name());
  v1::Script read;
  ASSERT_TRUE(Call(&Stub::GetScript, get, &read).ok());
  EXPECT_EQ(read.greeting(), first.greeting());
  get.set_name("courts/110102/scripts/weekly.3");
  EXPECT_EQ(Call(&Stub::GetScript, get, &read).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_P(ScriptContract, PagesHoldEveryVersionOnceWithTheBuiltInFirst) {
  for (int i = 0; i < 3; ++i) Stored(Branching());
  v1::Script other;
  ASSERT_TRUE(Store(Branching(), &other, "monthly").ok());
  v1::ListScriptsRequest request;
  request.set_parent(kParent);
  request.set_page_size(1);
  std::vector<std::string> names;
  for (int page = 0; page < 10; ++page) {
    v1::ListScriptsResponse response;
    ASSERT_TRUE(Call(&Stub::ListScripts, request, &response).ok());
    EXPECT_LE(response.scripts_size(), 1);
    for (const auto& script : response.scripts()) {
      names.push_back(IdOf(script.name()));
    }
    if (response.next_page_token().empty()) break;
    request.set_page_token(response.next_page_token());
  }
  EXPECT_THAT(names, ::testing::ElementsAre("items.1", "monthly.1", "weekly.1",
                                            "weekly.2", "weekly.3"));
}

TEST_P(ScriptContract, UnsoundScriptsAreRefused) {
  v1::Script stored;
  v1::Script looping = Branching();
  looping.mutable_questions(3)->mutable_options(1)->set_next("called");
  v1::Script unasked = Branching();
  unasked.mutable_questions(0)->mutable_options(1)->set_next("attitude");
  v1::Script lost = Branching();
  lost.mutable_questions(1)->set_next("nowhere");
  v1::Script slow = Branching();
  slow.set_max_minutes(3);
  v1::Script twice = Branching();
  twice.mutable_questions(2)->set_item(v1::Script::ITEM_SOLVED);
  v1::Script silent = Branching();
  for (auto& question : *silent.mutable_questions()) {
    question.clear_item();
    for (auto& option : *question.mutable_options()) option.clear_answer();
  }
  for (const v1::Script& bad : {looping, unasked, lost, slow, twice, silent}) {
    EXPECT_EQ(Store(bad, &stored).error_code(),
              grpc::StatusCode::INVALID_ARGUMENT);
  }
  EXPECT_EQ(Store(Branching(), &stored, "items").error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  slow.set_max_minutes(6);
  EXPECT_TRUE(Store(slow, &stored).ok());
}

TEST_P(ScriptContract, PlanNamesAScriptThatIsThere) {
  v1::CreateSamplingPlanRequest create;
  create.set_parent(kParent);
  create.set_plan_id("p");
  create.mutable_plan()->set_display_name("p");
  v1::SamplingPlan plan;
  for (const char* name : {"courts/110102/scripts/weekly.1",
                           "courts/310101/scripts/weekly.1", "weekly.1"}) {
    create.mutable_plan()->set_script(name);
    EXPECT_EQ(Call(&Stub::CreateSamplingPlan, create, &plan).error_code(),
              grpc::StatusCode::INVALID_ARGUMENT)
        << name;
  }
  create.mutable_plan()->set_script(Stored(Branching()).name());
  EXPECT_TRUE(Call(&Stub::CreateSamplingPlan, create, &plan).ok());
}

TEST_P(ScriptContract, PlanHasEveryScoreThatItsScriptOffers) {
  v1::Script script;
  script.set_display_name("评分");
  auto& score = Ask(script, "score", "请您打分。", v1::Script::ITEM_SCORE);
  Offer(score, "low", "差").set_score(1);
  Offer(score, "high", "好").set_score(8);
  v1::CreateSamplingPlanRequest create;
  create.set_parent(kParent);
  create.set_plan_id("p");
  create.mutable_plan()->set_display_name("p");
  create.mutable_plan()->set_script(Stored(script).name());
  v1::SamplingPlan plan;
  const grpc::Status lacks = Call(&Stub::CreateSamplingPlan, create, &plan);
  EXPECT_EQ(lacks.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(lacks.error_message(), ::testing::HasSubstr("score 8"));
  script.mutable_questions(0)->mutable_options(1)->set_score(5);
  create.mutable_plan()->set_script(Stored(script).name());
  EXPECT_TRUE(Call(&Stub::CreateSamplingPlan, create, &plan).ok());
}

TEST_P(ScriptContract, BuiltInScriptGivesTheVerdictsOfItsItems) {
  AddTickets(20);
  DrawOf(8);
  // Each of the four that count, good and bad, by items and by answers.
  for (const char* bad : {"", "in_time", "attitude", "solved"}) {
    const auto lease = LeaseFor(Officer());
    ASSERT_TRUE(lease.ok());
    EXPECT_EQ(IdOf(lease->script().name()), "items.1");
    v1::CompleteCallbackRequest by_items = AllGood(*lease);
    v1::Items& items = *by_items.mutable_items();
    const std::string which = bad;
    if (which == "in_time") items.set_in_time(v1::ANSWER_NO);
    if (which == "attitude") items.set_attitude(v1::ANSWER_NO);
    if (which == "solved") items.set_solved(v1::ANSWER_NO);
    const auto one = desk_.Complete(Officer(), by_items);
    ASSERT_TRUE(one.ok()) << one.status();
    const auto next = LeaseFor(Officer());
    v1::CompleteCallbackRequest by_answers = Answered(*next, {});
    for (const auto& question : next->script().questions()) {
      v1::ScriptReply& reply = *by_answers.add_answers();
      reply.set_question(question.question());
      reply.set_option(question.question() == which ? "no" : "yes");
    }
    const auto other = desk_.Complete(Officer(), by_answers);
    ASSERT_TRUE(other.ok()) << other.status();
    EXPECT_EQ(one->verdict(), other->verdict()) << bad;
    EXPECT_EQ(one->items().SerializeAsString(),
              other->items().SerializeAsString());
    EXPECT_EQ(one->script(), other->script());
  }
}

TEST_P(ScriptContract, AnswersFollowTheBranchAndAreKept) {
  AddTickets(5);
  const v1::Script script = Stored(Branching());
  DrawAskedBy(script.name(), 2);
  const auto lease = LeaseFor(Officer());
  ASSERT_TRUE(lease.ok()) << lease.status();
  EXPECT_EQ(lease->script().name(), script.name());
  EXPECT_THAT(desk_.Complete(
                  Officer(),
                  Answered(*lease, {{"called", "no"}, {"attitude", "good"}})),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("why")));
  EXPECT_THAT(
      desk_.Complete(Officer(), AllGood(*lease)),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("weekly.1")));
  const auto done = desk_.Complete(
      Officer(), Answered(*lease, {{"called", "no"},
                                   {"why", "", "打我电话13912345678才知道"},
                                   {"solved", "no"},
                                   {"channel", "phone"}}));
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->script(), script.name());
  EXPECT_EQ(done->items().judge_called(), v1::ANSWER_NO);
  EXPECT_EQ(done->items().solved(), v1::ANSWER_NO);
  EXPECT_EQ(done->items().attitude(), v1::ANSWER_UNSPECIFIED);
  EXPECT_EQ(done->verdict(), v1::VERDICT_UNSATISFIED);
  ASSERT_EQ(done->answers_size(), 4);
  EXPECT_EQ(done->answers(1).text(), "打我电话139****5678才知道");
  EXPECT_EQ(done->answers(2).item(), v1::Script::ITEM_SOLVED);
}

TEST_P(ScriptContract, BrokenOffInterviewKeepsWhatWasSaid) {
  AddTickets(5);
  DrawAskedBy(Stored(Branching()).name(), 1);
  v1::CompleteCallbackRequest request =
      Answered(*LeaseFor(Officer()), {{"called", "yes"}});
  EXPECT_THAT(desk_.Complete(Officer(), request),
              StatusIs(absl::StatusCode::kInvalidArgument));
  request.set_broken_off(true);
  const auto done = desk_.Complete(Officer(), request);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->disposition(), v1::DISPOSITION_PARTIAL);
  EXPECT_EQ(done->verdict(), v1::VERDICT_UNDETERMINED);
  EXPECT_EQ(done->answers_size(), 1);
}

TEST_P(ScriptContract, DrawKeepsTheVersionThatItsPlanNamed) {
  AddTickets(5);
  const v1::Script first = Stored(Branching());
  const v1::Draw draw = DrawAskedBy(first.name(), 1);
  v1::Script changed = Branching();
  changed.set_greeting("您好。");
  const v1::Script second = Stored(changed);
  v1::UpdateSamplingPlanRequest update;
  update.mutable_plan()->set_name(draw.plan());
  update.mutable_plan()->set_script(second.name());
  v1::SamplingPlan plan;
  const grpc::Status updated = Call(&Stub::UpdateSamplingPlan, update, &plan);
  ASSERT_TRUE(updated.ok()) << updated.error_message();
  EXPECT_EQ(plan.script(), second.name());
  EXPECT_EQ(LeaseFor(Officer())->script().name(), first.name());
}

TEST_P(ScriptContract, WhoCannotSayIsMissingAndNoVerdict) {
  AddTickets(5);
  v1::Script script = Branching();
  for (v1::Script::Question& question : *script.mutable_questions()) {
    if (question.question() == "attitude") {
      Offer(question, "unsure", "说不清").set_cannot_say(true);
    }
  }
  DrawAskedBy(Stored(script).name(), 1);
  const auto done = desk_.Complete(
      Officer(), Answered(*LeaseFor(Officer()), {{"called", "late"},
                                                 {"timely", "yes"},
                                                 {"clear", "yes"},
                                                 {"attitude", "unsure"},
                                                 {"solved", "yes"},
                                                 {"channel", "phone"}}));
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->disposition(), v1::DISPOSITION_COMPLETE);
  EXPECT_EQ(done->items().attitude(), v1::ANSWER_UNSPECIFIED);
  EXPECT_EQ(done->items().solved(), v1::ANSWER_YES);
  EXPECT_EQ(done->verdict(), v1::VERDICT_UNDETERMINED);
  EXPECT_EQ(done->answers(3).option(), "unsure");
  EXPECT_TRUE(done->answers(3).cannot_say());
  EXPECT_FALSE(done->answers(2).cannot_say());
}

TEST_P(ScriptContract, CannotSayIsOneOptionBesideTwoAnswers) {
  v1::Script script = Branching();
  v1::Script::Question& called = *script.mutable_questions(0);
  v1::Script::Option& unsure = Offer(called, "unsure", "说不清");
  unsure.set_cannot_say(true);
  v1::Script stored;
  EXPECT_TRUE(Store(script, &stored).ok());
  unsure.set_answer(v1::ANSWER_NO);
  EXPECT_THAT(Store(script, &stored).error_message(), HasSubstr("answer"));
  unsure.clear_answer();
  Offer(called, "other", "记不得").set_cannot_say(true);
  EXPECT_THAT(Store(script, &stored).error_message(), HasSubstr("cannot_say"));
  script = Branching();
  v1::Script::Question& attitude = *script.mutable_questions(2);
  attitude.mutable_options(1)->clear_answer();
  attitude.mutable_options(1)->set_cannot_say(true);
  EXPECT_THAT(Store(script, &stored).error_message(), HasSubstr("options"));
}

INSTANTIATE_TEST_SUITE_P(
    Engines, ScriptContract, ::testing::ValuesIn(testing::SqlEngines()),
    testing::EngineName<::testing::TestParamInfo<std::string>>);

}  // namespace
}  // namespace huifang::callback

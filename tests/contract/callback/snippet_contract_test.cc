#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "services/callback/plan_handler.h"
#include "services/callback/recalls.h"
#include "services/callback/script_policy.h"
#include "services/callback/snippet_store.h"
#include "services/callback/validate.h"
#include "tests/contract/callback/callback_service_fixture.h"
#include "tests/support/matchers.h"

namespace huifang::callback {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
using Stub = v1::SamplingPlanService::Stub;

// What officers explain by.
class SnippetContract : public CallbackServiceTest {
 protected:
  SnippetContract() {
    stub_ = v1::SamplingPlanService::NewStub(host_.Start({&plan_handler_}));
    host_.admission().SetCaller(host_.CallAs("head", kCourt));
  }
  ~SnippetContract() override { host_.Stop(); }

  template <typename Request, typename Response>
  grpc::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                 const Request&, Response*),
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    return (stub_.get()->*method)(&context, request, response);
  }
  static v1::Snippet Text(const std::string& text,
                          const std::string& verified = "") {
    v1::Snippet snippet;
    snippet.set_display_name("怎么补充证据");
    snippet.set_text(text);
    snippet.set_verify_date(verified);
    return snippet;
  }
  grpc::Status Store(const std::string& id, const v1::Snippet& snippet,
                     v1::Snippet* stored) {
    v1::CreateSnippetRequest request;
    request.set_parent(kParent);
    request.set_snippet_id(id);
    *request.mutable_snippet() = snippet;
    return Call(&Stub::CreateSnippet, request, stored);
  }
  v1::Snippet Stored(const std::string& id, const v1::Snippet& snippet) {
    v1::Snippet stored;
    const grpc::Status status = Store(id, snippet, &stored);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return stored;
  }
  grpc::Status Verify(const std::string& name, const std::string& day,
                      v1::Snippet* verified) {
    v1::VerifySnippetRequest request;
    request.set_name(name);
    request.set_verify_date(day);
    return Call(&Stub::VerifySnippet, request, verified);
  }
  std::vector<std::string> Seen(const v1::LeaseCallbackResponse& lease) {
    std::vector<std::string> ids;
    for (const v1::Snippet& s : lease.snippets()) ids.push_back(IdOf(s.name()));
    return ids;
  }

  testing::FakeLeaseQueue judging_{20, "judge"};
  PlanHandler plan_handler_{host_.runtime(), *db_, plans_, planner_, judging_};
  std::unique_ptr<Stub> stub_;
};

TEST_P(SnippetContract, OfficerSeesTheNewestTextsForTheTicketsKind) {
  tickets_.Add([&] {
    ticket::v1::Ticket ticket = Ticket(1);
    ticket.set_kind(ticket::v1::KIND_CONSULT);
    return ticket;
  }());
  Stored("evidence", Text("寄给法官"));
  Stored("evidence", Text("网上提交"));
  v1::Snippet fees = Text("扫码交费");
  fees.add_kinds(ticket::v1::KIND_CONSULT);
  Stored("fees", fees);
  v1::Snippet appeal = Text("十五日内");
  appeal.add_kinds(ticket::v1::KIND_COMPLAINT);
  Stored("appeal", appeal);
  v1::Snippet over = Text("旧");
  over.set_retired(true);
  Stored("over", over);
  DrawOf(1);
  const auto lease = LeaseFor(Officer());
  ASSERT_TRUE(lease.ok()) << lease.status();
  EXPECT_THAT(Seen(*lease), ::testing::ElementsAre("evidence.2", "fees.1"));
  EXPECT_EQ(lease->snippets(0).text(), "网上提交");
  EXPECT_FALSE(lease->snippets(0).stale());
}

TEST_P(SnippetContract, ScriptShowsWhatItNamesWhateverTheKind) {
  AddTickets(5);
  v1::Snippet appeal = Text("十五日内");
  appeal.add_kinds(ticket::v1::KIND_COMPLAINT);
  Stored("appeal", appeal);
  v1::CreateScriptRequest request;
  request.set_parent(kParent);
  request.set_script_id("weekly");
  *request.mutable_script() = BuiltInScript(kCourt);
  request.mutable_script()->mutable_questions(4)->add_snippets("fees");
  v1::Script script;
  EXPECT_THAT(Call(&Stub::CreateScript, request, &script).error_message(),
              HasSubstr("no snippet fees"));
  request.mutable_script()->mutable_questions(4)->set_snippets(0, "appeal");
  const grpc::Status made = Call(&Stub::CreateScript, request, &script);
  ASSERT_TRUE(made.ok()) << made.error_message();
  v1::SamplingPlan plan;
  plan.set_script(script.name());
  v1::CreateDrawRequest draw = Week30(1);
  draw.set_plan(AddPlan("asked", plan));
  ASSERT_TRUE(WorkOn(Create(draw)).ok());
  const auto lease = LeaseFor(Officer());
  ASSERT_TRUE(lease.ok()) << lease.status();
  EXPECT_THAT(Seen(*lease), ::testing::ElementsAre("appeal.1"));
}

TEST_P(SnippetContract, TextIsStaleAfterTheConfiguredDaysUntilItIsVerified) {
  AddTickets(5);
  DrawOf(1);
  // 180 days before 2019-07-30 is 2019-01-31.
  EXPECT_FALSE(Stored("evidence", Text("寄", "2019-01-31")).stale());
  const v1::Snippet old = Stored("evidence", Text("寄", "2019-01-30"));
  EXPECT_TRUE(old.stale());
  EXPECT_EQ(old.verifier(), old.creator());
  EXPECT_TRUE(LeaseFor(Officer())->snippets(0).stale());
  v1::Snippet verified;
  ASSERT_TRUE(Verify(old.name(), "2019-07-29", &verified).ok());
  EXPECT_EQ(verified.verify_date(), "2019-07-29");
  EXPECT_FALSE(LeaseFor(Officer())->snippets(0).stale());
}

TEST_P(SnippetContract, OnlyTheNewestTextIsVerifiedAndNotAheadOfTime) {
  const v1::Snippet first = Stored("evidence", Text("寄", "2019-07-01"));
  v1::Snippet verified;
  EXPECT_FALSE(Verify(first.name(), "2019-07-31", &verified).ok());
  EXPECT_FALSE(Verify(first.name(), "2019-06-30", &verified).ok());
  EXPECT_FALSE(Store("evidence", Text("寄", "2019-07-31"), &verified).ok());
  Stored("evidence", Text("网上"));
  const grpc::Status refused = Verify(first.name(), "", &verified);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(refused.error_message(), HasSubstr("evidence.2"));
  EXPECT_EQ(Verify(absl::StrCat(kParent, "/snippets/none.1"), "", &verified)
                .error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_P(SnippetContract, ExplanationNamesTheVersionGivenAndHowItStood) {
  AddTickets(5);
  DrawOf(1);
  const v1::Snippet given = Stored("evidence", Text("寄", "2018-06-01"));
  const auto lease = LeaseFor(Officer());
  v1::CompleteCallbackRequest request = AllGood(*lease);
  request.set_explanation("已告知补充证据的方式");
  request.add_snippets(absl::StrCat(kParent, "/snippets/evidence"));
  EXPECT_THAT(Validate(request), StatusIs(absl::StatusCode::kInvalidArgument,
                                          HasSubstr("versions")));
  request.set_snippets(0, absl::StrCat(kParent, "/snippets/evidence.7"));
  EXPECT_THAT(
      desk_.Complete(Officer(), request),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("evidence.7")));
  request.set_snippets(0, given.name());
  const auto done = desk_.Complete(Officer(), request);
  ASSERT_TRUE(done.ok()) << done.status();
  Stored("evidence", Text("网上"));
  v1::Callback kept =
      callbacks_.Get(kCourt, IdOf(done->name())).value().callback;
  ASSERT_EQ(kept.snippets_size(), 1);
  EXPECT_EQ(kept.snippets(0).snippet(), given.name());
  EXPECT_EQ(kept.snippets(0).verify_date(), "2018-06-01");
  EXPECT_TRUE(kept.snippets(0).stale());
  HideAnswers(kept);
  EXPECT_EQ(kept.snippets_size(), 0);
}

TEST_P(SnippetContract, OldVersionsCanBeReadAndTheListHasTheNewest) {
  Stored("evidence", Text("寄"));
  Stored("evidence", Text("网上"));
  Stored("fees", Text("扫码"));
  v1::GetSnippetRequest get;
  v1::Snippet snippet;
  get.set_name(absl::StrCat(kParent, "/snippets/evidence.1"));
  ASSERT_TRUE(Call(&Stub::GetSnippet, get, &snippet).ok());
  EXPECT_EQ(snippet.text(), "寄");
  get.set_name(absl::StrCat(kParent, "/snippets/evidence"));
  ASSERT_TRUE(Call(&Stub::GetSnippet, get, &snippet).ok());
  EXPECT_EQ(snippet.text(), "网上");
  v1::ListSnippetsRequest list;
  list.set_parent(kParent);
  list.set_page_size(1);
  v1::ListSnippetsResponse page;
  ASSERT_TRUE(Call(&Stub::ListSnippets, list, &page).ok());
  ASSERT_EQ(page.snippets_size(), 1);
  EXPECT_EQ(IdOf(page.snippets(0).name()), "evidence.2");
  list.set_page_token(page.next_page_token());
  ASSERT_TRUE(Call(&Stub::ListSnippets, list, &page).ok());
  ASSERT_EQ(page.snippets_size(), 1);
  EXPECT_EQ(IdOf(page.snippets(0).name()), "fees.1");
}

TEST_P(SnippetContract, CourtHasAHundredIdsAtMost) {
  for (int i = 0; i < kMaxSnippets; ++i) {
    Stored(absl::StrCat("s", i), Text("寄"));
  }
  v1::Snippet stored;
  EXPECT_THAT(Store("more", Text("寄"), &stored).error_message(),
              HasSubstr("at most"));
  EXPECT_TRUE(Store("s7", Text("网上"), &stored).ok());
}

INSTANTIATE_TEST_SUITE_P(
    Engines, SnippetContract, ::testing::ValuesIn(testing::SqlEngines()),
    testing::EngineName<::testing::TestParamInfo<std::string>>);

}  // namespace
}  // namespace huifang::callback

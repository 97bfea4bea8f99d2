// Suggestions through gRPC on both engines: written, answered by each
// department, found again and printed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "huifang/reporting/v1/reporting_events.pb.h"
#include "huifang/reporting/v1/reporting_service.grpc.pb.h"
#include "services/reporting/suggestion_handler.h"
#include "tests/contract/reporting/reporting_fixture.h"
#include "tests/support/backends.h"
#include "tests/support/matchers.h"
#include "tests/support/test_runtime.h"

namespace huifang::reporting {
namespace {

using ::testing::SizeIs;
using Stub = v1::SuggestionService::Stub;

constexpr char kFirst[] = "courts/110102/divisions/civil-1";
constexpr char kSecond[] = "courts/110102/divisions/civil-2";
constexpr char kTicket[] = "courts/110102/tickets/1";

class SuggestionContract : public ReportingFixture {
 protected:
  void SetUp() override {
    ReportingFixture::SetUp();
    host_.clock().SetCourtTime(absl::CivilSecond(2019, 7, 24, 9));
    store_ = std::make_unique<SuggestionStore>(*db_);
    writer_ = std::make_unique<SuggestionWriter>(*db_, host_.clock());
    handler_ =
        std::make_unique<SuggestionHandler>(host_.runtime(), *store_, *writer_);
    stub_ = v1::SuggestionService::NewStub(host_.Start({handler_.get()}));
    ApplyDirectory();
  }
  void TearDown() override { host_.Stop(); }

  static v1::CreateSuggestionRequest Asked(const char* title) {
    v1::CreateSuggestionRequest request;
    request.set_parent("courts/110102");
    request.mutable_suggestion()->set_title(title);
    request.mutable_suggestion()->set_text("建议窗口一次告知退费流程");
    request.mutable_suggestion()->add_departments()->set_division(kFirst);
    request.mutable_suggestion()->add_departments()->set_division(kSecond);
    request.mutable_suggestion()->add_sources(kTicket);
    return request;
  }

  template <typename Request, typename Answer>
  grpc::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                 const Request&, Answer*),
                    const Request& request, Answer& answer) {
    grpc::ClientContext context;
    return ((*stub_).*method)(&context, request, &answer);
  }

  v1::Suggestion Create(const char* title) {
    v1::Suggestion made;
    const grpc::Status status =
        Call(&Stub::CreateSuggestion, Asked(title), made);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return made;
  }

  grpc::Status Respond(v1::Suggestion& suggestion, const char* division,
                       v1::Suggestion::State state,
                       const std::string& etag = "") {
    v1::RespondToSuggestionRequest request;
    request.set_name(suggestion.name());
    request.set_division(division);
    request.set_state(state);
    request.set_response("本月内印发告知单");
    request.set_etag(etag);
    return Call(&Stub::RespondToSuggestion, request, suggestion);
  }

  v1::ListSuggestionsResponse List(v1::ListSuggestionsRequest request) {
    request.set_parent("courts/110102");
    v1::ListSuggestionsResponse page;
    EXPECT_TRUE(Call(&Stub::ListSuggestions, request, page).ok());
    return page;
  }

  testing::TestRuntime host_{"reporting"};
  std::unique_ptr<SuggestionStore> store_;
  std::unique_ptr<SuggestionWriter> writer_;
  std::unique_ptr<SuggestionHandler> handler_;
  std::unique_ptr<Stub> stub_;
};

TEST_P(SuggestionContract, EachDepartmentAnswersForItself) {
  v1::Suggestion suggestion = Create("退费");
  EXPECT_EQ(suggestion.state(), v1::Suggestion::STATE_OPEN);
  EXPECT_EQ(suggestion.creator(), "tester");
  EXPECT_NE(suggestion.departments(0).display_name(), "");
  const std::string stale = suggestion.etag();
  ASSERT_TRUE(
      Respond(suggestion, kFirst, v1::Suggestion::STATE_ACCEPTED, stale).ok());
  EXPECT_EQ(suggestion.state(), v1::Suggestion::STATE_OPEN);
  EXPECT_EQ(Respond(suggestion, kSecond, v1::Suggestion::STATE_DONE, stale)
                .error_code(),
            grpc::StatusCode::ABORTED);
  ASSERT_TRUE(Respond(suggestion, kSecond, v1::Suggestion::STATE_DONE).ok());
  EXPECT_EQ(suggestion.state(), v1::Suggestion::STATE_ACCEPTED);
  EXPECT_EQ(
      Respond(suggestion, kSecond, v1::Suggestion::STATE_DECLINED).error_code(),
      grpc::StatusCode::FAILED_PRECONDITION);
  v1::GetSuggestionRequest get;
  get.set_name(suggestion.name());
  v1::Suggestion stored;
  ASSERT_TRUE(Call(&Stub::GetSuggestion, get, stored).ok());
  EXPECT_EQ(stored.departments(0).state(), v1::Suggestion::STATE_ACCEPTED);
  EXPECT_EQ(stored.departments(1).state(), v1::Suggestion::STATE_DONE);
}

TEST_P(SuggestionContract, ARepeatedRequestWritesOneSuggestion) {
  v1::CreateSuggestionRequest request = Asked("退费");
  request.set_request_id("0197c3a2-5e10-7c41-9b0e-3f4d8c2a1b77");
  v1::Suggestion first;
  v1::Suggestion again;
  ASSERT_TRUE(Call(&Stub::CreateSuggestion, request, first).ok());
  ASSERT_TRUE(Call(&Stub::CreateSuggestion, request, again).ok());
  EXPECT_EQ(again.name(), first.name());
  EXPECT_THAT(List({}).suggestions(), SizeIs(1));
}

TEST_P(SuggestionContract, ADepartmentTheCourtDoesNotHaveIsRefused) {
  v1::CreateSuggestionRequest request = Asked("退费");
  request.mutable_suggestion()->mutable_departments(0)->set_division(
      "courts/110102/divisions/nowhere");
  v1::Suggestion made;
  EXPECT_EQ(Call(&Stub::CreateSuggestion, request, made).error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(List({}).suggestions(), SizeIs(0));
}

TEST_P(SuggestionContract, FoundByStateDivisionAndTicketPageByPage) {
  v1::Suggestion first = Create("一");
  host_.clock().Advance(absl::Minutes(1));
  Create("二");
  ASSERT_TRUE(Respond(first, kFirst, v1::Suggestion::STATE_DONE).ok());
  ASSERT_TRUE(Respond(first, kSecond, v1::Suggestion::STATE_DONE).ok());
  v1::ListSuggestionsRequest request;
  request.set_state(v1::Suggestion::STATE_DONE);
  ASSERT_THAT(List(request).suggestions(), SizeIs(1));
  EXPECT_EQ(List(request).suggestions(0).title(), "一");
  request.Clear();
  request.set_division(kSecond);
  request.set_source(kTicket);
  request.set_page_size(1);
  v1::ListSuggestionsResponse page = List(request);
  ASSERT_THAT(page.suggestions(), SizeIs(1));
  EXPECT_EQ(page.suggestions(0).title(), "二");
  request.set_page_token(page.next_page_token());
  page = List(request);
  ASSERT_THAT(page.suggestions(), SizeIs(1));
  EXPECT_EQ(page.suggestions(0).title(), "一");
  EXPECT_EQ(page.next_page_token(), "");
  request.Clear();
  request.set_source("courts/110102/tickets/other");
  EXPECT_THAT(List(request).suggestions(), SizeIs(0));
}

TEST_P(SuggestionContract, ReportsPrintWhatIsOpenOrWasAnswered) {
  v1::Suggestion settled = Create("早已落实");
  for (const char* division : {kFirst, kSecond}) {
    ASSERT_TRUE(Respond(settled, division, v1::Suggestion::STATE_DONE).ok());
  }
  Create("仍待回应");
  EXPECT_THAT(Report("2019-W30", "").suggestions(), SizeIs(2));
  const v1::Report next = Report("2019-W31", "civil-1");
  ASSERT_THAT(next.suggestions(), SizeIs(1));
  EXPECT_EQ(next.suggestions(0).title(), "仍待回应");
  EXPECT_THAT(Report("2019-W31", "criminal").suggestions(), SizeIs(0));
  EXPECT_THAT(Report("2019-W29", "").suggestions(), SizeIs(0));
}

TEST_P(SuggestionContract, EveryChangeIsAnEvent) {
  v1::Suggestion suggestion = Create("退费");
  ASSERT_TRUE(Respond(suggestion, kFirst, v1::Suggestion::STATE_DONE).ok());
  std::vector<v1::ReportEvent> events;
  ASSERT_OK(db_->Read([&](sql::Session& session) {
    events.clear();
    return session.Query("SELECT payload FROM events ORDER BY sequence", {},
                         [&](const sql::Row& row) {
                           events.emplace_back().ParseFromString(row.Blob(0));
                           return absl::OkStatus();
                         });
  }));
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(events[0].type(), v1::ReportEvent::TYPE_SUGGESTION_CREATED);
  EXPECT_EQ(events[1].type(), v1::ReportEvent::TYPE_SUGGESTION_ANSWERED);
  EXPECT_EQ(events[1].suggestion().SerializeAsString(),
            suggestion.SerializeAsString());
}

INSTANTIATE_TEST_SUITE_P(Engines, SuggestionContract,
                         ::testing::ValuesIn(testing::SqlEngines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang::reporting

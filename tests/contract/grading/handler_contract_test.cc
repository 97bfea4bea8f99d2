#include <algorithm>

#include "huifang/grading/v1/grading_service.grpc.pb.h"
#include "services/grading/appeal_handler.h"
#include "services/grading/grade_handler.h"
#include "services/grading/inspection_handler.h"
#include "services/grading/review_handler.h"
#include "services/grading/rubric_handler.h"
#include "tests/contract/grading/grading_fixture.h"

namespace huifang::grading {
namespace {

using ::testing::SizeIs;
using Code = grpc::StatusCode;

// The service as callers see it: through gRPC, with roles and courts.
class HandlerContract : public GradingContract {
 protected:
  void SetUp() override {
    GradingContract::SetUp();
    inspection_handler_ = std::make_unique<InspectionHandler>(
        host_.runtime(), *db_, *inspections_, *models_, *worker_,
        *inspect_queue_);
    review_handler_ =
        std::make_unique<ReviewHandler>(host_.runtime(), *db_, *desk_);
    rubric_handler_ = std::make_unique<RubricHandler>(host_.runtime(), *db_);
    appeal_handler_ =
        std::make_unique<AppealHandler>(host_.runtime(), *db_, *desk_);
    grade_handler_ =
        std::make_unique<GradeHandler>(host_.runtime(), *db_, *events_);
    channel_ = host_.Start({inspection_handler_.get(), review_handler_.get(),
                            rubric_handler_.get(), appeal_handler_.get(),
                            grade_handler_.get()});
    inspections_stub_ = v1::InspectionService::NewStub(channel_);
    reviews_stub_ = v1::ReviewService::NewStub(channel_);
    grades_stub_ = v1::GradeService::NewStub(channel_);
  }
  void TearDown() override { host_.Stop(); }

  void CallAs(const std::string& role, const std::string& court,
              const std::string& staff = "") {
    rpc::Call caller;
    caller.principal = "someone";
    caller.role = role;
    caller.court = court;
    caller.staff = staff;
    caller.deadline = absl::InfinitePast();
    host_.admission().SetCaller(caller);
  }
  grpc::Status List(const v1::ListInspectionsRequest& request,
                    v1::ListInspectionsResponse& page) {
    grpc::ClientContext context;
    page.Clear();
    return inspections_stub_->ListInspections(&context, request, &page);
  }

  testing::TestRuntime host_{"grading"};
  std::unique_ptr<InspectionHandler> inspection_handler_;
  std::unique_ptr<ReviewHandler> review_handler_;
  std::unique_ptr<RubricHandler> rubric_handler_;
  std::unique_ptr<AppealHandler> appeal_handler_;
  std::unique_ptr<GradeHandler> grade_handler_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::InspectionService::Stub> inspections_stub_;
  std::unique_ptr<v1::ReviewService::Stub> reviews_stub_;
  std::unique_ptr<v1::GradeService::Stub> grades_stub_;
};

TEST_P(HandlerContract, PagesCoverEveryRowOnce) {
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    ids.push_back(absl::StrCat("t", i));
    See(ClosedTicket(ids.back(), kForwardOnly));
  }
  Inspect(ids);
  v1::ListInspectionsRequest request;
  request.set_parent("courts/110102");
  request.set_page_size(2);
  v1::ListInspectionsResponse page;
  std::vector<std::string> seen;
  do {
    const grpc::Status status = List(request, page);
    ASSERT_TRUE(status.ok()) << status.error_message();
    for (const v1::Inspection& i : page.inspections()) {
      seen.push_back(i.name());
    }
    request.set_page_token(page.next_page_token());
  } while (!page.next_page_token().empty());
  EXPECT_THAT(seen, SizeIs(5));
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::unique(seen.begin(), seen.end()), seen.end());
}

TEST_P(HandlerContract, APageTokenFitsItsOwnQueryOnly) {
  for (const char* id : {"t1", "t2"}) See(ClosedTicket(id, kForwardOnly));
  v1::ListInspectionsRequest request;
  request.set_parent("courts/110102");
  request.set_page_size(1);
  v1::ListInspectionsResponse page;
  ASSERT_TRUE(List(request, page).ok());
  request.set_page_token(page.next_page_token());
  request.set_flagged_only(true);
  EXPECT_EQ(List(request, page).error_code(), Code::INVALID_ARGUMENT);
  request.set_page_token("rubbish");
  EXPECT_EQ(List(request, page).error_code(), Code::INVALID_ARGUMENT);
  request.clear_page_token();
  request.set_page_size(-1);
  EXPECT_EQ(List(request, page).error_code(), Code::INVALID_ARGUMENT);
  request.set_page_size(1);
  request.set_rule_id("no_such_rule");
  EXPECT_EQ(List(request, page).error_code(), Code::INVALID_ARGUMENT);
}

TEST_P(HandlerContract, ForeignCourtsAndRolesStayOut) {
  See(ClosedTicket("t1", kForwardOnly));
  v1::ListInspectionsRequest request;
  request.set_parent("courts/110102");
  v1::ListInspectionsResponse page;
  CallAs("officer", "110105");
  EXPECT_EQ(List(request, page).error_code(), Code::PERMISSION_DENIED);
  CallAs("agent", "110102");
  EXPECT_EQ(List(request, page).error_code(), Code::PERMISSION_DENIED);
  CallAs("officer", "110102");
  EXPECT_TRUE(List(request, page).ok());
  request.set_parent("courts/nowhere");
  EXPECT_EQ(List(request, page).error_code(), Code::INVALID_ARGUMENT);
}

TEST_P(HandlerContract, OfficersLeaseForThemselvesOnly) {
  See(ClosedTicket("t1", kForwardOnly));
  Inspect({"t1"});
  CallAs("officer", "110102", kYang);
  v1::LeaseReviewRequest request;
  request.set_parent("courts/110102");
  request.set_reviewer("courts/110102/staff/wang");
  v1::LeaseReviewResponse lease;
  grpc::ClientContext first;
  EXPECT_EQ(reviews_stub_->LeaseReview(&first, request, &lease).error_code(),
            Code::PERMISSION_DENIED);
  request.clear_reviewer();
  grpc::ClientContext second;
  ASSERT_TRUE(reviews_stub_->LeaseReview(&second, request, &lease).ok());
  EXPECT_EQ(lease.review().reviewer(), kYang);
  v1::GetReviewRequest get;
  get.set_name(lease.review().name());
  v1::Review shown;
  grpc::ClientContext third;
  ASSERT_TRUE(reviews_stub_->GetReview(&third, get, &shown).ok());
  EXPECT_TRUE(shown.lease_token().empty());
}

TEST_P(HandlerContract, PreviewKeepsNothing) {
  CallAs("handler", "110102", kHandler);
  v1::PreviewInspectionRequest request;
  request.set_parent("courts/110102");
  request.set_content("请问什么时候退还诉讼费？");
  request.set_reply("您的来信已收悉。");
  v1::Inspection preview;
  grpc::ClientContext context;
  ASSERT_TRUE(
      inspections_stub_->PreviewInspection(&context, request, &preview).ok());
  ASSERT_THAT(preview.findings(), SizeIs(1));
  EXPECT_EQ(preview.findings(0).rule_id(), "acknowledgement_only");
  EXPECT_THAT(Events(), SizeIs(0));
  request.set_reply(std::string(20001, 'x'));
  grpc::ClientContext again;
  EXPECT_EQ(inspections_stub_->PreviewInspection(&again, request, &preview)
                .error_code(),
            Code::INVALID_ARGUMENT);
}

TEST_P(HandlerContract, WatchCatchesUpThenFollows) {
  See(ClosedTicket("t1", kForwardOnly));
  Inspect({"t1"});
  CallAs("service", "");
  v1::WatchGradesRequest request;
  request.set_parent("courts/-");
  grpc::ClientContext context;
  const auto reader = grades_stub_->WatchGrades(&context, request);
  v1::WatchGradesResponse response;
  std::vector<v1::GradeEvent> seen;
  bool second_made = false;
  while (seen.size() < 2 && reader->Read(&response)) {
    seen.insert(seen.end(), response.events().begin(), response.events().end());
    if (seen.size() == 1 && !second_made) {
      second_made = true;
      See(ClosedTicket("t2", kForwardOnly));
      Inspect({"t2"});
    }
  }
  context.TryCancel();
  reader->Finish();
  ASSERT_THAT(seen, SizeIs(2));
  EXPECT_EQ(seen[0].sequence() + 1, seen[1].sequence());
  EXPECT_EQ(seen[1].inspection().source_id(), "src-t2");
  EXPECT_FALSE(response.resume_token().empty());
}

INSTANTIATE_TEST_SUITE_P(
    Engines, HandlerContract, ::testing::ValuesIn(testing::SqlEngines()),
    testing::EngineName<::testing::TestParamInfo<std::string>>);

}  // namespace
}  // namespace huifang::grading

// The report's life through gRPC, on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "huifang/reporting/v1/reporting_service.grpc.pb.h"
#include "services/reporting/build_worker.h"
#include "services/reporting/report_handler.h"
#include "services/reporting/statistics_handler.h"
#include "tests/contract/reporting/reporting_fixture.h"
#include "tests/support/backends.h"
#include "tests/support/fake_lease_queue.h"
#include "tests/support/matchers.h"
#include "tests/support/test_runtime.h"

namespace huifang::reporting {
namespace {

using ::testing::HasSubstr;

class ReportServiceContract : public ReportingFixture {
 protected:
  void SetUp() override {
    ReportingFixture::SetUp();
    host_.clock().SetCourtTime(absl::CivilSecond(2019, 7, 29, 9));
    store_ = std::make_unique<ReportStore>(*db_);
    // Grading and callback are away.
    const AgreementReader away = [](const std::string&, const Span&) {
      return std::vector<v1::AgreementLine>{
          ReviewLine(absl::UnavailableError("away"))};
    };
    writer_ = std::make_unique<ReportWriter>(
        *db_, host_.clock(), FigurePolicy(), AlertPolicy(), away);
    worker_ =
        std::make_unique<BuildWorker>(queue_, *store_, *writer_, host_.clock(),
                                      host_.metrics(), 1, absl::ZeroDuration());
    handler_ = std::make_unique<ReportHandler>(
        host_.runtime(), *store_, *writer_, *worker_, *log_, templates_);
    stub_ = v1::ReportService::NewStub(host_.Start({handler_.get()}));
    ApplyDirectory();
    Apply(TicketEventOf({.id = "1"}));
    Apply(InspectionOf({.id = "1"}, "acknowledgement_only"));
    Apply(TicketEventOf({.id = "2", .division = "civil-2"}));
  }
  void TearDown() override {
    worker_->Stop();
    host_.Stop();
  }

  v1::Report Build(const std::string& period, const std::string& id = "") {
    v1::BuildReportRequest request;
    request.set_parent("courts/110102");
    request.set_period(period);
    request.set_request_id(id);
    grpc::ClientContext context;
    v1::Report report;
    const grpc::Status status = stub_->BuildReport(&context, request, &report);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return report;
  }

  v1::Report Get(const std::string& name) {
    v1::GetReportRequest request;
    request.set_name(name);
    grpc::ClientContext context;
    v1::Report report;
    EXPECT_TRUE(stub_->GetReport(&context, request, &report).ok());
    return report;
  }

  // The worker's thread builds it.
  v1::Report WaitBuilt(const std::string& name) {
    for (int i = 0; i < 1000; ++i) {
      const v1::Report report = Get(name);
      if (report.state() != v1::Report::STATE_BUILDING) return report;
      absl::SleepFor(absl::Milliseconds(10));
    }
    ADD_FAILURE() << "not built";
    return {};
  }

  // Asked for and stored, but nobody put it into the queue.
  absl::StatusOr<v1::Report> Stored() {
    v1::BuildReportRequest request;
    request.set_parent("courts/110102");
    request.set_period("2019-W30");
    return writer_->Request(kCourt, "tester", {}, request);
  }

  template <typename Request>
  grpc::Status Move(grpc::Status (v1::ReportService::Stub::*method)(
                        grpc::ClientContext*, const Request&, v1::Report*),
                    const std::string& name, const std::string& etag = "") {
    Request request;
    request.set_name(name);
    request.set_etag(etag);
    grpc::ClientContext context;
    v1::Report report;
    return ((*stub_).*method)(&context, request, &report);
  }

  // From now on all calls are this person's.
  void ActAs(const char* principal) {
    rpc::Call caller = host_.CallAs("admin", "");
    caller.principal = principal;
    host_.admission().SetCaller(caller);
  }

  // A draft, checked by one person and ready for another's approval.
  v1::Report BuildReviewed() {
    const v1::Report built = WaitBuilt(Build("2019-W30").name());
    EXPECT_TRUE(
        Move(&v1::ReportService::Stub::ReviewReport, built.name()).ok());
    ActAs("leader");
    return Get(built.name());
  }

  testing::TestRuntime host_{"reporting"};
  testing::FakeLeaseQueue queue_{5, "build"};
  std::unique_ptr<ReportStore> store_;
  std::unique_ptr<ReportWriter> writer_;
  std::unique_ptr<BuildWorker> worker_;
  const TemplateSet templates_;
  std::unique_ptr<ReportHandler> handler_;
  std::unique_ptr<v1::ReportService::Stub> stub_;
};

TEST_P(ReportServiceContract, GoesFromDraftToAcknowledgement) {
  const std::string name = WaitBuilt(Build("2019-W30").name()).name();
  const v1::Report built = Get(name);
  EXPECT_EQ(built.state(), v1::Report::STATE_READY);
  EXPECT_EQ(built.serial_number(), "西法回访周报〔2019〕30号");
  EXPECT_EQ(built.items_size(), 1);
  using Stub = v1::ReportService::Stub;
  EXPECT_EQ(Move(&Stub::DeliverReport, name).error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Move(&Stub::ApproveReport, name).error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_TRUE(Move(&Stub::ReviewReport, name).ok());
  const grpc::Status alone = Move(&Stub::ApproveReport, name);
  EXPECT_EQ(alone.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(alone.error_message(), HasSubstr("tester built this report"));
  ActAs("leader");
  EXPECT_TRUE(Move(&Stub::ApproveReport, name).ok());
  EXPECT_TRUE(Move(&Stub::DeliverReport, name).ok());
  EXPECT_TRUE(Move(&Stub::AcknowledgeReport, name).ok());
  const v1::Report done = Get(name);
  EXPECT_EQ(done.state(), v1::Report::STATE_ACKNOWLEDGED);
  EXPECT_EQ(done.reviewer(), "tester");
  EXPECT_EQ(done.acknowledger(), "leader");
}

TEST_P(ReportServiceContract, ADeliveredPeriodIsCorrectedOnlyWithAReason) {
  const v1::Report first = BuildReviewed();
  using Stub = v1::ReportService::Stub;
  ASSERT_TRUE(Move(&Stub::ApproveReport, first.name()).ok());
  ASSERT_TRUE(Move(&Stub::DeliverReport, first.name()).ok());
  const v1::Report delivered = Get(first.name());
  Apply(TicketEventOf({.id = "late"}));
  v1::BuildReportRequest request;
  request.set_parent("courts/110102");
  request.set_period("2019-W30");
  v1::Report report;
  const auto build = [&] {
    grpc::ClientContext context;
    return stub_->BuildReport(&context, request, &report);
  };
  const grpc::Status silent = build();
  EXPECT_EQ(silent.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(silent.error_message(), HasSubstr("correction_reason"));
  request.set_correction_reason("补录一件漏报工单");
  ASSERT_TRUE(build().ok());
  const v1::Report correction = WaitBuilt(report.name());
  EXPECT_EQ(correction.version(), 2);
  EXPECT_EQ(correction.corrects(), delivered.name());
  EXPECT_EQ(correction.correction_reason(), "补录一件漏报工单");
  ASSERT_GE(correction.correction_changes_size(), 1);
  EXPECT_EQ(correction.correction_changes(0).measure(),
            v1::MEASURE_TICKETS_CREATED);
  EXPECT_EQ(correction.correction_changes(0).before().value(), 2);
  EXPECT_EQ(correction.correction_changes(0).after().value(), 3);
  // What was delivered stays, byte for byte.
  EXPECT_EQ(Get(delivered.name()).SerializeAsString(),
            delivered.SerializeAsString());
  // Another division's report corrects nothing.
  request.set_division("courts/110102/divisions/civil-2");
  ASSERT_TRUE(build().ok());
  EXPECT_EQ(report.corrects(), "");
}

TEST_P(ReportServiceContract, DeliveredVerdictsStayWhenARuleJudgesAgain) {
  const auto call = [](int i, callback::v1::Verdict verdict, int version) {
    return CallOf({.id = absl::StrCat("c", i),
                   .ticket = absl::StrCat("t", i),
                   .verdict = verdict,
                   .version = version});
  };
  for (int i = 0; i < 20; ++i) {
    Apply(call(i, callback::v1::VERDICT_SATISFIED, 1));
  }
  const v1::Report first = BuildReviewed();
  using Stub = v1::ReportService::Stub;
  ASSERT_TRUE(Move(&Stub::ApproveReport, first.name()).ok());
  ASSERT_TRUE(Move(&Stub::DeliverReport, first.name()).ok());
  const v1::Report delivered = Get(first.name());
  const v1::Figure before = Figure(delivered, v1::MEASURE_SATISFACTION_RATE);
  EXPECT_EQ(before.current().numerator(), 20);
  for (int i = 0; i < 5; ++i) {
    callback::v1::CallbackEvent again =
        call(i, callback::v1::VERDICT_UNSATISFIED, 2);
    again.set_type(callback::v1::CallbackEvent::TYPE_JUDGED_AGAIN);
    Apply(again);
  }
  EXPECT_EQ(Get(first.name()).SerializeAsString(),
            delivered.SerializeAsString());
  v1::BuildReportRequest request;
  request.set_parent("courts/110102");
  request.set_period("2019-W30");
  request.set_correction_reason("满意度判定规则调整");
  v1::Report report;
  grpc::ClientContext context;
  ASSERT_TRUE(stub_->BuildReport(&context, request, &report).ok());
  const v1::Report correction = WaitBuilt(report.name());
  const v1::Figure after = Figure(correction, v1::MEASURE_SATISFACTION_RATE);
  EXPECT_EQ(after.current().numerator(), 15);
  EXPECT_EQ(after.current().denominator(), 20);
  bool named = false;
  for (const auto& change : correction.correction_changes()) {
    named = named || change.measure() == v1::MEASURE_SATISFACTION_RATE;
  }
  EXPECT_TRUE(named);
  EXPECT_EQ(Get(first.name()).SerializeAsString(),
            delivered.SerializeAsString());
}

TEST_P(ReportServiceContract, ACorrectionDoesNotTellWhatOneLateCallerSaid) {
  const auto hear = [this](int from, int to, callback::v1::Verdict verdict) {
    for (int i = from; i < to; ++i) {
      Apply(CallOf({.id = absl::StrCat("c", i),
                    .ticket = absl::StrCat("t", i),
                    .verdict = verdict}));
    }
  };
  hear(0, 20, callback::v1::VERDICT_SATISFIED);
  const v1::Report first = BuildReviewed();
  using Stub = v1::ReportService::Stub;
  ASSERT_TRUE(Move(&Stub::ApproveReport, first.name()).ok());
  ASSERT_TRUE(Move(&Stub::DeliverReport, first.name()).ok());
  ASSERT_EQ(Figure(first, v1::MEASURE_SATISFACTION_RATE).current().state(),
            v1::Figure::STATE_OK);
  const auto correct = [this] {
    v1::BuildReportRequest request;
    request.set_parent("courts/110102");
    request.set_period("2019-W30");
    request.set_correction_reason("补录回访");
    v1::Report report;
    grpc::ClientContext context;
    EXPECT_TRUE(stub_->BuildReport(&context, request, &report).ok());
    return Figure(WaitBuilt(report.name()), v1::MEASURE_SATISFACTION_RATE)
        .current();
  };
  hear(20, 21, callback::v1::VERDICT_UNSATISFIED);
  const v1::Figure::Value one = correct();
  EXPECT_EQ(one.state(), v1::Figure::STATE_SUPPRESSED);
  EXPECT_EQ(one.denominator(), 0);
  hear(21, 23, callback::v1::VERDICT_SATISFIED);
  const v1::Figure::Value three = correct();
  EXPECT_EQ(three.state(), v1::Figure::STATE_OK);
  EXPECT_EQ(three.denominator(), 23);
}

TEST_P(ReportServiceContract, NoVersionReplacesADeliveredOneInSilence) {
  using Stub = v1::ReportService::Stub;
  const v1::Report first = BuildReviewed();
  ActAs("officer");
  const v1::Report second = BuildReviewed();
  ASSERT_EQ(second.corrects(), "") << "nothing was delivered yet";
  for (const std::string& name : {first.name(), second.name()}) {
    ASSERT_TRUE(Move(&Stub::ApproveReport, name).ok());
  }
  ASSERT_TRUE(Move(&Stub::DeliverReport, second.name()).ok());
  const grpc::Status late = Move(&Stub::DeliverReport, first.name());
  EXPECT_EQ(late.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(late.error_message(), HasSubstr("correction_reason"));
  EXPECT_EQ(Get(first.name()).state(), v1::Report::STATE_APPROVED);
}

TEST_P(ReportServiceContract, AStaleEtagIsAborted) {
  const v1::Report built = BuildReviewed();
  using Stub = v1::ReportService::Stub;
  EXPECT_EQ(Move(&Stub::ApproveReport, built.name(), "1").error_code(),
            grpc::StatusCode::ABORTED);
  EXPECT_TRUE(Move(&Stub::ApproveReport, built.name(), built.etag()).ok());
}

TEST_P(ReportServiceContract, ARepeatedRequestReturnsTheFirstReport) {
  const std::string id = "0197c3a2-5e10-7c41-9b0e-3f4d8c2a1b77";
  const v1::Report first = Build("2019-W30", id);
  EXPECT_EQ(Build("2019-W30", id).name(), first.name());
  const v1::Report second = Build("2019-W30");
  EXPECT_NE(second.name(), first.name());
  EXPECT_EQ(second.version(), 2);
}

TEST_P(ReportServiceContract, NobodyWritesForAllCourtsAtOnce) {
  grpc::ClientContext context;
  v1::BuildReportRequest request;
  request.set_parent("courts/-");
  request.set_period("2019-W30");
  v1::Report report;
  EXPECT_EQ(stub_->BuildReport(&context, request, &report).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_P(ReportServiceContract, BatchBuildsTheCourtAndEachDivision) {
  v1::BatchBuildReportsRequest request;
  request.set_parent("courts/110102");
  request.set_period("2019-W30");
  grpc::ClientContext context;
  v1::BatchBuildReportsResponse batch;
  ASSERT_TRUE(stub_->BatchBuildReports(&context, request, &batch).ok());
  ASSERT_EQ(batch.reports_size(), 3);
  EXPECT_EQ(batch.reports(0).division(), "");
  EXPECT_EQ(batch.reports(1).division(), "courts/110102/divisions/civil-1");
  for (const v1::Report& report : batch.reports()) {
    EXPECT_EQ(WaitBuilt(report.name()).state(), v1::Report::STATE_READY);
  }
}

TEST_P(ReportServiceContract, APeriodThatHasNotBegunIsRefused) {
  v1::BuildReportRequest request;
  request.set_parent("courts/110102");
  request.set_period("2019-W40");
  grpc::ClientContext context;
  v1::Report report;
  EXPECT_EQ(stub_->BuildReport(&context, request, &report).error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
}

TEST_P(ReportServiceContract, OnlyWordsOfADraftCanBeEdited) {
  const v1::Report built = WaitBuilt(Build("2019-W30").name());
  v1::UpdateReportRequest request;
  request.mutable_report()->set_name(built.name());
  v1::Item& item = *request.mutable_report()->add_items();
  item.set_number(1);
  item.set_problem("改过的问题分析");
  item.set_suggestion("改过的建议");
  item.set_tier("A");
  const auto update = [&](v1::Report& report) {
    grpc::ClientContext context;
    return stub_->UpdateReport(&context, request, &report);
  };
  v1::Report edited;
  ASSERT_TRUE(update(edited).ok());
  EXPECT_EQ(edited.items(0).problem(), "改过的问题分析");
  EXPECT_EQ(edited.items(0).tier(), built.items(0).tier());
  ASSERT_TRUE(Move(&v1::ReportService::Stub::ReviewReport, built.name()).ok());
  ActAs("leader");
  ASSERT_TRUE(Move(&v1::ReportService::Stub::ApproveReport, built.name()).ok());
  EXPECT_EQ(update(edited).error_code(), grpc::StatusCode::FAILED_PRECONDITION);
}

TEST_P(ReportServiceContract, APeerThatIsAwayFailsNoBuild) {
  const v1::Report built = WaitBuilt(Build("2019-W30").name());
  EXPECT_EQ(built.state(), v1::Report::STATE_READY);
  ASSERT_EQ(built.agreements_size(), 1);
  EXPECT_EQ(built.agreements(0).state(), v1::AgreementLine::STATE_MISSING);
}

TEST_P(ReportServiceContract, DownloadsEachForm) {
  const v1::Report built = WaitBuilt(Build("2019-W30").name());
  const std::pair<v1::ReportFormat, std::string> forms[] = {
      {v1::REPORT_FORMAT_HTML, "<!DOCTYPE html>"},
      {v1::REPORT_FORMAT_XLSX, "PK"},
      {v1::REPORT_FORMAT_DOCX, "PK"},
      {v1::REPORT_FORMAT_CSV, "\xEF\xBB\xBF"}};
  for (const auto& [format, beginning] : forms) {
    v1::DownloadReportRequest request;
    request.set_name(built.name());
    request.set_format(format);
    grpc::ClientContext context;
    const auto reader = stub_->DownloadReport(&context, request);
    v1::DownloadReportResponse piece;
    std::string bytes;
    std::int64_t size = 0;
    while (reader->Read(&piece)) {
      bytes += piece.data();
      if (piece.size_bytes() > 0) size = piece.size_bytes();
    }
    ASSERT_TRUE(reader->Finish().ok());
    EXPECT_EQ(bytes.substr(0, beginning.size()), beginning);
    EXPECT_EQ(static_cast<std::int64_t>(bytes.size()), size);
  }
}

TEST_P(ReportServiceContract, ListsPageByPageNewestFirst) {
  for (int i = 0; i < 5; ++i) {
    Build("2019-W30");
    host_.clock().Advance(absl::Seconds(1));
  }
  v1::ListReportsRequest request;
  request.set_parent("courts/110102");
  request.set_page_size(2);
  std::vector<int> versions;
  do {
    grpc::ClientContext context;
    v1::ListReportsResponse page;
    ASSERT_TRUE(stub_->ListReports(&context, request, &page).ok());
    for (const v1::Report& report : page.reports()) {
      versions.push_back(report.version());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(versions, (std::vector<int>{5, 4, 3, 2, 1}));
}

TEST_P(ReportServiceContract, ABuildThatRedisForgotIsQueuedAgain) {
  ASSERT_OK_AND_ASSIGN(const v1::Report report, Stored());
  ASSERT_OK(worker_->EnqueueBuilding());
  EXPECT_EQ(WaitBuilt(report.name()).state(), v1::Report::STATE_READY);
}

TEST_P(ReportServiceContract, ABuildLostAfterItsWaitDoesNotWaitAgain) {
  // A queue whose clock stands still: a task with a delay never falls due.
  testing::FakeLeaseQueue frozen(5, "frozen");
  BuildWorker patient(frozen, *store_, *writer_, host_.clock(), host_.metrics(),
                      1, absl::Seconds(10));
  ASSERT_OK_AND_ASSIGN(const v1::Report report, Stored());
  host_.clock().Advance(absl::Seconds(11));
  ASSERT_OK(patient.EnqueueBuilding());
  EXPECT_EQ(WaitBuilt(report.name()).state(), v1::Report::STATE_READY);
}

TEST_P(ReportServiceContract, ABuildAskedForByAWrongClockWaitsNoLonger) {
  testing::FakeLeaseQueue frozen(5, "frozen");
  BuildWorker worker(frozen, *store_, *writer_, host_.clock(), host_.metrics(),
                     1, absl::Seconds(10));
  host_.clock().Advance(absl::Hours(24 * 365));
  ASSERT_OK_AND_ASSIGN(const v1::Report report, Stored());
  host_.clock().Advance(-absl::Hours(24 * 365));
  ASSERT_OK(worker.EnqueueBuilding());
  frozen.Advance(absl::Seconds(10));
  EXPECT_EQ(WaitBuilt(report.name()).state(), v1::Report::STATE_READY);
}

INSTANTIATE_TEST_SUITE_P(Engines, ReportServiceContract,
                         ::testing::ValuesIn(testing::SqlEngines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang::reporting

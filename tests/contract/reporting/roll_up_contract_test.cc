// Roll-ups through gRPC on both engines: what courts delivered, who sees it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "huifang/reporting/v1/roll_up_service.grpc.pb.h"
#include "services/common/resource_name.h"
#include "services/reporting/facts_store.h"
#include "services/reporting/report_handler.h"
#include "services/reporting/report_state_rules.h"
#include "services/reporting/report_writer.h"
#include "services/reporting/roll_up_handler.h"
#include "services/reporting/roll_up_text.h"
#include "services/reporting/roll_up_trend.h"
#include "tests/contract/reporting/reporting_fixture.h"
#include "tests/support/backends.h"
#include "tests/support/fake_lease_queue.h"
#include "tests/support/matchers.h"
#include "tests/support/test_runtime.h"

namespace huifang::reporting {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kHigh[] = "110000";
constexpr char kOther[] = "110101";
constexpr char kBundle[] = "b0b1b2";
constexpr char kTree[] = R"({"superior_courts": [
  {"court": "110000", "display_name": "北京市高级人民法院", "courts": [
    {"court": "110101", "display_name": "北京市东城区人民法院"},
    {"court": "110102", "display_name": "北京市西城区人民法院"}]},
  {"court": "310000", "display_name": "上海市高级人民法院", "courts": [
    {"court": "310101", "display_name": "上海市黄浦区人民法院"}]}]})";

// The same event in another court, whose code has as many digits.
template <typename Event>
Event In(const std::string& court, const Event& event) {
  Event moved;
  EXPECT_TRUE(moved.ParseFromString(
      absl::StrReplaceAll(event.SerializeAsString(), {{kCourt, court}})));
  return moved;
}

class RollUpContract : public ReportingFixture {
 protected:
  void SetUp() override {
    ReportingFixture::SetUp();
    host_.clock().SetCourtTime(absl::CivilSecond(2019, 7, 29, 9));
    ASSERT_OK_AND_ASSIGN(tree_, CourtTree::Parse(kTree));
    writer_ =
        std::make_unique<ReportWriter>(*db_, host_.clock(), FigurePolicy());
    store_ = std::make_unique<ReportStore>(*db_);
    worker_ =
        std::make_unique<BuildWorker>(queue_, *store_, *writer_, host_.clock(),
                                      host_.metrics(), 1, absl::ZeroDuration());
    reader_ = std::make_unique<RollUpReader>(*db_, tree_, FigurePolicy());
    handler_ =
        std::make_unique<RollUpHandler>(host_.runtime(), *reader_, templates_);
    reports_ = std::make_unique<ReportHandler>(
        host_.runtime(), *store_, *writer_, *worker_, *log_, templates_);
    const auto channel = host_.Start({handler_.get(), reports_.get()});
    stub_ = v1::RollUpService::NewStub(channel);
    report_stub_ = v1::ReportService::NewStub(channel);
  }
  void TearDown() override {
    worker_->Stop();
    host_.Stop();
  }

  // A week of tickets; `late` of the `tickets` were closed after their day.
  void AddWeek(const std::string& court, int tickets, int late,
               const std::string& rubric = "ticket",
               const std::string& verdict_rule = "items/1") {
    callback::v1::CallbackEvent draw;
    draw.set_court(kCourt);
    draw.mutable_draw()->set_name("courts/110102/draws/d1");
    draw.mutable_draw()->set_version(1);
    draw.mutable_draw()->set_bundle_digest(kBundle);
    draw.mutable_draw()->set_state(callback::v1::Draw::STATE_DRAWN);
    auto& level = *draw.mutable_draw()
                       ->mutable_applied_plan()
                       ->mutable_verdict_rule()
                       ->add_score_levels();
    level.set_score(5);
    level.set_verdict(callback::v1::VERDICT_SATISFIED);
    ApplyIn(court, draw);
    for (int i = 0; i < tickets; ++i) {
      const TicketSpec ticket{.id = absl::StrCat(i), .late = i < late};
      ApplyIn(court, TicketEventOf(ticket));
      grading::v1::GradeEvent inspected = InspectionOf(ticket, "");
      inspected.mutable_inspection()->set_rubric(
          absl::StrCat("courts/110102/rubrics/", rubric));
      inspected.mutable_inspection()->set_rubric_version(1);
      ApplyIn(court, inspected);
      callback::v1::CallbackEvent call =
          CallOf({.id = absl::StrCat("c", i), .ticket = ticket.id});
      call.mutable_callback()->set_verdict_rule_version(verdict_rule);
      call.mutable_callback()->set_script("courts/110102/scripts/items.1");
      ApplyIn(court, call);
    }
  }

  void ApplyIn(const std::string& court, const ticket::v1::TicketEvent& event) {
    ASSERT_OK(db_->Write(court, [&](sql::Session& session) {
      return ApplyTicketEvent(session, In(court, event));
    }));
  }
  void ApplyIn(const std::string& court,
               const callback::v1::CallbackEvent& event) {
    ASSERT_OK(db_->Write(court, [&](sql::Session& session) {
      return ApplyCallbackEvent(session, In(court, event));
    }));
  }
  void ApplyIn(const std::string& court, const grading::v1::GradeEvent& event) {
    ASSERT_OK(db_->Write(court, [&](sql::Session& session) {
      return ApplyGradeEvent(session, In(court, event));
    }));
  }

  // The court's report of the week, built and, if wanted, delivered.
  std::string Build(const std::string& court, bool deliver,
                    const std::string& correction = "",
                    const std::string& period = "2019-W30") {
    v1::BuildReportRequest request;
    request.set_parent(absl::StrCat("courts/", court));
    request.set_period(period);
    request.set_correction_reason(correction);
    const absl::StatusOr<v1::Report> report =
        writer_->Request(court, "yang", {court, "BuildReport", ""}, request);
    EXPECT_OK(report.status());
    if (!report.ok()) return "";
    const std::string id = IdOf(report->name());
    EXPECT_OK(writer_->Build(court, id));
    if (!deliver) return report->name();
    const Verb verb{court, id, "", {court, "Verb", ""}};
    const absl::Time now = host_.clock().Now();
    EXPECT_OK(
        writer_
            ->Change(verb, v1::ReportEvent::TYPE_REVIEWED, request,
                     [&](v1::Report& r) { return Review("yang", now, r); })
            .status());
    EXPECT_OK(
        writer_
            ->Change(verb, v1::ReportEvent::TYPE_APPROVED, request,
                     [&](v1::Report& r) { return Approve("leader", now, r); })
            .status());
    EXPECT_OK(writer_
                  ->Change(verb, v1::ReportEvent::TYPE_DELIVERED, request,
                           [&](v1::Report& r) { return Deliver(now, r); })
                  .status());
    return report->name();
  }

  void ActFor(const char* court, const char* role = "leader") {
    rpc::Call caller = host_.CallAs(role, court);
    host_.admission().SetCaller(caller);
  }

  grpc::Status Get(const std::string& court, v1::RollUp& roll_up) {
    v1::GetRollUpRequest request;
    request.set_name(absl::StrCat("courts/", court, "/rollUps/2019-W30"));
    grpc::ClientContext context;
    return stub_->GetRollUp(&context, request, &roll_up);
  }
  v1::RollUp Get() {
    v1::RollUp roll_up;
    const grpc::Status status = Get(kHigh, roll_up);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return roll_up;
  }
  grpc::Status Figures(const std::string& court, v1::CourtFigures& figures) {
    v1::GetCourtFiguresRequest request;
    request.set_name(absl::StrCat("courts/", court, "/courtFigures/2019-W30"));
    grpc::ClientContext context;
    return stub_->GetCourtFigures(&context, request, &figures);
  }
  grpc::Status Download(v1::ReportFormat format, std::string& bytes) {
    v1::DownloadRollUpRequest request;
    request.set_name("courts/110000/rollUps/2019-W30");
    request.set_format(format);
    grpc::ClientContext context;
    const auto reader = stub_->DownloadRollUp(&context, request);
    v1::DownloadRollUpResponse piece;
    while (reader->Read(&piece)) bytes += piece.data();
    return reader->Finish();
  }

  testing::TestRuntime host_{"reporting"};
  testing::FakeLeaseQueue queue_{5, "build"};
  CourtTree tree_;
  const TemplateSet templates_;
  std::unique_ptr<ReportWriter> writer_;
  std::unique_ptr<ReportStore> store_;
  std::unique_ptr<BuildWorker> worker_;
  std::unique_ptr<RollUpReader> reader_;
  std::unique_ptr<RollUpHandler> handler_;
  std::unique_ptr<ReportHandler> reports_;
  std::unique_ptr<v1::RollUpService::Stub> stub_;
  std::unique_ptr<v1::ReportService::Stub> report_stub_;
};

TEST_P(RollUpContract, ShowsDeliveredCourtsSideBySide) {
  AddWeek(kOther, 30, 0);
  AddWeek(kCourt, 30, 20);
  Build(kOther, true);
  const std::string report = Build(kCourt, true);
  ActFor(kHigh);
  const v1::RollUp roll_up = Get();
  EXPECT_EQ(roll_up.court_display_name(), "北京市高级人民法院");
  EXPECT_EQ(roll_up.missing(), 0);
  ASSERT_EQ(roll_up.lines_size(), 2);
  EXPECT_EQ(roll_up.lines(1).court().report(), report);
  EXPECT_EQ(FindComparison(roll_up.lines(1), v1::MEASURE_ON_TIME_RATE)->flag(),
            v1::Comparison::FLAG_LOW);
  const v1::RollUp::Total& total =
      *FindTotal(roll_up, v1::MEASURE_ON_TIME_RATE);
  EXPECT_EQ(total.figure().current().numerator(), 40);
  EXPECT_EQ(total.figure().current().denominator(), 60);
  EXPECT_EQ(FindTotal(roll_up, v1::MEASURE_RESOLUTION_RATE)->courts(), 2);
}

TEST_P(RollUpContract, AReportThatWasNotDeliveredIsMissing) {
  AddWeek(kOther, 6, 0);
  AddWeek(kCourt, 6, 0);
  Build(kOther, true);
  Build(kCourt, false);
  ActFor(kHigh);
  const v1::RollUp roll_up = Get();
  EXPECT_EQ(roll_up.missing(), 1);
  ASSERT_EQ(roll_up.lines_size(), 2);
  EXPECT_EQ(roll_up.lines(1).court().state(), v1::CourtFigures::STATE_MISSING);
  EXPECT_EQ(roll_up.lines(1).court().figures_size(), 0);
}

TEST_P(RollUpContract, ACorrectionTakesThePlaceOfWhatItCorrects) {
  AddWeek(kCourt, 6, 0);
  Build(kCourt, true);
  ActFor(kHigh);
  const std::string digest = Get().sources_digest();
  EXPECT_EQ(Get().sources_digest(), digest);
  AddWeek(kCourt, 8, 0);  // two more tickets
  Build(kCourt, true, "补录两件");
  const v1::RollUp roll_up = Get();
  EXPECT_NE(roll_up.sources_digest(), digest);
  EXPECT_EQ(roll_up.lines(1).court().version(), 2);
  EXPECT_EQ(FindTotal(roll_up, v1::MEASURE_TICKETS_CLOSED)
                ->figure()
                .current()
                .value(),
            8);
}

TEST_P(RollUpContract, LooksBackOnWhatWasDelivered) {
  for (int i = 0; i < 8; ++i) {
    ApplyIn(kCourt, TicketEventOf({.id = absl::StrCat("before", i),
                                   .closed_day = 16,
                                   .late = i < 2}));
  }
  AddWeek(kOther, 6, 0);
  AddWeek(kCourt, 6, 0);
  Build(kCourt, true, "", "2019-W29");
  Build(kOther, false, "", "2019-W29");
  Build(kOther, true);
  Build(kCourt, true);
  ActFor(kHigh);
  const v1::RollUp roll_up = Get();
  ASSERT_EQ(roll_up.trend_size(), kRollUpWeeks);
  const v1::RollUp::TrendPoint& now = roll_up.trend(kRollUpWeeks - 1);
  const v1::RollUp::TrendPoint& before = roll_up.trend(kRollUpWeeks - 2);
  EXPECT_EQ(now.period(), "2019-W30");
  EXPECT_EQ(now.delivered(), 2);
  EXPECT_EQ(before.period(), "2019-W29");
  EXPECT_EQ(before.delivered(), 1);
  EXPECT_EQ(before.missing(), 1);
  const v1::RollUp::TrendRate& on_time =
      *FindRate(before, v1::MEASURE_ON_TIME_RATE);
  EXPECT_EQ(on_time.standing(), v1::RollUp::TrendRate::STANDING_COMPARED);
  EXPECT_EQ(on_time.total().figure().current().numerator(), 6);
  EXPECT_EQ(on_time.total().figure().current().denominator(), 8);
  EXPECT_EQ(on_time.total().courts(), 1);
  EXPECT_EQ(roll_up.trend(0).delivered(), 0);
  EXPECT_EQ(FindRate(roll_up.trend(0), v1::MEASURE_ON_TIME_RATE)->standing(),
            v1::RollUp::TrendRate::STANDING_NO_DATA);
}

TEST_P(RollUpContract, TellsResponseAndBundlesOfEachCourt) {
  AddWeek(kOther, 6, 0);
  AddWeek(kCourt, 8, 0);
  Build(kOther, true);
  Build(kCourt, true);
  ActFor(kHigh);
  const v1::RollUp roll_up = Get();
  const v1::CourtFigures& court = roll_up.lines(1).court();
  EXPECT_EQ(court.response().completed(), 8);
  EXPECT_EQ(roll_up.response().completed(), 14);
  EXPECT_EQ(roll_up.response().eligible(), 14);
  EXPECT_EQ(roll_up.response_courts(), 2);
  ASSERT_EQ(court.draws_size(), 1);
  EXPECT_EQ(court.draws(0).draw(), "courts/110102/draws/d1");
  EXPECT_EQ(court.draws(0).bundle_digest(), kBundle);
}

TEST_P(RollUpContract, CriteriaFollowFromWhatWasJudgedByThem) {
  AddWeek(kOther, 6, 0);
  AddWeek(kCourt, 6, 0, "own", "strict/1");
  grading::v1::GradeEvent published;
  published.set_court(kCourt);
  published.mutable_rubric()->set_name("courts/110102/rubrics/own");
  published.mutable_rubric()->set_version(1);
  published.mutable_rubric()->set_subject(grading::v1::SUBJECT_TICKET);
  published.mutable_rubric()->add_criteria()->set_id("own");
  ApplyIn(kCourt, published);
  Build(kOther, true);
  Build(kCourt, true);
  ActFor(kHigh);
  const v1::RollUp roll_up = Get();
  const auto versions = [&](int line, v1::Criterion::Kind kind) {
    std::vector<std::string> found;
    for (const v1::Criterion& criterion :
         roll_up.lines(line).court().criteria()) {
      if (criterion.kind() != kind) continue;
      found.assign(criterion.versions().begin(), criterion.versions().end());
    }
    return found;
  };
  EXPECT_THAT(versions(0, v1::Criterion::KIND_RUBRIC), ElementsAre("ticket/1"));
  EXPECT_THAT(versions(1, v1::Criterion::KIND_RUBRIC),
              ElementsAre(::testing::StartsWith("#")));
  EXPECT_THAT(versions(0, v1::Criterion::KIND_SCORE_SCALE), ElementsAre("5:1"));
  EXPECT_THAT(versions(0, v1::Criterion::KIND_SCRIPT), ElementsAre("items.1"));
  EXPECT_THAT(versions(1, v1::Criterion::KIND_VERDICT_RULE),
              ElementsAre("strict/1"));
  EXPECT_TRUE(IsObstructed(roll_up.lines(1), v1::MEASURE_PASS_RATE));
  EXPECT_TRUE(IsObstructed(roll_up.lines(1), v1::MEASURE_SATISFACTION_RATE));
  EXPECT_FALSE(IsObstructed(roll_up.lines(1), v1::MEASURE_RESOLUTION_RATE));
  EXPECT_FALSE(IsObstructed(roll_up.lines(1), v1::MEASURE_ON_TIME_RATE));
}

TEST_P(RollUpContract, ALowerCourtDoesNotSeeTheOthers) {
  AddWeek(kOther, 6, 0);
  Build(kOther, true);
  ActFor(kCourt);
  v1::RollUp roll_up;
  EXPECT_EQ(Get(kHigh, roll_up).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  v1::CourtFigures figures;
  EXPECT_EQ(Figures(kOther, figures).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  // Its own court is the superior of none.
  EXPECT_EQ(Get(kCourt, roll_up).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_P(RollUpContract, AnotherHighCourtSeesOnlyItsOwn) {
  AddWeek(kCourt, 6, 0);
  Build(kCourt, true);
  ActFor("310000");
  v1::RollUp roll_up;
  EXPECT_EQ(Get(kHigh, roll_up).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_TRUE(Get("310000", roll_up).ok());
  ASSERT_EQ(roll_up.lines_size(), 1);
  EXPECT_EQ(roll_up.missing(), 1);
}

TEST_P(RollUpContract, TheSuperiorCourtSeesFiguresAndNoReport) {
  AddWeek(kCourt, 6, 0);
  const std::string name = Build(kCourt, true);
  ActFor(kHigh);
  EXPECT_EQ(Get().missing(), 1);  // the figures of this one are there
  v1::GetReportRequest request;
  request.set_name(name);
  grpc::ClientContext context;
  v1::Report report;
  EXPECT_EQ(report_stub_->GetReport(&context, request, &report).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
}

TEST_P(RollUpContract, HandlersAreRefused) {
  ActFor(kHigh, "handler");
  v1::RollUp roll_up;
  EXPECT_EQ(Get(kHigh, roll_up).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
}

TEST_P(RollUpContract, ACourtSeesWhatItTold) {
  AddWeek(kCourt, 6, 1);
  ActFor(kCourt);
  v1::CourtFigures figures;
  EXPECT_EQ(Figures(kCourt, figures).error_code(), grpc::StatusCode::NOT_FOUND);
  Build(kCourt, true);
  ASSERT_TRUE(Figures(kCourt, figures).ok());
  ActFor(kHigh);
  v1::CourtFigures told = Get().lines(1).court();
  told.set_court_display_name(figures.court_display_name());
  EXPECT_EQ(told.SerializeAsString(), figures.SerializeAsString());
}

TEST_P(RollUpContract, ComesAsFiles) {
  AddWeek(kCourt, 6, 0);
  Build(kCourt, true);
  ActFor(kHigh);
  std::string page;
  EXPECT_TRUE(Download(v1::REPORT_FORMAT_HTML, page).ok());
  EXPECT_THAT(page, HasSubstr("北京市东城区人民法院"));
  EXPECT_THAT(page, HasSubstr("</html>"));
  std::string document;
  EXPECT_TRUE(Download(v1::REPORT_FORMAT_DOCX, document).ok());
  EXPECT_THAT(document, StartsWith("PK"));
  std::string refused;
  EXPECT_EQ(Download(v1::REPORT_FORMAT_UNSPECIFIED, refused).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_P(RollUpContract, ABadPeriodIsNamed) {
  ActFor(kHigh);
  v1::GetRollUpRequest request;
  request.set_name("courts/110000/rollUps/2019-W60");
  grpc::ClientContext context;
  v1::RollUp roll_up;
  const grpc::Status status = stub_->GetRollUp(&context, request, &roll_up);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("2019"));
}

INSTANTIATE_TEST_SUITE_P(Engines, RollUpContract,
                         ::testing::ValuesIn(testing::SqlEngines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang::reporting

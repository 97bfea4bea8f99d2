// Alerts through gRPC and the worker's verbs, on both engines; and what a
// statistic withholds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "huifang/reporting/v1/reporting_service.grpc.pb.h"
#include "services/reporting/alert_handler.h"
#include "services/reporting/alert_worker.h"
#include "services/reporting/report_writer.h"
#include "services/reporting/statistics_handler.h"
#include "tests/contract/reporting/reporting_fixture.h"
#include "tests/support/backends.h"
#include "tests/support/fake_lease_queue.h"
#include "tests/support/matchers.h"
#include "tests/support/test_runtime.h"

namespace huifang::reporting {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class AlertContract : public ReportingFixture {
 protected:
  void SetUp() override {
    ReportingFixture::SetUp();
    host_.clock().SetCourtTime(absl::CivilSecond(2019, 7, 29, 9));
    alerts_ = std::make_unique<AlertStore>(*db_);
    writer_ = std::make_unique<AlertWriter>(*db_, host_.clock(), FigurePolicy(),
                                            AlertPolicy());
    statistics_ = std::make_unique<StatisticsStore>(*db_);
    alert_handler_ =
        std::make_unique<AlertHandler>(host_.runtime(), *alerts_, *writer_);
    statistics_handler_ = std::make_unique<StatisticsHandler>(
        host_.runtime(), *statistics_, FigurePolicy());
    const auto channel =
        host_.Start({alert_handler_.get(), statistics_handler_.get()});
    stub_ = v1::AlertService::NewStub(channel);
    statistics_stub_ = v1::StatisticsService::NewStub(channel);
    ApplyDirectory();
  }
  void TearDown() override { host_.Stop(); }

  // A week in which civil-2 was late with half of its tickets.
  void ApplySlowWeek(int day, const std::string& prefix) {
    for (int i = 0; i < 40; ++i) {
      Apply(TicketEventOf(
          {.id = absl::StrCat(prefix, "a", i), .closed_day = day}));
      Apply(TicketEventOf({.id = absl::StrCat(prefix, "b", i),
                           .division = "civil-2",
                           .closed_day = day,
                           .late = i % 2 == 0}));
    }
  }

  std::vector<v1::Alert> List(v1::Alert::State state) {
    v1::ListAlertsRequest request;
    request.set_parent("courts/110102");
    request.set_state(state);
    grpc::ClientContext context;
    v1::ListAlertsResponse page;
    EXPECT_TRUE(stub_->ListAlerts(&context, request, &page).ok());
    return {page.alerts().begin(), page.alerts().end()};
  }

  v1::Alert OnlyAlert() {
    const std::vector<v1::Alert> alerts = List(v1::Alert::STATE_UNSPECIFIED);
    EXPECT_THAT(alerts, SizeIs(1));
    return alerts.empty() ? v1::Alert() : alerts[0];
  }

  testing::TestRuntime host_{"reporting"};
  std::unique_ptr<AlertStore> alerts_;
  std::unique_ptr<AlertWriter> writer_;
  std::unique_ptr<StatisticsStore> statistics_;
  std::unique_ptr<AlertHandler> alert_handler_;
  std::unique_ptr<StatisticsHandler> statistics_handler_;
  std::unique_ptr<v1::AlertService::Stub> stub_;
  std::unique_ptr<v1::StatisticsService::Stub> statistics_stub_;
};

TEST_P(AlertContract, AClosedWeekRaisesWhatAReportOfItDoesNotRaiseAgain) {
  ApplySlowWeek(22, "w");
  ASSERT_OK(writer_->Watch(kCourt, "2019-W30"));
  const v1::Alert alert = OnlyAlert();
  EXPECT_EQ(alert.rule(), v1::Alert::RULE_FUNNEL);
  EXPECT_EQ(alert.measure(), v1::MEASURE_ON_TIME_RATE);
  EXPECT_EQ(alert.division(), "courts/110102/divisions/civil-2");
  EXPECT_EQ(alert.role(), "head");
  EXPECT_THAT(alert.observations(), SizeIs(2));
  EXPECT_EQ(alert.chart_svg(), "");
  ASSERT_OK(writer_->Watch(kCourt, "2019-W30"));
  ReportWriter reports(*db_, host_.clock(), FigurePolicy());
  v1::BuildReportRequest request;
  request.set_parent("courts/110102");
  request.set_period("2019-W30");
  ASSERT_OK_AND_ASSIGN(const v1::Report report,
                       reports.Request(kCourt, "tester", {}, request));
  ASSERT_OK(reports.Build(kCourt,
                          report.name().substr(report.name().rfind('/') + 1)));
  EXPECT_EQ(OnlyAlert().name(), alert.name());
  v1::GetAlertRequest get;
  get.set_name(alert.name());
  grpc::ClientContext context;
  v1::Alert whole;
  ASSERT_TRUE(stub_->GetAlert(&context, get, &whole).ok());
  EXPECT_THAT(whole.chart_svg(), HasSubstr("<svg"));
}

TEST_P(AlertContract, AReportRaisesItsAlertsByItself) {
  ApplySlowWeek(22, "w");
  ReportWriter reports(*db_, host_.clock(), FigurePolicy());
  v1::BuildReportRequest request;
  request.set_parent("courts/110102");
  request.set_period("2019-W30");
  ASSERT_OK_AND_ASSIGN(const v1::Report report,
                       reports.Request(kCourt, "tester", {}, request));
  ASSERT_OK(reports.Build(kCourt,
                          report.name().substr(report.name().rfind('/') + 1)));
  EXPECT_EQ(OnlyAlert().period(), "2019-W30");
}

TEST_P(AlertContract, TheReconcilerWatchesAWeekOnceItHasClosed) {
  ApplySlowWeek(22, "w");
  testing::FakeLeaseQueue queue(5, "alert");
  AlertWorker worker(queue, *alerts_, *writer_, host_.clock(), host_.metrics());
  worker.Stop();  // so that what is queued stays there to be seen
  const auto has_task = [&](const char* week) {
    return queue.TakeTask(absl::StrCat("courts/110102/weeks/", week), {}).ok();
  };
  for (const absl::CivilSecond early :
       {absl::CivilSecond(2019, 7, 28, 23, 59),
        absl::CivilSecond(2019, 7, 29, 7, 59)}) {
    host_.clock().SetCourtTime(early);
    ASSERT_OK(worker.EnqueueSoon());
    EXPECT_TRUE(has_task("2019-W29")) << early;
    EXPECT_FALSE(has_task("2019-W30")) << early;
  }
  host_.clock().SetCourtTime(absl::CivilSecond(2019, 7, 29, 8));
  ASSERT_OK(worker.EnqueueSoon());
  EXPECT_TRUE(has_task("2019-W30"));
  ASSERT_OK(writer_->Watch(kCourt, "2019-W30"));
  queue.Forget();
  ASSERT_OK(worker.EnqueueSoon());
  EXPECT_FALSE(has_task("2019-W30")) << "watched already";
}

TEST_P(AlertContract, TheWorkerWatchesTheWeekThatIsQueued) {
  ApplySlowWeek(22, "w");
  testing::FakeLeaseQueue queue(5, "alert");
  AlertWorker worker(queue, *alerts_, *writer_, host_.clock(), host_.metrics());
  ASSERT_OK(worker.EnqueueSoon());
  ASSERT_OK_AND_ASSIGN(std::vector<std::string> courts,
                       alerts_->CourtsToWatch("2019-W30"));
  for (int i = 0; i < 1000 && !courts.empty(); ++i) {
    absl::SleepFor(absl::Milliseconds(10));
    ASSERT_OK_AND_ASSIGN(courts, alerts_->CourtsToWatch("2019-W30"));
  }
  worker.Stop();
  EXPECT_EQ(OnlyAlert().period(), "2019-W30");
}

TEST_P(AlertContract, NobodyAcknowledgedSoTheLeaderIsTold) {
  ApplySlowWeek(22, "w");
  ASSERT_OK(writer_->Watch(kCourt, "2019-W30"));
  const v1::Alert alert = OnlyAlert();
  const std::string id = alert.name().substr(alert.name().rfind('/') + 1);
  host_.clock().Advance(absl::Hours(48));
  ASSERT_OK_AND_ASSIGN(const std::vector<DueAlert> due,
                       alerts_->Due(host_.clock().Now(), 10));
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(due[0].name, alert.name());
  ASSERT_OK(writer_->DoDue(kCourt, id));
  ASSERT_OK(writer_->DoDue(kCourt, id));
  EXPECT_EQ(OnlyAlert().role(), "leader");
  EXPECT_EQ(OnlyAlert().escalations(), 1);
}

TEST_P(AlertContract, AcknowledgedOnceAndResolvedWithANote) {
  ApplySlowWeek(22, "w");
  ASSERT_OK(writer_->Watch(kCourt, "2019-W30"));
  v1::AcknowledgeAlertRequest request;
  request.set_name(OnlyAlert().name());
  const auto acknowledge = [&] {
    grpc::ClientContext context;
    v1::Alert answer;
    return stub_->AcknowledgeAlert(&context, request, &answer);
  };
  request.set_etag("7");
  EXPECT_EQ(acknowledge().error_code(), grpc::StatusCode::ABORTED);
  request.clear_etag();
  EXPECT_TRUE(acknowledge().ok());
  EXPECT_EQ(acknowledge().error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  v1::ResolveAlertRequest resolve;
  resolve.set_name(request.name());
  const auto settle = [&] {
    grpc::ClientContext context;
    v1::Alert answer;
    return stub_->ResolveAlert(&context, resolve, &answer);
  };
  EXPECT_EQ(settle().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  resolve.set_resolution("已约谈并整改");
  EXPECT_TRUE(settle().ok());
  EXPECT_THAT(List(v1::Alert::STATE_RESOLVED), SizeIs(1));
}

TEST_P(AlertContract, AMutedSeriesStaysMutedInTheNextWeek) {
  ApplySlowWeek(22, "w");
  ASSERT_OK(writer_->Watch(kCourt, "2019-W30"));
  v1::MuteAlertRequest mute;
  mute.set_name(OnlyAlert().name());
  mute.set_reason("系统迁移期间");
  mute.set_until_day("2019-08-09");
  grpc::ClientContext context;
  v1::Alert muted;
  ASSERT_TRUE(stub_->MuteAlert(&context, mute, &muted).ok());
  ApplySlowWeek(30, "x");
  host_.clock().SetCourtTime(absl::CivilSecond(2019, 8, 5, 9));
  ASSERT_OK(writer_->Watch(kCourt, "2019-W31"));
  const std::vector<v1::Alert> alerts = List(v1::Alert::STATE_MUTED);
  ASSERT_THAT(alerts, SizeIs(2));
  EXPECT_EQ(alerts[0].period(), "2019-W31");
  EXPECT_EQ(alerts[0].mute_reason(), "系统迁移期间");
}

TEST_P(AlertContract, AStatisticDoesNotTellOfAFewByItsSum) {
  for (int i = 0; i < 14; ++i) {
    Apply(TicketEventOf(
        {.id = absl::StrCat(i), .division = i < 12 ? "civil-1" : "civil-2"}));
    Apply(CallOf({.id = absl::StrCat("c", i),
                  .ticket = absl::StrCat(i),
                  .division = i < 12 ? "civil-1" : "civil-2"}));
  }
  v1::QueryStatisticsRequest request;
  request.set_parent("courts/110102");
  request.set_start_day("2019-07-22");
  request.set_end_day("2019-07-28");
  request.add_measures(v1::MEASURE_SATISFACTION_RATE);
  const auto query = [&] {
    grpc::ClientContext context;
    v1::QueryStatisticsResponse page;
    EXPECT_TRUE(
        statistics_stub_->QueryStatistics(&context, request, &page).ok());
    return page;
  };
  const v1::QueryStatisticsResponse whole = query();
  ASSERT_EQ(whole.rows_size(), 1);
  EXPECT_EQ(whole.rows(0).figures(0).current().state(), v1::Figure::STATE_OK);
  EXPECT_EQ(whole.rows(0).figures(0).current().denominator(), 14);
  EXPECT_TRUE(whole.rows(0).figures(0).has_design());
  request.add_group_by(v1::QueryStatisticsRequest::DIMENSION_DIVISION);
  const v1::QueryStatisticsResponse parts = query();
  ASSERT_EQ(parts.rows_size(), 2);
  for (const auto& row : parts.rows()) {
    EXPECT_EQ(row.figures(0).current().state(), v1::Figure::STATE_SUPPRESSED);
    EXPECT_EQ(row.figures(0).current().denominator(), 0);
    EXPECT_FALSE(row.figures(0).has_design());
  }
}

TEST_P(AlertContract, AFilterDoesNotTellWhatAGroupDoesNot) {
  for (int i = 0; i < 26; ++i) {
    const bool rare = i == 5 || i == 6;
    auto ticket = TicketEventOf(
        {.id = absl::StrCat(i), .division = i < 14 ? "civil-1" : "civil-2"});
    ticket.mutable_ticket()->set_handler(
        absl::StrCat("courts/110102/staff/", rare ? "rare" : "often"));
    Apply(ticket);
    Apply(CallOf({.id = absl::StrCat("c", i),
                  .ticket = absl::StrCat(i),
                  .division = i < 14 ? "civil-1" : "civil-2"}));
  }
  v1::QueryStatisticsRequest request;
  request.set_parent("courts/110102");
  request.set_start_day("2019-07-22");
  request.set_end_day("2019-07-28");
  request.add_measures(v1::MEASURE_SATISFACTION_RATE);
  const auto state = [&] {
    grpc::ClientContext context;
    v1::QueryStatisticsResponse page;
    EXPECT_TRUE(
        statistics_stub_->QueryStatistics(&context, request, &page).ok());
    EXPECT_EQ(page.rows_size(), 1);
    return page.rows(0).figures(0).current().state();
  };
  request.set_division("courts/110102/divisions/civil-1");
  EXPECT_EQ(state(), v1::Figure::STATE_OK);
  // Twelve, and two by difference.
  request.set_handler("courts/110102/staff/often");
  EXPECT_EQ(state(), v1::Figure::STATE_SUPPRESSED);
  request.clear_handler();
  request.set_division("courts/110102/divisions/civil-2");
  EXPECT_EQ(state(), v1::Figure::STATE_OK);
}

TEST_P(AlertContract, SixAnswersOfOneCallerAreOnePerson) {
  for (int i = 0; i < 6; ++i) {
    Apply(TicketEventOf({.id = absl::StrCat(i)}));
    callback::v1::CallbackEvent call =
        CallOf({.id = absl::StrCat("c", i), .ticket = absl::StrCat(i)});
    call.mutable_callback()->set_caller_key("the-same");
    Apply(call);
  }
  EXPECT_EQ(Figure(Report("2019-W30", ""), v1::MEASURE_SATISFACTION_RATE)
                .current()
                .state(),
            v1::Figure::STATE_SUPPRESSED);
}

INSTANTIATE_TEST_SUITE_P(Engines, AlertContract,
                         ::testing::ValuesIn(testing::SqlEngines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang::reporting

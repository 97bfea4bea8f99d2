#include "services/reporting/alert_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "services/common/error.h"
#include "services/common/proto_time.h"
#include "tests/support/matchers.h"
#include "tests/unit/reporting/sample_facts.h"

namespace huifang::reporting {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const absl::Time kNow = absl::FromUnixSeconds(1564390800);

v1::Report SlowReport() {
  ReportFacts facts = SampleFacts("2019-W30", false);
  for (auto& [group, totals] : facts.spans.back().tickets) {
    totals.with_due = 200;
    totals.on_time = absl::EndsWith(group, "civil-2") ? 150 : 192;
  }
  return AssembleReport(facts, FigurePolicy());
}

v1::Alert SlowAlert() {
  for (const v1::Alert& alert : AlertsOf("110102", SlowReport(), kNow, {})) {
    if (alert.measure() == v1::MEASURE_ON_TIME_RATE) return alert;
  }
  return {};
}

TEST(AlertRules, ADivisionThatDiffersAlarmsItsHead) {
  const v1::Alert alert = SlowAlert();
  EXPECT_EQ(alert.rule(), v1::Alert::RULE_FUNNEL);
  EXPECT_EQ(alert.division(), "courts/110102/divisions/civil-2");
  EXPECT_EQ(alert.state(), v1::Alert::STATE_OPEN);
  EXPECT_EQ(alert.role(), "head");
  EXPECT_EQ(alert.period(), "2019-W30");
  EXPECT_LE(alert.adjusted_p_value(), 0.001);
  EXPECT_THAT(alert.summary(), HasSubstr("民事审判二庭"));
  EXPECT_THAT(alert.chart_svg(), HasSubstr("<svg"));
  ASSERT_EQ(alert.observations_size(), 5);
  EXPECT_EQ(
      std::count_if(alert.observations().begin(), alert.observations().end(),
                    [](const auto& o) { return o.fired(); }),
      1);
}

TEST(AlertRules, TheSamePeriodGivesTheSameNames) {
  v1::Report rebuilt = SlowReport();
  rebuilt.set_version(7);
  const std::vector<v1::Alert> first =
      AlertsOf("110102", SlowReport(), kNow, {});
  const std::vector<v1::Alert> second =
      AlertsOf("110102", rebuilt, kNow + absl::Hours(90), {});
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].name(), second[i].name());
  }
}

TEST(AlertRules, ADivisionsReportRaisesNothing) {
  EXPECT_THAT(AlertsOf("110102", SampleReport("2019-W30", true), kNow, {}),
              IsEmpty());
}

TEST(AlertRules, AChartThatAlarmsBringsItsWeeksAndLimits) {
  v1::Report report = SampleReport("2019-W30", false);
  report.clear_groups();
  report.clear_charts();
  v1::ControlChart& chart = *report.add_charts();
  chart.set_measure(v1::MEASURE_PASS_RATE);
  chart.set_kind(v1::ControlChart::KIND_P);
  chart.set_state(v1::ControlChart::STATE_WATCHED);
  chart.set_center(0.95);
  for (const char* label : {"2019-W29", "2019-W30"}) {
    v1::ControlChart::Point& point = *chart.add_points();
    point.set_label(label);
    point.set_numerator(40);
    point.set_denominator(60);
    point.set_value(40.0 / 60);
    point.set_lower_limit(0.87);
    point.set_upper_limit(1);
  }
  EXPECT_THAT(AlertsOf("110102", report, kNow, {}), IsEmpty());
  chart.mutable_points(1)->add_signals(v1::ControlChart::RULE_BELOW_LIMITS);
  const std::vector<v1::Alert> alerts = AlertsOf("110102", report, kNow, {});
  ASSERT_EQ(alerts.size(), 1);
  EXPECT_EQ(alerts[0].rule(), v1::Alert::RULE_CONTROL_LIMIT);
  EXPECT_EQ(alerts[0].role(), "officer");
  EXPECT_EQ(alerts[0].observations(1).lower_limit(), 0.87);
  EXPECT_TRUE(alerts[0].observations(1).fired());
  EXPECT_THAT(alerts[0].summary(), HasSubstr("低于控制下限"));
  // Better than it was is nothing to look after.
  chart.mutable_points(1)->clear_signals();
  chart.mutable_points(1)->add_signals(v1::ControlChart::RULE_ABOVE_LIMITS);
  EXPECT_THAT(AlertsOf("110102", report, kNow, {}), IsEmpty());
}

// Ten weeks, all on one side of the center, with a signal of runs at the end.
v1::Report RunReport(double value) {
  v1::Report report = SampleReport("2019-W30", false);
  report.clear_groups();
  report.clear_charts();
  v1::ControlChart& chart = *report.add_charts();
  chart.set_measure(v1::MEASURE_PASS_RATE);
  chart.set_kind(v1::ControlChart::KIND_P);
  chart.set_state(v1::ControlChart::STATE_WATCHED);
  chart.set_center(0.95);
  chart.set_longest_run(10);
  chart.set_longest_run_max(7);
  for (const Span& week : SpansUpTo(*ParseSpan("2019-W30"), 10)) {
    v1::ControlChart::Point& point = *chart.add_points();
    point.set_label(SpanLabel(week));
    point.set_value(value);
  }
  chart.mutable_points(9)->add_signals(v1::ControlChart::RULE_RUNS);
  return report;
}

TEST(AlertRules, ARunBelowAlarmsAndOneOfGoodWeeksDoesNot) {
  EXPECT_THAT(AlertsOf("110102", RunReport(0.99), kNow, {}), IsEmpty());
  const std::vector<v1::Alert> alerts =
      AlertsOf("110102", RunReport(0.91), kNow, {});
  ASSERT_EQ(alerts.size(), 1);
  EXPECT_EQ(alerts[0].rule(), v1::Alert::RULE_RUN);
}

TEST(AlertRules, WhatNobodyAcknowledgesGoesToTheLeaderOnce) {
  v1::Alert alert = SlowAlert();
  EXPECT_FALSE(DoDue(kNow + absl::Hours(47), {}, alert));
  EXPECT_TRUE(DoDue(kNow + absl::Hours(48), {}, alert));
  EXPECT_EQ(alert.role(), "leader");
  EXPECT_EQ(alert.escalations(), 1);
  EXPECT_FALSE(DoDue(kNow + absl::Hours(480), {}, alert));
}

TEST(AlertRules, AnAcknowledgedAlertDoesNotEscalate) {
  v1::Alert alert = SlowAlert();
  ASSERT_OK(AcknowledgeAlert("wang", kNow, alert));
  EXPECT_EQ(alert.acknowledger(), "wang");
  EXPECT_FALSE(DoDue(kNow + absl::Hours(480), {}, alert));
  EXPECT_FALSE(AcknowledgeAlert("li", kNow, alert).ok());
  ASSERT_OK(ResolveAlert("wang", "已整改", alert));
  EXPECT_FALSE(ResolveAlert("wang", "已整改", alert).ok());
}

TEST(AlertRules, AMuteEndsAndRingsAgain) {
  v1::Alert alert = SlowAlert();
  const absl::CivilDay today = DayOf(kNow);
  EXPECT_EQ(ErrorReason(MuteAlert("li", "迁移", kNow, today - 1, alert)),
            "MUTE_IS_OVER");
  EXPECT_EQ(ErrorReason(MuteAlert("li", "迁移", kNow, today + 367, alert)),
            "MUTE_TOO_LONG");
  ASSERT_OK(MuteAlert("li", "迁移", kNow, today + 9, alert));
  // To the end of that day in court time.
  const absl::Time until = FromTimestamp(alert.mute_until_time());
  EXPECT_EQ(DayOf(until - absl::Seconds(1)), today + 9);
  EXPECT_EQ(DayOf(until), today + 10);
  EXPECT_FALSE(DoDue(kNow + absl::Hours(100), {}, alert));
  EXPECT_TRUE(DoDue(until, {}, alert));
  EXPECT_EQ(alert.state(), v1::Alert::STATE_OPEN);
  EXPECT_EQ(FromTimestamp(alert.escalate_time()), until + absl::Hours(48));
}

}  // namespace
}  // namespace huifang::reporting

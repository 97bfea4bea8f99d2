#include "services/reporting/alert_rules.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/ids.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/reporting/chart_svg.h"
#include "services/reporting/chart_text.h"
#include "services/reporting/comparison_text.h"
#include "services/reporting/watch_rules.h"

namespace huifang::reporting {
namespace {

constexpr int kMaxMuteDays = 366;
constexpr Locale kLocale = Locale::kChinese;

absl::Status WrongState(const v1::Alert& alert, const char* verb) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "ALERT_STATE",
      absl::StrCat("an alert in ", v1::Alert::State_Name(alert.state()),
                   " cannot be ", verb));
}

// The points at the end that all lie below the center.
int RunBelow(const v1::ControlChart& chart) {
  int length = 0;
  for (int i = chart.points_size() - 1; i >= 0; --i) {
    const v1::ControlChart::Point& point = chart.points(i);
    if (point.left_out() || point.value() == chart.center()) continue;
    if (point.value() > chart.center()) break;
    ++length;
  }
  return length;
}

// Whether it is the run at the end that no chance makes: runs are looked for in
// all points, and one of good weeks, or one long over, is nobody's alarm.
bool RunsBelow(const v1::ControlChart& chart) {
  const int run = RunBelow(chart);
  return run > chart.longest_run_max() ||
         (chart.crossings() < chart.crossings_min() && run > 0 &&
          run >= chart.longest_run());
}

// Whether the alert tells of something worse, which is what somebody must look
// at; every charted rate and gap is better when it is larger.
std::optional<v1::Alert::Rule> RuleOf(const v1::ControlChart& chart) {
  const v1::ControlChart::Point& last = chart.points(chart.points_size() - 1);
  for (const int rule : last.signals()) {
    if (rule == v1::ControlChart::RULE_BELOW_LIMITS) {
      return v1::Alert::RULE_CONTROL_LIMIT;
    }
  }
  for (const int rule : last.signals()) {
    if (rule == v1::ControlChart::RULE_RUNS && RunsBelow(chart)) {
      return v1::Alert::RULE_RUN;
    }
  }
  return std::nullopt;
}

void Open(absl::Time now, const AlertPolicy& policy, v1::Alert& alert) {
  alert.set_state(v1::Alert::STATE_OPEN);
  if (alert.role() != "leader") {
    *alert.mutable_escalate_time() = ToTimestamp(now + policy.patience);
  }
}

v1::Alert FromChart(const v1::ControlChart& chart, v1::Alert::Rule rule,
                    const std::string& week) {
  v1::Alert alert;
  alert.set_rule(rule);
  alert.set_measure(chart.measure());
  alert.set_division(chart.division());
  alert.set_period(week);
  alert.set_summary(absl::StrCat(ChartTitle(chart, kLocale), "：",
                                 ChartText(chart, kLocale)));
  ShowChart(chart, alert);
  return alert;
}

v1::Alert FromFunnel(const v1::Report& report, const v1::GroupLine& group,
                     const v1::Comparison& low) {
  const v1::Measure measure = low.measure();
  v1::Alert alert;
  alert.set_rule(v1::Alert::RULE_FUNNEL);
  alert.set_measure(measure);
  alert.set_division(group.group());
  alert.set_period(report.period().label());
  alert.set_adjusted_p_value(low.adjusted_p_value());
  alert.set_summary(absl::StrCat(
      group.display_name(), " · ", MeasureLabel(measure, kLocale),
      PercentText(PublishedRate(group, low)),
      "，明显低于其余各庭合计（各庭合计", PercentText(low.center()), "，校正p",
      PValueText(low.adjusted_p_value()), "）。"));
  for (const v1::GroupLine& line : report.groups()) {
    const v1::Comparison* c = FindComparison(line, measure);
    if (c == nullptr || c->denominator() == 0) continue;
    v1::Alert::Observation& observation = *alert.add_observations();
    observation.set_label(line.display_name());
    observation.set_numerator(c->numerator());
    observation.set_denominator(c->denominator());
    observation.set_lower_limit(c->limit_lower());
    observation.set_upper_limit(c->limit_upper());
    observation.set_value(static_cast<double>(c->numerator()) /
                          static_cast<double>(c->denominator()));
    observation.set_fired(line.group() == group.group());
  }
  alert.set_chart_svg(FunnelChart(report, measure, kLocale));
  return alert;
}

}  // namespace

void ShowChart(const v1::ControlChart& chart, v1::Alert& alert) {
  for (const v1::ControlChart::Point& point : chart.points()) {
    if (point.left_out()) continue;
    v1::Alert::Observation& observation = *alert.add_observations();
    observation.set_label(point.label());
    observation.set_numerator(point.numerator());
    observation.set_denominator(point.denominator());
    observation.set_lower_limit(point.lower_limit());
    observation.set_upper_limit(point.upper_limit());
    observation.set_value(point.value());
  }
  alert.mutable_observations(alert.observations_size() - 1)->set_fired(true);
  *alert.mutable_chart() = chart;
  alert.set_chart_svg(ControlChartSvg(chart, kLocale));
}

std::vector<v1::Alert> AlertsOf(const std::string& court,
                                const v1::Report& report, absl::Time now,
                                const AlertPolicy& policy) {
  std::vector<v1::Alert> alerts;
  const absl::StatusOr<Span> span = ParseSpan(report.period().label());
  if (!span.ok() || !report.division().empty()) return alerts;
  // What is said of half a week would stand for the whole.
  if (now < EndTime(*span)) return alerts;
  const Span week = LastWeekOf(*span);
  for (const v1::ControlChart& chart : report.charts()) {
    // An alert is about a measure; a rare finding is the report's to show.
    if (!chart.rule().empty() || !Alarms(chart, week)) continue;
    if (const std::optional<v1::Alert::Rule> rule = RuleOf(chart)) {
      alerts.push_back(FromChart(chart, *rule, SpanLabel(week)));
    }
  }
  for (const v1::GroupLine& group : report.groups()) {
    for (const v1::Comparison& comparison : group.comparisons()) {
      if (comparison.flag() == v1::Comparison::FLAG_LOW) {
        alerts.push_back(FromFunnel(report, group, comparison));
      }
    }
  }
  for (v1::Alert& alert : alerts) {
    OpenAlert(court, absl::StrCat(alert.period(), "|", SeriesOf(alert)), now,
              policy, alert);
  }
  return alerts;
}

void OpenAlert(const std::string& court, const std::string& key, absl::Time now,
               const AlertPolicy& policy, v1::Alert& alert) {
  alert.set_name(MakeResourceName(court, "alerts",
                                  DerivedUuid(absl::StrCat(court, "|", key))));
  alert.set_role(alert.division().empty() ? "officer" : "head");
  *alert.mutable_create_time() = ToTimestamp(now);
  Open(now, policy, alert);
}

std::string SeriesOf(const v1::Alert& alert) {
  if (alert.rule() == v1::Alert::RULE_REPEAT_CALLER) {
    // Its divisions may change while it lasts.
    return absl::StrCat(v1::Alert::Rule_Name(alert.rule()), "|",
                        alert.case_number().empty()
                            ? absl::StrCat("caller|", alert.caller_key())
                            : absl::StrCat("case|", alert.case_number()));
  }
  return absl::StrCat(v1::Alert::Rule_Name(alert.rule()), "|",
                      v1::Measure_Name(alert.measure()), "|", alert.division());
}

std::optional<absl::Time> DueTime(const v1::Alert& alert) {
  if (alert.state() == v1::Alert::STATE_MUTED) {
    return FromTimestamp(alert.mute_until_time());
  }
  if (alert.state() == v1::Alert::STATE_OPEN && alert.has_escalate_time()) {
    return FromTimestamp(alert.escalate_time());
  }
  return std::nullopt;
}

bool DoDue(absl::Time now, const AlertPolicy& policy, v1::Alert& alert) {
  const std::optional<absl::Time> due = DueTime(alert);
  if (!due.has_value() || now < *due) return false;
  if (alert.state() == v1::Alert::STATE_MUTED) {
    alert.clear_mute_until_time();
    if (alert.has_acknowledge_time()) {
      alert.set_state(v1::Alert::STATE_ACKNOWLEDGED);  // still in hand
    } else {
      Open(now, policy, alert);
    }
    return true;
  }
  alert.clear_escalate_time();
  alert.set_role("leader");
  alert.set_escalations(alert.escalations() + 1);
  return true;
}

absl::Status AcknowledgeAlert(const std::string& principal, absl::Time now,
                              v1::Alert& alert) {
  if (alert.state() != v1::Alert::STATE_OPEN &&
      alert.state() != v1::Alert::STATE_MUTED) {
    return WrongState(alert, "acknowledged");
  }
  alert.set_state(v1::Alert::STATE_ACKNOWLEDGED);
  alert.set_acknowledger(principal);
  *alert.mutable_acknowledge_time() = ToTimestamp(now);
  alert.clear_escalate_time();
  alert.clear_mute_until_time();
  return absl::OkStatus();
}

absl::Status ResolveAlert(const std::string& principal,
                          const std::string& resolution, v1::Alert& alert) {
  if (alert.state() == v1::Alert::STATE_RESOLVED) {
    return WrongState(alert, "resolved");
  }
  alert.set_state(v1::Alert::STATE_RESOLVED);
  alert.set_resolver(principal);
  alert.set_resolution(resolution);
  alert.clear_escalate_time();
  alert.clear_mute_until_time();
  return absl::OkStatus();
}

absl::Status MuteAlert(const std::string& principal, const std::string& reason,
                       absl::Time now, absl::CivilDay last_day,
                       v1::Alert& alert) {
  if (alert.state() != v1::Alert::STATE_OPEN &&
      alert.state() != v1::Alert::STATE_ACKNOWLEDGED) {
    return WrongState(alert, "muted");
  }
  const Span silence{Span::Kind::kWeek, last_day, last_day};
  if (EndTime(silence) <= now) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "MUTE_IS_OVER",
                     "until_day: is over already");
  }
  if (last_day - DayOf(now) > kMaxMuteDays) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "MUTE_TOO_LONG",
        absl::StrCat("until_day: at most ", kMaxMuteDays, " days ahead"));
  }
  if (alert.state() == v1::Alert::STATE_OPEN) {
    alert.clear_acknowledge_time();  // of an earlier round
    alert.clear_acknowledger();
  }
  alert.set_state(v1::Alert::STATE_MUTED);
  alert.set_muter(principal);
  alert.set_mute_reason(reason);
  *alert.mutable_mute_until_time() = ToTimestamp(EndTime(silence));
  alert.clear_escalate_time();
  return absl::OkStatus();
}

void InheritMute(const v1::Alert& muted, v1::Alert& alert) {
  alert.set_state(v1::Alert::STATE_MUTED);
  alert.set_muter(muted.muter());
  alert.set_mute_reason(muted.mute_reason());
  *alert.mutable_mute_until_time() = muted.mute_until_time();
  alert.clear_escalate_time();
}

}  // namespace huifang::reporting

#include "services/reporting/overdue_risk_rules.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/reporting/chart_text.h"
#include "services/reporting/control_chart_rules.h"
#include "services/reporting/period_rules.h"

namespace huifang::reporting {
namespace {

constexpr Locale kLocale = Locale::kChinese;

absl::Time RiskTime(const WatchedTicket& ticket) {
  return std::min(ticket.warn_time, ticket.due_time);
}

bool IsOpen(const WatchedTicket& ticket, absl::Time at) {
  return ticket.create_time <= at && ticket.close_time > at;
}

// By division: at risk of those open, oldest look first.
std::map<std::string, std::vector<Tally>> CountBacklogs(
    const BacklogFacts& facts, absl::Time now, const RiskPolicy& policy) {
  std::map<std::string, std::vector<Tally>> backlogs;
  for (const WatchedTicket& ticket : facts.tickets) {
    std::vector<Tally>& looks = backlogs[ticket.division];
    looks.resize(static_cast<std::size_t>(policy.weeks) + 1);
    for (int back = policy.weeks; back >= 0; --back) {
      const absl::Time at = now - back * absl::Hours(24 * 7);
      if (back > 0 && at <= facts.known_since) continue;
      if (!IsOpen(ticket, at)) continue;
      Tally& tally = looks[static_cast<std::size_t>(policy.weeks - back)];
      ++tally.trials;
      tally.successes += RiskTime(ticket) <= at ? 1 : 0;
    }
  }
  return backlogs;
}

// Of earlier weeks, with the error of having been counted from them.
Baseline BaselineOf(const std::vector<Tally>& earlier) {
  Baseline baseline = LaneyBaseline(earlier);
  baseline.sigma_z = std::max(1.0, baseline.sigma_z);
  baseline.counted = CountedBaseline(earlier).counted;
  return baseline;
}

bool IsAbove(const Tally& now, const Limits& limits, const Baseline& baseline,
             const RiskPolicy& policy) {
  return now.successes >= policy.min_tickets &&
         baseline.weeks >= policy.min_weeks &&
         static_cast<double>(now.successes) >
             limits.upper * static_cast<double>(now.trials) &&
         FisherExact(now, baseline.counted) <= 2 * policy.max_tail;
}

std::vector<WatchedTicket> AtRisk(const BacklogFacts& facts,
                                  const std::string& division, absl::Time now) {
  std::vector<WatchedTicket> tickets;
  for (const WatchedTicket& ticket : facts.tickets) {
    if (ticket.division == division && IsOpen(ticket, now) &&
        RiskTime(ticket) <= now) {
      tickets.push_back(ticket);
    }
  }
  std::sort(tickets.begin(), tickets.end(), [](const auto& a, const auto& b) {
    return std::pair(a.due_time, a.id) < std::pair(b.due_time, b.id);
  });
  return tickets;
}

v1::Alert AlertOf(const std::string& court, const v1::ControlChart& chart,
                  const std::vector<WatchedTicket>& tickets, absl::Time now,
                  const AlertPolicy& policy) {
  const auto overdue =
      std::count_if(tickets.begin(), tickets.end(),
                    [&](const auto& one) { return one.due_time < now; });
  const v1::ControlChart::Point& last = chart.points(chart.points_size() - 1);
  v1::Alert alert;
  alert.set_rule(v1::Alert::RULE_OVERDUE_RISK);
  alert.set_measure(chart.measure());
  alert.set_division(chart.division());
  alert.set_period(last.label());
  alert.set_summary(absl::StrCat(ChartTitle(chart, kLocale), "：在办",
                                 last.denominator(), "件，临期",
                                 last.numerator() - overdue, "件、超期",
                                 overdue, "件；", ChartText(chart, kLocale)));
  ShowChart(chart, alert);
  LinkTickets(court, now, tickets, alert);
  // By the day: one that a person has settled is not raised again before
  // tomorrow.
  OpenAlert(court, absl::StrCat(DayText(DayOf(now)), "|", SeriesOf(alert)), now,
            policy, alert);
  return alert;
}

}  // namespace

v1::ControlChart RiskChart(const std::vector<Tally>& weeks, absl::Time now,
                           const RiskPolicy& policy) {
  v1::ControlChart chart;
  if (weeks.empty() || weeks.back().trials <= 0) return chart;
  const std::vector<Tally> earlier(weeks.begin(), weeks.end() - 1);
  const Baseline baseline = BaselineOf(earlier);
  chart.set_measure(v1::MEASURE_OVERDUE_OPEN);
  chart.set_kind(baseline.sigma_z > 1 ? v1::ControlChart::KIND_LANEY
                                      : v1::ControlChart::KIND_P);
  chart.set_state(baseline.weeks >= policy.min_weeks
                      ? v1::ControlChart::STATE_WATCHED
                      : v1::ControlChart::STATE_TOO_FEW);
  chart.set_center(baseline.center);
  chart.set_sigma_z(baseline.sigma_z);
  chart.set_baseline_points(baseline.weeks);
  for (std::size_t i = 0; i < weeks.size(); ++i) {
    const bool last = i + 1 == weeks.size();
    const auto back = static_cast<int>(weeks.size() - 1 - i);
    const absl::CivilDay day = DayOf(now - back * absl::Hours(24 * 7));
    const absl::CivilDay monday =
        absl::NextWeekday(day - 7, absl::Weekday::monday);
    v1::ControlChart::Point& point = *chart.add_points();
    point.set_label(SpanLabel({Span::Kind::kWeek, monday, monday + 6}));
    point.set_in_baseline(!last);
    point.set_left_out(weeks[i].trials <= 0);
    if (!last && !point.left_out()) {
      if (chart.baseline_start().empty()) {
        chart.set_baseline_start(point.label());
      }
      chart.set_baseline_end(point.label());
    }
    if (point.left_out()) continue;
    const Limits limits = ChartLimits(baseline, weeks[i].trials);
    point.set_numerator(weeks[i].successes);
    point.set_denominator(weeks[i].trials);
    point.set_value(static_cast<double>(weeks[i].successes) /
                    static_cast<double>(weeks[i].trials));
    point.set_lower_limit(limits.lower);
    point.set_upper_limit(limits.upper);
    if (last && IsAbove(weeks[i], limits, baseline, policy)) {
      point.add_signals(v1::ControlChart::RULE_ABOVE_LIMITS);
    }
  }
  return chart;
}

std::vector<v1::Alert> OverdueRisks(const std::string& court,
                                    const BacklogFacts& facts, absl::Time now,
                                    const AlertPolicy& policy) {
  std::vector<v1::Alert> alerts;
  for (const auto& [division, weeks] : CountBacklogs(facts, now, policy.risk)) {
    v1::ControlChart chart = RiskChart(weeks, now, policy.risk);
    if (chart.points().empty() ||
        chart.points(chart.points_size() - 1).signals().empty()) {
      continue;
    }
    chart.set_division(DivisionName(court, division));
    const auto name = facts.names->find(chart.division());
    chart.set_display_name(name == facts.names->end() ? division
                                                      : name->second);
    alerts.push_back(
        AlertOf(court, chart, AtRisk(facts, division, now), now, policy));
  }
  return alerts;
}

}  // namespace huifang::reporting

#include "services/reporting/repeat_call_rules.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/common/resource_name.h"
#include "services/reporting/period_rules.h"

namespace huifang::reporting {
namespace {

using Cluster = std::vector<WatchedTicket>;

std::int64_t CountReRaised(const Cluster& cluster) {
  return std::count_if(cluster.begin(), cluster.end(),
                       [](const auto& one) { return one.re_raised; });
}

bool IsEnough(const Cluster& cluster, const RepeatPolicy& policy) {
  return static_cast<std::int64_t>(cluster.size()) >= policy.tickets;
}

std::string Summary(const std::string& court, const v1::Alert& alert,
                    const Cluster& cluster, const std::set<std::string>& units,
                    const DisplayNames& names, absl::Time now,
                    const RepeatPolicy& policy) {
  std::vector<std::string> shown;
  for (const std::string& id : units) {
    const auto name = names.find(DivisionName(court, id));
    shown.push_back(id.empty()            ? "未派单"
                    : name == names.end() ? id
                                          : name->second);
  }
  const auto open = std::count_if(
      cluster.begin(), cluster.end(),
      [&](const WatchedTicket& one) { return one.close_time > now; });
  return absl::StrCat(
      alert.case_number().empty() ? "同一来电人"
                                  : absl::StrCat("案件", alert.case_number()),
      policy.days, "日内来电", cluster.size(), "次，其中同一事项重复反映",
      CountReRaised(cluster), "次；在办", open, "件；涉及",
      absl::StrJoin(shown, "、"), "。");
}

v1::Alert AlertOf(const std::string& court, v1::Alert alert, Cluster cluster,
                  const DisplayNames& names, absl::Time now,
                  const AlertPolicy& policy) {
  std::sort(cluster.begin(), cluster.end(), [](const auto& a, const auto& b) {
    return std::pair(a.create_time, a.id) > std::pair(b.create_time, b.id);
  });
  std::set<std::string> units;
  for (const WatchedTicket& ticket : cluster) units.insert(ticket.division);
  alert.set_rule(v1::Alert::RULE_REPEAT_CALLER);
  alert.set_measure(v1::MEASURE_REPEAT_RATE);
  if (units.size() == 1) {
    alert.set_division(DivisionName(court, *units.begin()));
  }
  const absl::CivilDay today = DayOf(now);
  const absl::CivilDay monday =
      absl::NextWeekday(today - 7, absl::Weekday::monday);
  alert.set_period(SpanLabel({Span::Kind::kWeek, monday, monday + 6}));
  alert.set_summary(
      Summary(court, alert, cluster, units, names, now, policy.repeat));
  v1::Alert::Observation& observation = *alert.add_observations();
  observation.set_label(absl::StrCat(
      DayText(FirstRepeatDay(now, policy.repeat)), "/", DayText(today)));
  observation.set_numerator(static_cast<std::int64_t>(cluster.size()));
  observation.set_value(static_cast<double>(cluster.size()));
  observation.set_upper_limit(static_cast<double>(policy.repeat.tickets - 1));
  observation.set_fired(true);
  LinkTickets(court, now, cluster, alert);
  // By the newest ticket: one that a person has settled is raised again only
  // when another call came.
  OpenAlert(court, absl::StrCat(cluster.front().id, "|", SeriesOf(alert)), now,
            policy, alert);
  return alert;
}

}  // namespace

absl::CivilDay FirstRepeatDay(absl::Time now, const RepeatPolicy& policy) {
  return DayOf(now) - (policy.days - 1);
}

std::vector<v1::Alert> RepeatCalls(const std::string& court,
                                   const std::vector<WatchedTicket>& tickets,
                                   const DisplayNames& names, absl::Time now,
                                   const AlertPolicy& policy) {
  std::vector<v1::Alert> alerts;
  if (policy.repeat.tickets <= 0) return alerts;
  std::map<std::string, Cluster> cases;
  for (const WatchedTicket& ticket : tickets) {
    if (!ticket.case_number.empty()) {
      cases[ticket.case_number].push_back(ticket);
    }
  }
  for (const auto& [number, cluster] : cases) {
    if (!IsEnough(cluster, policy.repeat)) continue;
    v1::Alert alert;
    alert.set_case_number(number);
    alerts.push_back(
        AlertOf(court, std::move(alert), cluster, names, now, policy));
  }
  std::map<std::string, Cluster> callers;
  for (const WatchedTicket& ticket : tickets) {
    const auto told = cases.find(ticket.case_number);
    if (ticket.caller.empty() ||
        (told != cases.end() && IsEnough(told->second, policy.repeat))) {
      continue;
    }
    callers[ticket.caller].push_back(ticket);
  }
  for (const auto& [caller, cluster] : callers) {
    if (!IsEnough(cluster, policy.repeat) || CountReRaised(cluster) == 0) {
      continue;
    }
    v1::Alert alert;
    alert.set_caller_key(caller);
    alerts.push_back(
        AlertOf(court, std::move(alert), cluster, names, now, policy));
  }
  return alerts;
}

}  // namespace huifang::reporting

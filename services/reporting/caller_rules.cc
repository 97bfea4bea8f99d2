#include "services/reporting/caller_rules.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace huifang::reporting {
namespace {

// Strata whose variance is taken together.
struct Group {
  Stratum sum;
  std::set<std::string> callers;
};

struct Grouping {
  std::vector<Group> groups;
  std::vector<std::size_t> group_of;  // by stratum
  int lonely = 0;
};

void Add(const Stratum& from, Stratum& to) {
  to.population += from.population;
  to.respondents += from.respondents;
  to.members += from.members;
  to.successes += from.successes;
}

// A stratum heard through fewer than two callers joins the next one, the last
// one those before; one heard whole stands alone.
Grouping GroupStrata(const std::vector<Stratum>& strata,
                     const std::vector<std::set<std::string>>& callers) {
  Grouping grouping;
  grouping.group_of.assign(strata.size(), 0);
  Group waiting;
  std::size_t first_waiting = 0;
  for (std::size_t h = 0; h < strata.size(); ++h) {
    if (strata[h].population <= 0) continue;
    grouping.group_of[h] = grouping.groups.size();
    Add(strata[h], waiting.sum);
    waiting.callers.insert(callers[h].begin(), callers[h].end());
    if (waiting.callers.size() < 2 &&
        waiting.sum.respondents < waiting.sum.population) {
      ++grouping.lonely;
      continue;
    }
    grouping.groups.push_back(std::move(waiting));
    waiting = {};
    first_waiting = h + 1;
  }
  if (first_waiting == strata.size()) return grouping;
  if (grouping.groups.empty()) {
    grouping.groups.push_back(std::move(waiting));
    return grouping;
  }
  Group& last = grouping.groups.back();
  Add(waiting.sum, last.sum);
  last.callers.insert(waiting.callers.begin(), waiting.callers.end());
  for (std::size_t h = first_waiting; h < strata.size(); ++h) {
    grouping.group_of[h] = grouping.groups.size() - 1;
  }
  return grouping;
}

// Sum of a caller's deviations from the mean of the group.
struct Deviations {
  double with_fpc = 0;
  double without_fpc = 0;
};

std::map<std::string, Deviations> DeviationsByCaller(
    const std::vector<CallerAnswers>& answers, const Grouping& grouping,
    double value) {
  double members_total = 0;
  for (const Group& g : grouping.groups) {
    if (g.sum.respondents == 0) continue;
    members_total += static_cast<double>(g.sum.population) *
                     static_cast<double>(g.sum.members) /
                     static_cast<double>(g.sum.respondents);
  }
  std::map<std::string, Deviations> result;
  for (const CallerAnswers& a : answers) {
    const Group& group = grouping.groups[grouping.group_of[a.stratum]];
    const auto callers = static_cast<double>(group.callers.size());
    if (callers < 2) continue;
    const auto n = static_cast<double>(group.sum.respondents);
    const auto population = static_cast<double>(group.sum.population);
    const auto linearized = [value](std::int64_t successes,
                                    std::int64_t members) {
      return static_cast<double>(successes) -
             value * static_cast<double>(members);
    };
    const double mean = linearized(group.sum.successes, group.sum.members) / n;
    const double own = linearized(a.successes, a.members) -
                       static_cast<double>(a.respondents) * mean;
    const double scaled = population / n / members_total * own *
                          std::sqrt(callers / (callers - 1));
    Deviations& d = result[a.caller];
    d.without_fpc += scaled;
    d.with_fpc += scaled * std::sqrt(std::max(0.0, 1 - n / population));
  }
  return result;
}

}  // namespace

Estimate EstimateByCaller(const std::vector<std::int64_t>& populations,
                          const std::vector<CallerAnswers>& answers) {
  std::vector<Stratum> strata(populations.size());
  std::vector<std::set<std::string>> callers(populations.size());
  std::set<std::string> all_callers;
  std::set<std::string> member_callers;
  for (std::size_t h = 0; h < strata.size(); ++h) {
    strata[h].population = populations[h];
  }
  for (const CallerAnswers& a : answers) {
    Add({0, a.respondents, a.members, a.successes}, strata.at(a.stratum));
    if (a.respondents <= 0) continue;
    callers[a.stratum].insert(a.caller);
    all_callers.insert(a.caller);
    if (a.members > 0) member_callers.insert(a.caller);
  }
  Estimate estimate = EstimateProportion(strata);
  if (estimate.members == 0) return estimate;

  const Grouping grouping = GroupStrata(strata, callers);
  Variance variance;
  for (const auto& [caller, d] :
       DeviationsByCaller(answers, grouping, estimate.value)) {
    variance.with_fpc += d.with_fpc * d.with_fpc;
    variance.without_fpc += d.without_fpc * d.without_fpc;
  }
  const bool hidden =
      std::any_of(grouping.groups.begin(), grouping.groups.end(),
                  [](const Group& g) { return HidesSpread(g.sum); });
  estimate.independent = static_cast<std::int64_t>(member_callers.size());
  estimate.lonely_strata = grouping.lonely;
  estimate.degrees_of_freedom = static_cast<double>(all_callers.size()) -
                                static_cast<double>(grouping.groups.size());
  SetVariance(variance, hidden, estimate);
  return estimate;
}

}  // namespace huifang::reporting

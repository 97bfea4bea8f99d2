// From facts to figures: which measure is counted how, and with what interval.
#ifndef HUIFANG_SERVICES_REPORTING_FIGURE_RULES_H_
#define HUIFANG_SERVICES_REPORTING_FIGURE_RULES_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/claim_rules.h"
#include "services/reporting/estimate_rules.h"
#include "services/reporting/facts.h"
#include "services/reporting/interval_rules.h"

namespace huifang::reporting {

// A court's choices about its figures.
struct FigurePolicy {
  DisclosurePolicy disclosure;
  // Target by measure; a measure not named has none.
  std::map<v1::Measure, double> targets = {
      {v1::MEASURE_ON_TIME_RATE, 0.95},
      {v1::MEASURE_PASS_RATE, 0.95},
      {v1::MEASURE_SATISFACTION_RATE, 0.95}};
};

// Whose figures: all members of `calls` that closed in `span` and belong to
// `division` and `team`, where these are not empty.
struct Scope {
  Span span;
  std::string division;
  std::string team;
  // Only calls of this CallFact::group; nothing: all.
  std::optional<std::string> group;
  TicketTotals tickets;
  QualityTotals quality;
  // Every call of every draw that touches the span, other divisions' too: a
  // stratum's respondents are counted whole.
  const std::vector<CallFact>* calls = nullptr;
  // Of the members, those drawn from the reserve.
  std::int64_t from_reserve = 0;
  // Whether a callback rate must be withheld, because it is about too few
  // people or would tell about them; empty: by its own size alone.
  std::function<bool(v1::Measure)> is_withheld;
};

bool IsMember(const CallFact& call, const Scope& scope);

// A number of things.
v1::Figure::Value CountValue(std::int64_t count);
// A rate counted over every ticket there is: no sampling error.
v1::Figure::Value CensusRate(std::int64_t numerator, std::int64_t denominator);
// A rate estimated from a sample, if `reading` lets it be shown.
v1::Figure::Value EstimateValue(const Estimate& estimate, Reading reading);

// What may be said of a rate that may be read about its target, if it has one.
// `graded`: a pass rate is people's judgement, not the machine's proposal.
void SetClaim(bool graded, const FigurePolicy& policy, v1::Figure& figure);

void SetInterval(const Limits& limits, v1::Interval::Method method,
                 v1::Interval& interval);

// Measures of a report, in the order they are printed.
const std::vector<v1::Measure>& ReportMeasures();

v1::Figure::Unit UnitOf(v1::Measure measure);

// One value, with its interval where there is one.
v1::Figure::Value ValueOf(v1::Measure measure, const Scope& scope,
                          const FigurePolicy& policy);

// A value beside that of the period before, with the interval of their
// difference, the design and what may be claimed. A machine's proposals and
// people's grades have no difference.
v1::Figure FigureOf(v1::Measure measure, const Scope& now, const Scope& before,
                    const FigurePolicy& policy);

// The design behind a rate that is estimated from a sample, with its bounds:
// what it would be if all who were not heard, or not graded, were of one mind.
// Nothing for other measures, and where the rate may not be read.
std::optional<v1::Design> DesignOf(v1::Measure measure, const Scope& scope,
                                   const v1::Figure::Value& value);

// Whether people graded enough to estimate the pass rate from their grades
// alone: five tickets, or all, with at least one of each kind there is.
bool PassRateIsGraded(const QualityTotals& quality);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_FIGURE_RULES_H_

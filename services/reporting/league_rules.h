// Divisions, or teams, held against each other: who truly differs, and where
// each lies in the funnel.
#ifndef HUIFANG_SERVICES_REPORTING_LEAGUE_RULES_H_
#define HUIFANG_SERVICES_REPORTING_LEAGUE_RULES_H_

#include <vector>

#include "services/reporting/comparison_rules.h"
#include "services/reporting/figure_rules.h"

namespace huifang::reporting {

// Tails of the funnel's two lines: 95 % and 99.8 % between them.
inline constexpr double kFunnelWarningTail = 0.025;
inline constexpr double kFunnelLimitTail = 0.001;

// Measures by which groups are compared.
const std::vector<v1::Measure>& LeagueMeasures();

// A measure's count for a test that takes plain trials. Of a callback rate the
// effective sample, never more than the people heard; of the pass rate each
// ticket's grade, or the machine's proposal where there is none, so that
// groups graded to a different extent compare. {0, 0} when the rate may not be
// read.
Tally TallyOf(v1::Measure measure, const Scope& scope,
              const FigurePolicy& policy);

// Each held against all the others together, in the order given.
std::vector<v1::Comparison> CompareTallies(v1::Measure measure,
                                           const std::vector<Tally>& tallies);

// Fills in the comparisons of the report's groups; `scopes` are theirs, in
// their order.
void CompareGroups(const std::vector<Scope>& scopes, const FigurePolicy& policy,
                   v1::Report& report);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_LEAGUE_RULES_H_

// Repeat callers (重复来电人): several answers of one person are not several
// opinions. Either one ticket per caller is drawn, or the variance is taken
// over callers.
#ifndef HUIFANG_SERVICES_REPORTING_CALLER_RULES_H_
#define HUIFANG_SERVICES_REPORTING_CALLER_RULES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "services/reporting/estimate_rules.h"

namespace huifang::reporting {

// Answers of one caller in one stratum; fields as in Stratum.
struct CallerAnswers {
  std::size_t stratum = 0;  // position in the list of populations
  std::string caller;
  std::int64_t respondents = 0;
  std::int64_t members = 0;
  std::int64_t successes = 0;
};

// The estimate of EstimateProportion over the same answers, with a variance
// that is robust to callers who answer alike: deviations are summed by caller
// before they are squared, across strata too. When every caller answered once
// it is the same. `populations`: N_h of each stratum.
//
// Estimate::independent counts callers, and degrees of freedom are callers
// minus strata. Strata heard through a single caller are lonely.
Estimate EstimateByCaller(const std::vector<std::int64_t>& populations,
                          const std::vector<CallerAnswers>& answers);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_CALLER_RULES_H_

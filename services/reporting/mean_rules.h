// A mean of answers on a scale, such as stars or minutes, estimated from a
// stratified sample (Cochran, Sampling Techniques, ch. 5).
#ifndef HUIFANG_SERVICES_REPORTING_MEAN_RULES_H_
#define HUIFANG_SERVICES_REPORTING_MEAN_RULES_H_

#include <cstdint>
#include <vector>

#include "services/reporting/interval_rules.h"

namespace huifang::reporting {

struct MeanStratum {
  std::int64_t population = 0;
  std::int64_t respondents = 0;
  double sum = 0;
  double sum_of_squares = 0;
};

struct MeanEstimate {
  double value = 0;
  double standard_error = 0;  // with the finite population correction
  double degrees_of_freedom = 0;
  std::int64_t respondents = 0;  // 0: nothing else means anything
  // Strata of fewer than two respondents, taken together with a neighbour.
  int lonely_strata = 0;
  bool census = false;
};

MeanEstimate EstimateMean(const std::vector<MeanStratum>& strata);

// value ± t * standard error. Not for a share: see estimate_rules.h.
Limits StudentLimits(const MeanEstimate& estimate, double level = kLevel);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_MEAN_RULES_H_

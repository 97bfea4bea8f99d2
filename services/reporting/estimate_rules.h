// A proportion estimated from a stratified sample (Cochran, Sampling
// Techniques, ch. 5; domains: ch. 2.12 and 5A.14).
#ifndef HUIFANG_SERVICES_REPORTING_ESTIMATE_RULES_H_
#define HUIFANG_SERVICES_REPORTING_ESTIMATE_RULES_H_

#include <cstdint>
#include <vector>

#include "services/reporting/interval_rules.h"

namespace huifang::reporting {

// One stratum of one draw. A month is the list of its weeks' strata: weeks
// are pooled, their rates are never averaged.
struct Stratum {
  std::int64_t population = 0;   // tickets in the frame
  std::int64_t respondents = 0;  // complete interviews
  // Of the respondents, those that belong to the group asked about, such as
  // one division when strata are channels. Equal to `respondents` when the
  // whole stratum belongs.
  std::int64_t members = 0;
  std::int64_t successes = 0;  // members that have the property
};

// A stratum that belongs whole to the group.
inline Stratum WholeStratum(std::int64_t population, std::int64_t respondents,
                            std::int64_t successes) {
  return {population, respondents, respondents, successes};
}

struct Estimate {
  double value = 0;
  // With the finite population correction.
  double standard_error = 0;
  // The same without the correction, for comparison only.
  double standard_error_no_fpc = 0;
  double design_effect = 1;
  // value * (1 - value) / variance; `members` when the variance is 0, and at
  // most `members` when a stratum shows no spread at all.
  double effective_size = 0;
  double degrees_of_freedom = 0;
  std::int64_t population = 0;
  std::int64_t members = 0;
  std::int64_t successes = 0;
  int strata = 0;
  // Strata of a single respondent whose variance was taken together with a
  // neighbour's, and strata without respondents, merged whole.
  int lonely_strata = 0;
  // Every ticket of the frames was heard: no sampling error.
  bool census = false;
};

// Weights each stratum by its population. Estimate::members is 0, and nothing
// else means anything, when no member responded.
Estimate EstimateProportion(const std::vector<Stratum>& strata);

// Korn and Graubard: Clopper-Pearson on the effective sample size, corrected
// for the degrees of freedom. Falls back to Clopper-Pearson on the actual
// number when the variance is 0 (all alike), and to a point for a census.
Limits KornGraubard(const Estimate& estimate, double level = kLevel);

// Wilson on the effective sample size.
Limits WilsonOnEffectiveSize(const Estimate& estimate, double level = kLevel);

// On the logit scale with Student's t, as R survey's svyciprop "logit".
Limits LogitLimits(const Estimate& estimate, double level = kLevel);

// value ± t * standard error, as R survey's svyciprop "mean".
Limits MeanLimits(const Estimate& estimate, double level = kLevel);

// What the rate would be if all `missing` had said no, or all had said yes
// (Manski's bounds), counted without weights.
Limits WorstCase(std::int64_t successes, std::int64_t respondents,
                 std::int64_t missing);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_ESTIMATE_RULES_H_

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
  std::int64_t successes = 0;        // members that have the property
  std::int64_t missing = 0;          // drawn and eligible, without an answer
  std::int64_t missing_members = 0;  // of these, those of the group
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
  // value * (1 - value) / variance; `independent` when the variance is 0, and
  // at most `independent` when a stratum shows no spread at all.
  double effective_size = 0;
  double degrees_of_freedom = 0;
  std::int64_t population = 0;
  // Tickets of the frame that belong to the group: counted, or estimated where
  // the group is a part of strata.
  double members_in_frame = 0;
  std::int64_t members = 0;
  std::int64_t successes = 0;
  // Answers that say something of their own: `members`, or the callers they
  // came from (caller_rules.h).
  std::int64_t independent = 0;
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

struct Variance {
  double with_fpc = 0;
  double without_fpc = 0;
};

// Whether a stratum that was not heard whole shows no spread: its estimated
// variance is 0, its true one is not.
bool HidesSpread(const Stratum& stratum);

// Fills in what follows from the variance. `hidden`: some stratum hides its
// spread. Value, members and independent answers must be set.
void SetVariance(const Variance& variance, bool hidden, Estimate& estimate);

// Answers of a simple random sample that would carry as much as the estimate:
// its effective size corrected for the degrees of freedom.
double KornGraubardSize(const Estimate& estimate, double level = kLevel);

// Korn and Graubard: Clopper-Pearson on the effective sample size, corrected
// for the degrees of freedom. Falls back to Clopper-Pearson on the number of
// independent answers when the variance is 0 (all alike), and to a point for a
// census.
Limits KornGraubard(const Estimate& estimate, double level = kLevel);

// Frames beyond this are as good as infinite: the exact interval is then
// Clopper and Pearson's, and takes longer to find.
inline constexpr std::int64_t kSmallFrame = 10'000;

// Whether the answers are a simple random sample of a small frame, all of it in
// the group: of one stratum alone.
bool IsSimpleSample(const std::vector<Stratum>& strata);

// Exact interval of the frame's own rate, for a simple sample in which each
// caller answered once.
Limits HypergeometricLimits(const Estimate& estimate, double level = kLevel);

// Wilson on the effective sample size.
Limits WilsonOnEffectiveSize(const Estimate& estimate, double level = kLevel);

// On the logit scale with Student's t, as R survey's svyciprop "logit".
Limits LogitLimits(const Estimate& estimate, double level = kLevel);

// value ± t * standard error, as R survey's svyciprop "mean".
Limits MeanLimits(const Estimate& estimate, double level = kLevel);

// What the rate would be if all members without an answer had said no, or all
// had said yes (Manski's bounds), each stratum by its weight. 0 to 1 if nobody
// was drawn.
Limits WorstCase(const std::vector<Stratum>& strata);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_ESTIMATE_RULES_H_

// Confidence intervals of proportions. docs/methods.md says where each comes
// from and where it is used. Quantiles come from Boost.Math.
#ifndef HUIFANG_SERVICES_REPORTING_INTERVAL_RULES_H_
#define HUIFANG_SERVICES_REPORTING_INTERVAL_RULES_H_

#include <cstdint>

namespace huifang::reporting {

// Coverage of every interval in a report.
inline constexpr double kLevel = 0.95;

// A closed interval of proportions.
struct Limits {
  double lower = 0;
  double upper = 1;

  friend bool operator==(const Limits&, const Limits&) = default;
};

// A closed interval of counts in a finite population.
struct CountLimits {
  std::int64_t lower = 0;
  std::int64_t upper = 0;

  friend bool operator==(const CountLimits&, const CountLimits&) = default;
};

// The functions below take `successes` of `trials`, 0 <= successes <= trials
// and trials > 0. Both may be fractional: a design-based estimate has an
// effective number of trials.

// Wilson's score interval, without continuity correction.
Limits Wilson(double successes, double trials, double level = kLevel);

// Wilson's interval with the continuity correction of R's prop.test.
Limits WilsonCorrected(double successes, double trials, double level = kLevel);

// Clopper and Pearson's exact interval, equal tails.
Limits ClopperPearson(double successes, double trials, double level = kLevel);

// Equal-tailed interval of the posterior under Jeffreys' prior.
Limits Jeffreys(double successes, double trials, double level = kLevel);

// One-sided exact lower limit at `level`.
double LowerLimit(double successes, double trials, double level = kLevel);

// How many of a `population` have the property, when `successes` of a simple
// random sample of `sample` have it: all counts that neither tail of the
// hypergeometric distribution rejects. A census gives one count.
CountLimits Hypergeometric(std::int64_t successes, std::int64_t sample,
                           std::int64_t population, double level = kLevel);

// First proportion minus second, Newcombe's hybrid of two Wilson intervals.
// Between -1 and 1.
Limits NewcombeDifference(double successes1, double trials1, double successes2,
                          double trials2, double level = kLevel);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_INTERVAL_RULES_H_

// Whether divisions, or two periods, truly differ. docs/methods.md has the
// formulas and says which test a report names. Distributions come from
// Boost.Math.
#ifndef HUIFANG_SERVICES_REPORTING_COMPARISON_RULES_H_
#define HUIFANG_SERVICES_REPORTING_COMPARISON_RULES_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "services/reporting/interval_rules.h"

namespace huifang::reporting {

// Some of a number of tickets have a property: 0 <= successes <= trials.
struct Tally {
  std::int64_t successes = 0;
  std::int64_t trials = 0;

  friend bool operator==(const Tally&, const Tally&) = default;
};

// Fisher's exact test of equal rates, two-sided: the probability, given the
// margins, of all tables that are no more likely than the observed one. 1 when
// there is nothing to compare. Takes time in proportion to the smaller margin.
double FisherExact(const Tally& a, const Tally& b);

// The smallest count c with P(X <= c) >= `probability` when X is binomial.
// trials >= 0, 0 < probability < 1.
std::int64_t BinomialQuantile(std::int64_t trials, double rate,
                              double probability);

// Rates between which a division of `trials` lies when its true rate is
// `target`, but for `tail` on either side (漏斗图): exact, no normal
// approximation. A rate is outside when strictly below or above. trials > 0.
Limits FunnelLimits(std::int64_t trials, double target, double tail);

// P value of the hypothesis that the true rate is `target`: twice the smaller
// exact tail, at most 1.
double BinomialPValue(const Tally& tally, double target);

// P values corrected for the number of comparisons, in the order given. The
// first controls the false discovery rate, the second the chance of any false
// alarm at all. Rejecting at alpha is `corrected <= alpha`.
std::vector<double> BenjaminiHochberg(const std::vector<double>& p_values);
std::vector<double> Holm(const std::vector<double>& p_values);

// Where a division stands in the league of its court.
enum class Standing {
  kNotEnoughData,  // 数据不足
  kUsual,          // no difference that could not be chance
  kLow,
  kHigh,
};

struct LeaguePolicy {
  std::int64_t min_trials = 5;  // fewer: not enough data, and not counted
  double false_discovery_rate = 0.05;
};

struct LeagueLine {
  Standing standing = Standing::kNotEnoughData;
  // Fisher's test, and the same corrected; nothing when not judged.
  std::optional<double> p_value;
  std::optional<double> adjusted_p_value;
};

// Divisions that differ from all the others together, by Fisher's test with
// Benjamini and Hochberg's correction over those that have enough data. No
// target and no average stands between: what a division is compared with holds
// nothing of its own.
std::vector<LeagueLine> JudgeLeague(const std::vector<Tally>& divisions,
                                    const LeaguePolicy& policy);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_COMPARISON_RULES_H_

#include "services/reporting/comparison_rules.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cstddef>
#include <numeric>

namespace huifang::reporting {
namespace {

using boost::math::policies::discrete_quantile;
using boost::math::policies::integer_round_up;
using boost::math::policies::policy;

using Binomial = boost::math::binomial_distribution<
    double, policy<discrete_quantile<integer_round_up>>>;

// Positions of the values, smallest value first.
std::vector<std::size_t> Ascending(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(
      order.begin(), order.end(),
      [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  return order;
}

}  // namespace

double FisherExact(const Tally& a, const Tally& b) {
  const std::int64_t marked = a.successes + b.successes;
  const std::int64_t all = a.trials + b.trials;
  if (a.trials <= 0 || b.trials <= 0 || marked == 0 || marked == all) return 1;
  // Likelihoods relative to the most likely table, each from the one before
  // by the ratio of two hypergeometric probabilities: exact at any size.
  const std::int64_t least = std::max<std::int64_t>(0, marked - b.trials);
  const std::int64_t most = std::min(marked, a.trials);
  const auto ratio = [&](std::int64_t x) {  // of x + 1 to x
    return static_cast<double>(marked - x) * static_cast<double>(a.trials - x) /
           (static_cast<double>(x + 1) *
            static_cast<double>(b.trials - marked + x + 1));
  };
  const std::int64_t mode =
      std::clamp(static_cast<std::int64_t>(static_cast<double>(marked + 1) *
                                           static_cast<double>(a.trials + 1) /
                                           static_cast<double>(all + 2)),
                 least, most);
  std::vector<double> likelihood(static_cast<std::size_t>(most - least + 1), 1);
  const auto at = [&](std::int64_t x) -> double& {
    return likelihood[static_cast<std::size_t>(x - least)];
  };
  for (std::int64_t x = mode; x < most; ++x) at(x + 1) = at(x) * ratio(x);
  for (std::int64_t x = mode; x > least; --x) at(x - 1) = at(x) / ratio(x - 1);
  // Tables as likely as the observed one but for rounding count as such.
  const double observed = at(a.successes) * (1 + 1e-7);
  double p = 0;
  double total = 0;
  for (const double likely : likelihood) {
    total += likely;
    if (likely <= observed) p += likely;
  }
  return std::min(1.0, p / total);
}

std::int64_t BinomialQuantile(std::int64_t trials, double rate,
                              double probability) {
  if (trials <= 0 || rate <= 0) return 0;
  if (rate >= 1) return trials;
  return static_cast<std::int64_t>(boost::math::quantile(
      Binomial(static_cast<double>(trials), rate), probability));
}

Limits FunnelLimits(std::int64_t trials, double target, double tail) {
  const auto n = static_cast<double>(trials);
  return {static_cast<double>(BinomialQuantile(trials, target, tail)) / n,
          static_cast<double>(BinomialQuantile(trials, target, 1 - tail)) / n};
}

double BinomialPValue(const Tally& tally, double target) {
  if (tally.trials <= 0) return 1;
  if (target <= 0) return tally.successes == 0 ? 1 : 0;
  if (target >= 1) return tally.successes == tally.trials ? 1 : 0;
  const Binomial distribution(static_cast<double>(tally.trials), target);
  const auto x = static_cast<double>(tally.successes);
  const double at_most = boost::math::cdf(distribution, x);
  const double at_least =
      x <= 0 ? 1
             : boost::math::cdf(boost::math::complement(distribution, x - 1));
  return std::min(1.0, 2 * std::min(at_most, at_least));
}

std::vector<double> BenjaminiHochberg(const std::vector<double>& p_values) {
  const std::vector<std::size_t> order = Ascending(p_values);
  const auto m = static_cast<double>(p_values.size());
  std::vector<double> corrected(p_values.size());
  double least = 1;
  for (std::size_t rank = order.size(); rank > 0; --rank) {
    const std::size_t i = order[rank - 1];
    least = std::min(least, p_values[i] * m / static_cast<double>(rank));
    corrected[i] = least;
  }
  return corrected;
}

std::vector<double> Holm(const std::vector<double>& p_values) {
  const std::vector<std::size_t> order = Ascending(p_values);
  std::vector<double> corrected(p_values.size());
  double most = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const std::size_t i = order[rank];
    const auto left = static_cast<double>(order.size() - rank);
    most = std::max(most, std::min(1.0, p_values[i] * left));
    corrected[i] = most;
  }
  return corrected;
}

std::vector<LeagueLine> JudgeLeague(const std::vector<Tally>& divisions,
                                    const LeaguePolicy& policy) {
  std::vector<LeagueLine> league(divisions.size());
  Tally all;
  for (const Tally& division : divisions) {
    all.successes += division.successes;
    all.trials += division.trials;
  }
  const auto others = [&](const Tally& division) {
    return Tally{all.successes - division.successes,
                 all.trials - division.trials};
  };
  std::vector<std::size_t> judged;
  std::vector<double> p_values;
  for (std::size_t i = 0; i < divisions.size(); ++i) {
    if (divisions[i].trials < policy.min_trials ||
        others(divisions[i]).trials < policy.min_trials) {
      continue;
    }
    judged.push_back(i);
    p_values.push_back(FisherExact(divisions[i], others(divisions[i])));
  }
  const std::vector<double> corrected = BenjaminiHochberg(p_values);
  for (std::size_t j = 0; j < judged.size(); ++j) {
    const Tally& division = divisions[judged[j]];
    const Tally rest = others(division);
    LeagueLine& line = league[judged[j]];
    line.p_value = p_values[j];
    line.adjusted_p_value = corrected[j];
    const double rate = static_cast<double>(division.successes) /
                        static_cast<double>(division.trials);
    const double their_rate =
        static_cast<double>(rest.successes) / static_cast<double>(rest.trials);
    line.standing = corrected[j] > policy.false_discovery_rate
                        ? Standing::kUsual
                    : rate < their_rate ? Standing::kLow
                                        : Standing::kHigh;
  }
  return league;
}

}  // namespace huifang::reporting

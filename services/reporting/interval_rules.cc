#include "services/reporting/interval_rules.h"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/hypergeometric.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

namespace huifang::reporting {
namespace {

double NormalQuantile(double level) {
  return boost::math::quantile(boost::math::normal(), (1 + level) / 2);
}

double BetaQuantile(double a, double b, double p) {
  return boost::math::quantile(boost::math::beta_distribution<>(a, b), p);
}

// P(X <= x) when `marked` of `population` have the property. Boost refuses
// arguments outside the support, where the answer is 0 or 1.
double HypergeometricCdf(std::int64_t x, std::int64_t marked,
                         std::int64_t sample, std::int64_t population) {
  if (x < std::max<std::int64_t>(0, sample + marked - population)) return 0;
  if (x >= std::min(sample, marked)) return 1;
  const boost::math::hypergeometric_distribution<> distribution(
      static_cast<unsigned>(marked), static_cast<unsigned>(sample),
      static_cast<unsigned>(population));
  return boost::math::cdf(distribution, static_cast<double>(x));
}

}  // namespace

Limits Wilson(double successes, double trials, double level) {
  const double z = NormalQuantile(level);
  const double p = successes / trials;
  const double centre = p + z * z / (2 * trials);
  const double half =
      z * std::sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials));
  const double scale = 1 + z * z / trials;
  // At the ends the limit is exact; rounding must not leave 1e-17 behind.
  return {successes <= 0 ? 0 : std::max(0.0, (centre - half) / scale),
          successes >= trials ? 1 : std::min(1.0, (centre + half) / scale)};
}

Limits WilsonCorrected(double successes, double trials, double level) {
  const double z = NormalQuantile(level);
  const double n = trials;
  const double p = successes / n;
  const double scale = 2 * (n + z * z);
  const double lower_root = z * z - 2 - 1 / n + 4 * p * (n * (1 - p) + 1);
  const double upper_root = z * z + 2 - 1 / n + 4 * p * (n * (1 - p) - 1);
  return {
      successes <= 0
          ? 0
          : std::max(0.0, (2 * n * p + z * z - 1 - z * std::sqrt(lower_root)) /
                              scale),
      successes >= n
          ? 1
          : std::min(1.0, (2 * n * p + z * z + 1 + z * std::sqrt(upper_root)) /
                              scale)};
}

Limits ClopperPearson(double successes, double trials, double level) {
  const double tail = (1 - level) / 2;
  const double failures = trials - successes;
  return {successes <= 0 ? 0 : BetaQuantile(successes, failures + 1, tail),
          failures <= 0 ? 1 : BetaQuantile(successes + 1, failures, 1 - tail)};
}

Limits Jeffreys(double successes, double trials, double level) {
  const double tail = (1 - level) / 2;
  const double a = successes + 0.5;
  const double b = trials - successes + 0.5;
  return {BetaQuantile(a, b, tail), BetaQuantile(a, b, 1 - tail)};
}

double LowerLimit(double successes, double trials, double level) {
  if (successes <= 0) return 0;
  return BetaQuantile(successes, trials - successes + 1, 1 - level);
}

CountLimits Hypergeometric(std::int64_t successes, std::int64_t sample,
                           std::int64_t population, double level) {
  const double tail = (1 - level) / 2;
  const std::int64_t least = successes;
  const std::int64_t most = population - (sample - successes);
  // Both tails are monotone in the count, so each limit is a bisection.
  const auto upper_tail = [&](std::int64_t marked) {
    return 1 - HypergeometricCdf(successes - 1, marked, sample, population);
  };
  const auto lower_tail = [&](std::int64_t marked) {
    return HypergeometricCdf(successes, marked, sample, population);
  };
  std::int64_t low = least;
  for (std::int64_t high = most; low < high;) {
    const std::int64_t middle = low + (high - low) / 2;
    (upper_tail(middle) > tail) ? high = middle : low = middle + 1;
  }
  std::int64_t high = most;
  for (std::int64_t from = least; from < high;) {
    const std::int64_t middle = high - (high - from) / 2;
    (lower_tail(middle) > tail) ? from = middle : high = middle - 1;
  }
  return {low, high};
}

Limits NewcombeDifference(double successes1, double trials1, double successes2,
                          double trials2, double level) {
  const double p1 = successes1 / trials1;
  const double p2 = successes2 / trials2;
  const Limits a = Wilson(successes1, trials1, level);
  const Limits b = Wilson(successes2, trials2, level);
  const double difference = p1 - p2;
  return {difference - std::hypot(p1 - a.lower, b.upper - p2),
          difference + std::hypot(a.upper - p1, p2 - b.lower)};
}

}  // namespace huifang::reporting

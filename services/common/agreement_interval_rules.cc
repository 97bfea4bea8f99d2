#include "services/common/agreement_interval_rules.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <random>
#include <vector>

namespace huifang {
namespace {

// Shares of pairs, and of each rater's categories.
struct Shares {
  std::vector<std::vector<double>> pair;
  std::vector<double> first;
  std::vector<double> second;
  double pairs = 0;
};

Shares SharesOf(const AgreementTable& table) {
  Shares s;
  const std::size_t q = table.size();
  for (const std::vector<double>& row : table) {
    for (const double count : row) s.pairs += count;
  }
  s.pair.assign(q, std::vector<double>(q, 0));
  s.first.assign(q, 0);
  s.second.assign(q, 0);
  for (std::size_t i = 0; i < q; ++i) {
    for (std::size_t j = 0; j < q; ++j) {
      s.pair[i][j] = table[i][j] / s.pairs;
      s.first[i] += s.pair[i][j];
      s.second[j] += s.pair[i][j];
    }
  }
  return s;
}

std::optional<AgreementInterval> Normal(double value, double variance,
                                        double level) {
  // Rounding may leave 1e-17 where all agree.
  if (variance < 1e-15) return std::nullopt;
  AgreementInterval interval;
  interval.value = value;
  interval.standard_error = std::sqrt(variance);
  const double half =
      boost::math::quantile(boost::math::normal(), (1 + level) / 2) *
      interval.standard_error;
  interval.lower = std::max(-1.0, value - half);
  interval.upper = std::min(1.0, value + half);
  return interval;
}

// Type 7 quantile of sorted values, R's default.
double Percentile(const std::vector<double>& sorted, double share) {
  const double position = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - static_cast<double>(below)) *
                             (sorted[above] - sorted[below]);
}

template <typename Coefficient>
std::optional<AgreementInterval> Bootstrap(const Ratings& ratings,
                                           Coefficient coefficient,
                                           const Resampling& resampling,
                                           double level) {
  const std::optional<double> value = coefficient(ratings);
  if (!value.has_value() || *value >= 1) return std::nullopt;
  // The engine's numbers are fixed by the standard; its distributions are not,
  // so an index is a remainder. Its bias is below 1e-15.
  std::mt19937_64 random(resampling.seed);
  std::vector<double> values;
  Ratings resampled(ratings.size());
  for (int r = 0; r < resampling.replicates; ++r) {
    for (std::vector<int>& unit : resampled) {
      unit = ratings[random() % ratings.size()];
    }
    if (const std::optional<double> v = coefficient(resampled)) {
      values.push_back(*v);
    }
  }
  if (values.empty() ||
      2 * values.size() <= static_cast<std::size_t>(resampling.replicates)) {
    return std::nullopt;
  }
  std::sort(values.begin(), values.end());
  const auto count = static_cast<double>(values.size());
  double mean = 0;
  for (const double v : values) mean += v / count;
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  AgreementInterval interval;
  interval.value = *value;
  interval.standard_error = std::sqrt(squares / std::max(1.0, count - 1));
  interval.lower = Percentile(values, (1 - level) / 2);
  interval.upper = Percentile(values, (1 + level) / 2);
  return interval;
}

}  // namespace

std::optional<AgreementInterval> CohenKappaInterval(const AgreementTable& table,
                                                    KappaWeights weights,
                                                    double level) {
  const std::optional<double> kappa = CohenKappa(table, weights);
  if (!kappa.has_value()) return std::nullopt;
  const Shares s = SharesOf(table);
  const std::size_t q = table.size();
  const auto weight = [&](std::size_t i, std::size_t j) {
    return 1 - KappaDistance(i, j, q, weights);
  };
  std::vector<double> row(q, 0);
  std::vector<double> column(q, 0);
  double observed = 0;
  double chance = 0;
  for (std::size_t i = 0; i < q; ++i) {
    for (std::size_t j = 0; j < q; ++j) {
      row[i] += weight(i, j) * s.second[j];
      column[j] += weight(i, j) * s.first[i];
      observed += weight(i, j) * s.pair[i][j];
      chance += weight(i, j) * s.first[i] * s.second[j];
    }
  }
  double sum = 0;
  for (std::size_t i = 0; i < q; ++i) {
    for (std::size_t j = 0; j < q; ++j) {
      const double term =
          weight(i, j) * (1 - chance) - (row[i] + column[j]) * (1 - observed);
      sum += s.pair[i][j] * term * term;
    }
  }
  const double centre = observed * chance - 2 * chance + observed;
  const double variance =
      (sum - centre * centre) / (s.pairs * std::pow(1 - chance, 4));
  return Normal(*kappa, variance, level);
}

std::optional<AgreementInterval> GwetAc1Interval(const AgreementTable& table,
                                                 double level) {
  const std::optional<double> ac1 = GwetAc1(table);
  if (!ac1.has_value()) return std::nullopt;
  const Shares s = SharesOf(table);
  const std::size_t q = table.size();
  const auto others = static_cast<double>(q - 1);
  const auto share = [&](std::size_t k) {
    return (s.first[k] + s.second[k]) / 2;
  };
  double observed = 0;
  double chance = 0;
  double same = 0;
  double pairs = 0;
  for (std::size_t k = 0; k < q; ++k) {
    observed += s.pair[k][k];
    chance += share(k) * (1 - share(k)) / others;
    same += s.pair[k][k] * (1 - share(k)) / others;
    for (std::size_t l = 0; l < q; ++l) {
      const double apart = 1 - (share(k) + share(l)) / 2;
      pairs += s.pair[k][l] * apart * apart / (others * others);
    }
  }
  const double rest = 1 - *ac1;
  const double variance =
      (observed * (1 - observed) - 4 * rest * (same - observed * chance) +
       4 * rest * rest * (pairs - chance * chance)) /
      (s.pairs * (1 - chance) * (1 - chance));
  return Normal(*ac1, variance, level);
}

std::optional<AgreementInterval> FleissKappaInterval(
    const Ratings& ratings, const Resampling& resampling, double level) {
  return Bootstrap(ratings, FleissKappa, resampling, level);
}

std::optional<AgreementInterval> KrippendorffAlphaInterval(
    const Ratings& ratings, AlphaMetric metric, const Resampling& resampling,
    double level) {
  return Bootstrap(
      ratings,
      [metric](const Ratings& r) { return KrippendorffAlpha(r, metric); },
      resampling, level);
}

}  // namespace huifang

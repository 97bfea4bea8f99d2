#include "services/common/agreement_rules.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

namespace huifang {
namespace {

struct Margins {
  std::vector<double> rows;
  std::vector<double> columns;
  double all = 0;
};

Margins Sum(const AgreementTable& table) {
  Margins m;
  m.rows.assign(table.size(), 0);
  m.columns.assign(table.size(), 0);
  for (std::size_t i = 0; i < table.size(); ++i) {
    for (std::size_t j = 0; j < table.size(); ++j) {
      m.rows[i] += table[i][j];
      m.columns[j] += table[i][j];
      m.all += table[i][j];
    }
  }
  return m;
}

double SquaredDelta(std::size_t c, std::size_t k, AlphaMetric metric,
                    const std::vector<double>& totals) {
  const auto low = static_cast<double>(std::min(c, k));
  const auto high = static_cast<double>(std::max(c, k));
  switch (metric) {
    case AlphaMetric::kNominal:
      return c == k ? 0.0 : 1.0;
    case AlphaMetric::kInterval:
      return (high - low) * (high - low);
    case AlphaMetric::kRatio: {
      if (high + low == 0) return 0.0;
      const double share = (high - low) / (high + low);
      return share * share;
    }
    case AlphaMetric::kOrdinal:
      break;
  }
  if (c == k) return 0.0;
  double between = 0;
  for (std::size_t g = std::min(c, k); g <= std::max(c, k); ++g) {
    between += totals[g];
  }
  between -= (totals[c] + totals[k]) / 2;
  return between * between;
}

}  // namespace

double KappaDistance(std::size_t i, std::size_t j, std::size_t categories,
                     KappaWeights weights) {
  if (weights == KappaWeights::kNone) return i == j ? 0.0 : 1.0;
  const double step =
      std::abs(static_cast<double>(i) - static_cast<double>(j)) /
      static_cast<double>(categories - 1);
  return weights == KappaWeights::kLinear ? step : step * step;
}

std::optional<double> ObservedAgreement(const AgreementTable& table) {
  const Margins m = Sum(table);
  if (m.all <= 0) return std::nullopt;
  double same = 0;
  for (std::size_t i = 0; i < table.size(); ++i) same += table[i][i];
  return same / m.all;
}

std::optional<double> CohenKappa(const AgreementTable& table,
                                 KappaWeights weights) {
  const Margins m = Sum(table);
  if (m.all <= 0 || table.size() < 2) return std::nullopt;
  double observed = 0;
  double expected = 0;
  for (std::size_t i = 0; i < table.size(); ++i) {
    for (std::size_t j = 0; j < table.size(); ++j) {
      const double distance = KappaDistance(i, j, table.size(), weights);
      observed += distance * table[i][j] / m.all;
      expected += distance * m.rows[i] * m.columns[j] / (m.all * m.all);
    }
  }
  if (expected <= 0) return std::nullopt;
  return 1.0 - observed / expected;
}

std::optional<double> GwetAc1(const AgreementTable& table) {
  const std::optional<double> observed = ObservedAgreement(table);
  if (!observed.has_value() || table.size() < 2) return std::nullopt;
  const Margins m = Sum(table);
  double chance = 0;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double share = (m.rows[i] + m.columns[i]) / (2 * m.all);
    chance += share * (1 - share);
  }
  chance /= static_cast<double>(table.size() - 1);
  if (chance >= 1) return std::nullopt;
  return (*observed - chance) / (1 - chance);
}

std::optional<double> Pabak(const AgreementTable& table) {
  const std::optional<double> observed = ObservedAgreement(table);
  if (!observed.has_value() || table.size() < 2) return std::nullopt;
  const auto categories = static_cast<double>(table.size());
  return (categories * *observed - 1) / (categories - 1);
}

std::optional<double> FleissKappa(const Ratings& ratings) {
  if (ratings.empty() || ratings[0].size() < 2) return std::nullopt;
  const auto raters = static_cast<double>(ratings[0].size());
  std::map<int, double> totals;
  double observed = 0;
  for (const std::vector<int>& unit : ratings) {
    if (unit.size() != ratings[0].size()) return std::nullopt;
    std::map<int, double> counts;
    for (const int value : unit) ++counts[value];
    for (const auto& [value, count] : counts) {
      totals[value] += count;
      observed += count * (count - 1) / (raters * (raters - 1));
    }
  }
  const auto units = static_cast<double>(ratings.size());
  double chance = 0;
  for (const auto& [value, count] : totals) {
    const double share = count / (units * raters);
    chance += share * share;
  }
  if (totals.size() < 2) return std::nullopt;
  return (observed / units - chance) / (1 - chance);
}

std::optional<double> KrippendorffAlpha(const Ratings& ratings,
                                        AlphaMetric metric) {
  std::size_t values = 0;
  for (const std::vector<int>& unit : ratings) {
    for (const int value : unit) {
      values = std::max(values, static_cast<std::size_t>(value) + 1);
    }
  }
  std::vector<std::vector<double>> pairs(values,
                                         std::vector<double>(values, 0));
  for (const std::vector<int>& unit : ratings) {
    if (unit.size() < 2) continue;
    for (std::size_t i = 0; i < unit.size(); ++i) {
      for (std::size_t j = 0; j < unit.size(); ++j) {
        if (i == j) continue;
        pairs[static_cast<std::size_t>(unit[i])]
             [static_cast<std::size_t>(unit[j])] +=
            1.0 / static_cast<double>(unit.size() - 1);
      }
    }
  }
  std::vector<double> totals(values, 0);
  double all = 0;
  for (std::size_t c = 0; c < values; ++c) {
    for (std::size_t k = 0; k < values; ++k) totals[c] += pairs[c][k];
    all += totals[c];
  }
  double observed = 0;
  double expected = 0;
  for (std::size_t c = 0; c < values; ++c) {
    for (std::size_t k = 0; k < values; ++k) {
      const double delta = SquaredDelta(c, k, metric, totals);
      observed += pairs[c][k] * delta;
      expected += totals[c] * totals[k] * delta;
    }
  }
  if (all < 2 || expected <= 0) return std::nullopt;
  return 1.0 - (all - 1) * observed / expected;
}

}  // namespace huifang

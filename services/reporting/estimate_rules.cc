#include "services/reporting/estimate_rules.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <cstddef>
#include <iterator>

namespace huifang::reporting {
namespace {

double TQuantile(double level, double degrees_of_freedom) {
  return boost::math::quantile(
      boost::math::students_t(std::max(1.0, degrees_of_freedom)),
      (1 + level) / 2);
}

// Adds `from` to `to`: the two count as one stratum from then on.
void MergeInto(const Stratum& from, Stratum& to) {
  to.population += from.population;
  to.respondents += from.respondents;
  to.members += from.members;
  to.successes += from.successes;
}

// Merges every stratum that `alone` picks into its right neighbour, or its
// left one at the end. Counts the merges in `merged`.
template <typename Predicate>
std::vector<Stratum> Collapse(std::vector<Stratum> strata, Predicate alone,
                              int& merged) {
  std::vector<Stratum> out;
  for (std::size_t i = 0; i < strata.size(); ++i) {
    if (alone(strata[i])) {
      Stratum* const neighbour = i + 1 < strata.size() ? &strata[i + 1]
                                 : out.empty()         ? nullptr
                                                       : &out.back();
      if (neighbour != nullptr) {
        MergeInto(strata[i], *neighbour);
        ++merged;
        continue;
      }
    }
    out.push_back(strata[i]);
  }
  return out;
}

// Weighted total over the strata of something counted among respondents.
template <typename Field>
double WeightedTotal(const std::vector<Stratum>& strata, Field field) {
  double total = 0;
  for (const Stratum& s : strata) {
    if (s.respondents == 0) continue;
    total += static_cast<double>(s.population) * static_cast<double>(s.*field) /
             static_cast<double>(s.respondents);
  }
  return total;
}

// More trials than this change no digit anybody reads, and are beyond what the
// beta distribution's series can evaluate.
constexpr double kMaxEffectiveSize = 1e9;

// Linearized variance of a ratio: each respondent carries y - value if it is
// a member, 0 if not. For whole strata this is Cochran's (5.6).
Variance RatioVariance(const std::vector<Stratum>& strata, double value,
                       double members_total) {
  Variance variance;
  for (const Stratum& s : strata) {
    if (s.respondents < 2) continue;
    const auto n = static_cast<double>(s.respondents);
    const auto population = static_cast<double>(s.population);
    const auto successes = static_cast<double>(s.successes);
    const auto failures = static_cast<double>(s.members - s.successes);
    const double sum = successes * (1 - value) - failures * value;
    const double squares =
        successes * (1 - value) * (1 - value) + failures * value * value;
    const double s2 = std::max(0.0, (squares - sum * sum / n) / (n - 1));
    const double weight = population / members_total;
    const double part = weight * weight * s2 / n;
    variance.without_fpc += part;
    variance.with_fpc += part * std::max(0.0, 1 - n / population);
  }
  return variance;
}

}  // namespace

bool HidesSpread(const Stratum& stratum) {
  return stratum.respondents < stratum.population && stratum.members > 0 &&
         (stratum.successes == 0 || stratum.successes == stratum.members);
}

void SetVariance(const Variance& variance, bool hidden, Estimate& estimate) {
  // Rounding may leave 1e-17 where all are alike.
  const bool none = variance.with_fpc < 1e-15;
  estimate.standard_error = none ? 0 : std::sqrt(variance.with_fpc);
  estimate.standard_error_no_fpc = none ? 0 : std::sqrt(variance.without_fpc);
  const auto n = static_cast<double>(estimate.members);
  const auto independent = static_cast<double>(estimate.independent);
  const double spread = estimate.value * (1 - estimate.value);
  estimate.effective_size =
      none ? independent
           : std::min(spread / variance.with_fpc, kMaxEffectiveSize);
  // Where a stratum hides its spread the variance is too small; the sample is
  // then not taken to be worth more than its number.
  if (hidden) {
    estimate.effective_size = std::min(estimate.effective_size, independent);
  }
  const double simple =
      n > 1 ? spread / (n - 1) * (1 - n / estimate.members_in_frame) : 0;
  if (simple > 0) {
    estimate.design_effect = none ? 0 : variance.with_fpc / simple;
  }
}

Estimate EstimateProportion(const std::vector<Stratum>& strata) {
  Estimate estimate;
  std::vector<Stratum> used;
  std::copy_if(strata.begin(), strata.end(), std::back_inserter(used),
               [](const Stratum& s) { return s.population > 0; });
  used = Collapse(
      std::move(used), [](const Stratum& s) { return s.respondents == 0; },
      estimate.lonely_strata);
  std::int64_t respondents = 0;
  estimate.census = !used.empty();
  for (const Stratum& s : used) {
    estimate.population += s.population;
    estimate.members += s.members;
    estimate.successes += s.successes;
    respondents += s.respondents;
    estimate.census &= s.respondents >= s.population;
  }
  estimate.strata = static_cast<int>(used.size());
  if (estimate.members == 0) return estimate;
  const double members_total = WeightedTotal(used, &Stratum::members);
  estimate.value = WeightedTotal(used, &Stratum::successes) / members_total;
  if (estimate.successes == estimate.members) estimate.value = 1;

  // A single respondent shows no spread; its stratum borrows a neighbour's.
  const std::vector<Stratum> paired = Collapse(
      used,
      [](const Stratum& s) { return s.respondents == 1 && s.population > 1; },
      estimate.lonely_strata);
  estimate.independent = estimate.members;
  estimate.members_in_frame = members_total;
  estimate.degrees_of_freedom =
      static_cast<double>(respondents) - static_cast<double>(paired.size());
  SetVariance(RatioVariance(paired, estimate.value, members_total),
              std::any_of(paired.begin(), paired.end(), HidesSpread), estimate);
  return estimate;
}

double KornGraubardSize(const Estimate& estimate, double level) {
  const auto n = static_cast<double>(estimate.members);
  const double ratio =
      TQuantile(level, n - 1) / TQuantile(level, estimate.degrees_of_freedom);
  return estimate.effective_size * ratio * ratio;
}

Limits KornGraubard(const Estimate& estimate, double level) {
  if (estimate.census) return {estimate.value, estimate.value};
  if (estimate.standard_error <= 0 || estimate.value <= 0 ||
      estimate.value >= 1) {
    const auto n = static_cast<double>(estimate.independent);
    return ClopperPearson(estimate.value * n, n, level);
  }
  const double size = KornGraubardSize(estimate, level);
  return ClopperPearson(estimate.value * size, size, level);
}

bool IsSimpleSample(const std::vector<Stratum>& strata) {
  const Stratum* only = nullptr;
  for (const Stratum& stratum : strata) {
    if (stratum.population <= 0) continue;
    if (only != nullptr) return false;
    only = &stratum;
  }
  return only != nullptr && only->population <= kSmallFrame &&
         only->respondents > 0 && only->respondents <= only->population &&
         only->members == only->respondents &&
         only->missing_members == only->missing;
}

Limits HypergeometricLimits(const Estimate& estimate, double level) {
  const CountLimits counts = Hypergeometric(
      estimate.successes, estimate.members, estimate.population, level);
  const auto population = static_cast<double>(estimate.population);
  return {static_cast<double>(counts.lower) / population,
          static_cast<double>(counts.upper) / population};
}

Limits WilsonOnEffectiveSize(const Estimate& estimate, double level) {
  if (estimate.census) return {estimate.value, estimate.value};
  return Wilson(estimate.value * estimate.effective_size,
                estimate.effective_size, level);
}

Limits LogitLimits(const Estimate& estimate, double level) {
  if (estimate.standard_error <= 0 || estimate.value <= 0 ||
      estimate.value >= 1) {
    return KornGraubard(estimate, level);
  }
  const double p = estimate.value;
  const double logit = std::log(p / (1 - p));
  const double half = TQuantile(level, estimate.degrees_of_freedom) *
                      estimate.standard_error / (p * (1 - p));
  const auto expit = [](double x) { return 1 / (1 + std::exp(-x)); };
  return {expit(logit - half), expit(logit + half)};
}

Limits MeanLimits(const Estimate& estimate, double level) {
  const double half =
      TQuantile(level, estimate.degrees_of_freedom) * estimate.standard_error;
  return {estimate.value - half, estimate.value + half};
}

Limits WorstCase(const std::vector<Stratum>& strata) {
  double lowest = 0;
  double highest = 0;
  double all = 0;
  for (const Stratum& s : strata) {
    const auto drawn = static_cast<double>(s.respondents + s.missing);
    if (drawn <= 0) continue;
    const double weight = static_cast<double>(s.population) / drawn;
    lowest += weight * static_cast<double>(s.successes);
    highest += weight * static_cast<double>(s.successes + s.missing_members);
    all += weight * static_cast<double>(s.members + s.missing_members);
  }
  if (all <= 0) return {0, 1};
  return {lowest / all, highest / all};
}

}  // namespace huifang::reporting

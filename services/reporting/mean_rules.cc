#include "services/reporting/mean_rules.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace huifang::reporting {
namespace {

void MergeInto(const MeanStratum& from, MeanStratum& to) {
  to.population += from.population;
  to.respondents += from.respondents;
  to.sum += from.sum;
  to.sum_of_squares += from.sum_of_squares;
}

// Strata of at least two respondents, or heard whole: a smaller one joins the
// next, the last one those before.
std::vector<MeanStratum> Pair(const std::vector<MeanStratum>& strata,
                              int& lonely) {
  std::vector<MeanStratum> paired;
  MeanStratum waiting;
  for (const MeanStratum& stratum : strata) {
    if (stratum.population <= 0) continue;
    MergeInto(stratum, waiting);
    if (waiting.respondents < 2 && waiting.respondents < waiting.population) {
      ++lonely;
      continue;
    }
    paired.push_back(waiting);
    waiting = {};
  }
  if (waiting.population == 0) return paired;
  if (paired.empty()) return {waiting};
  MergeInto(waiting, paired.back());
  return paired;
}

}  // namespace

MeanEstimate EstimateMean(const std::vector<MeanStratum>& strata) {
  MeanEstimate estimate;
  const std::vector<MeanStratum> paired = Pair(strata, estimate.lonely_strata);
  double population = 0;
  estimate.census = !paired.empty();
  for (const MeanStratum& s : paired) {
    population += static_cast<double>(s.population);
    estimate.respondents += s.respondents;
    estimate.census &= s.respondents >= s.population;
  }
  if (estimate.respondents == 0) return estimate;
  double variance = 0;
  for (const MeanStratum& s : paired) {
    const auto n = static_cast<double>(s.respondents);
    const double share = static_cast<double>(s.population) / population;
    const double mean = s.sum / n;
    estimate.value += share * mean;
    if (s.respondents < 2) continue;
    const double s2 =
        std::max(0.0, s.sum_of_squares - n * mean * mean) / (n - 1);
    const double fpc = 1 - n / static_cast<double>(s.population);
    variance += share * share * std::max(0.0, fpc) * s2 / n;
  }
  estimate.standard_error = std::sqrt(variance);
  estimate.degrees_of_freedom = static_cast<double>(estimate.respondents) -
                                static_cast<double>(paired.size());
  return estimate;
}

Limits StudentLimits(const MeanEstimate& estimate, double level) {
  const boost::math::students_t distribution(
      std::max(1.0, estimate.degrees_of_freedom));
  const double half = boost::math::quantile(distribution, (1 + level) / 2) *
                      estimate.standard_error;
  return {estimate.value - half, estimate.value + half};
}

}  // namespace huifang::reporting

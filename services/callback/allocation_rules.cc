#include "services/callback/allocation_rules.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>

namespace huifang::callback {
namespace {

constexpr double kZ95 = 1.959963984540054;

// The most that may be drawn of a stratum.
std::int64_t MostOf(const StratumSize& stratum, std::int64_t cap) {
  return cap > 0 ? std::min(stratum.population, cap) : stratum.population;
}

std::int64_t RoomOf(const std::vector<StratumSize>& strata, std::int64_t cap) {
  std::int64_t room = 0;
  for (const StratumSize& s : strata) room += MostOf(s, cap);
  return room;
}

std::int64_t TotalOf(const std::vector<StratumSize>& strata) {
  std::int64_t total = 0;
  for (const StratumSize& s : strata) total += s.population;
  return total;
}

std::int64_t SumOfFloors(const std::vector<StratumSize>& strata,
                         std::int64_t floor) {
  std::int64_t sum = 0;
  for (const StratumSize& s : strata) sum += std::min(s.population, floor);
  return sum;
}

double Measure(const StratumSize& stratum, AllocationMethod method) {
  if (stratum.population == 0) return 0;
  switch (method) {
    case AllocationMethod::kNeyman:
      return static_cast<double>(stratum.population) * stratum.deviation;
    case AllocationMethod::kEqual:
      return 1;
    case AllocationMethod::kProportional:
      break;
  }
  return static_cast<double>(stratum.population);
}

// A stratum on the way to its share.
struct Share {
  double measure = 0;
  double quota = 0;
  double least = 0;
  double most = 0;
  bool fixed = false;
};

// Shares `n` in proportion to the measures within [least, most]. Each round
// pins either all that fell short or all that went over, whichever weighs
// more, so that no pin has to be taken back.
void Fill(std::vector<Share>& shares, double n) {
  while (true) {
    double left = n;
    double measures = 0;
    for (const Share& s : shares) {
      if (s.fixed) {
        left -= s.quota;
      } else {
        measures += s.measure;
      }
    }
    double below = 0;
    double above = 0;
    bool open = false;
    for (Share& s : shares) {
      if (s.fixed) continue;
      open = true;
      s.quota = measures > 0 ? left * s.measure / measures : 0;
      below += std::max(0.0, s.least - s.quota);
      above += std::max(0.0, s.quota - s.most);
    }
    if (!open || (below <= 0 && above <= 0)) return;
    for (Share& s : shares) {
      if (s.fixed) continue;
      if (below >= above && s.quota < s.least) {
        s.quota = s.least;
        s.fixed = true;
      } else if (above >= below && s.quota > s.most) {
        s.quota = s.most;
        s.fixed = true;
      }
    }
  }
}

// Whole numbers with the same sum: down, then up by largest remainder.
std::vector<std::int64_t> Round(const std::vector<double>& quotas,
                                const std::vector<StratumSize>& strata,
                                std::int64_t n, std::int64_t cap) {
  // A quota that is whole but for the rounding of doubles counts as whole.
  constexpr double kSlack = 1e-9;
  std::vector<std::int64_t> result(quotas.size());
  std::int64_t sum = 0;
  for (std::size_t h = 0; h < quotas.size(); ++h) {
    result[h] = static_cast<std::int64_t>(quotas[h] + kSlack);
    sum += result[h];
  }
  std::vector<std::size_t> order(quotas.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(
      order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const double ra = quotas[a] - static_cast<double>(result[a]);
        const double rb = quotas[b] - static_cast<double>(result[b]);
        if (std::abs(ra - rb) > kSlack) return ra > rb;
        return strata[a].population > strata[b].population;
      });
  // Two rounds at most are needed, unless strata without measure must fill up.
  while (sum < n) {
    const std::int64_t before = sum;
    for (const std::size_t h : order) {
      if (sum == n) break;
      if (result[h] >= MostOf(strata[h], cap)) continue;
      ++result[h];
      ++sum;
    }
    if (sum == before) break;
  }
  return result;
}

}  // namespace

double AnswersFor(const PrecisionGoal& goal, std::int64_t population) {
  const boost::math::normal standard;
  const double z =
      boost::math::quantile(standard, 1 - (1 - goal.confidence) / 2);
  const double n0 = z * z * goal.expected_share * (1 - goal.expected_share) /
                    (goal.margin * goal.margin);
  if (population <= 0) return n0;
  return n0 / (1 + (n0 - 1) / static_cast<double>(population));
}

std::int64_t SampleSizeFor(const PrecisionGoal& goal, std::int64_t population) {
  const auto size = static_cast<std::int64_t>(
      std::ceil(AnswersFor(goal, population) / goal.response_rate - 1e-9));
  return population > 0 ? std::min(size, population) : size;
}

std::vector<std::int64_t> Allocate(const std::vector<StratumSize>& strata,
                                   std::int64_t n, AllocationMethod method,
                                   std::int64_t floor, std::int64_t cap) {
  return Round(Quotas(strata, n, method, floor, cap), strata,
               std::clamp<std::int64_t>(n, 0, RoomOf(strata, cap)), cap);
}

std::vector<double> Quotas(const std::vector<StratumSize>& strata,
                           std::int64_t n, AllocationMethod method,
                           std::int64_t floor, std::int64_t cap) {
  n = std::clamp<std::int64_t>(n, 0, RoomOf(strata, cap));
  floor = std::min(std::max<std::int64_t>(floor, 0), n);
  while (floor > 0 && SumOfFloors(strata, floor) > n) --floor;

  std::vector<Share> shares(strata.size());
  for (std::size_t h = 0; h < strata.size(); ++h) {
    shares[h].measure = Measure(strata[h], method);
    const std::int64_t most = MostOf(strata[h], cap);
    shares[h].least = static_cast<double>(std::min(most, floor));
    shares[h].most = static_cast<double>(most);
  }
  Fill(shares, static_cast<double>(n));
  std::vector<double> quotas;
  for (const Share& s : shares) quotas.push_back(s.quota);
  return quotas;
}

double MinutesPerTicket(const CallingPace& pace) {
  const double found = 1 - std::pow(1 - pace.contact_rate, pace.max_attempts);
  const double calls = found / pace.contact_rate;
  const double once =
      found * pace.minutes_per_call + (calls - found) * pace.minutes_per_miss;
  return once * (1 + pace.recall_share * found);
}

std::int64_t CapacityFor(double minutes, const CallingPace& pace) {
  return std::max<std::int64_t>(
      1, static_cast<std::int64_t>(minutes / MinutesPerTicket(pace) + 1e-9));
}

double ExpectedMargin(const std::vector<StratumSize>& strata,
                      const std::vector<std::int64_t>& sampled,
                      const std::vector<double>& spreads) {
  const auto total = static_cast<double>(TotalOf(strata));
  if (total <= 0) return 0;
  double variance = 0;
  for (std::size_t h = 0; h < strata.size(); ++h) {
    const auto population = static_cast<double>(strata[h].population);
    const auto n = static_cast<double>(sampled[h]);
    const double share = population / total;
    const double fpc = population > 0 ? 1 - n / population : 0;
    variance += share * share * fpc * spreads[h] / std::max(n - 1, 1.0);
  }
  return kZ95 * std::sqrt(variance);
}

}  // namespace huifang::callback

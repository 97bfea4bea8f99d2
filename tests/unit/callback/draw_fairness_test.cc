// Over many draws every ticket of a stratum must be in the sample equally
// often, and so must every pair. The seeds are fixed: nothing here can fail by
// chance.
#include <gtest/gtest.h>

#include <array>
#include <boost/math/distributions/chi_squared.hpp>
#include <cstddef>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/callback/draw_rules.h"

namespace huifang::callback {
namespace {

constexpr int kDraws = 100'000;
constexpr double kRejected = 0.001;

struct Design {
  std::size_t population;
  std::int64_t sampled;
};
// Inclusion probabilities 1/4, 1/2, 3/5 and 1.
constexpr std::array<Design, 4> kDesigns = {{{12, 3}, {8, 4}, {5, 3}, {2, 2}}};

// How often each ticket, and each pair of tickets, of one stratum was drawn.
struct Counts {
  explicit Counts(std::size_t population)
      : single(population), pair(population, std::vector<double>(population)) {}

  std::vector<double> single;
  std::vector<std::vector<double>> pair;  // [smaller][larger]
};

std::vector<Counts> DrawManyTimes() {
  Frame frame;
  std::vector<Counts> counts;
  std::vector<std::int64_t> sampled;
  std::vector<std::uint32_t> first;
  for (std::uint32_t h = 0; h < kDesigns.size(); ++h) {
    first.push_back(static_cast<std::uint32_t>(frame.size()));
    for (std::size_t i = 0; i < kDesigns[h].population; ++i) {
      frame.Add(absl::StrCat(h, "-", i), h);
    }
    counts.emplace_back(kDesigns[h].population);
    sampled.push_back(kDesigns[h].sampled);
  }
  for (int seed = 0; seed < kDraws; ++seed) {
    const auto drawn = DrawInOrder(frame, absl::StrCat("seed", seed), sampled);
    for (std::size_t h = 0; h < drawn.size(); ++h) {
      for (const std::uint32_t a : drawn[h]) {
        ++counts[h].single[a - first[h]];
        for (const std::uint32_t b : drawn[h]) {
          if (a < b) ++counts[h].pair[a - first[h]][b - first[h]];
        }
      }
    }
  }
  return counts;
}

const std::vector<Counts>& AllCounts() {
  static const auto& counts = *new std::vector<Counts>(DrawManyTimes());
  return counts;
}

double TailProbability(double chi_square, double degrees_of_freedom) {
  return boost::math::cdf(boost::math::complement(
      boost::math::chi_squared(degrees_of_freedom), chi_square));
}

// P(k given tickets are all in a sample of n of N).
double InclusionOf(int k, const Design& design) {
  double probability = 1;
  for (int i = 0; i < k; ++i) {
    probability *= (static_cast<double>(design.sampled) - i) /
                   (static_cast<double>(design.population) - i);
  }
  return probability;
}

// The counts of one draw sum up to n, so their covariance is not that of
// independent counts: it is a (I - J/N) with a = pi (1 - pi) N / (N - 1), and
// the sum of squares over a has the chi-square distribution with N - 1 degrees
// of freedom.
TEST(DrawFairness, EveryTicketIsDrawnAsOftenAsItsProbabilitySays) {
  for (std::size_t h = 0; h < kDesigns.size(); ++h) {
    SCOPED_TRACE(h);
    const double n = static_cast<double>(kDesigns[h].population);
    const double pi = InclusionOf(1, kDesigns[h]);
    double squares = 0;
    for (const double times : AllCounts()[h].single) {
      squares += (times - kDraws * pi) * (times - kDraws * pi);
    }
    if (pi == 1) {
      EXPECT_EQ(squares, 0);
      continue;
    }
    const double variance = kDraws * pi * (1 - pi) * n / (n - 1);
    EXPECT_GT(TailProbability(squares / variance, n - 1), kRejected);
  }
}

// What pairs say beyond their tickets. Deviations of pair counts split into
// (r_i + r_j) / (N - 2), with r the row sums, which repeats the single counts,
// and the rest, of N (N - 3) / 2 dimensions. There their covariance is a
// multiple of the identity: v - 2 c + d, the variance of one pair, the
// covariance of pairs that share a ticket, and of those that do not.
TEST(DrawFairness, EveryPairIsDrawnAsOftenAsItsProbabilitySays) {
  for (std::size_t h = 0; h < kDesigns.size(); ++h) {
    const std::size_t population = kDesigns[h].population;
    if (population < 4) continue;
    SCOPED_TRACE(h);
    const double n = static_cast<double>(population);
    const double both = InclusionOf(2, kDesigns[h]);
    const auto& pair = AllCounts()[h].pair;
    std::vector<double> row(population);
    for (std::size_t i = 0; i < population; ++i) {
      for (std::size_t j = i + 1; j < population; ++j) {
        row[i] += pair[i][j] - kDraws * both;
        row[j] += pair[i][j] - kDraws * both;
      }
    }
    double squares = 0;
    for (std::size_t i = 0; i < population; ++i) {
      for (std::size_t j = i + 1; j < population; ++j) {
        const double rest =
            pair[i][j] - kDraws * both - (row[i] + row[j]) / (n - 2);
        squares += rest * rest;
      }
    }
    // The squares of the probability cancel in v - 2 c + d.
    const double variance = kDraws * (both - 2 * InclusionOf(3, kDesigns[h]) +
                                      InclusionOf(4, kDesigns[h]));
    EXPECT_GT(TailProbability(squares / variance, n * (n - 3) / 2), kRejected);
  }
}

}  // namespace
}  // namespace huifang::callback

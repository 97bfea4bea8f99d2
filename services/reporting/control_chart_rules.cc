#include "services/reporting/control_chart_rules.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace huifang::reporting {
namespace {

// Mean moving range of two normal values, in standard deviations.
constexpr double kD2 = 1.128;
// Makes the times between events of a Poisson process nearly normal (Nelson).
constexpr double kNelson = 3.6;
constexpr double kSigmas = 3;

double RateOf(const Tally& week) {
  return static_cast<double>(week.successes) / static_cast<double>(week.trials);
}

double SigmaOf(double center, std::int64_t trials) {
  return std::sqrt(center * (1 - center) / static_cast<double>(trials));
}

double MeanOf(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) /
         static_cast<double>(values.size());
}

double MedianOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half]
                                : (values[half - 1] + values[half]) / 2;
}

// Standard deviation by the mean moving range. At least two values.
double MovingSigma(const std::vector<double>& values) {
  double ranges = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    ranges += std::abs(values[i] - values[i - 1]);
  }
  return ranges / static_cast<double>(values.size() - 1) / kD2;
}

// Hits or misses, whichever are rarer, in a week of mean size.
double ExpectedDefects(const std::vector<Tally>& weeks, double center) {
  double trials = 0;
  double used = 0;
  for (const Tally& week : weeks) {
    if (week.trials <= 0) continue;
    trials += static_cast<double>(week.trials);
    ++used;
  }
  return used > 0 ? trials / used * std::min(center, 1 - center) : 0;
}

// Whether the week's exact tail is as small as a signal's must be.
bool IsRare(const Tally& week, const Baseline& baseline, double max_tail) {
  if (baseline.sigma_z > 1) return true;  // weeks differ beyond the binomial
  // Of the two-sided test the other side may be empty.
  return baseline.counted.trials > 0
             ? FisherExact(week, baseline.counted) <= max_tail
             : BinomialPValue(week, baseline.center) <= 2 * max_tail;
}

void AddLimitSignal(double value, const Limits& limits, std::size_t point,
                    std::vector<Signal>& signals) {
  // A value that equals its limit but for rounding is inside.
  constexpr double kSlack = 1e-12;
  if (value < limits.lower - kSlack) {
    signals.push_back({ChartRule::kBelowLimits, point});
  } else if (value > limits.upper + kSlack) {
    signals.push_back({ChartRule::kAboveLimits, point});
  }
}

}  // namespace

Baseline PBaseline(const std::vector<Tally>& weeks) {
  Baseline baseline;
  double hits = 0;
  double trials = 0;
  for (const Tally& week : weeks) {
    if (week.trials <= 0) continue;
    hits += static_cast<double>(week.successes);
    trials += static_cast<double>(week.trials);
    ++baseline.weeks;
  }
  if (trials > 0) baseline.center = hits / trials;
  return baseline;
}

Baseline LaneyBaseline(const std::vector<Tally>& weeks) {
  Baseline baseline = PBaseline(weeks);
  std::vector<double> z;
  for (const Tally& week : weeks) {
    if (week.trials <= 0) continue;
    const double sigma = SigmaOf(baseline.center, week.trials);
    if (sigma > 0) z.push_back((RateOf(week) - baseline.center) / sigma);
  }
  if (z.size() >= 2) baseline.sigma_z = MovingSigma(z);
  return baseline;
}

Baseline StatedBaseline(double center) {
  Baseline baseline;
  baseline.center = center;
  baseline.stated = true;
  return baseline;
}

Baseline CountedBaseline(const std::vector<Tally>& weeks) {
  Baseline baseline = PBaseline(weeks);
  for (const Tally& week : weeks) {
    if (week.trials <= 0) continue;
    baseline.counted.successes += week.successes;
    baseline.counted.trials += week.trials;
  }
  return baseline;
}

Limits ChartLimits(const Baseline& baseline, std::int64_t trials) {
  double half = kSigmas * baseline.sigma_z * SigmaOf(baseline.center, trials);
  if (baseline.counted.trials > 0) {
    half *= std::sqrt(1 + static_cast<double>(trials) /
                              static_cast<double>(baseline.counted.trials));
  }
  return {std::max(0.0, baseline.center - half),
          std::min(1.0, baseline.center + half)};
}

Runs CountRuns(const std::vector<double>& values, double center) {
  Runs runs;
  int length = 0;
  bool above = false;
  for (const double value : values) {
    if (value == center) continue;
    const bool now_above = value > center;
    if (runs.useful > 0 && now_above != above) {
      ++runs.crossings;
      length = 0;
    }
    above = now_above;
    ++runs.useful;
    runs.longest = std::max(runs.longest, ++length);
  }
  if (runs.useful == 0) return runs;
  runs.longest_max = static_cast<int>(std::lround(std::log2(runs.useful))) + 3;
  runs.crossings_min =
      static_cast<int>(BinomialQuantile(runs.useful - 1, 0.5, 0.05));
  runs.signal =
      runs.longest > runs.longest_max || runs.crossings < runs.crossings_min;
  return runs;
}

GapBaseline GBaseline(const std::vector<double>& gaps) {
  GapBaseline baseline;
  baseline.gaps = static_cast<int>(gaps.size());
  if (gaps.empty()) return baseline;
  const double mean = MeanOf(gaps);
  const double half = kSigmas * std::sqrt(mean * (mean + 1));
  baseline.lower = std::max(0.0, mean - half);
  baseline.center = MedianOf(gaps);
  baseline.upper = mean + half;
  return baseline;
}

GapBaseline TBaseline(const std::vector<double>& gaps) {
  GapBaseline baseline;
  baseline.gaps = static_cast<int>(gaps.size());
  if (gaps.size() < 2) return baseline;
  std::vector<double> y;
  for (const double gap : gaps) y.push_back(std::pow(gap, 1 / kNelson));
  const double mean = MeanOf(y);
  const double half = kSigmas * MovingSigma(y);
  // Days that are always equal, as of a court that closes once a week, have no
  // spread to judge others by: as good as none.
  if (half <= 0) return {};
  baseline.lower = std::pow(std::max(0.0, mean - half), kNelson);
  baseline.center = std::pow(mean, kNelson);
  baseline.upper = std::pow(mean + half, kNelson);
  return baseline;
}

ChartReading ReadChart(const std::vector<Tally>& weeks,
                       const Baseline& baseline, const ChartPolicy& policy) {
  ChartReading reading;
  std::vector<double> rates;
  std::vector<Signal> outside;
  std::size_t last = 0;
  for (std::size_t i = 0; i < weeks.size(); ++i) {
    if (weeks[i].trials <= 0) {
      reading.limits.push_back({});
      continue;
    }
    reading.limits.push_back(ChartLimits(baseline, weeks[i].trials));
    rates.push_back(RateOf(weeks[i]));
    if (IsRare(weeks[i], baseline, policy.max_tail)) {
      AddLimitSignal(rates.back(), reading.limits.back(), i, outside);
    }
    last = i;
  }
  reading.runs = CountRuns(rates, baseline.center);
  const bool counted = baseline.counted.trials > 0;
  if (!baseline.stated && !counted && baseline.weeks < policy.min_baseline) {
    reading.state = ChartState::kTooFew;
  } else if (ExpectedDefects(weeks, baseline.center) < policy.min_expected) {
    reading.state = ChartState::kTooRare;
  } else {
    reading.signals = outside;
    if (!counted && reading.runs.signal &&
        reading.runs.useful >= policy.min_runs) {
      reading.signals.push_back({ChartRule::kRuns, last});
    }
  }
  return reading;
}

ChartReading ReadGaps(const std::vector<double>& gaps,
                      const GapBaseline& baseline, const ChartPolicy& policy) {
  ChartReading reading;
  reading.limits.assign(gaps.size(), {baseline.lower, baseline.upper});
  reading.runs = CountRuns(gaps, baseline.center);
  if (baseline.gaps < policy.min_baseline) {
    reading.state = ChartState::kTooFew;
    return reading;
  }
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    AddLimitSignal(gaps[i], reading.limits[i], i, reading.signals);
  }
  if (reading.runs.signal && reading.runs.useful >= policy.min_runs) {
    reading.signals.push_back({ChartRule::kRuns, gaps.size() - 1});
  }
  return reading;
}

}  // namespace huifang::reporting

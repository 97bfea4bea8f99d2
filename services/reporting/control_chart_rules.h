// Charts over time (控制图): whether a week is out of line with a stated
// baseline. docs/methods.md has the formulas and sources, and says which chart
// suits which rate.
#ifndef HUIFANG_SERVICES_REPORTING_CONTROL_CHART_RULES_H_
#define HUIFANG_SERVICES_REPORTING_CONTROL_CHART_RULES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/reporting/comparison_rules.h"
#include "services/reporting/interval_rules.h"

namespace huifang::reporting {

// What later weeks are compared with. It is computed once, from weeks that are
// named, and kept: a week never moves the limits it is judged by.
struct Baseline {
  double center = 0;
  // Laney's: how much more the rate varies from week to week than chance alone
  // would make it. 1 in a plain p chart.
  double sigma_z = 1;
  int weeks = 0;  // it was computed from
  // The center was not computed from the body's own weeks: a target, or the
  // rate of a much larger body, known so well that its error does not count.
  bool stated = false;
  // What a center of few weeks was counted from, whose error counts then: it
  // widens the limits, and the week is tested against it and not against the
  // center. No trials: the center is as good as known.
  Tally counted;
};

// p chart and Laney's p' chart of the weeks given. Weeks without tickets do
// not count.
Baseline PBaseline(const std::vector<Tally>& weeks);
Baseline LaneyBaseline(const std::vector<Tally>& weeks);
Baseline StatedBaseline(double center);
// Of a few weeks, with its error. Runs are not judged by it.
Baseline CountedBaseline(const std::vector<Tally>& weeks);

// Three-sigma limits of a week of `trials`, within [0, 1]. trials > 0.
Limits ChartLimits(const Baseline& baseline, std::int64_t trials);

// Runs of values on one side of the center (Anhøj's rules). Values on the
// center count for neither side.
struct Runs {
  int useful = 0;  // values off the center
  int longest = 0;
  int longest_max = 0;  // a longer run is no chance
  int crossings = 0;
  int crossings_min = 0;  // fewer crossings are no chance
  bool signal = false;
};
Runs CountRuns(const std::vector<double>& values, double center);

// Gaps between rare defects, instead of their rate.
struct GapBaseline {
  double lower = 0;
  double center = 0;  // of runs; the median
  double upper = 0;
  int gaps = 0;
};

// g chart: good tickets between one defect and the next, not negative.
GapBaseline GBaseline(const std::vector<double>& gaps);
// t chart: time between one defect and the next, above 0, in any unit.
GapBaseline TBaseline(const std::vector<double>& gaps);

enum class ChartState {
  kWatched,
  kTooFew,   // weeks or gaps: shown, not alarmed
  kTooRare,  // so few defects a week that a rate tells nothing: chart the gaps
};

enum class ChartRule { kBelowLimits, kAboveLimits, kRuns };

struct Signal {
  ChartRule rule = ChartRule::kBelowLimits;
  std::size_t point = 0;  // position of the week or gap; for runs the last one

  friend bool operator==(const Signal&, const Signal&) = default;
};

struct ChartPolicy {
  int min_baseline = 10;  // weeks or gaps behind a computed baseline
  int min_runs = 10;      // useful values behind a judgement of runs
  // Defects to be expected in a week of mean size, whichever of hits and misses
  // is rarer: below, three sigma are no limit (see docs/methods.md).
  double min_expected = 2;
  // A value outside the limits of a p chart counts only if its exact binomial
  // tail is this small too. Three sigma are a normal approximation, which
  // alarms in up to 1 % of good weeks when defects are few.
  double max_tail = 0.00135;
};

struct ChartReading {
  ChartState state = ChartState::kWatched;
  std::vector<Limits> limits;  // of each week; [0, 1] for one without tickets
  Runs runs;
  std::vector<Signal> signals;  // empty unless watched
};

ChartReading ReadChart(const std::vector<Tally>& weeks,
                       const Baseline& baseline, const ChartPolicy& policy);

// `limits` has one element for each gap. Short gaps are bad, long ones good.
ChartReading ReadGaps(const std::vector<double>& gaps,
                      const GapBaseline& baseline, const ChartPolicy& policy);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_CONTROL_CHART_RULES_H_

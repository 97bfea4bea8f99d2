// How sure an agreement is. Between two raters by the large-sample
// variance, among more by resampling the units.
#ifndef HUIFANG_SERVICES_COMMON_AGREEMENT_INTERVAL_RULES_H_
#define HUIFANG_SERVICES_COMMON_AGREEMENT_INTERVAL_RULES_H_

#include <cstdint>
#include <optional>

#include "services/common/agreement_rules.h"

namespace huifang {

// A coefficient with its interval, which is cut at -1 and 1.
struct AgreementInterval {
  double value = 0;
  double standard_error = 0;
  double lower = -1;
  double upper = 1;
};

// The functions below give nothing where the coefficient is undefined, and
// where all pairs agree: the formulas then give an interval without width,
// which a handful of units would have too.

// Fleiss, Cohen and Everitt 1969, with weights 1 - distance.
std::optional<AgreementInterval> CohenKappaInterval(const AgreementTable& table,
                                                    KappaWeights weights,
                                                    double level = 0.95);

// Gwet 2008, for two raters and units from an unlimited number.
std::optional<AgreementInterval> GwetAc1Interval(const AgreementTable& table,
                                                 double level = 0.95);

// How units are resampled. The same seed gives the same interval on every
// machine.
struct Resampling {
  int replicates = 2000;
  std::uint64_t seed = 1;
};

// Percentiles of the coefficient over units drawn with replacement. A
// replicate in which it is undefined (all the same value) is left out; with
// more than half of them so there is no interval.
std::optional<AgreementInterval> FleissKappaInterval(
    const Ratings& ratings, const Resampling& resampling = {},
    double level = 0.95);
std::optional<AgreementInterval> KrippendorffAlphaInterval(
    const Ratings& ratings, AlphaMetric metric,
    const Resampling& resampling = {}, double level = 0.95);

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_AGREEMENT_INTERVAL_RULES_H_

#include "services/reporting/response_rules.h"

#include <cstddef>
#include <limits>

namespace huifang::reporting {
namespace {

double Ratio(double numerator, double denominator) {
  return denominator > 0 ? numerator / denominator
                         : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

double EligibleShare(const DispositionCounts& counts) {
  const auto eligible =
      static_cast<double>(counts.complete + counts.partial + counts.refusal +
                          counts.non_contact + counts.other);
  return Ratio(eligible, eligible + static_cast<double>(counts.not_eligible));
}

ResponseRates RatesOf(const DispositionCounts& counts, double eligible_share) {
  const auto complete = static_cast<double>(counts.complete);
  const auto heard = complete + static_cast<double>(counts.partial);
  const auto refused = static_cast<double>(counts.refusal);
  const auto able = heard + refused;
  const auto reached = able + static_cast<double>(counts.other);
  const auto known = reached + static_cast<double>(counts.non_contact);
  const auto unknown =
      static_cast<double>(counts.unknown_household + counts.unknown_other);
  const double all = known + unknown;
  const double some = known + eligible_share * unknown;
  return {.rr1 = Ratio(complete, all),
          .rr2 = Ratio(heard, all),
          .rr3 = Ratio(complete, some),
          .rr4 = Ratio(heard, some),
          .rr5 = Ratio(complete, known),
          .rr6 = Ratio(heard, known),
          .coop1 = Ratio(complete, reached),
          .coop2 = Ratio(heard, reached),
          .coop3 = Ratio(complete, able),
          .coop4 = Ratio(heard, able),
          .ref1 = Ratio(refused, all),
          .ref2 = Ratio(refused, some),
          .ref3 = Ratio(refused, known),
          .con1 = Ratio(reached, all),
          .con2 = Ratio(reached, some),
          .con3 = Ratio(reached, known),
          .loc1 = Ratio(known, all)};
}

AdjustedRate AdjustForNonResponse(const std::vector<WeightingClass>& classes) {
  AdjustedRate rate;
  rate.weights.assign(classes.size(), 0);
  // What the sampled of each class stand for, moved to a class that was heard.
  std::vector<double> stands_for(classes.size(), 0);
  double waiting = 0;
  std::size_t last = classes.size();
  for (std::size_t c = 0; c < classes.size(); ++c) {
    waiting += classes[c].base_weight * static_cast<double>(classes[c].sampled);
    if (classes[c].respondents <= 0) {
      rate.merged += classes[c].sampled > 0 ? 1 : 0;
      continue;
    }
    stands_for[c] = waiting;
    waiting = 0;
    last = c;
  }
  if (last == classes.size()) {
    rate.value = std::numeric_limits<double>::quiet_NaN();
    return rate;
  }
  stands_for[last] += waiting;

  double good = 0;
  double all = 0;
  double squares = 0;
  double respondents = 0;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    if (classes[c].respondents <= 0) continue;
    const auto n = static_cast<double>(classes[c].respondents);
    const double weight = stands_for[c] / n;
    rate.weights[c] = weight;
    good += weight * static_cast<double>(classes[c].successes);
    all += weight * n;
    squares += weight * weight * n;
    respondents += n;
  }
  rate.value = Ratio(good, all);
  rate.kish_effect = Ratio(respondents * squares, all * all);
  rate.effective_size = Ratio(respondents, rate.kish_effect);
  return rate;
}

}  // namespace huifang::reporting

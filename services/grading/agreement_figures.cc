#include "services/grading/agreement_figures.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "services/common/agreement_interval_rules.h"
#include "services/common/agreement_rules.h"

namespace huifang::grading {
namespace {

using Figure = v1::AgreementFigure;

// Resampled tickets of one call, and of how many one is resampled at most:
// together they bound its time.
constexpr std::size_t kMostResampled = 4'000'000;
constexpr std::size_t kMostUnits = 20'000;

void AddFigure(Figure::Statistic statistic,
               const std::optional<AgreementInterval>& interval,
               v1::Agreement& agreement) {
  Figure& figure = *agreement.add_figures();
  figure.set_statistic(statistic);
  if (agreement.pairs() == 0) {
    figure.set_state(Figure::STATE_NO_DATA);
  } else if (agreement.pairs() < kMinAgreementPairs || !interval.has_value()) {
    figure.set_state(Figure::STATE_NOT_ENOUGH_DATA);
  } else {
    figure.set_state(Figure::STATE_OK);
    figure.set_value(interval->value);
    figure.set_standard_error(interval->standard_error);
    figure.set_lower(interval->lower);
    figure.set_upper(interval->upper);
  }
}

void AddFigures(const AgreementTable& table, const Ratings& units,
                v1::Agreement& agreement) {
  AddFigure(Figure::STATISTIC_KAPPA,
            CohenKappaInterval(table, KappaWeights::kNone), agreement);
  AddFigure(Figure::STATISTIC_LINEAR_KAPPA,
            CohenKappaInterval(table, KappaWeights::kLinear), agreement);
  AddFigure(Figure::STATISTIC_QUADRATIC_KAPPA,
            CohenKappaInterval(table, KappaWeights::kQuadratic), agreement);
  AddFigure(Figure::STATISTIC_GWET_AC1, GwetAc1Interval(table), agreement);
  const Resampling resampling{
      .replicates = static_cast<int>(std::clamp<std::size_t>(
          kMostResampled / std::max<std::size_t>(units.size(), 1), 200, 2000))};
  AddFigure(
      Figure::STATISTIC_ORDINAL_ALPHA,
      units.size() < kMinAgreementPairs || units.size() > kMostUnits
          ? std::nullopt
          : KrippendorffAlphaInterval(units, AlphaMetric::kOrdinal, resampling),
      agreement);
}

}  // namespace

v1::Agreement AgreementOf(const std::vector<std::pair<int, int>>& pairs) {
  v1::Agreement agreement;
  agreement.set_pairs(static_cast<std::int32_t>(pairs.size()));
  int tiers = 2;
  for (const auto& [first, second] : pairs) {
    tiers = std::max({tiers, first + 1, second + 1});
  }
  const auto size = static_cast<std::size_t>(tiers);
  AgreementTable table(size, std::vector<double>(size, 0));
  Ratings units;
  for (const auto& [first, second] : pairs) {
    table[static_cast<std::size_t>(first)][static_cast<std::size_t>(second)] +=
        1;
    units.push_back({first, second});
  }
  if (const auto v = ObservedAgreement(table)) agreement.set_observed(*v);
  if (const auto v = CohenKappa(table, KappaWeights::kNone)) {
    agreement.set_kappa(*v);
  }
  if (const auto v = CohenKappa(table, KappaWeights::kLinear)) {
    agreement.set_linear_kappa(*v);
  }
  if (const auto v = CohenKappa(table, KappaWeights::kQuadratic)) {
    agreement.set_quadratic_kappa(*v);
  }
  if (const auto v = GwetAc1(table)) agreement.set_gwet_ac1(*v);
  if (const auto v = KrippendorffAlpha(units, AlphaMetric::kOrdinal)) {
    agreement.set_ordinal_alpha(*v);
  }
  AddFigures(table, units, agreement);
  return agreement;
}

}  // namespace huifang::grading

// How far raters agree. docs/methods.md has formulas and sources;
// agreement_interval_rules.h says how sure each coefficient is.
#ifndef HUIFANG_SERVICES_COMMON_AGREEMENT_RULES_H_
#define HUIFANG_SERVICES_COMMON_AGREEMENT_RULES_H_

#include <cstddef>
#include <optional>
#include <vector>

namespace huifang {

// Fewer pairs than this tell nothing that could be relied on: with 20 of them
// an interval of kappa is already some 0.8 wide.
inline constexpr int kMinAgreementPairs = 20;

enum class KappaWeights { kNone, kLinear, kQuadratic };

// Counts of pairs: table[i][j] graded i by the first and j by the second
// rater, categories in order. Square.
using AgreementTable = std::vector<std::vector<double>>;

// Cohen's kappa; nothing if it is undefined (no pairs, or one category only).
std::optional<double> CohenKappa(const AgreementTable& table,
                                 KappaWeights weights);

// Gwet's AC1, which keeps its meaning when nearly all pass.
std::optional<double> GwetAc1(const AgreementTable& table);

// Share of equal pairs.
std::optional<double> ObservedAgreement(const AgreementTable& table);

// Kappa as if both raters used all categories equally often: prevalence and
// bias adjusted (PABAK). Between -1 and 1 for two categories.
std::optional<double> Pabak(const AgreementTable& table);

// Weight of a disagreement: 0 on the diagonal, 1 at most.
double KappaDistance(std::size_t i, std::size_t j, std::size_t categories,
                     KappaWeights weights);

// ratings[unit] holds what was given to that unit, values 0, 1, 2 …
using Ratings = std::vector<std::vector<int>>;

// Fleiss' kappa of any number of raters; nothing unless every unit has the
// same number of ratings, at least two, and more than one value occurs.
std::optional<double> FleissKappa(const Ratings& ratings);

enum class AlphaMetric { kNominal, kOrdinal, kInterval, kRatio };

// Krippendorff's alpha. Units with one rating do not count. Nothing if it is
// undefined.
std::optional<double> KrippendorffAlpha(const Ratings& ratings,
                                        AlphaMetric metric);

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_AGREEMENT_RULES_H_

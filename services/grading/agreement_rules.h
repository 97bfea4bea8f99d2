// How far two reviewers agree (domain statistics; see docs/methods).
#ifndef HUIFANG_SERVICES_GRADING_AGREEMENT_RULES_H_
#define HUIFANG_SERVICES_GRADING_AGREEMENT_RULES_H_

#include <cstddef>
#include <optional>
#include <vector>

namespace huifang::grading {

enum class KappaWeights { kNone, kLinear, kQuadratic };

// Counts of pairs: table[i][j] graded i by the first and j by the second
// reviewer, categories in order. Square.
using AgreementTable = std::vector<std::vector<double>>;

// Cohen's kappa; nothing if it is undefined (no pairs, or one category only).
std::optional<double> CohenKappa(const AgreementTable& table,
                                 KappaWeights weights);

// Gwet's AC1, which keeps its meaning when nearly all pass.
std::optional<double> GwetAc1(const AgreementTable& table);

// Share of equal pairs.
std::optional<double> ObservedAgreement(const AgreementTable& table);

enum class AlphaMetric { kNominal, kOrdinal, kInterval, kRatio };

// Krippendorff's alpha. ratings[unit] holds what was given to that unit, values
// 0, 1, 2 …; units with one rating do not count. Nothing if it is undefined.
std::optional<double> KrippendorffAlpha(
    const std::vector<std::vector<int>>& ratings, AlphaMetric metric);

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_AGREEMENT_RULES_H_

#include "services/grading/agreement_rules.h"

#include <gtest/gtest.h>

#include <vector>

namespace huifang::grading {
namespace {

TEST(CohenKappa, TwoByTwo) {
  EXPECT_NEAR(*CohenKappa({{20, 5}, {10, 15}}, KappaWeights::kNone), 0.4, 5e-5);
}

TEST(CohenKappa, ThreeTiersUnweightedLinearQuadratic) {
  const AgreementTable table = {{20, 5, 1}, {3, 15, 4}, {0, 2, 10}};
  EXPECT_NEAR(*CohenKappa(table, KappaWeights::kNone), 0.615055603, 5e-10);
  EXPECT_NEAR(*CohenKappa(table, KappaWeights::kLinear), 0.680426099, 5e-10);
  EXPECT_NEAR(*CohenKappa(table, KappaWeights::kQuadratic), 0.750922509, 5e-10);
}

TEST(GwetAc1, HoldsWhereKappaCollapses) {
  const AgreementTable table = {{90, 3}, {4, 3}};
  EXPECT_NEAR(*ObservedAgreement(table), 0.93, 1e-12);
  EXPECT_NEAR(*CohenKappa(table, KappaWeights::kNone), 0.424342, 5e-7);
  EXPECT_NEAR(*GwetAc1(table), 0.920314, 5e-7);
}

TEST(Agreement, IsAbsentWhereUndefined) {
  EXPECT_FALSE(CohenKappa({{0, 0}, {0, 0}}, KappaWeights::kNone));
  EXPECT_FALSE(CohenKappa({{9, 0}, {0, 0}}, KappaWeights::kNone));
  EXPECT_FALSE(ObservedAgreement({}));
  EXPECT_NEAR(*GwetAc1({{9, 0}, {0, 0}}), 1.0, 1e-12);
  EXPECT_FALSE(KrippendorffAlpha({{1, 1}, {1, 1}}, AlphaMetric::kOrdinal));
}

// Krippendorff's "C" data: 12 units, 4 coders, values 1 to 5.
TEST(KrippendorffAlpha, ReferenceData) {
  const std::vector<std::vector<int>> units = {
      {1, 1, 1},    {2, 2, 3, 2}, {3, 3, 3, 3}, {3, 3, 3, 3},
      {2, 2, 2, 2}, {1, 2, 3, 4}, {4, 4, 4, 4}, {1, 1, 2, 1},
      {2, 2, 2, 2}, {5, 5, 5},    {1, 1},       {3}};
  EXPECT_NEAR(*KrippendorffAlpha(units, AlphaMetric::kNominal), 0.743421, 5e-7);
  EXPECT_NEAR(*KrippendorffAlpha(units, AlphaMetric::kOrdinal), 0.815388, 5e-7);
  EXPECT_NEAR(*KrippendorffAlpha(units, AlphaMetric::kInterval), 0.849107,
              5e-7);
  EXPECT_NEAR(*KrippendorffAlpha(units, AlphaMetric::kRatio), 0.797403, 5e-7);
}

}  // namespace
}  // namespace huifang::grading

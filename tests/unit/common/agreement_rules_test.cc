#include "services/common/agreement_rules.h"

#include <gtest/gtest.h>

#include <vector>

#include "services/common/agreement_interval_rules.h"

namespace huifang {
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
  EXPECT_NEAR(*Pabak(table), 0.86, 1e-12);
}

// Ten subjects by fourteen raters, the usual example: how many raters gave each
// of five values.
TEST(FleissKappa, ReferenceData) {
  Ratings ratings;
  for (const std::vector<int>& counts :
       std::vector<std::vector<int>>{{0, 0, 0, 0, 14},
                                     {0, 2, 6, 4, 2},
                                     {0, 0, 3, 5, 6},
                                     {0, 3, 9, 2, 0},
                                     {2, 2, 8, 1, 1},
                                     {7, 7, 0, 0, 0},
                                     {3, 2, 6, 3, 0},
                                     {2, 5, 3, 2, 2},
                                     {6, 5, 2, 1, 0},
                                     {0, 2, 2, 3, 7}}) {
    std::vector<int> unit;
    for (int value = 0; value < 5; ++value) {
      unit.insert(
          unit.end(),
          static_cast<std::size_t>(counts[static_cast<std::size_t>(value)]),
          value);
    }
    ratings.push_back(unit);
  }
  EXPECT_NEAR(*FleissKappa(ratings), 0.209930704, 5e-10);
  // 20,000 replicates of a bootstrap written in Python: 0.0404 to 0.3658.
  const auto interval = FleissKappaInterval(ratings);
  ASSERT_TRUE(interval.has_value());
  EXPECT_NEAR(interval->lower, 0.0404, 0.02);
  EXPECT_NEAR(interval->upper, 0.3658, 0.02);
}

TEST(Agreement, IsAbsentWhereUndefined) {
  EXPECT_FALSE(CohenKappa({{0, 0}, {0, 0}}, KappaWeights::kNone));
  EXPECT_FALSE(CohenKappa({{9, 0}, {0, 0}}, KappaWeights::kNone));
  EXPECT_FALSE(ObservedAgreement({}));
  EXPECT_NEAR(*GwetAc1({{9, 0}, {0, 0}}), 1.0, 1e-12);
  EXPECT_FALSE(KrippendorffAlpha({{1, 1}, {1, 1}}, AlphaMetric::kOrdinal));
  EXPECT_FALSE(Pabak({}));
  EXPECT_FALSE(FleissKappa({}));
  EXPECT_FALSE(FleissKappa({{1, 1}, {1, 1}}));
  EXPECT_FALSE(FleissKappa({{1, 2}, {1, 2, 2}}));
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

// Three coders, 15 units, some not rated by all.
TEST(KrippendorffAlpha, ThreeCoders) {
  const Ratings units = {{1},       {},        {2, 2}, {1, 1}, {3, 3},
                         {3, 3, 4}, {4, 4, 4}, {1, 3}, {2, 2}, {1, 1},
                         {1, 1},    {3, 3},    {3, 3}, {},     {3, 4}};
  EXPECT_NEAR(*KrippendorffAlpha(units, AlphaMetric::kNominal), .691358, 5e-7);
  EXPECT_NEAR(*KrippendorffAlpha(units, AlphaMetric::kInterval), .810845, 5e-7);
}

}  // namespace
}  // namespace huifang

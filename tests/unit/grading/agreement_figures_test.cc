#include "services/grading/agreement_figures.h"

#include <gtest/gtest.h>

#include "services/common/agreement_rules.h"

namespace huifang::grading {
namespace {

using Figure = v1::AgreementFigure;
using Pairs = std::vector<std::pair<int, int>>;

// `yes` and `no` pairs that agree, `apart` that do not, half each way.
Pairs PairsOf(int yes, int no, int apart) {
  Pairs pairs;
  for (int i = 0; i < yes; ++i) pairs.emplace_back(0, 0);
  for (int i = 0; i < no; ++i) pairs.emplace_back(1, 1);
  for (int i = 0; i < apart; ++i) pairs.emplace_back(i % 2, 1 - i % 2);
  return pairs;
}

TEST(AgreementFigures, EachCoefficientComesWithItsInterval) {
  const v1::Agreement agreement = AgreementOf(PairsOf(40, 40, 20));
  ASSERT_EQ(agreement.figures_size(), 5);
  for (int i = 0; i < 5; ++i) {
    const Figure& figure = agreement.figures(i);
    EXPECT_EQ(figure.statistic(), i + 1);
    EXPECT_EQ(figure.state(), Figure::STATE_OK) << i;
    EXPECT_LT(figure.lower(), figure.value()) << i;
    EXPECT_GT(figure.upper(), figure.value()) << i;
  }
  // Both margins are even, so that kappa is 2 · 0.8 − 1 and its standard error
  // 2 · sqrt(0.8 · 0.2 / 100).
  EXPECT_NEAR(agreement.figures(0).value(), 0.6, 1e-12);
  EXPECT_NEAR(agreement.figures(0).standard_error(), 0.08, 1e-3);
  EXPECT_NEAR(agreement.kappa(), agreement.figures(0).value(), 1e-12);
}

TEST(AgreementFigures, TooFewPairsGiveNoValue) {
  EXPECT_EQ(AgreementOf({}).figures(0).state(), Figure::STATE_NO_DATA);
  const v1::Agreement few = AgreementOf(PairsOf(kMinAgreementPairs - 3, 0, 2));
  for (const Figure& figure : few.figures()) {
    EXPECT_EQ(figure.state(), Figure::STATE_NOT_ENOUGH_DATA);
    EXPECT_EQ(figure.value(), 0);
    EXPECT_EQ(figure.upper(), 0);
  }
}

TEST(AgreementFigures, PairsThatAllAgreeDoNotTellHowSure) {
  const v1::Agreement agreement = AgreementOf(PairsOf(60, 30, 0));
  for (const Figure& figure : agreement.figures()) {
    EXPECT_EQ(figure.state(), Figure::STATE_NOT_ENOUGH_DATA)
        << figure.statistic();
  }
}

TEST(AgreementFigures, TheSamePairsGiveTheSameFigures) {
  const Pairs pairs = PairsOf(30, 20, 9);
  EXPECT_EQ(AgreementOf(pairs).SerializeAsString(),
            AgreementOf(pairs).SerializeAsString());
}

}  // namespace
}  // namespace huifang::grading

#include "services/reporting/disclosure_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace huifang::reporting {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

constexpr auto kShown = Disclosure::kShown;
constexpr auto kTooFew = Disclosure::kTooFew;
constexpr auto kWouldTell = Disclosure::kWouldTell;
constexpr std::int64_t kMin = 3;

TEST(DisclosureRules, NothingIsHiddenWithoutNeed) {
  EXPECT_THAT(Disclose({{60}, {20}, {18}, {22}}, {{0, {1, 2, 3}}}, kMin),
              Each(kShown));
  EXPECT_THAT(Disclose({{60}, {60}, {0}}, {{0, {1, 2}}}, kMin), Each(kShown));
}

TEST(DisclosureRules, CourtMinusItsDivisionsDoesNotTell) {
  EXPECT_THAT(Disclose({{60}, {30}, {28}, {2}}, {{0, {1, 2, 3}}}, kMin),
              ElementsAre(kShown, kShown, kWouldTell, kTooFew));
}

TEST(DisclosureRules, TwoSmallDivisionsHideEachOtherOnceTheyAreEnough) {
  EXPECT_THAT(Disclose({{64}, {60}, {2}, {2}}, {{0, {1, 2, 3}}}, kMin),
              ElementsAre(kShown, kShown, kTooFew, kTooFew));
  // Together they are still two people.
  EXPECT_THAT(Disclose({{62}, {50}, {10}, {1}, {1}}, {{0, {1, 2, 3, 4}}}, kMin),
              ElementsAre(kShown, kShown, kWouldTell, kTooFew, kTooFew));
}

TEST(DisclosureRules, TicketsOfNoDivisionCountAsHidden) {
  EXPECT_THAT(Disclose({{50}, {30}, {19}, {1, Printing::kNever}},
                       {{0, {1, 2, 3}}}, kMin),
              ElementsAre(kShown, kShown, kWouldTell, kTooFew));
  EXPECT_THAT(Disclose({{50}, {30}, {10}, {10, Printing::kNever}},
                       {{0, {1, 2, 3}}}, kMin),
              Each(kShown));
}

// Court 60 = divisions 40 + 20; division 20 = teams 18 + 2.
TEST(DisclosureRules, TeamIsNotToldByItsDivisionNorByItsCourt) {
  EXPECT_THAT(
      Disclose({{60}, {40}, {20}, {18}, {2}}, {{0, {1, 2}}, {2, {3, 4}}}, kMin),
      ElementsAre(kShown, kShown, kShown, kWouldTell, kTooFew));
}

// Month 40 = weeks 20 + 18 + 2, of which the first two are delivered.
TEST(DisclosureRules, MonthDoesNotTellTheWeekThatWasHidden) {
  EXPECT_THAT(Disclose({{40},
                        {20, Printing::kAlready},
                        {18, Printing::kAlready},
                        {2, Printing::kNever}},
                       {{0, {1, 2, 3}}}, kMin),
              ElementsAre(kWouldTell, kShown, kShown, kTooFew));
}

// Second version 41 = first version 40 + one late answer.
TEST(DisclosureRules, LaterVersionDoesNotTellTheLateAnswer) {
  EXPECT_THAT(Disclose({{41}, {40, Printing::kAlready}, {1, Printing::kNever}},
                       {{0, {1, 2}}}, kMin),
              ElementsAre(kWouldTell, kShown, kTooFew));
}

// Weeks by divisions, with the totals of both.
struct Table {
  std::vector<Cell> cells;
  std::vector<CellSum> sums;
};

Table RandomTable(std::mt19937& random) {
  constexpr std::size_t kRows = 4;
  constexpr std::size_t kColumns = 5;
  Table table;
  table.cells.resize((kRows + 1) * (kColumns + 1));
  const auto at = [](std::size_t r, std::size_t c) {
    return r * (kColumns + 1) + c;
  };
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t c = 0; c < kColumns; ++c) {
      const std::int64_t n = random() % 4 == 0 ? random() % 4 : random() % 30;
      table.cells[at(r, c)].people = n;
      table.cells[at(r, kColumns)].people += n;
      table.cells[at(kRows, c)].people += n;
      table.cells[at(kRows, kColumns)].people += n;
    }
  }
  for (std::size_t r = 0; r <= kRows; ++r) {
    CellSum sum{at(r, kColumns), {}};
    for (std::size_t c = 0; c < kColumns; ++c) sum.parts.push_back(at(r, c));
    table.sums.push_back(sum);
  }
  for (std::size_t c = 0; c <= kColumns; ++c) {
    CellSum sum{at(kRows, c), {}};
    for (std::size_t r = 0; r < kRows; ++r) sum.parts.push_back(at(r, c));
    table.sums.push_back(sum);
  }
  return table;
}

int Rank(std::vector<std::vector<double>> rows) {
  int rank = 0;
  const std::size_t columns = rows.empty() ? 0 : rows[0].size();
  std::vector<bool> used(rows.size(), false);
  for (std::size_t c = 0; c < columns; ++c) {
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (used[r] || std::abs(rows[r][c]) < 1e-9) continue;
      used[r] = true;
      ++rank;
      for (std::size_t other = 0; other < rows.size(); ++other) {
        if (used[other]) continue;
        const double factor = rows[other][c] / rows[r][c];
        for (std::size_t k = 0; k < columns; ++k) {
          rows[other][k] -= factor * rows[r][k];
        }
      }
      break;
    }
  }
  return rank;
}

// What a total leaves after its printed parts must not be about too few. And a
// cell can be computed exactly when adding its own unit row to what readers
// know about the hidden cells tells nothing new.
TEST(DisclosureRules, NoSmallCellOfATableCanBeComputed) {
  std::mt19937 random(20260801);
  int hidden_small = 0;
  for (int round = 0; round < 300; ++round) {
    const Table table = RandomTable(random);
    const auto shown = Disclose(table.cells, table.sums, kMin);
    std::vector<std::vector<double>> known;
    for (const CellSum& sum : table.sums) {
      std::vector<double> row(shown.size(), 0);
      for (const std::size_t part : sum.parts) {
        if (shown[part] != kShown) row[part] = 1;
      }
      if (shown[sum.total] != kShown) row[sum.total] = -1;
      std::int64_t left = 0;
      for (const std::size_t part : sum.parts) {
        if (shown[part] != kShown) left += table.cells[part].people;
      }
      if (shown[sum.total] == kShown) {
        ASSERT_TRUE(left == 0 || left >= kMin) << "round " << round;
      }
      known.push_back(row);
    }
    const int rank = Rank(known);
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const bool small =
          table.cells[i].people > 0 && table.cells[i].people < kMin;
      ASSERT_EQ(shown[i] == kTooFew, small);
      if (!small) continue;
      ++hidden_small;
      std::vector<std::vector<double>> more = known;
      std::vector<double> unit(shown.size(), 0);
      unit[i] = 1;
      more.push_back(unit);
      ASSERT_EQ(Rank(more), rank + 1) << "round " << round << " cell " << i;
    }
  }
  EXPECT_GT(hidden_small, 300);
}

}  // namespace
}  // namespace huifang::reporting

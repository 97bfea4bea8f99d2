#include "services/callback/draw_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/common/crypto.h"

namespace huifang::callback {
namespace {

using ::testing::ElementsAre;

Frame TenTickets() {
  Frame frame;
  for (int i = 10; i >= 1; --i) frame.Add(absl::StrFormat("T%04d", i), 0);
  frame.Sort();
  return frame;
}

constexpr char kSeed[] =
    "2026-W31|frame:"
    "55021622a0579598305cf018a0a0070b9286814e53a4fe0a9253c303da557888|pub:"
    "0102030405";

std::vector<std::string> Ids(const Frame& frame,
                             const std::vector<std::uint32_t>& rows) {
  std::vector<std::string> ids;
  for (const std::uint32_t row : rows) ids.emplace_back(frame.id(row));
  return ids;
}

TEST(DrawRules, FrameDigestJoinsSortedIdsWithoutTrailingNewline) {
  EXPECT_EQ(FrameDigest(TenTickets()),
            "55021622a0579598305cf018a0a0070b9286814e53a4fe0a9253c303da557888");
}

TEST(DrawRules, SeedHoldsPeriodFrameAndPublicPart) {
  EXPECT_EQ(MixSeed("2026-W31", FrameDigest(TenTickets()), "0102030405"),
            kSeed);
}

TEST(DrawRules, OrderIsThePublishedVector) {
  EXPECT_EQ(Sha256Hex(kSeed),
            "ffaeace60c697081aef5c59a062d71c788067bd36566b47997509137090cd98d");
  const Frame frame = TenTickets();
  const auto drawn = DrawInOrder(frame, kSeed, {10});
  EXPECT_THAT(Ids(frame, drawn.at(0)),
              ElementsAre("T0006", "T0001", "T0003", "T0005", "T0010", "T0004",
                          "T0009", "T0007", "T0008", "T0002"));
}

TEST(DrawRules, FewerAreAPrefixOfMore) {
  const Frame frame = TenTickets();
  const auto drawn = DrawInOrder(frame, kSeed, {3});
  EXPECT_THAT(Ids(frame, drawn.at(0)), ElementsAre("T0006", "T0001", "T0003"));
}

TEST(DrawRules, EachStratumKeepsTheOrderOfTheWhole) {
  Frame frame;
  for (int i = 1; i <= 10; ++i) {
    frame.Add(absl::StrFormat("T%04d", i), i % 2 == 0 ? 0 : 1);
  }
  const auto drawn = DrawInOrder(frame, kSeed, {5, 2});
  EXPECT_THAT(Ids(frame, drawn.at(0)),
              ElementsAre("T0006", "T0010", "T0004", "T0008", "T0002"));
  EXPECT_THAT(Ids(frame, drawn.at(1)), ElementsAre("T0001", "T0003"));
}

TEST(DrawRules, SmallStratumGivesAllItHas) {
  Frame frame;
  frame.Add("only", 0);
  EXPECT_EQ(DrawInOrder(frame, "s", {7}).at(0).size(), 1u);
}

TEST(DrawRules, EmptyFrameDrawsNothing) {
  EXPECT_TRUE(DrawInOrder(Frame(), "s", {}).empty());
  EXPECT_EQ(FrameDigest(Frame()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(DrawRules, ChainOfDrawsIsThePublishedVector) {
  const std::string first =
      NextChainHash(FirstChainHash(), R"({"seq":1,"act":"draw"})");
  EXPECT_EQ(first,
            "6b122cd7ba10c65efa5b187424c93283884cd5cb6df7b2c193210098a68df5d1");
  EXPECT_EQ(NextChainHash(first, R"({"seq":2,"act":"call"})"),
            "89ba4b669cb74972a6a4f698b0b9ced4331d82946c3f0a459607099ef5bbdcae");
}

}  // namespace
}  // namespace huifang::callback

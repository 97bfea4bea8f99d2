#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "services/callback/bundle_rules.h"
#include "services/callback/draw_rules.h"
#include "services/common/error.h"
#include "tests/contract/callback/callback_service_fixture.h"
#include "tests/support/matchers.h"

namespace huifang::callback {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

constexpr auto kPrecondition = absl::StatusCode::kFailedPrecondition;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
constexpr char kSalt[] = "5f0c64a1b2c3d4e5";

// A draw whose seed the quality office and the supervision office make.
class SeedContract : public CallbackServiceTest {
 protected:
  SeedContract() { AddTickets(30); }

  v1::Draw FrozenDraw() {
    v1::SamplingPlan plan = SeededBy(v1::SamplingPlan::SEED_SOURCE_PARTIES);
    auto& quality = *plan.add_seed_parties();
    quality.set_party("quality");
    quality.set_role("head");
    auto& supervision = *plan.add_seed_parties();
    supervision.set_party("supervision");
    supervision.set_principal("inspector");
    v1::CreateDrawRequest request = Week30(10);
    request.set_plan(AddPlan("parties", plan));
    const v1::Draw draw = Create(request);
    EXPECT_TRUE(WorkOn(draw).ok());
    return Reload(draw);
  }
  rpc::Call Quality() {
    rpc::Call call = host_.CallAs("head", kCourt);
    call.principal = "head-of-quality";
    return call;
  }
  rpc::Call Supervision() {
    rpc::Call call = host_.CallAs("leader", kCourt);
    call.principal = "inspector";
    return call;
  }
  absl::StatusOr<v1::Draw> Commit(const rpc::Call& call, const v1::Draw& draw,
                                  const std::string& party,
                                  const std::string& secret) {
    v1::CommitSeedRequest request;
    request.set_name(draw.name());
    request.set_party(party);
    request.set_commitment(
        SeedCommitment({party, secret, kSalt}, draw.frame_digest()));
    return office_.Commit(call, request);
  }
  absl::StatusOr<v1::Draw> Reveal(const rpc::Call& call, const v1::Draw& draw,
                                  const std::string& party,
                                  const std::string& secret) {
    v1::RevealSeedRequest request;
    request.set_name(draw.name());
    request.set_party(party);
    request.set_secret(secret);
    request.set_salt(kSalt);
    return office_.Reveal(call, request);
  }
  std::vector<nlohmann::json> Log() {
    std::vector<nlohmann::json> log;
    const auto entries = draws_.ListLog(kCourt, 0, 100).value();
    for (const v1::DrawLogEntry& entry : entries) {
      log.push_back(nlohmann::json::parse(entry.json()));
    }
    return log;
  }
};

TEST_P(SeedContract, PartiesCommitRevealAndDraw) {
  const v1::Draw draw = FrozenDraw();
  ASSERT_EQ(draw.state(), v1::Draw::STATE_FROZEN);
  ASSERT_TRUE(Commit(Quality(), draw, "quality", "red 7").ok());
  ASSERT_TRUE(Commit(Supervision(), draw, "supervision", "blue 12").ok());
  ASSERT_TRUE(Reveal(Supervision(), draw, "supervision", "blue 12").ok());
  ASSERT_TRUE(WorkOn(draw).ok());
  EXPECT_EQ(Reload(draw).state(), v1::Draw::STATE_FROZEN);
  ASSERT_TRUE(Reveal(Quality(), draw, "quality", "red 7").ok());
  ASSERT_TRUE(WorkOn(draw).ok());

  const StoredDraw made = draws_.Get(kCourt, IdOf(draw.name())).value();
  EXPECT_EQ(made.draw.state(), v1::Draw::STATE_DRAWN);
  EXPECT_EQ(
      made.draw.public_seed(),
      absl::StrCat("quality:red 7:", kSalt, "+supervision:blue 12:", kSalt));
  EXPECT_EQ(made.draw.seeder(), "parties");
  EXPECT_THAT(made.draw.seed(), HasSubstr(draw.frame_digest()));
  const BundleContent content = maker_.LoadBundle(made).value();
  ASSERT_EQ(content.info.parties.size(), 2u);
  BundleStream stream(content);
  EXPECT_TRUE(VerifyBundle(stream.Next(1 << 24)).ok());
}

TEST_P(SeedContract, EveryActIsInTheChainWithItsPerson) {
  const v1::Draw draw = FrozenDraw();
  ASSERT_TRUE(Commit(Quality(), draw, "quality", "red 7").ok());
  ASSERT_TRUE(Commit(Supervision(), draw, "supervision", "blue 12").ok());
  ASSERT_TRUE(Reveal(Quality(), draw, "quality", "red 7").ok());
  Abort(draw);
  std::vector<std::string> acts;
  const std::vector<nlohmann::json> log = Log();
  for (const nlohmann::json& entry : log) {
    acts.push_back(absl::StrCat(entry["act"].get<std::string>(), " ",
                                entry["principal"].get<std::string>()));
  }
  EXPECT_THAT(acts, ::testing::ElementsAre(
                        "create officer-yang", "freeze server",
                        "commit head-of-quality", "commit inspector",
                        "reveal head-of-quality", "abort head-tester"));
  EXPECT_EQ(log[4]["detail"], absl::StrCat("quality:red 7:", kSalt));
  // Who kept silent is named.
  EXPECT_THAT(log[5]["reason"].get<std::string>(),
              HasSubstr("(not revealed by supervision)"));
  EXPECT_EQ(Reload(draw).aborter(), "head-tester");
}

TEST_P(SeedContract, NothingIsRevealedBeforeAllHaveCommitted) {
  const v1::Draw draw = FrozenDraw();
  ASSERT_TRUE(Commit(Quality(), draw, "quality", "red 7").ok());
  EXPECT_THAT(Reveal(Quality(), draw, "quality", "red 7"),
              StatusIs(kPrecondition, HasSubstr("supervision")));
}

TEST_P(SeedContract, OnlyWhatWasCommittedToCanBeRevealed) {
  const v1::Draw draw = FrozenDraw();
  ASSERT_TRUE(Commit(Quality(), draw, "quality", "red 7").ok());
  ASSERT_TRUE(Commit(Supervision(), draw, "supervision", "blue 12").ok());
  EXPECT_THAT(Reveal(Quality(), draw, "quality", "red 8"),
              StatusIs(absl::StatusCode::kInvalidArgument));
  ASSERT_TRUE(Reveal(Quality(), draw, "quality", "red 7").ok());
  EXPECT_THAT(Reveal(Quality(), draw, "quality", "red 7"),
              StatusIs(kPrecondition));
}

TEST_P(SeedContract, CommitmentStays) {
  const v1::Draw draw = FrozenDraw();
  ASSERT_TRUE(Commit(Quality(), draw, "quality", "red 7").ok());
  EXPECT_THAT(Commit(Quality(), draw, "quality", "red 8"),
              StatusIs(kPrecondition));
}

TEST_P(SeedContract, PartyActsForItselfOnly) {
  const v1::Draw draw = FrozenDraw();
  EXPECT_THAT(Commit(Quality(), draw, "supervision", "x"), StatusIs(kDenied));
  EXPECT_THAT(Commit(Officer(), draw, "quality", "x"), StatusIs(kDenied));
  EXPECT_THAT(Commit(Quality(), draw, "guests", "x"), StatusIs(kPrecondition));
  // The inspector is a head too, and may not be both.
  rpc::Call both = Supervision();
  both.role = "head";
  ASSERT_TRUE(Commit(both, draw, "supervision", "x").ok());
  EXPECT_THAT(Commit(both, draw, "quality", "y"), StatusIs(kDenied));
}

TEST_P(SeedContract, SeedGivenBeforeTheFreezeNeedsAPlanThatSaysSo) {
  v1::CreateDrawRequest request = Week30(10);
  request.set_public_seed("ssq 2019086");
  const auto refused = office_.Create(Officer(), request);
  EXPECT_THAT(refused, StatusIs(kPrecondition));
  EXPECT_EQ(ErrorReason(refused.status()), "SEED_TOO_EARLY");
  request.set_plan(
      AddPlan("given", SeededBy(v1::SamplingPlan::SEED_SOURCE_GIVEN)));
  const auto taken = office_.Create(Officer(), request);
  ASSERT_TRUE(taken.ok()) << taken.status();
  EXPECT_EQ(taken->seeder(), "officer-yang");
}

TEST_P(SeedContract, OnePersonCannotSeedForTheParties) {
  const v1::Draw draw = FrozenDraw();
  v1::SeedDrawRequest request;
  request.set_name(draw.name());
  request.set_public_seed("ssq 2019086");
  EXPECT_THAT(office_.Seed(Quality(), request),
              StatusIs(kPrecondition, HasSubstr("PARTIES")));
}

INSTANTIATE_TEST_SUITE_P(
    Engines, SeedContract, ::testing::ValuesIn(testing::SqlEngines()),
    testing::EngineName<::testing::TestParamInfo<std::string>>);

}  // namespace
}  // namespace huifang::callback

#include "services/common/crypto.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

#include "absl/strings/escaping.h"
#include "tests/support/backends.h"
#include "tests/support/matchers.h"
#include "tests/support/test_runtime.h"

namespace huifang {
namespace {

using ::huifang::testing::HasReason;

Sealer TestSealer() { return *Sealer::FromJson(testing::kTestKeysJson); }

TEST(Sealer, OpensWhatItSealedAndNothingElse) {
  const Sealer sealer = TestSealer();
  const std::string sealed = sealer.Seal("13800001234", "tickets/1");
  EXPECT_EQ(sealer.Open(sealed, "tickets/1").value(), "13800001234");
  EXPECT_EQ(sealed.find("13800001234"), std::string::npos);
}

TEST(Sealer, CopyToAnotherRowDoesNotOpen) {
  const Sealer sealer = TestSealer();
  EXPECT_THAT(sealer.Open(sealer.Seal("x", "tickets/1"), "tickets/2"),
              HasReason("SEAL_BROKEN"));
}

TEST(Sealer, EveryChangedByteIsNoticed) {
  const Sealer sealer = TestSealer();
  const std::string sealed = sealer.Seal("秘密", "row");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(sealer.Open(changed, "row").ok()) << i;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(sealer.Open(sealed.substr(0, size), "row").ok()) << size;
  }
}

TEST(Sealer, EqualPlainTextsLookDifferentButIndexAlike) {
  const Sealer sealer = TestSealer();
  EXPECT_NE(sealer.Seal("a", "r"), sealer.Seal("a", "r"));
  EXPECT_EQ(sealer.Index("110102", "a"), sealer.Index("110102", "a"));
  EXPECT_NE(sealer.Index("110102", "a"), sealer.Index("110105", "a"));
}

TEST(Sealer, OldKeyStillOpensAfterRotationAndTheIndexStays) {
  const std::string one(64, '1');
  const std::string two(64, '2');
  const Sealer before =
      *Sealer::FromJson(R"({"keys": {"1": ")" + one + R"("}, "current": "1"})");
  const Sealer after =
      *Sealer::FromJson(R"({"keys": {"1": ")" + one + R"(", "2": ")" + two +
                        R"("}, "current": "2"})");
  EXPECT_EQ(after.Open(before.Seal("x", "r"), "r").value(), "x");
  EXPECT_FALSE(before.Open(after.Seal("x", "r"), "r").ok());
  EXPECT_EQ(before.Index("1", "x"), after.Index("1", "x"));
}

TEST(Sealer, BadKeyFilesAreRefused) {
  for (const char* json : {"", "{}", R"({"keys": {}, "current": "1"})",
                           R"({"keys": {"1": "ab"}, "current": "1"})",
                           R"({"keys": {"1": "zz"}, "current": "1"})",
                           R"({"keys": [1], "current": "1"})"}) {
    EXPECT_THAT(Sealer::FromJson(json), HasReason("BAD_KEY_FILE")) << json;
  }
}

TEST(Sealer, KeyFileOpenToOthersIsRefused) {
  const std::string path = testing::TestDirectory() + "/keys.json";
  std::ofstream(path) << testing::kTestKeysJson;
  chmod(path.c_str(), 0644);
  EXPECT_THAT(Sealer::FromFile(path), HasReason("BAD_KEY_FILE"));
  chmod(path.c_str(), 0600);
  EXPECT_OK(Sealer::FromFile(path));
  EXPECT_THAT(Sealer::FromFile(path + ".none"), HasReason("BAD_KEY_FILE"));
}

TEST(Mask, KeepsWhatTellsCallersApart) {
  EXPECT_EQ(MaskPhone("13800000000"), "138****0000");
  EXPECT_EQ(MaskPhone("01062697000"), "010****7000");
  EXPECT_EQ(MaskPhone("12368"), "****68");
  EXPECT_EQ(MaskPhone(""), "");
  EXPECT_EQ(MaskName("杨威"), "杨*");
  EXPECT_EQ(MaskName("欧阳小明"), "欧**");
  EXPECT_EQ(MaskName("A"), "A");
  EXPECT_EQ(MaskName(""), "");
}

// RFC 4231, test cases 1 and 2: a second key in the same thread.
TEST(HmacSha256, MatchesThePublishedVectors) {
  EXPECT_EQ(
      absl::BytesToHexString(HmacSha256(std::string(20, 0x0b), "Hi There")),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(absl::BytesToHexString(
                HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(absl::BytesToHexString(HmacSha256("", "")),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Sha256, MatchesThePublishedVector) {
  EXPECT_EQ(Sha256Hex("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace huifang

// Two published ways to draw, done here by their own descriptions. They pin
// down that our reading of "hash, order, take" gives what others get.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/common/crypto.h"

namespace huifang::callback {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

std::string Md5(const std::string& data) {
  std::array<unsigned char, 16> digest{};
  EXPECT_EQ(EVP_Digest(data.data(), data.size(), digest.data(), nullptr,
                       EVP_md5(), nullptr),
            1);
  return std::string(digest.begin(), digest.end());
}

// The i-th digest of RFC 3797: MD5(i ‖ key ‖ i), i in 16 bits, big end first.
std::string Rfc3797Digest(int i, const std::string& key) {
  const std::string count = {static_cast<char>(i >> 8),
                             static_cast<char>(i & 0xff)};
  return Md5(count + key + count);
}

std::vector<int> Rfc3797(const std::string& key, int pool, int wanted) {
  std::vector<int> left(static_cast<std::size_t>(pool));
  std::iota(left.begin(), left.end(), 1);
  std::vector<int> selected;
  for (int i = 0; i < wanted; ++i) {
    const std::string digest = Rfc3797Digest(i, key);
    std::size_t remainder = 0;
    for (const char byte : digest) {
      remainder =
          (remainder * 256 + static_cast<unsigned char>(byte)) % left.size();
    }
    selected.push_back(left[remainder]);
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(remainder));
  }
  return selected;
}

constexpr char kRfcKey[] = "9319./2.5.8.10.12./9.18.26.34.41.45./";

TEST(PublishedDraws, Rfc3797FirstDigest) {
  EXPECT_EQ(absl::BytesToHexString(Rfc3797Digest(0, kRfcKey)),
            "990dd0a5692a029a98b5e01aa28f3459");
}

TEST(PublishedDraws, Rfc3797Section6) {
  EXPECT_THAT(
      Rfc3797(kRfcKey, 25, 16),
      ElementsAre(17, 7, 2, 16, 25, 23, 8, 24, 19, 13, 22, 5, 18, 9, 1, 4));
}

// The digits after "0." of Rivest's ticket number: those of the SHA-256 of
// hexSHA256(seed) and id, as a whole number, last digit first.
std::string RivestFraction(const std::string& id, const std::string& seed) {
  const std::string digest = Sha256(absl::StrCat(Sha256Hex(seed), id));
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(digest.data()),
                static_cast<int>(digest.size()), nullptr),
      BN_free);
  char* decimal = BN_bn2dec(number.get());
  std::string digits(decimal);
  OPENSSL_free(decimal);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

// Sometimes quoted as 0.26299714122838416…: the digits 008 after …122838 are
// missing there. The hash gives them, and every digit before and after agrees.
TEST(PublishedDraws, RivestFirstFraction) {
  EXPECT_THAT(RivestFraction("AB-130", "01382438112797316654"),
              StartsWith("26299714122838008416507544297546663599715395"));
}

TEST(PublishedDraws, RivestConsistentSampler) {
  std::map<std::string, std::string> by_fraction;
  for (const char* id : {"A-1", "A-2", "A-3", "B-1", "B-2", "B-3"}) {
    by_fraction[RivestFraction(id, "314159")] = id;
  }
  std::vector<std::string> order;
  std::vector<std::string> fractions;
  for (const auto& [fraction, id] : by_fraction) {
    order.push_back(id);
    fractions.push_back(fraction.substr(0, 9));
  }
  EXPECT_THAT(order, ElementsAre("B-2", "B-3", "A-3", "A-2", "B-1", "A-1"));
  fractions.resize(4);
  // Published with nine digits, cut.
  EXPECT_THAT(fractions,
              ElementsAre("410310858", "470960291", "471438751", "567089805"));
}

}  // namespace
}  // namespace huifang::callback

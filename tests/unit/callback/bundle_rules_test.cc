#include "services/callback/bundle_rules.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/support/source_dir.h"

namespace huifang::callback {
namespace {

// A whole, small draw: 40 tickets in three divisions, 8 drawn.
BundleContent Content(
    AllocationMethod method = AllocationMethod::kProportional) {
  FrameBuilder builder({.exclude_without_phone = true}, {});
  const std::string divisions[] = {"min-1", "min-2", "xing"};
  for (int i = 0; i < 42; ++i) {
    const std::string id = absl::StrFormat("ticket-%03d", (i * 17) % 42);
    TicketFacts facts;
    facts.id = id;
    facts.stratum = divisions[i % 7 == 0 ? 2 : i % 2];
    facts.has_phone = i >= 2;
    builder.Add(facts);
  }
  BuiltFrame built = std::move(builder).Finish();
  BundleContent content;
  BundleInfo& info = content.info;
  info.draw = "courts/110102/draws/d";
  info.period_label = "2019-W30";
  info.from_date = "2019-07-22";
  info.to_date = "2019-07-28";
  info.closed_count = built.closed_count;
  info.wanted = 8;
  info.floor = 2;
  info.method = method;
  info.frame_digest = FrameDigest(built.frame);
  for (const char* party : {"quality", "supervision"}) {
    const SeedSecret secret{party, "双色球 01 02 \"03\"", "5f0c64a1b2c3d4e5"};
    info.parties.push_back({secret, SeedCommitment(secret, info.frame_digest)});
  }
  info.public_seed =
      MixParties({info.parties[0].secret, info.parties[1].secret});
  info.seed = MixSeed(info.period_label, info.frame_digest, info.public_seed);
  std::vector<StratumSize> sizes;
  for (std::size_t h = 0; h < built.strata.size(); ++h) {
    info.strata.push_back({built.strata[h], built.counts[h], 0,
                           static_cast<std::int64_t>(300000 + 50000 * h)});
    sizes.push_back(
        {built.counts[h],
         static_cast<double>(info.strata[h].deviation_millionths) / 1e6});
  }
  const auto sampled = Allocate(sizes, info.wanted, method, info.floor);
  auto counts = sampled;
  for (std::int64_t& count : counts) count += 3;
  const auto order = DrawInOrder(built.frame, info.seed, counts);
  for (std::size_t h = 0; h < sizes.size(); ++h) {
    info.strata[h].sampled = sampled[h];
    auto& sample = content.sample.emplace_back();
    auto& reserve = content.reserve.emplace_back();
    for (std::size_t i = 0; i < order[h].size(); ++i) {
      (i < static_cast<std::size_t>(sampled[h]) ? sample : reserve)
          .emplace_back(built.frame.id(order[h][i]));
    }
  }
  content.frame = std::move(built.frame);
  content.excluded = std::move(built.excluded);
  return content;
}

std::string Write(BundleContent content, std::size_t part = 100) {
  BundleStream stream(std::move(content));
  std::string text;
  for (std::string p = stream.Next(part); !p.empty(); p = stream.Next(part)) {
    text += p;
  }
  return text;
}

std::string FailedChecks(const std::string& text) {
  std::string names;
  for (const BundleCheck& check : VerifyBundle(text).checks) {
    if (!check.ok) absl::StrAppend(&names, check.name, " ");
  }
  return names;
}

TEST(Bundle, VerifiesWhateverTheAllocation) {
  for (const auto method :
       {AllocationMethod::kProportional, AllocationMethod::kNeyman,
        AllocationMethod::kEqual}) {
    const std::string text = Write(Content(method));
    const BundleReport report = VerifyBundle(text);
    EXPECT_TRUE(report.ok()) << FailedChecks(text);
    EXPECT_EQ(report.population, 40);
    EXPECT_EQ(report.sampled, 8);
    EXPECT_EQ(report.draw, "courts/110102/draws/d");
  }
}

TEST(Bundle, SizeOfPartsDoesNotMatter) {
  EXPECT_EQ(Write(Content(), 1), Write(Content(), 1 << 20));
}

TEST(Bundle, FrameSectionDigestIsThePublishedOne) {
  const auto bundle = nlohmann::json::parse(Write(Content()));
  EXPECT_EQ(bundle["verification"]["sections"]["frame"],
            FrameSectionDigest(Content().frame));
}

// The section that each byte lies in.
std::vector<std::string> SectionOfBytes(const std::string& bundle) {
  std::vector<std::string> sections;
  std::string next = "algorithm";
  for (const char* following :
       {"allocation", "draw", "excluded", "frame", "frame_digest", "parties",
        "public_seed", "reserve", "sample", "seed", "strata", "verification",
        ""}) {
    const std::size_t end =
        *following == '\0' ? bundle.size()
                           : bundle.find(absl::StrCat(",\"", following, "\":"));
    sections.resize(end, next);
    next = following;
  }
  return sections;
}

// What a byte is changed to: one bit, or the end of a text.
std::vector<std::string> ChangesOf(const std::string& good, std::size_t at) {
  std::vector<std::string> changed;
  for (const int byte : {good[at] ^ 1, static_cast<int>('"')}) {
    std::string& bad = changed.emplace_back(good);
    bad[at] = static_cast<char>(byte);
    if (bad == good) changed.pop_back();
  }
  return changed;
}

// The promise of the bundle, byte by byte.
TEST(Bundle, AnyChangedByteIsDetectedAndItsSectionNamed) {
  const std::string good = Write(Content());
  const std::vector<std::string> sections = SectionOfBytes(good);
  ASSERT_EQ(sections.size(), good.size());
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const std::string& bad : ChangesOf(good, at)) {
      std::string named;
      for (const BundleCheck& check : VerifyBundle(bad).checks) {
        if (check.ok || check.name.rfind("section ", 0) != 0) continue;
        named += check.name.substr(8);
      }
      ASSERT_EQ(named, sections[at]) << "byte " << at;
    }
  }
}

TEST(Bundle, UnreadableJsonIsReportedWithItsPlace) {
  std::string bad = Write(Content());
  bad[bad.find("\"frame\":")] = '5';
  const BundleReport report = VerifyBundle(bad);
  EXPECT_EQ(report.checks.back().name, "json");
  EXPECT_EQ(report.checks.back().detail,
            absl::StrCat("cannot be read on at byte ", bad.find("5frame") + 1));
}

TEST(Bundle, AddedOrMissingBytesAreDetected) {
  const std::string good = Write(Content());
  EXPECT_NE(FailedChecks(good + " "), "");
  EXPECT_NE(FailedChecks(good.substr(0, good.size() - 1)), "");
  EXPECT_NE(FailedChecks(" " + good), "");
  EXPECT_NE(FailedChecks(""), "");
}

TEST(Bundle, VerificationOfAnotherTypeIsDamage) {
  auto bundle = nlohmann::json::parse(Write(Content()));
  bundle["verification"] = "none";
  EXPECT_NE(FailedChecks(bundle.dump() + "\n"), "");
}

TEST(Bundle, ChangedSectionIsNamed) {
  const std::string good = Write(Content());
  for (const char* section :
       {"algorithm", "allocation", "draw", "excluded", "frame", "frame_digest",
        "parties", "public_seed", "reserve", "sample", "seed", "strata"}) {
    auto bundle = nlohmann::json::parse(good);
    bundle[section] = "forged";
    EXPECT_NE(FailedChecks(bundle.dump() + "\n")
                  .find(absl::StrCat("section ", section)),
              std::string::npos)
        << section;
  }
}

// Someone who recomputes all digests still cannot choose the tickets.
TEST(Bundle, ForgedSampleIsFoundWithoutTheSectionDigests) {
  BundleContent content = Content();
  std::swap(content.sample[0][0], content.reserve[0][0]);
  EXPECT_EQ(FailedChecks(Write(std::move(content))),
            "sample_order reserve_order ");
}

TEST(Bundle, ForgedFrameIsFoundWithoutTheSectionDigests) {
  BundleContent content = Content();
  Frame smaller;
  for (std::size_t row = 1; row < content.frame.size(); ++row) {
    smaller.Add(content.frame.id(row), content.frame.stratum(row));
  }
  content.frame = std::move(smaller);
  const std::string failed = FailedChecks(Write(std::move(content)));
  EXPECT_NE(failed.find("frame_digest"), std::string::npos) << failed;
  EXPECT_NE(failed.find("closed_count"), std::string::npos) << failed;
}

TEST(Bundle, ForgedSeedIsFoundWithoutTheSectionDigests) {
  BundleContent content = Content();
  content.info.seed += "x";
  EXPECT_NE(FailedChecks(Write(std::move(content))).find("seed"),
            std::string::npos);
}

TEST(Bundle, FieldsOfOddTypesAreReportedAndNotFatal) {
  const auto good = nlohmann::json::parse(Write(Content()));
  for (const char* place :
       {"/verification", "/verification/sections", "/verification/bundle",
        "/verification/sections/draw", "/frame/0/1", "/strata/0/population",
        "/strata/0/sampled", "/strata/0/deviation_millionths",
        "/allocation/wanted", "/allocation/floor", "/sample/0", "/draw"}) {
    for (const char* odd :
         {"7", "-1", "1e300", "{}", "[[]]", "\"x\"", "null"}) {
      auto bad = good;
      bad[nlohmann::json::json_pointer(place)] = nlohmann::json::parse(odd);
      EXPECT_NE(FailedChecks(bad.dump() + "\n"), "") << place << " " << odd;
    }
  }
}

// Writing JSON recurses; so does nobody who asks for a report.
TEST(Bundle, DeepNestingIsRefused) {
  const std::size_t depth = 300000;
  const std::string deep = absl::StrCat("{\"draw\":", std::string(depth, '['),
                                        std::string(depth, ']'), "}");
  EXPECT_NE(FailedChecks(deep).find("json"), std::string::npos);
  EXPECT_NE(FailedChecks(absl::StrCat("{\"verification\":", deep, "}\n")), "");
  EXPECT_NE(FailedChecks(absl::StrCat(",\"verification\":", deep, "}\n")), "");
}

// The time of a check is bounded by the size of the bundle, not by its numbers.
TEST(Bundle, HugeNumbersTakeNoTime) {
  auto bad = nlohmann::json::parse(Write(Content()));
  constexpr std::int64_t kHuge = std::int64_t{1} << 62;
  for (auto& stratum : bad["strata"]) stratum["population"] = kHuge;
  bad["allocation"]["wanted"] = kHuge;
  bad["allocation"]["floor"] = kHuge;
  EXPECT_NE(FailedChecks(bad.dump() + "\n").find("strata_population"),
            std::string::npos);
}

TEST(Bundle, SecretThatWasNotCommittedToIsFoundWithoutTheSectionDigests) {
  BundleContent content = Content();
  content.info.parties[1].secret.secret = "chosen";
  content.info.public_seed = MixParties(
      {content.info.parties[0].secret, content.info.parties[1].secret});
  content.info.seed =
      MixSeed(content.info.period_label, content.info.frame_digest,
              content.info.public_seed);
  EXPECT_NE(
      FailedChecks(Write(std::move(content))).find("commitment of supervision"),
      std::string::npos);
}

TEST(Bundle, PartyThatWasLeftOutOfTheSeedIsFound) {
  BundleContent content = Content();
  content.info.parties.pop_back();
  EXPECT_EQ(FailedChecks(Write(std::move(content))), "parties ");
}

TEST(Bundle, SeedOfOnePersonNeedsNoParties) {
  BundleContent content = Content();
  content.info.parties.clear();
  EXPECT_EQ(FailedChecks(Write(std::move(content))), "");
}

// The verifier in another language agrees, in both directions.
TEST(Bundle, PythonVerifierAgrees) {
  if (std::system("python3 -c '' 2>/dev/null") != 0) {
    GTEST_SKIP() << "python3 is not installed";
  }
  const std::string path = ::testing::TempDir() + "/huifang_bundle.json";
  const std::string command =
      absl::StrCat("python3 ", HUIFANG_SOURCE_DIR,
                   "/docs/methods/verify_draw.py ", path, " >/dev/null 2>&1");
  const std::string good = Write(Content());
  std::ofstream(path) << good;
  EXPECT_EQ(std::system(command.c_str()), 0);
  BundleContent forged = Content();
  std::swap(forged.sample[0][0], forged.reserve[0][0]);
  std::ofstream(path) << Write(std::move(forged));
  EXPECT_NE(std::system(command.c_str()), 0);
  BundleContent chosen = Content();
  chosen.info.parties[0].commitment[0] ^= 1;
  std::ofstream(path) << Write(std::move(chosen));
  EXPECT_NE(std::system(command.c_str()), 0);
  BundleContent alone = Content();
  alone.info.parties.pop_back();
  std::ofstream(path) << Write(std::move(alone));
  EXPECT_NE(std::system(command.c_str()), 0);
  // Tickets of no stratum, which could never be drawn.
  BundleContent hidden = Content();
  hidden.info.strata.pop_back();
  hidden.sample.pop_back();
  hidden.reserve.pop_back();
  std::ofstream(path) << Write(std::move(hidden));
  EXPECT_NE(std::system(command.c_str()), 0);
  BundleContent more = Content();
  more.sample.push_back({"x"});
  std::ofstream(path) << Write(std::move(more));
  EXPECT_NE(std::system(command.c_str()), 0);
  std::remove(path.c_str());
}

TEST(Bundle, PythonVerifierNamesTheSectionOfAnyChangedByte) {
  if (std::system("python3 -c '' 2>/dev/null") != 0) {
    GTEST_SKIP() << "python3 is not installed";
  }
  const std::string good = Write(Content());
  const std::string path = ::testing::TempDir() + "/huifang_every_byte";
  std::ofstream(path + ".json") << good;
  std::ofstream sections(path + ".txt");
  for (const std::string& section : SectionOfBytes(good)) {
    sections << section << '\n';
  }
  sections.close();
  const std::string command = absl::StrCat(
      "python3 ", HUIFANG_SOURCE_DIR, "/tests/unit/callback/every_byte.py ",
      HUIFANG_SOURCE_DIR, "/docs/methods/verify_draw.py ", path, ".json ", path,
      ".txt");
  EXPECT_EQ(std::system(command.c_str()), 0);
  std::remove((path + ".json").c_str());
  std::remove((path + ".txt").c_str());
}

}  // namespace
}  // namespace huifang::callback

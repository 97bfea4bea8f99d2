// A draw as one JSON document that an outsider can check (抽样验证包).
//
// Canonical JSON: keys in order, no white space, UTF-8, whole numbers only, one
// "\n" at the end. `verification`, the last key, holds the SHA-256 of every
// other section's bytes and of all bytes before itself, so that any changed
// byte is found and its section named. What makes the draw honest is not these
// but the frame digest, the seed and the order: docs/methods/draw.md.
#ifndef HUIFANG_SERVICES_CALLBACK_BUNDLE_RULES_H_
#define HUIFANG_SERVICES_CALLBACK_BUNDLE_RULES_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/callback/allocation_rules.h"
#include "services/callback/draw_rules.h"
#include "services/callback/frame_rules.h"
#include "services/callback/hasher.h"

namespace huifang::callback {

struct BundleStratum {
  std::string key;
  std::int64_t population = 0;
  std::int64_t sampled = 0;
  // For Neyman, in millionths: JSON numbers with a point differ from language
  // to language.
  std::int64_t deviation_millionths = 1000000;
};

// A party's part of the seed, and what it had published before.
struct BundleParty {
  SeedSecret secret;
  std::string commitment;
};

struct BundleInfo {
  std::string draw;  // resource name
  std::string plan;
  std::string period_label;
  std::string from_date;
  std::string to_date;
  std::int64_t closed_count = 0;
  std::int64_t wanted = 0;
  std::int64_t floor = 0;
  std::int64_t cap = 0;  // 0: none
  AllocationMethod method = AllocationMethod::kProportional;
  std::string frame_digest;
  std::vector<BundleParty> parties;  // in the plan's order; often none
  std::string public_seed;
  std::string seed;
  std::vector<BundleStratum> strata;
};

// A whole draw: what a bundle is written from.
struct BundleContent {
  BundleInfo info;
  Frame frame;                           // sorted
  std::vector<ExcludedTicket> excluded;  // sorted by id
  // Ticket ids of each stratum in the seed's order: the sample, and as much of
  // the reserve as is kept ready. The rest of it follows from frame and seed.
  std::vector<std::vector<std::string>> sample;
  std::vector<std::vector<std::string>> reserve;
};

// SHA-256 of the section `frame` as a bundle holds it: ids with strata.
std::string FrameSectionDigest(const Frame& frame);

// SHA-256 of the section `strata` as a bundle holds it: how many tickets of
// each stratum there are, and are drawn.
std::string StrataSectionDigest(const std::vector<BundleStratum>& strata);

// Writes a bundle piece by piece.
class BundleStream {
 public:
  explicit BundleStream(BundleContent content);
  // The next part, at least `min_bytes` long unless it is the last one; empty
  // at the end.
  std::string Next(std::size_t min_bytes);

 private:
  void Emit(absl::string_view text);
  void BeginSection(absl::string_view key);
  void EndSection();
  void WholeSection(absl::string_view key, absl::string_view json);
  // Writes the next few rows of a list; true when it is complete.
  bool Rows(absl::string_view key, std::size_t count,
            const std::function<std::string(std::size_t)>& row);
  void Step();
  void Verification();

  const BundleContent content_;
  std::string buffer_;
  Hasher whole_;
  Hasher section_;
  std::string section_key_;
  std::map<std::string, std::string> digests_;
  int step_ = 0;
  std::size_t row_ = 0;
  bool done_ = false;
};

// One thing that was checked.
struct BundleCheck {
  std::string name;  // a section or a property, for example "frame_digest"
  bool ok = false;
  std::string detail;  // what was found, or what is wrong and where
};

struct BundleReport {
  std::vector<BundleCheck> checks;
  std::string draw;
  std::int64_t population = 0;
  std::int64_t sampled = 0;
  bool ok() const;
};

// Checks a bundle from its bytes alone.
BundleReport VerifyBundle(absl::string_view text);

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_BUNDLE_RULES_H_

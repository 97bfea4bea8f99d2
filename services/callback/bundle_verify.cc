#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/callback/bundle_rules.h"
#include "services/common/crypto.h"

namespace huifang::callback {
namespace {

using nlohmann::json;

constexpr const char* kSections[] = {
    "algorithm", "allocation",  "draw",    "excluded", "frame", "frame_digest",
    "parties",   "public_seed", "reserve", "sample",   "seed",  "strata"};

constexpr char kAlgorithm[] = "sha256-order/2";

constexpr absl::string_view kProofKey = ",\"verification\":";
constexpr absl::string_view kEnd = "}\n";
constexpr std::size_t kNowhere = absl::string_view::npos;

// A bundle needs three. Writing JSON recurses, so that depth costs stack.
constexpr int kDepthMax = 16;

// A whole number of 0 or more; a library exception for anything else, where
// get() would convert.
std::uint64_t Count(const json& value) {
  return value.get_ref<const json::number_unsigned_t&>();
}

// Collects checks while the bundle is read.
class Verifier {
 public:
  explicit Verifier(absl::string_view text) : text_(text) {}

  BundleReport Run() {
    CheckSections();
    bool deep = false;
    try {
      bundle_ = json::parse(text_.begin(), text_.end(),
                            [&deep](int depth, json::parse_event_t, json&) {
                              deep = deep || depth > kDepthMax;
                              return !deep;
                            });
    } catch (const json::parse_error& e) {
      Fail("json", absl::StrCat("cannot be read on at byte ", e.byte));
      return std::move(report_);
    } catch (const json::exception& e) {
      Fail("json", absl::StrCat("cannot be read: ", e.what()));
      return std::move(report_);
    }
    if (deep || !bundle_.is_object()) {
      Fail("json",
           deep ? "is nested deeper than a bundle" : "is not a JSON object");
      return std::move(report_);
    }
    // A library exception here means a field of another type or a missing one.
    try {
      CheckForm();
      Expect("algorithm", bundle_.at("algorithm") == kAlgorithm, kAlgorithm,
             absl::StrCat("is not ", kAlgorithm,
                          "; export the draw again with this program"));
      Read();
      CheckFrame();
      CheckParties();
      CheckSeed();
      CheckStrata();
      CheckOrder();
    } catch (const json::exception& e) {
      Fail("json", absl::StrCat("a field is missing or odd: ", e.what()));
    } catch (const std::out_of_range&) {
      Fail("frame", "a row names a stratum that does not exist");
    }
    return std::move(report_);
  }

 private:
  void Add(absl::string_view name, bool ok, std::string detail) {
    report_.checks.push_back({std::string(name), ok, std::move(detail)});
  }
  void Fail(absl::string_view name, std::string detail) {
    Add(name, false, std::move(detail));
  }
  void Expect(absl::string_view name, bool ok, std::string good,
              std::string bad) {
    Add(name, ok, ok ? std::move(good) : std::move(bad));
  }

  // What the last section says of the others; nothing if it is damaged.
  json Proof(std::size_t begin) const {
    begin += kProofKey.size();
    if (begin + kEnd.size() > text_.size() || !absl::EndsWith(text_, kEnd)) {
      return json();
    }
    const auto end = text_.end() - static_cast<std::ptrdiff_t>(kEnd.size());
    json proof = json::parse(text_.begin() + static_cast<std::ptrdiff_t>(begin),
                             end, nullptr, false);
    const bool whole = proof.is_object() && proof.contains("bundle") &&
                       proof.contains("sections") &&
                       proof["sections"].is_object() &&
                       proof["sections"].size() == std::size(kSections);
    return whole ? proof : json();
  }

  // Looks at the bytes before anything is read: a changed byte is laid to the
  // section that it lies in, even if it makes the rest unreadable. A key within
  // a text cannot be mistaken for a section's: its quotes are escaped.
  void CheckSections() {
    constexpr char kProof[] = "section verification";
    const std::size_t end = text_.rfind(kProofKey);
    const json proof = end == kNowhere ? json() : Proof(end);
    if (proof.is_null()) {
      Fail(kProof, "cannot be read, so that no other one can be checked");
      return;
    }
    const absl::string_view before = text_.substr(0, end);
    std::vector<std::size_t> begins;
    std::vector<std::size_t> ends;
    std::size_t from = 0;
    for (const char* section : kSections) {
      const std::string key =
          absl::StrCat(begins.empty() ? "{" : ",", "\"", section, "\":");
      const std::size_t at = before.find(key, from);
      const bool found = at != kNowhere && (!begins.empty() || at == 0);
      if (!begins.empty()) ends.push_back(found ? at : kNowhere);
      begins.push_back(found ? at + key.size() : kNowhere);
      if (found) from = begins.back();
    }
    ends.push_back(end);
    const bool whole = proof["bundle"] == Sha256Hex(before);
    bool all_fit = true;
    for (std::size_t i = 0; i < begins.size(); ++i) {
      const bool found = begins[i] != kNowhere;
      // One whose end is lost is the next one's matter.
      if (found && ends[i] == kNowhere) continue;
      const bool fits =
          found && proof["sections"].value(kSections[i], json()) ==
                       Sha256Hex(before.substr(begins[i], ends[i] - begins[i]));
      all_fit = all_fit && fits;
      if (fits || whole) continue;
      Fail(absl::StrCat("section ", kSections[i]),
           found ? "bytes do not match the section's digest"
                 : "does not begin where it should");
    }
    // If all bytes match and a section does not, it is the digest that lies.
    if (whole != all_fit) Fail(kProof, "has a digest that was changed");
    Expect("bundle_digest", whole, "all bytes match",
           "does not match the bytes before it");
  }

  // Writes the bundle again: with a million tickets that is what a check takes
  // its time for.
  void CheckForm() {
    std::string written = "{";
    for (const char* section : kSections) {
      if (!bundle_.contains(section)) continue;
      absl::StrAppend(&written, written.size() > 1 ? "," : "", "\"", section,
                      "\":", bundle_[section].dump());
    }
    if (bundle_.size() != std::size(kSections) + 1) {
      Fail("json", "has sections that do not belong to a bundle");
    }
    absl::StrAppend(&written, kProofKey,
                    bundle_.value("verification", json()).dump(), kEnd);
    const auto [a, b] = std::mismatch(written.begin(), written.end(),
                                      text_.begin(), text_.end());
    const bool same = a == written.end() && b == text_.end();
    Expect("canonical_form", same, "canonical JSON",
           absl::StrCat("differs from canonical JSON at byte ",
                        b - text_.begin()));
  }

  void Read() {
    report_.draw = bundle_.at("draw").at("name").get<std::string>();
    constexpr std::uint64_t kStratumMax =
        std::numeric_limits<std::uint32_t>::max();
    for (const json& row : bundle_.at("frame")) {
      frame_.Add(
          row.at(0).get_ref<const std::string&>(),
          static_cast<std::uint32_t>(std::min(Count(row.at(1)), kStratumMax)));
    }
    report_.population = static_cast<std::int64_t>(frame_.size());
    for (const json& s : bundle_.at("strata")) {
      sizes_.push_back(
          {static_cast<std::int64_t>(Count(s.at("population"))),
           static_cast<double>(Count(s.at("deviation_millionths"))) / 1000000});
      sampled_.push_back(static_cast<std::int64_t>(Count(s.at("sampled"))));
    }
    for (const json& drawn : bundle_.at("sample")) {
      report_.sampled += static_cast<std::int64_t>(drawn.size());
    }
  }

  void CheckFrame() {
    bool ordered = true;
    for (std::size_t row = 1; row < frame_.size(); ++row) {
      ordered = ordered && frame_.id(row - 1) < frame_.id(row);
    }
    Expect("frame_order", ordered, "ids in order, each once",
           "ids are not in order or not unique");
    Expect("frame_digest", FrameDigest(frame_) == bundle_.at("frame_digest"),
           absl::StrCat(frame_.size(), " tickets hash to the digest"),
           "the frame is not the one whose digest was published");
    const auto closed = bundle_.at("draw").at("closed_count");
    Expect("closed_count",
           closed == frame_.size() + bundle_.at("excluded").size(),
           "frame and excluded tickets make up all closed ones",
           "frame and excluded tickets do not add up to closed_count");
  }

  void CheckSeed() {
    const std::string expected =
        MixSeed(bundle_.at("draw").at("period_label").get<std::string>(),
                bundle_.at("frame_digest").get<std::string>(),
                bundle_.at("public_seed").get<std::string>());
    Expect("seed", bundle_.at("seed") == expected,
           "holds period, frame digest and public seed",
           "is not made of period, frame digest and public seed");
  }

  void CheckParties() {
    std::vector<SeedSecret> secrets;
    for (const json& p : bundle_.at("parties")) {
      const SeedSecret& secret = secrets.emplace_back(SeedSecret{
          p.at("party").get<std::string>(), p.at("secret").get<std::string>(),
          p.at("salt").get<std::string>()});
      Expect(absl::StrCat("commitment of ", secret.party),
             p.at("commitment") ==
                 SeedCommitment(secret,
                                bundle_.at("frame_digest").get<std::string>()),
             "what was revealed fits what was committed to",
             "what was revealed is not what was committed to");
    }
    if (secrets.empty()) return;
    Expect("parties", bundle_.at("public_seed") == MixParties(secrets),
           "the public seed is made of all parties' secrets",
           "the public seed is not made of the parties' secrets");
  }

  void CheckStrata() {
    std::vector<std::int64_t> counted(sizes_.size());
    for (std::size_t row = 0; row < frame_.size(); ++row) {
      ++counted.at(frame_.stratum(row));
    }
    bool same = true;
    for (std::size_t h = 0; h < sizes_.size(); ++h) {
      same = same && counted[h] == sizes_[h].population;
    }
    Expect("strata_population", same, "N_h match the frame",
           "an N_h does not match the frame");
    // Sizes that no frame bears out may be of any magnitude.
    if (!same) {
      Fail("allocation", "cannot be checked without the right N_h");
      return;
    }

    const json& allocation = bundle_.at("allocation");
    const std::string name = allocation.at("method").get<std::string>();
    AllocationMethod method = AllocationMethod::kProportional;
    if (name == "NEYMAN") method = AllocationMethod::kNeyman;
    if (name == "EQUAL") method = AllocationMethod::kEqual;
    const std::vector<std::int64_t> expected = Allocate(
        sizes_, static_cast<std::int64_t>(Count(allocation.at("wanted"))),
        method, static_cast<std::int64_t>(Count(allocation.at("floor"))),
        static_cast<std::int64_t>(Count(allocation.at("cap"))));
    Expect("allocation", expected == sampled_,
           absl::StrCat("n_h follow from the rule; n = ", report_.sampled),
           "an n_h does not follow from the allocation rule");
  }

  void CheckOrder() {
    const json& sample = bundle_.at("sample");
    const json& reserve = bundle_.at("reserve");
    if (sample.size() != sizes_.size() || reserve.size() != sizes_.size()) {
      Fail("sample_order", "sample or reserve lacks a stratum");
      return;
    }
    std::vector<std::int64_t> counts;
    for (std::size_t h = 0; h < sizes_.size(); ++h) {
      counts.push_back(
          static_cast<std::int64_t>(sample[h].size() + reserve[h].size()));
    }
    const auto drawn =
        DrawInOrder(frame_, bundle_.at("seed").get<std::string>(), counts);
    std::string bad_sample;
    std::string bad_reserve;
    for (std::size_t h = 0; h < sizes_.size(); ++h) {
      const std::string key = bundle_.at("strata")[h].at("key");
      const auto n = static_cast<std::size_t>(sampled_[h]);
      if (sample[h].size() != n) bad_sample = key;
      for (std::size_t i = 0; i < static_cast<std::size_t>(counts[h]); ++i) {
        const bool is_sample = i < sample[h].size();
        const json& listed =
            is_sample ? sample[h][i] : reserve[h][i - sample[h].size()];
        const bool right =
            i < drawn[h].size() &&
            listed.get_ref<const std::string&>() == frame_.id(drawn[h][i]);
        if (!right) (is_sample ? bad_sample : bad_reserve) = key;
      }
    }
    Expect("sample_order", bad_sample.empty(),
           "the first n_h in the seed's order",
           absl::StrCat("stratum \"", bad_sample,
                        "\" does not hold the first in the seed's order"));
    Expect("reserve_order", bad_reserve.empty(), "follows in the seed's order",
           absl::StrCat("stratum \"", bad_reserve,
                        "\" does not go on in the seed's order"));
  }

  const absl::string_view text_;
  json bundle_;
  Frame frame_;
  std::vector<StratumSize> sizes_;
  std::vector<std::int64_t> sampled_;
  BundleReport report_;
};

}  // namespace

bool BundleReport::ok() const {
  return !checks.empty() &&
         std::all_of(checks.begin(), checks.end(),
                     [](const BundleCheck& check) { return check.ok; });
}

BundleReport VerifyBundle(absl::string_view text) {
  return Verifier(text).Run();
}

}  // namespace huifang::callback

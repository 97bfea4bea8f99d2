#include "services/callback/bundle_rules.h"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/common/crypto.h"

namespace huifang::callback {
namespace {

using nlohmann::json;

// Rows written between two looks at the buffer's size.
constexpr std::size_t kRowsAtOnce = 1000;

const char* MethodName(AllocationMethod method) {
  switch (method) {
    case AllocationMethod::kNeyman:
      return "NEYMAN";
    case AllocationMethod::kEqual:
      return "EQUAL";
    case AllocationMethod::kProportional:
      break;
  }
  return "PROPORTIONAL";
}

std::string Quoted(absl::string_view text) {
  // A million ids are quoted for a large frame; nearly all text is plain.
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
           c == '.' || c == '_';
  });
  if (plain) return absl::StrCat("\"", text, "\"");
  return json(std::string(text)).dump();
}

std::string FrameRow(const Frame& frame, std::size_t row) {
  return absl::StrCat("[", Quoted(frame.id(row)), ",", frame.stratum(row), "]");
}

std::string Draw(const BundleInfo& info) {
  return json({{"closed_count", info.closed_count},
               {"from_date", info.from_date},
               {"name", info.draw},
               {"period_label", info.period_label},
               {"plan", info.plan},
               {"to_date", info.to_date}})
      .dump();
}

std::string Strata(const std::vector<BundleStratum>& all) {
  json strata = json::array();
  for (const BundleStratum& s : all) {
    strata.push_back({{"deviation_millionths", s.deviation_millionths},
                      {"key", s.key},
                      {"population", s.population},
                      {"sampled", s.sampled}});
  }
  return strata.dump();
}

std::string Parties(const BundleInfo& info) {
  json parties = json::array();
  for (const BundleParty& p : info.parties) {
    parties.push_back({{"commitment", p.commitment},
                       {"party", p.secret.party},
                       {"salt", p.secret.salt},
                       {"secret", p.secret.secret}});
  }
  return parties.dump();
}

}  // namespace

std::string FrameSectionDigest(const Frame& frame) {
  Hasher hasher;
  hasher.Add("[");
  for (std::size_t row = 0; row < frame.size(); ++row) {
    if (row > 0) hasher.Add(",");
    hasher.Add(FrameRow(frame, row));
  }
  hasher.Add("]");
  return hasher.FinishHex();
}

std::string StrataSectionDigest(const std::vector<BundleStratum>& strata) {
  return Sha256Hex(Strata(strata));
}

BundleStream::BundleStream(BundleContent content)
    : content_(std::move(content)) {}

void BundleStream::Emit(absl::string_view text) {
  buffer_.append(text.data(), text.size());
  whole_.Add(text);
}

void BundleStream::BeginSection(absl::string_view key) {
  Emit(absl::StrCat(digests_.empty() ? "{" : ",", "\"", key, "\":"));
  section_key_ = std::string(key);
}

void BundleStream::EndSection() {
  digests_[section_key_] = section_.FinishHex();
  section_key_.clear();
}

void BundleStream::WholeSection(absl::string_view key, absl::string_view json) {
  BeginSection(key);
  Emit(json);
  section_.Add(json);
  EndSection();
}

bool BundleStream::Rows(absl::string_view key, std::size_t count,
                        const std::function<std::string(std::size_t)>& row) {
  if (row_ == 0) {
    BeginSection(key);
    Emit("[");
    section_.Add("[");
  }
  for (std::size_t i = 0; i < kRowsAtOnce && row_ < count; ++i, ++row_) {
    const std::string text = absl::StrCat(row_ > 0 ? "," : "", row(row_));
    Emit(text);
    section_.Add(text);
  }
  if (row_ < count) return false;
  Emit("]");
  section_.Add("]");
  EndSection();
  row_ = 0;
  return true;
}

void BundleStream::Verification() {
  const std::string bundle = whole_.FinishHex();
  const json sections(digests_);
  Emit(absl::StrCat(",\"verification\":",
                    json({{"bundle", bundle}, {"sections", sections}}).dump(),
                    "}\n"));
  done_ = true;
}

// One section a step, in the order of their keys; long lists take several.
void BundleStream::Step() {
  const BundleInfo& info = content_.info;
  bool complete = true;
  switch (step_) {
    case 0:
      WholeSection("algorithm", "\"sha256-order/2\"");
      break;
    case 1:
      WholeSection("allocation", json({{"cap", info.cap},
                                       {"floor", info.floor},
                                       {"method", MethodName(info.method)},
                                       {"wanted", info.wanted}})
                                     .dump());
      break;
    case 2:
      WholeSection("draw", Draw(info));
      break;
    case 3:
      complete = Rows("excluded", content_.excluded.size(), [&](std::size_t i) {
        return absl::StrCat("[", Quoted(content_.excluded[i].id), ",\"",
                            ExclusionName(content_.excluded[i].reason), "\"]");
      });
      break;
    case 4:
      complete = Rows("frame", content_.frame.size(), [&](std::size_t i) {
        return FrameRow(content_.frame, i);
      });
      break;
    case 5:
      WholeSection("frame_digest", Quoted(info.frame_digest));
      break;
    case 6:
      WholeSection("parties", Parties(info));
      break;
    case 7:
      WholeSection("public_seed", Quoted(info.public_seed));
      break;
    case 8:
      WholeSection("reserve", json(content_.reserve).dump());
      break;
    case 9:
      WholeSection("sample", json(content_.sample).dump());
      break;
    case 10:
      WholeSection("seed", Quoted(info.seed));
      break;
    case 11:
      WholeSection("strata", Strata(info.strata));
      break;
    default:
      Verification();
      return;
  }
  if (complete) ++step_;
}

std::string BundleStream::Next(std::size_t min_bytes) {
  while (!done_ && buffer_.size() < min_bytes) Step();
  return std::exchange(buffer_, std::string());
}

}  // namespace huifang::callback

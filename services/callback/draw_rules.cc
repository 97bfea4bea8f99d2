#include "services/callback/draw_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/callback/hasher.h"
#include "services/common/crypto.h"

namespace huifang::callback {
namespace {

using Digest = Hasher::Digest;

// The first eight bytes of a key decide nearly always; equal ones are compared
// in full.
struct Ranked {
  std::uint64_t prefix;
  std::uint32_t row;
};

std::uint64_t PrefixOf(const Digest& digest) {
  std::uint64_t prefix = 0;
  for (std::size_t i = 0; i < 8; ++i) prefix = (prefix << 8) | digest[i];
  return prefix;
}

}  // namespace

void Frame::Add(absl::string_view id, std::uint32_t stratum) {
  rows_.push_back(
      {ids_.size(), static_cast<std::uint32_t>(id.size()), stratum});
  ids_.append(id.data(), id.size());
}

void Frame::Sort() {
  std::sort(rows_.begin(), rows_.end(), [this](const Row& a, const Row& b) {
    const absl::string_view ids(ids_);
    return ids.substr(a.offset, a.length) < ids.substr(b.offset, b.length);
  });
}

std::string FrameDigest(const Frame& frame) {
  Hasher hasher;
  for (std::size_t row = 0; row < frame.size(); ++row) {
    if (row > 0) hasher.Add("\n");
    hasher.Add(frame.id(row));
  }
  return hasher.FinishHex();
}

std::string MixSeed(absl::string_view period_label,
                    absl::string_view frame_digest,
                    absl::string_view public_seed) {
  return absl::StrCat(period_label, "|frame:", frame_digest,
                      "|pub:", public_seed);
}

std::string SeedCommitment(const SeedSecret& secret,
                           absl::string_view frame_digest) {
  return Sha256Hex(absl::StrCat(secret.party, "|", frame_digest, "|",
                                secret.secret, "|", secret.salt));
}

std::string MixParties(const std::vector<SeedSecret>& secrets) {
  return absl::StrJoin(
      secrets, "+", [](std::string* out, const SeedSecret& one) {
        absl::StrAppend(out, one.party, ":", one.secret, ":", one.salt);
      });
}

std::vector<std::vector<std::uint32_t>> DrawInOrder(
    const Frame& frame, absl::string_view seed,
    const std::vector<std::int64_t>& counts) {
  const std::string s = Sha256Hex(seed);
  Hasher hasher;
  const auto key_of = [&](std::uint32_t row) {
    hasher.Add(s);
    hasher.Add(frame.id(row));
    return hasher.Finish();
  };

  std::vector<std::vector<Ranked>> strata(counts.size());
  for (std::uint32_t row = 0; row < frame.size(); ++row) {
    strata.at(frame.stratum(row)).push_back({PrefixOf(key_of(row)), row});
  }

  std::vector<std::vector<std::uint32_t>> drawn(counts.size());
  for (std::size_t h = 0; h < strata.size(); ++h) {
    std::vector<Ranked>& ranked = strata[h];
    const auto wanted = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(
        static_cast<std::uint64_t>(std::max<std::int64_t>(counts[h], 0)),
        ranked.size()));
    std::partial_sort(ranked.begin(), ranked.begin() + wanted, ranked.end(),
                      [&](const Ranked& a, const Ranked& b) {
                        if (a.prefix != b.prefix) return a.prefix < b.prefix;
                        return key_of(a.row) < key_of(b.row);
                      });
    for (std::ptrdiff_t i = 0; i < wanted; ++i) {
      drawn[h].push_back(ranked[static_cast<std::size_t>(i)].row);
    }
  }
  return drawn;
}

std::string DrawKey(absl::string_view seed, absl::string_view id) {
  return Sha256Hex(absl::StrCat(Sha256Hex(seed), id));
}

std::string NextChainHash(absl::string_view previous, absl::string_view json) {
  return Sha256Hex(absl::StrCat(previous, json));
}

std::string FirstChainHash() { return std::string(64, '0'); }

}  // namespace huifang::callback

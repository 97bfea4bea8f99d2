// The random order of a frame: exact, and the same on every machine.
//
// s = hexSHA256(seed); tickets stand in the order of hexSHA256(s + id). Anybody
// with SHA-256 can check it.
#ifndef HUIFANG_SERVICES_CALLBACK_DRAW_RULES_H_
#define HUIFANG_SERVICES_CALLBACK_DRAW_RULES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace huifang::callback {

// The tickets that may be drawn (抽样框): id and stratum, nothing else. Ids lie
// in one buffer, so that a million of them take some 50 MB.
class Frame {
 public:
  void Add(absl::string_view id, std::uint32_t stratum);
  // Orders the rows by id. The digest and the bundle need them so.
  void Sort();

  std::size_t size() const { return rows_.size(); }
  absl::string_view id(std::size_t row) const {
    return absl::string_view(ids_).substr(rows_[row].offset, rows_[row].length);
  }
  std::uint32_t stratum(std::size_t row) const { return rows_[row].stratum; }
  void set_stratum(std::size_t row, std::uint32_t stratum) {
    rows_[row].stratum = stratum;
  }

 private:
  struct Row {
    std::uint64_t offset;
    std::uint32_t length;
    std::uint32_t stratum;
  };
  std::string ids_;
  std::vector<Row> rows_;
};

// SHA-256 of the ids in order, joined by "\n", without one at the end;
// lower-case hex. The frame must be sorted.
std::string FrameDigest(const Frame& frame);

// The whole seed: "PERIOD|frame:DIGEST|pub:PUBLIC". It holds the digest, so a
// public seed cannot be tried out on another frame.
std::string MixSeed(absl::string_view period_label,
                    absl::string_view frame_digest,
                    absl::string_view public_seed);

// What one party puts into a seed.
struct SeedSecret {
  std::string party;
  std::string secret;
  std::string salt;
};

// What the party publishes first: hexSHA256("PARTY|FRAME DIGEST|SECRET|SALT").
// With the party in it nobody can commit to a copy of another's secret, and
// with the digest nobody can commit before the frame is frozen.
std::string SeedCommitment(const SeedSecret& secret,
                           absl::string_view frame_digest);

// The public seed of all parties: "PARTY:SECRET:SALT+PARTY:SECRET:SALT".
std::string MixParties(const std::vector<SeedSecret>& secrets);

// For each stratum the rows of its first `counts[stratum]` tickets in the
// seed's order; fewer where the stratum is smaller.
std::vector<std::vector<std::uint32_t>> DrawInOrder(
    const Frame& frame, absl::string_view seed,
    const std::vector<std::int64_t>& counts);

// hexSHA256(s + id), the key that `DrawInOrder` sorts by.
std::string DrawKey(absl::string_view seed, absl::string_view id);

// The next link of the chain of draws: hexSHA256(previous + json); `previous`
// is 64 zeros before the first.
std::string NextChainHash(absl::string_view previous, absl::string_view json);
std::string FirstChainHash();

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_DRAW_RULES_H_

#include "services/grading/signature.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace huifang::grading {
namespace {

// Shorter answers are alike by chance: "可以携带身份证到窗口办理".
constexpr std::size_t kSubstanceMin = 40;
// Three hashes a band, four bands: two replies 0.8 alike share a band with
// probability 0.94, two 0.3 alike with 0.10; exact comparison decides.
constexpr std::size_t kRows = 3;
constexpr std::size_t kHashes = ReplySignature::kBands * kRows;

std::uint64_t Scramble(std::uint64_t x) {
  x ^= x >> 31;
  x *= 0x7FB5D329728EA185ULL;
  x ^= x >> 27;
  x *= 0x81DADEF4BC2DD44DULL;
  return x ^ (x >> 33);
}

std::uint64_t Triple(std::u16string_view text, std::size_t at) {
  return (std::uint64_t{text[at]} << 32) | (std::uint64_t{text[at + 1]} << 16) |
         text[at + 2];
}

std::vector<std::uint64_t> SortedTriples(std::u16string_view text) {
  std::vector<std::uint64_t> triples;
  if (text.size() < 3) return triples;
  triples.reserve(text.size() - 2);
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    triples.push_back(Triple(text, i));
  }
  std::sort(triples.begin(), triples.end());
  triples.erase(std::unique(triples.begin(), triples.end()), triples.end());
  return triples;
}

}  // namespace

std::u16string SubstanceText(const NormalizedText& text,
                             const ReplyStructure& structure) {
  std::u16string substance;
  for (const Clause& clause : structure.clauses) {
    if (clause.kind != ClauseKind::kSubstance) continue;
    for (const char16_t c : text.at(clause.span)) {
      if (IsWordChar(c)) substance.push_back(c);
    }
  }
  return substance;
}

ReplySignature Sign(std::u16string_view substance) {
  ReplySignature signature;
  if (substance.size() < kSubstanceMin) return signature;
  signature.usable = true;
  std::array<std::uint64_t, kHashes> least{};
  least.fill(std::numeric_limits<std::uint64_t>::max());
  for (std::size_t i = 0; i + 2 < substance.size(); ++i) {
    std::uint64_t hash = Scramble(Triple(substance, i));
    for (std::size_t k = 0; k < kHashes; ++k) {
      least[k] = std::min(least[k], hash);
      hash = hash * 0x9E3779B97F4A7C15ULL + 0xD1B54A32D192ED03ULL;
      hash ^= hash >> 29;
    }
  }
  for (std::size_t band = 0; band < ReplySignature::kBands; ++band) {
    std::uint64_t value = 0x243F6A8885A308D3ULL;
    for (std::size_t row = 0; row < kRows; ++row) {
      value = Scramble(value ^ least[band * kRows + row]);
    }
    signature.bands[band] = static_cast<std::int64_t>(value);
  }
  return signature;
}

double TripleSimilarity(std::u16string_view a, std::u16string_view b) {
  const std::vector<std::uint64_t> left = SortedTriples(a);
  const std::vector<std::uint64_t> right = SortedTriples(b);
  if (left.empty() || right.empty()) return a == b ? 1.0 : 0.0;
  std::size_t shared = 0;
  auto i = left.begin();
  auto j = right.begin();
  while (i != left.end() && j != right.end()) {
    if (*i == *j) ++shared;
    const bool advance_left = *i <= *j;
    const bool advance_right = *j <= *i;
    if (advance_left) ++i;
    if (advance_right) ++j;
  }
  return static_cast<double>(shared) /
         static_cast<double>(left.size() + right.size() - shared);
}

}  // namespace huifang::grading

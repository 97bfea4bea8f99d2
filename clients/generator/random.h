#ifndef HUIFANG_CLIENTS_GENERATOR_RANDOM_H_
#define HUIFANG_CLIENTS_GENERATOR_RANDOM_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace huifang::generator {

// SplitMix64: the same numbers from the same seed on every machine, which
// std::distribution does not promise.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  // 0 <= result < 1.
  double Real() { return static_cast<double>(Next() >> 11) * 0x1p-53; }
  bool Chance(double share) { return Real() < share; }
  // 0 <= result < count; the bias is below 2^-40 for the counts used here.
  std::size_t Below(std::size_t count) {
    return static_cast<std::size_t>(Next() % count);
  }
  // from <= result <= to.
  int Between(int from, int to) {
    return from +
           static_cast<int>(Below(static_cast<std::size_t>(to - from) + 1));
  }
  template <typename List>
  const auto& Pick(const List& list) {
    return list[Below(std::size(list))];
  }

 private:
  std::uint64_t state_;
};

// The same numbers for the same ticket whenever it is asked about.
inline Random RandomFor(std::uint64_t seed, absl::string_view id) {
  std::uint64_t hash = 1469598103934665603ULL ^ seed;  // FNV-1a
  for (const char c : id) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  return Random(hash);
}

}  // namespace huifang::generator

#endif  // HUIFANG_CLIENTS_GENERATOR_RANDOM_H_

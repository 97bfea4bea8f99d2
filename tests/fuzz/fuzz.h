// What the fuzz targets share.
#ifndef HUIFANG_TESTS_FUZZ_FUZZ_H_
#define HUIFANG_TESTS_FUZZ_FUZZ_H_

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/string_view.h"

namespace huifang::fuzz {

// A promise that every input must keep; a broken one is a finding.
inline void Require(bool kept, const char* promise) {
  if (kept) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

inline absl::string_view Text(const std::uint8_t* data, std::size_t size) {
  return absl::string_view(reinterpret_cast<const char*>(data), size);
}

// Takes what stands before the first NUL, which no text of ours has.
inline absl::string_view TakePart(absl::string_view& rest) {
  const std::size_t end = rest.find('\0');
  const absl::string_view part = rest.substr(0, end);
  rest = end == absl::string_view::npos ? absl::string_view()
                                        : rest.substr(end + 1);
  return part;
}

// A number up to `end` out of the next byte.
inline std::size_t TakeChoice(absl::string_view& rest, std::size_t end) {
  if (rest.empty()) return 0;
  const auto byte = static_cast<unsigned char>(rest[0]);
  rest.remove_prefix(1);
  return byte % end;
}

}  // namespace huifang::fuzz

// libFuzzer calls it with each input; each target defines it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size);

#endif  // HUIFANG_TESTS_FUZZ_FUZZ_H_

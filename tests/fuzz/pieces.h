#ifndef HUIFANG_TESTS_FUZZ_PIECES_H_
#define HUIFANG_TESTS_FUZZ_PIECES_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "clients/cli/import/byte_source.h"

namespace huifang::cli {

// Text in memory that comes `step` bytes at a time.
class Pieces final : public ByteSource {
 public:
  Pieces(absl::string_view text, std::size_t step) : rest_(text), step_(step) {}
  absl::Status Next(std::string& piece) override {
    piece = std::string(rest_.substr(0, step_));
    rest_.remove_prefix(piece.size());
    return absl::OkStatus();
  }
  std::int64_t position() const override { return 0; }
  std::int64_t size() const override { return 0; }

 private:
  absl::string_view rest_;
  const std::size_t step_;
};

}  // namespace huifang::cli

#endif  // HUIFANG_TESTS_FUZZ_PIECES_H_

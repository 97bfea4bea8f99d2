// Text in GB18030 and other encodings: what comes out does not depend on the
// pieces it came in, and is valid text but for the byte that marks a fault.
#include <algorithm>
#include <memory>
#include <string>

#include "clients/cli/import/byte_source.h"
#include "services/common/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/pieces.h"

namespace huifang::cli {
namespace {

std::string Read(absl::string_view text, std::size_t step,
                 const std::string& encoding) {
  auto source = Decoded(std::make_unique<Pieces>(text, step), encoding);
  fuzz::Require(source.ok(), "the encoding is known");
  std::string all;
  std::string piece;
  do {
    fuzz::Require((*source)->Next(piece).ok(), "text in memory can be read");
    all += piece;
  } while (!piece.empty());
  return all;
}

}  // namespace
}  // namespace huifang::cli

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace huifang;
  absl::string_view rest = fuzz::Text(data, size);
  static constexpr const char* kEncodings[] = {"GB18030", "GBK", "BIG5",
                                               "UTF-16LE"};
  const char* encoding = kEncodings[fuzz::TakeChoice(rest, 4)];
  const std::size_t step = fuzz::TakeChoice(rest, 5) + 1;
  const std::string whole = cli::Read(rest, rest.size() + 1, encoding);
  fuzz::Require(cli::Read(rest, step, encoding) == whole,
                "pieces do not matter");
  absl::string_view text = whole;
  while (!text.empty()) {
    const std::size_t fault = std::min(text.find('\xFF'), text.size());
    fuzz::Require(!FindInvalidUtf8(text.substr(0, fault)).has_value(),
                  "what lies between faults is text");
    text.remove_prefix(std::min(fault + 1, text.size()));
  }
  return 0;
}

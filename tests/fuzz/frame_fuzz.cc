// Stored frames: a chunk is read or refused, and rows come back as written.
#include <string>
#include <utility>
#include <vector>

#include "services/callback/frame_codec.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace huifang::callback;
  using huifang::fuzz::Require;
  using Rows = std::vector<std::pair<std::string, std::uint32_t>>;
  const auto read = [](absl::string_view chunk, Rows& rows) {
    return ReadRows(chunk, [&](absl::string_view id, std::uint32_t number) {
      rows.emplace_back(std::string(id), number);
    });
  };
  absl::string_view rest = huifang::fuzz::Text(data, size);
  Rows rows;
  if (!read(rest, rows).ok()) rows.clear();
  // And the rows that the input spells: an id up to each NUL.
  while (!rest.empty()) {
    const std::string id(huifang::fuzz::TakePart(rest));
    if (!id.empty())
      rows.emplace_back(id, static_cast<std::uint32_t>(id.size()) << 24);
  }
  std::string chunk;
  for (const auto& [id, number] : rows) AppendRow(chunk, id, number);
  Rows again;
  Require(read(chunk, again).ok() && again == rows,
          "rows come back as they were written");
  return 0;
}

#include "services/callback/frame_codec.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace huifang::callback {
namespace {

using Rows = std::vector<std::pair<std::string, std::uint32_t>>;

absl::Status Read(const std::string& chunk, Rows& rows) {
  return ReadRows(chunk, [&](absl::string_view id, std::uint32_t number) {
    rows.emplace_back(id, number);
  });
}

TEST(FrameCodec, GivesBackWhatWasWritten) {
  const Rows rows = {{"0198f0a0-1234-7abc-8def-0123456789ab", 0},
                     {"0198F0A0-1234-7ABC-8DEF-0123456789AB", 3},
                     {"t", 127},
                     {"ticket-128", 128},
                     {std::string(64, 'x'), 4294967295u}};
  std::string chunk;
  for (const auto& [id, number] : rows) AppendRow(chunk, id, number);
  Rows read;
  ASSERT_TRUE(Read(chunk, read).ok());
  EXPECT_EQ(read, rows);
}

TEST(FrameCodec, UuidTakesEighteenBytes) {
  std::string chunk;
  AppendRow(chunk, "0198f0a0-1234-7abc-8def-0123456789ab", 5);
  EXPECT_EQ(chunk.size(), 18u);
}

TEST(FrameCodec, CutChunkIsNoticed) {
  std::string chunk;
  AppendRow(chunk, "0198f0a0-1234-7abc-8def-0123456789ab", 300);
  AppendRow(chunk, "ticket", 300);
  for (std::size_t size = 1; size < chunk.size(); ++size) {
    if (size == 19) continue;  // the first row ends here
    Rows read;
    EXPECT_FALSE(Read(chunk.substr(0, size), read).ok()) << size;
  }
}

}  // namespace
}  // namespace huifang::callback

// Page and resume tokens: what is accepted means the same when it is written
// again, and a token of another query is refused.
#include <string>

#include "google/protobuf/stubs/logging.h"
#include "services/common/page_token.h"
#include "tests/fuzz/fuzz.h"

// Protobuf writes a line about each message it refuses.
extern "C" int LLVMFuzzerInitialize(int*, char***) {
  google::protobuf::SetLogHandler(nullptr);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace huifang;
  using fuzz::Require;
  absl::string_view rest = fuzz::Text(data, size);
  const std::uint64_t hash = fuzz::TakeChoice(rest, 4);

  const auto cursor = DecodePageToken(rest, hash);
  if (cursor.ok() && !rest.empty()) {
    const auto again = DecodePageToken(EncodePageToken(hash, *cursor), hash);
    Require(again.ok() && *again == *cursor, "a page token keeps its cursor");
    Require(!DecodePageToken(rest, hash + 1).ok(),
            "a token of another query is refused");
  }
  const auto sequences = DecodeResumeToken(rest);
  if (sequences.ok()) {
    const auto again = DecodeResumeToken(EncodeResumeToken(*sequences));
    Require(again.ok() && *again == *sequences,
            "a resume token keeps its sequences");
  }
  // The other way round: any short cursor survives.
  if (rest.size() < 1024) {
    const std::vector<std::string> parts = {std::string(rest), "", "x"};
    const auto read = DecodePageToken(EncodePageToken(hash, parts), hash);
    if (read.ok()) Require(*read == parts, "a cursor survives its token");
  }
  return 0;
}

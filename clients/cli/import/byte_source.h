#ifndef HUIFANG_CLIENTS_CLI_IMPORT_BYTE_SOURCE_H_
#define HUIFANG_CLIENTS_CLI_IMPORT_BYTE_SOURCE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace huifang::cli {

// Bytes of a file as UTF-8, a piece at a time, in constant memory.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Replaces `piece` with the next bytes; empty at the end.
  virtual absl::Status Next(std::string& piece) = 0;
  // Bytes of the file taken so far, for progress.
  virtual std::int64_t position() const = 0;
  virtual std::int64_t size() const = 0;
};

// `encoding` is a name iconv knows, e.g. GB18030; empty or UTF-8 reads the
// bytes as they are. A sequence the encoding does not have becomes the byte FF,
// which no UTF-8 text has: whoever checks the cell then finds it.
absl::StatusOr<std::unique_ptr<ByteSource>> OpenFile(
    const std::string& path, const std::string& encoding);

// Reads `source` as text in `encoding`; see OpenFile.
absl::StatusOr<std::unique_ptr<ByteSource>> Decoded(
    std::unique_ptr<ByteSource> source, const std::string& encoding);

// The same over text in memory.
std::unique_ptr<ByteSource> FromText(std::string text);

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_IMPORT_BYTE_SOURCE_H_

#ifndef HUIFANG_CLIENTS_CLI_IMPORT_CSV_READER_H_
#define HUIFANG_CLIENTS_CLI_IMPORT_CSV_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cli/import/byte_source.h"

namespace huifang::cli {

// Why a row cannot be taken.
struct RowFault {
  // Header of the column, empty when the whole row is at fault.
  std::string column;
  // UPPER_SNAKE, stable.
  std::string reason;
  std::string message;
};

struct CsvRow {
  // Line of the file the row starts on, from 1; a quoted cell may hold more.
  std::int64_t line = 0;
  std::vector<std::string> cells;
  std::optional<RowFault> fault;
};

// Reads CSV (RFC 4180) with a header, in constant memory: LF or CRLF, quoted
// cells with line breaks, a BOM, blank lines. A row whose cell is larger than
// the limit, not UTF-8, whose quote never closes, or whose number of cells is
// not the header's, comes with its fault; reading goes on after it.
class CsvReader {
 public:
  static constexpr std::size_t kCellBytesMax = 1 << 20;

  // INVALID_ARGUMENT for an empty file and for a header that is not UTF-8, has
  // an empty or a repeated name.
  static absl::StatusOr<std::unique_ptr<CsvReader>> Open(
      std::unique_ptr<ByteSource> source, char delimiter);

  const std::vector<std::string>& header() const { return header_; }

  // False at the end of the file.
  absl::StatusOr<bool> Next(CsvRow& row);

  std::int64_t position() const { return source_->position(); }
  std::int64_t size() const { return source_->size(); }

 private:
  CsvReader(std::unique_ptr<ByteSource> source, char delimiter)
      : source_(std::move(source)), delimiter_(delimiter) {}

  absl::Status ReadHeader();
  // One row of whatever shape; false at the end.
  absl::StatusOr<bool> ReadRow(CsvRow& row);
  absl::Status ReadQuoted(CsvRow& row, std::string& cell);
  absl::Status ReadBare(CsvRow& row, std::string& cell);
  void Append(CsvRow& row, std::string& cell, absl::string_view text);
  void Check(CsvRow& row) const;
  std::string ColumnAt(std::size_t index) const;
  // Makes at least one byte available; false at the end.
  absl::StatusOr<bool> Fill();

  const std::unique_ptr<ByteSource> source_;
  const char delimiter_;
  std::vector<std::string> header_;
  std::string piece_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1;
};

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_IMPORT_CSV_READER_H_

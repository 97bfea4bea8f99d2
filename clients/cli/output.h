#ifndef HUIFANG_CLIENTS_CLI_OUTPUT_H_
#define HUIFANG_CLIENTS_CLI_OUTPUT_H_

#include <concepts>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace huifang::cli {

enum class Format { kTable, kCsv, kJson };

// One value of a row. Numbers and booleans stay bare in JSON.
class Cell {
 public:
  Cell(std::string text) : text_(std::move(text)) {}                  // NOLINT
  Cell(const char* text) : text_(text) {}                             // NOLINT
  Cell(absl::string_view text) : text_(text) {}                       // NOLINT
  Cell(bool value) : text_(value ? "true" : "false"), bare_(true) {}  // NOLINT
  template <typename Number>
  requires(std::integral<Number> || std::floating_point<Number>)
      Cell(Number value)
      : text_(absl::StrCat(value)), bare_(true) {}  // NOLINT

  const std::string& text() const { return text_; }
  bool bare() const { return bare_; }

 private:
  std::string text_;
  bool bare_ = false;
};

// Writes rows of named columns, one at a time, in constant memory.
//
// Finish must be called once; without a row it still prints the header (CSV),
// `[]` (JSON) or a line that says there is nothing (table).
class RowWriter {
 public:
  virtual ~RowWriter() = default;
  // One cell for each column.
  virtual void Add(const std::vector<Cell>& cells) = 0;
  virtual void Finish() = 0;
};

// `columns` are snake_case: CSV headers, JSON keys, and table headings.
// A table takes its widths from the first 200 rows; later cells that are wider
// push their line out rather than being cut.
std::unique_ptr<RowWriter> MakeRowWriter(Format format,
                                         std::vector<std::string> columns,
                                         std::FILE* out);

// Columns a terminal needs for `text`: a Chinese character takes two.
std::size_t DisplayWidth(absl::string_view text);

// `text` cut to `width` columns, with … where something is missing.
std::string CutToWidth(absl::string_view text, std::size_t width);

// A CSV field, quoted when it must be (RFC 4180).
std::string CsvField(absl::string_view text);

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_OUTPUT_H_

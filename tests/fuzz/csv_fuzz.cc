// The CSV reader: rows do not depend on how the file comes in pieces, and rows
// written by the rules of RFC 4180 are read back cell by cell.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_replace.h"
#include "clients/cli/import/csv_reader.h"
#include "services/common/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/pieces.h"

namespace huifang::cli {
namespace {

using fuzz::Require;

struct Table {
  std::vector<std::string> header;
  std::vector<CsvRow> rows;
  bool sound = true;
};

bool operator==(const Table& a, const Table& b) {
  if (a.header != b.header || a.rows.size() != b.rows.size()) return false;
  for (std::size_t i = 0; i < a.rows.size(); ++i) {
    if (a.rows[i].line != b.rows[i].line ||
        a.rows[i].cells != b.rows[i].cells ||
        a.rows[i].fault.has_value() != b.rows[i].fault.has_value()) {
      return false;
    }
  }
  return true;
}

absl::StatusOr<Table> Read(absl::string_view text, std::size_t step,
                           char delimiter) {
  auto reader =
      CsvReader::Open(std::make_unique<Pieces>(text, step), delimiter);
  if (!reader.ok()) return reader.status();
  Table table;
  table.header = (*reader)->header();
  CsvRow row;
  while (true) {
    const auto more = (*reader)->Next(row);
    if (!more.ok()) return more.status();
    if (!*more) return table;
    table.sound = table.sound && !row.fault.has_value();
    if (!row.fault.has_value()) {
      Require(row.cells.size() == table.header.size(),
              "a row without a fault has a cell for each column");
      for (const std::string& cell : row.cells) {
        Require(!FindInvalidUtf8(cell).has_value(), "a cell is text");
      }
    }
    table.rows.push_back(row);
  }
}

void WriteRow(const std::vector<std::string>& cells, char delimiter,
              std::string& out) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += delimiter;
    out += '"' + absl::StrReplaceAll(cells[i], {{"\"", "\"\""}}) + '"';
  }
  out += "\r\n";
}

}  // namespace
}  // namespace huifang::cli

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace huifang;
  absl::string_view rest = fuzz::Text(data, size);
  const char delimiter = ",;\t|"[fuzz::TakeChoice(rest, 4)];
  const std::size_t step = fuzz::TakeChoice(rest, 7) + 1;
  const auto whole = cli::Read(rest, rest.size() + 1, delimiter);
  const auto pieces = cli::Read(rest, step, delimiter);
  fuzz::Require(whole.ok() == pieces.ok(), "pieces do not matter");
  if (!whole.ok()) return 0;
  fuzz::Require(*whole == *pieces, "pieces do not matter");
  if (!whole->sound) return 0;
  std::string text;
  cli::WriteRow(whole->header, delimiter, text);
  for (const cli::CsvRow& row : whole->rows) {
    cli::WriteRow(row.cells, delimiter, text);
  }
  const auto again = cli::Read(text, text.size(), delimiter);
  fuzz::Require(again.ok() && again->header == whole->header &&
                    again->rows.size() == whole->rows.size(),
                "a written table has the same rows");
  for (std::size_t i = 0; i < again->rows.size(); ++i) {
    fuzz::Require(again->rows[i].cells == whole->rows[i].cells,
                  "a written table has the same cells");
  }
  return 0;
}

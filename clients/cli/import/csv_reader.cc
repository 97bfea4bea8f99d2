#include "clients/cli/import/csv_reader.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/common/status_macros.h"
#include "services/common/text.h"

namespace huifang::cli {
namespace {

constexpr absl::string_view kBom = "\xEF\xBB\xBF";

// A row with more cells than any sane table means the wrong delimiter.
constexpr std::size_t kColumnsMax = 1000;

}  // namespace

absl::StatusOr<std::unique_ptr<CsvReader>> CsvReader::Open(
    std::unique_ptr<ByteSource> source, char delimiter) {
  std::unique_ptr<CsvReader> reader(
      new CsvReader(std::move(source), delimiter));
  RETURN_IF_ERROR(reader->ReadHeader());
  return reader;
}

absl::StatusOr<bool> CsvReader::Fill() {
  if (at_ < piece_.size()) return true;
  at_ = 0;
  RETURN_IF_ERROR(source_->Next(piece_));
  return !piece_.empty();
}

absl::Status CsvReader::ReadHeader() {
  CsvRow row;
  ASSIGN_OR_RETURN(const bool found, ReadRow(row));
  if (!found) {
    return absl::InvalidArgumentError("the file is empty: it has no header");
  }
  if (row.fault.has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the header cannot be read: ", row.fault->message));
  }
  std::set<std::string> seen;
  for (std::string& name : row.cells) {
    absl::string_view text = name;
    absl::ConsumePrefix(&text, kBom);
    if (FindInvalidUtf8(text).has_value()) {
      return absl::InvalidArgumentError(
          "the header is not UTF-8; name the file's encoding, for example "
          "--encoding GB18030");
    }
    name = std::string(TrimText(text));
    if (name.empty() || !seen.insert(name).second) {
      return absl::InvalidArgumentError(absl::StrCat(
          "the header has ", name.empty() ? "an empty name" : "the name \"",
          name, name.empty() ? "" : "\" twice",
          "; every column needs a name of its own"));
    }
  }
  header_ = std::move(row.cells);
  return absl::OkStatus();
}

absl::StatusOr<bool> CsvReader::Next(CsvRow& row) {
  while (true) {
    ASSIGN_OR_RETURN(const bool found, ReadRow(row));
    if (!found) return false;
    const bool blank = row.cells.size() == 1 && row.cells[0].empty();
    if (blank && !row.fault.has_value() && header_.size() > 1) continue;
    Check(row);
    return true;
  }
}

absl::StatusOr<bool> CsvReader::ReadRow(CsvRow& row) {
  row.cells.clear();
  row.fault.reset();
  row.line = line_;
  ASSIGN_OR_RETURN(bool more, Fill());
  if (!more) return false;
  while (true) {
    std::string cell;
    RETURN_IF_ERROR(more && piece_[at_] == '"' ? ReadQuoted(row, cell)
                                               : ReadBare(row, cell));
    if (row.cells.size() < kColumnsMax) row.cells.push_back(std::move(cell));
    ASSIGN_OR_RETURN(more, Fill());
    if (!more) return true;
    if (piece_[at_++] == '\n') {
      ++line_;
      return true;
    }
    // The last cell of a file may be empty and have no line break.
    ASSIGN_OR_RETURN(more, Fill());
  }
}

// Leaves off at the delimiter, the line feed or the end.
absl::Status CsvReader::ReadBare(CsvRow& row, std::string& cell) {
  const std::size_t quoted = cell.size();
  while (true) {
    ASSIGN_OR_RETURN(const bool more, Fill());
    if (!more) break;
    const char stops[] = {delimiter_, '\n'};
    const auto begin = piece_.begin() + static_cast<std::ptrdiff_t>(at_);
    const auto stop = std::find_first_of(begin, piece_.end(), stops, stops + 2);
    const auto length = static_cast<std::size_t>(stop - begin);
    Append(row, cell, absl::string_view(piece_).substr(at_, length));
    at_ += length;
    if (stop != piece_.end()) break;
  }
  // Of the line break; inside quotes it belongs to the cell.
  if (cell.size() > quoted && cell.back() == '\r') cell.pop_back();
  return absl::OkStatus();
}

absl::Status CsvReader::ReadQuoted(CsvRow& row, std::string& cell) {
  ++at_;
  while (true) {
    ASSIGN_OR_RETURN(bool more, Fill());
    if (!more) {
      row.fault = RowFault{
          ColumnAt(row.cells.size()), "UNCLOSED_QUOTE",
          absl::StrCat("the quote opened on line ", row.line,
                       " is never closed; everything after it is lost")};
      return absl::OkStatus();
    }
    const absl::string_view rest = absl::string_view(piece_).substr(at_);
    const std::size_t length = std::min(rest.find('"'), rest.size());
    const absl::string_view text = rest.substr(0, length);
    line_ += std::count(text.begin(), text.end(), '\n');
    Append(row, cell, text);
    at_ += length;
    if (length == rest.size()) continue;
    ++at_;
    ASSIGN_OR_RETURN(more, Fill());
    if (!more || piece_[at_] != '"') break;
    Append(row, cell, "\"");
    ++at_;
  }
  // Text behind the closing quote is kept, as spreadsheets do.
  return ReadBare(row, cell);
}

void CsvReader::Append(CsvRow& row, std::string& cell, absl::string_view text) {
  if (cell.size() + text.size() <= kCellBytesMax) {
    cell.append(text.data(), text.size());
    return;
  }
  if (row.fault.has_value()) return;
  row.fault =
      RowFault{ColumnAt(row.cells.size()), "CELL_TOO_LARGE",
               absl::StrCat("the cell is larger than ", kCellBytesMax >> 20,
                            " MiB; is a quote left open?")};
}

void CsvReader::Check(CsvRow& row) const {
  if (row.fault.has_value()) return;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    if (!FindInvalidUtf8(row.cells[i]).has_value()) continue;
    row.fault = RowFault{ColumnAt(i), "NOT_UTF8",
                         "the cell is not valid text in the file's encoding; "
                         "try --encoding GB18030"};
    return;
  }
  if (row.cells.size() != header_.size()) {
    row.fault = RowFault{"", "WRONG_COLUMN_COUNT",
                         absl::StrCat("the row has ", row.cells.size(),
                                      " cells, the header ", header_.size())};
  }
}

std::string CsvReader::ColumnAt(std::size_t index) const {
  return index < header_.size() ? header_[index] : absl::StrCat("#", index + 1);
}

}  // namespace huifang::cli

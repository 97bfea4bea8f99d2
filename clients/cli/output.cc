#include "clients/cli/output.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "services/common/text.h"

namespace huifang::cli {
namespace {

// Rows a table looks at before it fixes its widths.
constexpr std::size_t kTableSample = 200;

struct Range {
  char32_t first;
  char32_t last;
};

// East Asian wide and full-width blocks (Unicode UAX #11), and emoji.
constexpr Range kWide[] = {
    {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x33FF},
    {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},
    {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},
    {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F},
    {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
};

std::size_t WidthOf(char32_t c) {
  if (c < 0x20 || c == 0x7F || c == 0x200B || c == 0xFEFF) return 0;
  if (c >= 0x0300 && c <= 0x036F) return 0;
  if (c < 0x1100) return 1;
  return std::any_of(std::begin(kWide), std::end(kWide),
                     [c](Range r) { return c >= r.first && c <= r.last; })
             ? 2
             : 1;
}

// Line breaks and tabs would tear a table row.
std::string OneLine(absl::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  }
  return out;
}

class TableWriter final : public RowWriter {
 public:
  TableWriter(std::vector<std::string> columns, std::FILE* out)
      : columns_(std::move(columns)), out_(out) {}

  void Add(const std::vector<Cell>& cells) override {
    std::vector<std::string> row;
    row.reserve(cells.size());
    for (const Cell& cell : cells) row.push_back(OneLine(cell.text()));
    if (!widths_.empty()) {
      Print(row);
      return;
    }
    sample_.push_back(std::move(row));
    if (sample_.size() >= kTableSample) PrintSample();
  }

  void Finish() override {
    if (widths_.empty() && sample_.empty()) {
      std::fputs("(none)\n", out_);
    } else if (widths_.empty()) {
      PrintSample();
    }
    std::fflush(out_);
  }

 private:
  void PrintSample() {
    for (const std::string& column : columns_) {
      widths_.push_back(DisplayWidth(column));
    }
    for (const std::vector<std::string>& row : sample_) {
      for (std::size_t i = 0; i < row.size() && i < widths_.size(); ++i) {
        widths_[i] = std::max(widths_[i], DisplayWidth(row[i]));
      }
    }
    Print(columns_);
    std::vector<std::string> rule;
    for (const std::size_t width : widths_) rule.emplace_back(width, '-');
    Print(rule);
    for (const std::vector<std::string>& row : sample_) Print(row);
    sample_.clear();
  }

  void Print(const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 == row.size()) break;
      const std::size_t width = DisplayWidth(row[i]);
      const std::size_t wanted = i < widths_.size() ? widths_[i] : 0;
      line.append(wanted > width ? wanted - width + 2 : 2, ' ');
    }
    line += '\n';
    std::fputs(line.c_str(), out_);
  }

  const std::vector<std::string> columns_;
  std::FILE* const out_;
  std::vector<std::vector<std::string>> sample_;
  std::vector<std::size_t> widths_;
};

class CsvWriter final : public RowWriter {
 public:
  CsvWriter(const std::vector<std::string>& columns, std::FILE* out)
      : out_(out) {
    Add({columns.begin(), columns.end()});
  }

  void Add(const std::vector<Cell>& cells) override {
    std::string line;
    for (const Cell& cell : cells) {
      if (!line.empty() || &cell != &cells.front()) line += ',';
      line += CsvField(cell.text());
    }
    line += "\r\n";
    std::fwrite(line.data(), 1, line.size(), out_);
  }

  void Finish() override { std::fflush(out_); }

 private:
  std::FILE* const out_;
};

class JsonWriter final : public RowWriter {
 public:
  JsonWriter(std::vector<std::string> columns, std::FILE* out)
      : columns_(std::move(columns)), out_(out) {}

  void Add(const std::vector<Cell>& cells) override {
    std::string line = rows_++ == 0 ? "[\n  {" : ",\n  {";
    for (std::size_t i = 0; i < cells.size() && i < columns_.size(); ++i) {
      absl::StrAppend(&line, i == 0 ? "" : ", ", Quote(columns_[i]), ": ",
                      Value(cells[i]));
    }
    line += '}';
    std::fwrite(line.data(), 1, line.size(), out_);
  }

  void Finish() override {
    std::fputs(rows_ == 0 ? "[]\n" : "\n]\n", out_);
    std::fflush(out_);
  }

 private:
  static std::string Quote(const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', false,
                                     nlohmann::json::error_handler_t::replace);
  }

  // JSON has no word for nan and inf.
  static std::string Value(const Cell& cell) {
    if (!cell.bare()) return Quote(cell.text());
    const bool number = cell.text().find_first_of("in") == std::string::npos ||
                        cell.text() == "false" || cell.text() == "true";
    return number ? cell.text() : "null";
  }

  const std::vector<std::string> columns_;
  std::FILE* const out_;
  std::size_t rows_ = 0;
};

}  // namespace

std::unique_ptr<RowWriter> MakeRowWriter(Format format,
                                         std::vector<std::string> columns,
                                         std::FILE* out) {
  switch (format) {
    case Format::kCsv:
      return std::make_unique<CsvWriter>(columns, out);
    case Format::kJson:
      return std::make_unique<JsonWriter>(std::move(columns), out);
    default:
      return std::make_unique<TableWriter>(std::move(columns), out);
  }
}

std::size_t DisplayWidth(absl::string_view text) {
  std::size_t width = 0;
  while (const std::optional<char32_t> c = NextCodePoint(text)) {
    width += WidthOf(*c);
  }
  return width;
}

std::string CutToWidth(absl::string_view text, std::size_t width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  absl::string_view rest = text;
  std::size_t used = 0;
  while (!rest.empty()) {
    absl::string_view next = rest;
    const std::optional<char32_t> c = NextCodePoint(next);
    if (!c.has_value() || used + WidthOf(*c) + 1 > width) break;
    used += WidthOf(*c);
    rest = next;
  }
  return absl::StrCat(text.substr(0, text.size() - rest.size()), "…");
}

std::string CsvField(absl::string_view text) {
  if (text.find_first_of(",\"\r\n") == absl::string_view::npos) {
    return std::string(text);
  }
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
  return out;
}

}  // namespace huifang::cli

#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/import/byte_source.h"
#include "clients/cli/import/csv_reader.h"
#include "clients/generator/truth.h"
#include "services/common/status_macros.h"

namespace huifang::generator {

absl::StatusOr<Truths> ReadTruths(const std::string& path) {
  Truths truths;
  if (path.empty()) return truths;
  ASSIGN_OR_RETURN(auto source, cli::OpenFile(path, "UTF-8"));
  ASSIGN_OR_RETURN(const auto reader,
                   cli::CsvReader::Open(std::move(source), ','));
  if (reader->header() != TruthColumns()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " is not the truth.csv of a made-up court"));
  }
  cli::CsvRow row;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, reader->Next(row));
    if (!more) return truths;
    if (row.fault.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, " line ", row.line, ": ", row.fault->message));
    }
    const auto yes = [&](std::size_t i) { return row.cells[i] == "1"; };
    truths[row.cells[0]] = {
        .reached = yes(1), .satisfied = yes(2), .good_reply = yes(3)};
  }
}

}  // namespace huifang::generator

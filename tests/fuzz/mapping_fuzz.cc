// A mapping file and, behind a NUL, a table it may fit: any accepted mapping
// maps any row to a ticket or to a fault, and the ticket can be checked.
#include <memory>
#include <string>

#include "clients/cli/import/csv_reader.h"
#include "clients/cli/import/mapping.h"
#include "clients/cli/import/row_mapper.h"
#include "clients/cli/import/suggest.h"
#include "services/ticket/import_rules.h"
#include "tests/fuzz/fuzz.h"

namespace huifang {
namespace {

using fuzz::Require;

constexpr int kRowsMax = 20;

void TryRows(const cli::Mapping& mapping, cli::CsvReader& reader) {
  static const absl::Time kNow = absl::FromUnixSeconds(1800000000);
  const cli::RowMapper mapper(mapping, reader.header());
  cli::CsvRow row;
  for (int i = 0; i < kRowsMax; ++i) {
    const auto more = reader.Next(row);
    if (!more.ok() || !*more) return;
    ticket::v1::ImportRow out;
    const auto fault = mapper.Map(row, out);
    if (fault.has_value()) {
      Require(!fault->reason.empty(), "a fault has a reason");
      continue;
    }
    ticket::v1::ImportRow again;
    Require(!mapper.Map(row, again).has_value() &&
                again.SerializeAsString() == out.SerializeAsString(),
            "a row maps the same twice");
    if (ticket::CheckImportRow(kNow, out).has_value()) continue;
    const std::string checked = out.SerializeAsString();
    Require(!ticket::CheckImportRow(kNow, out).has_value() &&
                out.SerializeAsString() == checked,
            "a checked row passes again unchanged");
  }
}

}  // namespace
}  // namespace huifang

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace huifang;
  absl::string_view rest = fuzz::Text(data, size);
  const auto mapping = cli::ParseMapping(fuzz::TakePart(rest));
  const char delimiter = mapping.ok() ? mapping->delimiter : ',';
  const auto open = [&] {
    return cli::CsvReader::Open(cli::FromText(std::string(rest)), delimiter);
  };
  if (mapping.ok()) {
    auto reader = open();
    if (reader.ok() && cli::CheckHeader(*mapping, (*reader)->header()).ok()) {
      TryRows(*mapping, **reader);
    }
    return 0;
  }
  auto reader = open();
  if (reader.ok()) (void)cli::SuggestMapping(**reader, "", delimiter);
  return 0;
}

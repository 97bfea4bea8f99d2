#include "clients/generator/derive.h"

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/import/byte_source.h"
#include "clients/cli/import/csv_reader.h"
#include "clients/cli/import/mapping.h"
#include "clients/cli/import/row_mapper.h"
#include "services/common/status_macros.h"

namespace huifang::generator {
namespace {

// Labels in order of appearance, and an id for each.
class Labels {
 public:
  explicit Labels(std::string prefix) : prefix_(std::move(prefix)) {}

  // Empty for an empty label.
  std::string IdOf(const std::string& label) {
    if (label.empty()) return "";
    const auto [it, added] =
        ids_.try_emplace(label, absl::StrCat(prefix_, "-", ids_.size() + 1));
    if (added) order_.push_back(label);
    return it->second;
  }
  bool Has(const std::string& label) const { return ids_.contains(label); }
  const std::vector<std::string>& order() const { return order_; }

 private:
  const std::string prefix_;
  std::map<std::string, std::string> ids_;
  std::vector<std::string> order_;
};

constexpr int kOfficers = 3;

}  // namespace

absl::StatusOr<std::string> DeriveDirectory(const DeriveOptions& options) {
  std::ifstream mapping_file(options.mapping_file);
  std::ostringstream mapping_text;
  if (!mapping_file || !(mapping_text << mapping_file.rdbuf())) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot read ", options.mapping_file));
  }
  ASSIGN_OR_RETURN(const cli::Mapping mapping,
                   cli::ParseMapping(mapping_text.str()));
  const std::string& encoding =
      options.encoding.empty() ? mapping.encoding : options.encoding;
  ASSIGN_OR_RETURN(std::unique_ptr<cli::ByteSource> source,
                   cli::OpenFile(options.file, encoding));
  ASSIGN_OR_RETURN(const std::unique_ptr<cli::CsvReader> reader,
                   cli::CsvReader::Open(std::move(source), mapping.delimiter));
  RETURN_IF_ERROR(cli::CheckHeader(mapping, reader->header()));
  const cli::RowMapper mapper(mapping, reader->header());

  Labels divisions("division");
  Labels handlers("handler");
  nlohmann::ordered_json json;
  json["court"]["display_name"] = "导入数据的法院";
  cli::CsvRow row;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, reader->Next(row));
    if (!more) break;
    ticket::v1::ImportRow out;
    if (row.fault.has_value() || mapper.Map(row, out).has_value()) continue;
    const std::string division = divisions.IdOf(out.division_label());
    const std::string& name = out.handler_label();
    if (name.empty() || handlers.Has(name)) continue;
    nlohmann::ordered_json staff = {
        {"id", handlers.IdOf(name)}, {"display_name", name}, {"role", "JUDGE"}};
    if (!division.empty()) staff["division"] = division;
    json["staff"].push_back(std::move(staff));
  }
  for (const std::string& label : divisions.order()) {
    json["divisions"].push_back(
        {{"id", divisions.IdOf(label)}, {"display_name", label}});
  }
  for (int i = 1; i <= kOfficers; ++i) {
    json["staff"].push_back({{"id", absl::StrCat("officer-", i)},
                             {"display_name", absl::StrCat("模拟回访员", i)},
                             {"role", "OFFICER"}});
  }
  return json.dump(2) + "\n";
}

}  // namespace huifang::generator

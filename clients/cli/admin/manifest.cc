#include "clients/cli/admin/manifest.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"

namespace huifang::cli::admin {
namespace {

constexpr int kFormat = 1;

absl::Status NoManifest(const std::string& path) {
  return absl::InvalidArgumentError(absl::StrCat(
      path, " is no manifest of a backup that this program knows"));
}

// Whole, not negative, and within the type: the library's own conversion takes
// 1e21 for some int or other.
template <typename Number>
bool TakeNumber(const nlohmann::json& value, Number& to) {
  constexpr std::uint64_t kMost = std::numeric_limits<Number>::max();
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > kMost) {
    return false;
  }
  to = static_cast<Number>(value.get<std::uint64_t>());
  return true;
}

bool TakeNumbers(const nlohmann::json& value,
                 std::map<std::string, std::int64_t>& to) {
  if (!value.is_object()) return false;
  for (const auto& [name, number] : value.items()) {
    if (!TakeNumber(number, to[name])) return false;
  }
  return true;
}

}  // namespace

std::string WriteManifest(const std::vector<BackupPart>& parts) {
  nlohmann::json services = nlohmann::json::array();
  for (const BackupPart& part : parts) {
    services.push_back({{"service", part.service},
                        {"engine", part.engine},
                        {"file", part.file},
                        {"sha256", part.sha256},
                        {"schema", part.step},
                        {"common_schema", part.common_step},
                        {"time", absl::FormatTime(absl::RFC3339_sec, part.time,
                                                  absl::UTCTimeZone())},
                        {"rows", part.rows},
                        {"event_heads", part.event_heads}});
  }
  const nlohmann::json manifest = {{"huifang_backup", kFormat},
                                   {"services", services}};
  return absl::StrCat(manifest.dump(2), "\n");
}

absl::StatusOr<std::vector<BackupPart>> ParseManifest(absl::string_view text,
                                                      const std::string& path) {
  std::vector<BackupPart> parts;
  try {
    const nlohmann::json manifest = nlohmann::json::parse(text);
    if (manifest.at("huifang_backup") != kFormat) return NoManifest(path);
    for (const nlohmann::json& one : manifest.at("services")) {
      BackupPart& part = parts.emplace_back();
      part.service = one.at("service");
      part.engine = one.at("engine");
      part.file = one.at("file");
      part.sha256 = one.at("sha256");
      // A name, so that no manifest leads out of its directory.
      const bool beside = part.file.find('/') == std::string::npos;
      std::string error;
      if (!beside || !TakeNumber(one.at("schema"), part.step) ||
          !TakeNumber(one.at("common_schema"), part.common_step) ||
          !TakeNumbers(one.at("rows"), part.rows) ||
          !TakeNumbers(one.at("event_heads"), part.event_heads) ||
          !absl::ParseTime(absl::RFC3339_sec, std::string(one.at("time")),
                           &part.time, &error)) {
        return NoManifest(path);
      }
    }
  } catch (const nlohmann::json::exception&) {
    return NoManifest(path);
  }
  return parts;
}

}  // namespace huifang::cli::admin

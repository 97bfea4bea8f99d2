#include "clients/cli/admin/manifest.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"

namespace huifang::cli::admin {
namespace {

constexpr int kFormat = 1;

absl::Status NoManifest(const std::string& path) {
  return absl::InvalidArgumentError(absl::StrCat(
      path, " is no manifest of a backup that this program knows"));
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
      part.step = one.at("schema");
      part.common_step = one.at("common_schema");
      part.rows = one.at("rows");
      part.event_heads = one.at("event_heads");
      // A name, so that no manifest leads out of its directory.
      if (part.file.find('/') != std::string::npos) return NoManifest(path);
      std::string error;
      if (!absl::ParseTime(absl::RFC3339_sec, std::string(one.at("time")),
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

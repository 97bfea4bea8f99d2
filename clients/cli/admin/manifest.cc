#include "clients/cli/admin/manifest.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "clients/cli/admin/databases.h"
#include "services/common/status_macros.h"

namespace huifang::cli::admin {
namespace {

constexpr int kFormat = 1;

absl::Status NoManifest(const std::string& path) {
  return absl::InvalidArgumentError(absl::StrCat(
      path, " is no manifest of a backup that this program knows"));
}

}  // namespace

absl::Status CountRows(sql::Session& session, BackupPart& part) {
  ASSIGN_OR_RETURN(const std::vector<std::string> tables, TablesIn(session));
  for (const std::string& table : tables) {
    RETURN_IF_ERROR(
        session
            .QueryOne(
                absl::StrCat("SELECT COUNT(*) FROM ", table), {},
                [&](const sql::Row& row) { part.rows[table] = row.Int(0); })
            .status());
  }
  return session.Query("SELECT shard, sequence FROM event_heads", {},
                       [&](const sql::Row& row) {
                         part.event_heads[row.Text(0)] = row.Int(1);
                         return absl::OkStatus();
                       });
}

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

absl::StatusOr<std::vector<BackupPart>> ReadManifest(
    const std::string& directory) {
  const std::string path = absl::StrCat(directory, "/", kManifestFile);
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
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

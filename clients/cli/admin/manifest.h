#ifndef HUIFANG_CLIENTS_CLI_ADMIN_MANIFEST_H_
#define HUIFANG_CLIENTS_CLI_ADMIN_MANIFEST_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/common/sql.h"

namespace huifang::cli::admin {

// What a backup says of one service's database.
struct BackupPart {
  std::string service;
  std::string engine;  // "sqlite" or "postgresql"
  std::string file;    // beside the manifest
  std::string sha256;
  int step = 0;
  int common_step = 0;
  absl::Time time;
  std::map<std::string, std::int64_t> rows;         // by table
  std::map<std::string, std::int64_t> event_heads;  // by shard
};

// Rows and heads as the session sees them.
absl::Status CountRows(sql::Session& session, BackupPart& part);

std::string WriteManifest(const std::vector<BackupPart>& parts);
// The parts of the manifest in `directory`. INVALID_ARGUMENT if it is not one.
absl::StatusOr<std::vector<BackupPart>> ReadManifest(
    const std::string& directory);

inline constexpr char kManifestFile[] = "manifest.json";

}  // namespace huifang::cli::admin

#endif  // HUIFANG_CLIENTS_CLI_ADMIN_MANIFEST_H_

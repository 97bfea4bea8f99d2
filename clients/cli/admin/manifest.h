#ifndef HUIFANG_CLIENTS_CLI_ADMIN_MANIFEST_H_
#define HUIFANG_CLIENTS_CLI_ADMIN_MANIFEST_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

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

std::string WriteManifest(const std::vector<BackupPart>& parts);
// The parts of a manifest, read from `path`. INVALID_ARGUMENT if it is not one.
absl::StatusOr<std::vector<BackupPart>> ParseManifest(absl::string_view text,
                                                      const std::string& path);

inline constexpr char kManifestFile[] = "manifest.json";

}  // namespace huifang::cli::admin

#endif  // HUIFANG_CLIENTS_CLI_ADMIN_MANIFEST_H_

// `huifangctl admin backup` and `restore`.
#ifndef HUIFANG_CLIENTS_CLI_ADMIN_BACKUP_H_
#define HUIFANG_CLIENTS_CLI_ADMIN_BACKUP_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cli/admin/databases.h"
#include "clients/cli/admin/manifest.h"

namespace huifang::cli::admin {

using Say = std::function<void(absl::string_view)>;

// Copies the databases, while their services run, into a new directory with a
// manifest: downstream first (OpenDatabases sorts so), each as of one moment.
// The directory appears under its name once everything is on the disk.
absl::StatusOr<std::vector<BackupPart>> Backup(
    std::vector<ServiceDatabase>& databases, const std::string& directory,
    const Say& say);

// The parts of the backup in `directory`. INVALID_ARGUMENT if it is not one.
absl::StatusOr<std::vector<BackupPart>> ReadManifest(
    const std::string& directory);

struct RestoreRequest {
  std::string directory;  // of a backup
  std::string service;    // may be empty if the backup holds one only
  std::string url;        // of the database to fill
  bool replace = false;   // what is there may go
};

// Verifies the backup's hash, then fills the database in one step: it holds
// either what it held or all of the backup. FAILED_PRECONDITION while anybody
// uses it, or if it is not empty and may not be replaced.
absl::StatusOr<BackupPart> Restore(const RestoreRequest& request,
                                   const Say& say);

}  // namespace huifang::cli::admin

#endif  // HUIFANG_CLIENTS_CLI_ADMIN_BACKUP_H_

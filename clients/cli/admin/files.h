#ifndef HUIFANG_CLIENTS_CLI_ADMIN_FILES_H_
#define HUIFANG_CLIENTS_CLI_ADMIN_FILES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace huifang::cli::admin {

bool Exists(const std::string& path);

// SHA-256 in hex of a file of any size.
absl::StatusOr<std::string> HashFile(const std::string& path);

// Puts a file, or a directory's entries, on the disk for good.
absl::Status Sync(const std::string& path);

// Copies to a file that must not exist, readable by its owner only, and syncs
// it.
absl::Status CopyFile(const std::string& from, const std::string& to);

absl::Status Rename(const std::string& from, const std::string& to);

// The directory that `path` lies in.
std::string DirectoryOf(const std::string& path);

}  // namespace huifang::cli::admin

#endif  // HUIFANG_CLIENTS_CLI_ADMIN_FILES_H_

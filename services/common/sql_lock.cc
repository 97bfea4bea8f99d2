#include "services/common/sql_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/common/error.h"

namespace huifang::sql {

FileLock::~FileLock() { close(file_); }

absl::StatusOr<std::unique_ptr<FileLock>> LockFile(absl::string_view url) {
  if (!absl::ConsumePrefix(&url, "sqlite:")) return nullptr;
  // Two names of one file are one file.
  std::error_code unresolved;
  const std::filesystem::path real =
      std::filesystem::weakly_canonical(std::string(url), unresolved);
  const std::string path =
      absl::StrCat(unresolved ? std::string(url) : real.string(), ".lock");
  const int file = open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) {
    return MakeError(
        absl::StatusCode::kFailedPrecondition, "BAD_DATABASE_PATH",
        absl::StrCat(path, " cannot be written: ", std::strerror(errno)));
  }
  auto lock = std::make_unique<FileLock>(file);
  if (flock(file, LOCK_EX | LOCK_NB) == 0) return lock;
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "DATABASE_IN_USE",
      absl::StrCat("another process serves ", url,
                   "; SQLite takes one: stop it, or use PostgreSQL for more"));
}

}  // namespace huifang::sql

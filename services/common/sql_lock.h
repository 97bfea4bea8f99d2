#ifndef HUIFANG_SERVICES_COMMON_SQL_LOCK_H_
#define HUIFANG_SERVICES_COMMON_SQL_LOCK_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace huifang::sql {

// An SQLite file held for this process alone.
class FileLock {
 public:
  explicit FileLock(int file) : file_(file) {}
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  const int file_;
};

// Takes the SQLite file of `url` until the lock goes, at the latest when the
// process ends, however it ends: SQLite has one writer, and its events one
// numberer. The lock is on FILE.lock. FAILED_PRECONDITION (DATABASE_IN_USE)
// while somebody holds it. Null, and no lock, for other databases.
absl::StatusOr<std::unique_ptr<FileLock>> LockFile(absl::string_view url);

}  // namespace huifang::sql

#endif  // HUIFANG_SERVICES_COMMON_SQL_LOCK_H_

// Between the files of the SQL layer.
#ifndef HUIFANG_SERVICES_COMMON_SQL_CHECKPOINTER_H_
#define HUIFANG_SERVICES_COMMON_SQL_CHECKPOINTER_H_

#include <atomic>
#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace soci {
class session;
}  // namespace soci

namespace huifang::sql {

// Copies an SQLite write-ahead log into its database beside the writer, on a
// connection and a thread of its own. Left to SQLite, every 1000 pages a commit
// would do it and make its callers wait. Thread safe.
class WalCheckpointer {
 public:
  // `own` is a connection to the same file.
  explicit WalCheckpointer(std::unique_ptr<soci::session> own);
  ~WalCheckpointer();

  // Watches the commits of a writer, which must not outlive this.
  void Watch(soci::session& writer);
  // A writer has committed; the log now holds `pages`. True if the log is so
  // long that the writer has to help.
  bool Committed(int pages);

 private:
  void Work();

  const std::unique_ptr<soci::session> own_;
  std::atomic<int> copied_{0};  // pages of the log that are in the database
  absl::Mutex mutex_;
  bool wanted_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace huifang::sql

#endif  // HUIFANG_SERVICES_COMMON_SQL_CHECKPOINTER_H_

#ifndef HUIFANG_SERVICES_TICKET_DIRECTORY_STORE_H_
#define HUIFANG_SERVICES_TICKET_DIRECTORY_STORE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "huifang/ticket/v1/ticket_events.pb.h"
#include "services/common/clock.h"
#include "services/common/sql.h"
#include "services/ticket/calendar_rules.h"

namespace huifang::ticket {

// What deciding on a court's tickets takes, read together and then shared:
// its directory (empty if none), calendar and own deadline policies.
struct CourtBook {
  v1::Directory directory;
  WorkingCalendar calendar;
  std::vector<v1::DeadlinePolicy> policies;
};

// Directory, court-local calendar days and deadline policies; all SQL of the
// three. Small and read with every write of a ticket, so a court's book is
// kept in memory for up to two seconds; another replica's change shows after
// that. Thread safe.
class DirectoryStore {
 public:
  DirectoryStore(sql::Database& db, Clock& clock) : db_(db), clock_(clock) {}

  absl::StatusOr<std::shared_ptr<const CourtBook>> Book(
      const std::string& court);
  // After a change made here.
  void Forget(const std::string& court);

  static absl::StatusOr<v1::Directory> LoadDirectory(sql::Session& session,
                                                     const std::string& court);
  static absl::Status SaveDirectory(sql::Session& session,
                                    const std::string& court,
                                    const v1::Directory& directory);
  static absl::Status ReplacePolicies(
      sql::Session& session, const std::string& court,
      const std::vector<v1::DeadlinePolicy>& policies);
  static absl::Status UpsertDays(sql::Session& session,
                                 const std::string& court,
                                 const std::vector<v1::CalendarDay>& days);

 private:
  struct Kept {
    std::shared_ptr<const CourtBook> book;
    absl::Time since;
  };
  absl::StatusOr<std::shared_ptr<const CourtBook>> Load(
      const std::string& court);

  sql::Database& db_;
  Clock& clock_;
  absl::Mutex mutex_;
  std::map<std::string, Kept> kept_ ABSL_GUARDED_BY(mutex_);
  std::uint64_t forgotten_ ABSL_GUARDED_BY(mutex_) = 0;  // calls of Forget
};

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_DIRECTORY_STORE_H_

#ifndef HUIFANG_SERVICES_CALLBACK_CONTACT_STORE_H_
#define HUIFANG_SERVICES_CALLBACK_CONTACT_STORE_H_

#include <string>
#include <unordered_set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "huifang/callback/v1/callback_resources.pb.h"
#include "services/callback/disposition_rules.h"
#include "services/common/sql.h"

namespace huifang::callback {

// What is known of callers across their tickets; all SQL of it. Methods with a
// session run in its transaction. Thread safe.
class ContactStore {
 public:
  explicit ContactStore(sql::Database& db) : db_(db) {}

  // A caller whose key is empty cannot be known again and has no history.
  static absl::StatusOr<ContactHistory> Load(sql::Session& session,
                                             const std::string& court,
                                             const std::string& caller_key,
                                             absl::Time now);
  // Counts a call made at `now`; a pause is never shortened.
  static absl::Status AddCall(sql::Session& session, const std::string& court,
                              const std::string& caller_key, absl::Time now,
                              absl::Time paused_until);

  static absl::StatusOr<bool> IsBarred(sql::Session& session,
                                       const std::string& court,
                                       const std::string& caller_key,
                                       absl::Time now);
  // Keys of all callers who are not to be called at `now`.
  absl::StatusOr<std::unordered_set<std::string>> Barred(
      const std::string& court, absl::Time now);
  static absl::Status Insert(sql::Session& session, const v1::DoNotCall& entry);
  // Ends an entry and returns it; one that is over stays as it is. NOT_FOUND if
  // the court has no such entry.
  static absl::StatusOr<v1::DoNotCall> End(sql::Session& session,
                                           const std::string& court,
                                           const std::string& entry_id,
                                           const std::string& principal,
                                           absl::Time now);
  // By id, after `after_id`.
  absl::StatusOr<std::vector<v1::DoNotCall>> List(const std::string& court,
                                                  const std::string& after_id,
                                                  int limit);

 private:
  sql::Database& db_;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_CONTACT_STORE_H_

#ifndef HUIFANG_SERVICES_TICKET_CASE_STORE_H_
#define HUIFANG_SERVICES_TICKET_CASE_STORE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "huifang/ticket/v1/ticket_resources.pb.h"
#include "services/common/crypto.h"
#include "services/common/sql.h"

namespace huifang::ticket {

// The cases a court has imported; all SQL of them. Parties are stored sealed.
// Thread safe.
class CaseStore {
 public:
  CaseStore(sql::Database& db, const Sealer& sealer)
      : db_(db), sealer_(sealer) {}

  // By id or, if it is "-", by number. Parties masked unless `unmask`.
  // NOT_FOUND.
  absl::StatusOr<v1::Case> Get(const std::string& court, const std::string& id,
                               const std::string& case_number, bool unmask);

  // Creates or replaces by number; whether it was new.
  absl::StatusOr<bool> Upsert(sql::Session& session, const std::string& court,
                              absl::Time now, v1::Case one);

  // The case's milestones as timeline entries; empty if it is not known.
  absl::StatusOr<std::vector<v1::TimelineEntry>> Milestones(
      const std::string& court, const std::string& case_number);

 private:
  sql::Database& db_;
  const Sealer& sealer_;
};

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_CASE_STORE_H_

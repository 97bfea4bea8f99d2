#ifndef HUIFANG_SERVICES_CALLBACK_VERDICT_RULE_STORE_H_
#define HUIFANG_SERVICES_CALLBACK_VERDICT_RULE_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "huifang/callback/v1/callback_resources.pb.h"
#include "services/callback/store_util.h"
#include "services/common/sql.h"

namespace huifang::callback {

// Versions of plans' verdict rules; all their SQL. `session` need not write,
// but in Insert and Save.
struct VerdictRuleStore {
  // ABORTED if the plan has that number already.
  static absl::Status Insert(sql::Session& session,
                             const v1::VerdictRuleVersion& version);
  static absl::Status Save(sql::Session& session,
                           const v1::VerdictRuleVersion& version);
  // The last one, if the plan has any.
  static absl::StatusOr<std::optional<v1::VerdictRuleVersion>> Newest(
      sql::Session& session, const std::string& court,
      const std::string& plan_id);
  // NOT_FOUND if the court has no such version.
  static absl::StatusOr<v1::VerdictRuleVersion> Load(sql::Session& session,
                                                     const std::string& court,
                                                     const VersionedId& id);
  // By plan and number, after `after`; of one plan if `plan_id` is not empty.
  static absl::StatusOr<std::vector<v1::VerdictRuleVersion>> List(
      sql::Session& session, const std::string& court,
      const std::string& plan_id, const VersionedId& after, int limit);
  // Names of those that old interviews are judged by, over all courts of this
  // database.
  static absl::StatusOr<std::vector<std::string>> Judging(sql::Session& session,
                                                          int limit);
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_VERDICT_RULE_STORE_H_

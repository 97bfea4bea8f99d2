#ifndef HUIFANG_SERVICES_CALLBACK_SCRIPT_STORE_H_
#define HUIFANG_SERVICES_CALLBACK_SCRIPT_STORE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "huifang/callback/v1/callback_resources.pb.h"
#include "services/callback/script_policy.h"
#include "services/callback/store_util.h"
#include "services/common/sql.h"

namespace huifang::callback {

// Versions of questionnaires; all their SQL. `session` need not write, but in
// Insert.
struct ScriptStore {
  // Stores `script` as the next version under its id and names it. ABORTED if
  // another one was faster.
  static absl::Status Insert(sql::Session& session, const std::string& court,
                             const std::string& script_id, v1::Script& script);
  // The built-in one too. NOT_FOUND if the court has no such version.
  static absl::StatusOr<v1::Script> Load(sql::Session& session,
                                         const std::string& name);
  // By id and version, after `after`; without the built-in one.
  static absl::StatusOr<std::vector<v1::Script>> List(sql::Session& session,
                                                      const std::string& court,
                                                      const VersionedId& after,
                                                      int limit);
};

// Name of the script that a plan asks by.
std::string ScriptOfPlan(const v1::SamplingPlan& plan,
                         const std::string& court);

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_SCRIPT_STORE_H_

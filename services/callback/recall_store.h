#ifndef HUIFANG_SERVICES_CALLBACK_RECALL_STORE_H_
#define HUIFANG_SERVICES_CALLBACK_RECALL_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "huifang/callback/v1/callback_resources.pb.h"
#include "services/callback/store_util.h"
#include "services/common/sql.h"

namespace huifang::callback {

// Which re-calls. Empty fields do not restrict.
struct RecallFilter {
  std::string draw_id;
  bool differing = false;
  std::optional<absl::Time> from;    // first made at or after
  std::optional<absl::Time> before;  // first made before
};

// Re-calls beside the first interviews, newest first, after `cursor`. `session`
// need not write.
absl::StatusOr<std::vector<v1::Recall>> ListRecalls(
    sql::Session& session, const std::string& court, const RecallFilter& filter,
    const std::optional<TimeCursor>& cursor, int limit);

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_RECALL_STORE_H_

#ifndef HUIFANG_SERVICES_GRADING_RUBRIC_STORE_H_
#define HUIFANG_SERVICES_GRADING_RUBRIC_STORE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "huifang/grading/v1/grading_service.pb.h"
#include "services/common/sql.h"

namespace huifang::grading {

// Keeps every version of every rubric. A court that never published one works
// by the two that come with the program: version 1 of `ticket` and `call`.
class RubricStore {
 public:
  // `version` 0 is the newest. NOT_FOUND.
  static absl::StatusOr<v1::Rubric> Find(sql::Session& session,
                                         const std::string& court,
                                         const std::string& id, int version);
  // The newest rubric that judges `subject`.
  static absl::StatusOr<v1::Rubric> Current(sql::Session& session,
                                            const std::string& court,
                                            v1::Subject subject);
  static absl::StatusOr<std::vector<v1::Rubric>> List(sql::Session& session,
                                                      const std::string& court);
  // Stores the next version, with its event. ABORTED if `rubric`'s etag is not
  // that of the newest one.
  static absl::StatusOr<v1::Rubric> Publish(sql::Session& session,
                                            const std::string& court,
                                            v1::Rubric rubric, absl::Time now);
};

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_RUBRIC_STORE_H_

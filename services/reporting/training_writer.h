#ifndef HUIFANG_SERVICES_REPORTING_TRAINING_WRITER_H_
#define HUIFANG_SERVICES_REPORTING_TRAINING_WRITER_H_

#include <string>

#include "absl/status/statusor.h"
#include "huifang/reporting/v1/reporting_service.pb.h"
#include "services/common/clock.h"
#include "services/common/sql.h"
#include "services/reporting/change_once.h"

namespace huifang::reporting {

// Everything that changes a training: state, event, timeline entry and request
// id in one transaction. Thread safe.
class TrainingWriter {
 public:
  TrainingWriter(sql::Database& db, Clock& clock) : db_(db), clock_(clock) {}

  absl::StatusOr<v1::Training> Create(const std::string& court,
                                      const std::string& principal,
                                      const RequestKey& key,
                                      const v1::CreateTrainingRequest& request);
  absl::StatusOr<v1::Training> Hold(const Verb& verb,
                                    const std::string& principal,
                                    const v1::HoldTrainingRequest& request);
  absl::StatusOr<v1::Training> Cancel(const Verb& verb,
                                      const std::string& principal,
                                      const v1::CancelTrainingRequest& request);

 private:
  sql::Database& db_;
  Clock& clock_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_TRAINING_WRITER_H_

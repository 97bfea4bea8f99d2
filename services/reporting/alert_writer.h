#ifndef HUIFANG_SERVICES_REPORTING_ALERT_WRITER_H_
#define HUIFANG_SERVICES_REPORTING_ALERT_WRITER_H_

#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "huifang/reporting/v1/reporting_service.pb.h"
#include "services/common/clock.h"
#include "services/common/sql.h"
#include "services/reporting/alert_rules.h"
#include "services/reporting/change_once.h"
#include "services/reporting/figure_rules.h"

namespace huifang::reporting {

// Everything that changes an alert. Thread safe.
class AlertWriter {
 public:
  AlertWriter(sql::Database& db, Clock& clock, FigurePolicy figures,
              AlertPolicy alerts)
      : db_(db), clock_(clock), figures_(std::move(figures)), alerts_(alerts) {}

  // Raises what a closed week of the court gives rise to; once.
  absl::Status Watch(const std::string& court, const std::string& week);

  // Looks at the court's open tickets, for the hour of `look`: raises alerts of
  // overdue risk and repeat calls, and brings those that last up to date.
  absl::Status Look(const std::string& court, absl::Time look);

  // Escalates, or ends a mute, if it is time.
  absl::Status DoDue(const std::string& court, const std::string& id);

  absl::StatusOr<v1::Alert> Change(
      const Verb& verb, const google::protobuf::Message& request,
      absl::FunctionRef<absl::Status(v1::Alert&)> change);

 private:
  sql::Database& db_;
  Clock& clock_;
  const FigurePolicy figures_;
  const AlertPolicy alerts_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_ALERT_WRITER_H_

// What inspection_store.cc and inspection_projection.cc share.
#ifndef HUIFANG_SERVICES_GRADING_INSPECTION_ROWS_H_
#define HUIFANG_SERVICES_GRADING_INSPECTION_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "huifang/grading/v1/grading_events.pb.h"
#include "services/common/sql.h"

namespace huifang::grading {

// A row without its texts.
struct StoredInspection {
  std::string fingerprint;
  v1::Inspection inspection;
};

absl::StatusOr<std::optional<StoredInspection>> FindInspection(
    sql::Session& session, const std::string& court, const std::string& ticket);

// ";rule;rule;", for the column that filters.
std::string RuleList(const v1::Inspection& inspection);

void EmitInspection(sql::Session& session, const std::string& court,
                    v1::GradeEvent::Type type, const v1::Inspection& inspection,
                    absl::Time now);

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_INSPECTION_ROWS_H_

#include "services/reporting/fact_columns.h"

#include <algorithm>

#include "services/common/proto_time.h"
#include "services/common/resource_name.h"
#include "services/reporting/period_rules.h"

namespace huifang::reporting {

std::string NameFrom(absl::string_view court, absl::string_view collection,
                     absl::string_view id) {
  return id.empty() ? "" : MakeResourceName(court, collection, id);
}

std::int64_t DayNumberOf(const google::protobuf::Timestamp& time) {
  return DayNumber(DayOf(FromTimestamp(time)));
}

bool IsOverSimplified(absl::string_view rule) {
  return rule == "over_simplified" || rule == "empty_reply" ||
         rule == "acknowledgement_only";
}

void StrikeOut(const grading::v1::Grade& grade,
               grading::v1::Inspection& inspection) {
  auto& findings = *inspection.mutable_findings();
  findings.erase(std::remove_if(findings.begin(), findings.end(),
                                [&](const grading::v1::Finding& finding) {
                                  return std::find(
                                             grade.rejected_rules().begin(),
                                             grade.rejected_rules().end(),
                                             finding.rule_id()) !=
                                         grade.rejected_rules().end();
                                }),
                 findings.end());
}

}  // namespace huifang::reporting

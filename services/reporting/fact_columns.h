#ifndef HUIFANG_SERVICES_REPORTING_FACT_COLUMNS_H_
#define HUIFANG_SERVICES_REPORTING_FACT_COLUMNS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/timestamp.pb.h"
#include "huifang/grading/v1/grading_resources.pb.h"

namespace huifang::reporting {

// Condition on call_facts `c`: answers of an aborted draw count nowhere, or
// aborting would be a way to choose among samples; nor do calls of one that
// failed half way. 4 is Draw.STATE_FAILED, 5 STATE_ABORTED.
inline constexpr char kOfStandingDraw[] =
    " AND NOT EXISTS (SELECT 1 FROM draw_facts d WHERE d.court = c.court "
    "AND d.draw = c.draw AND d.state IN (4, 5))";

// The full name of what the facts keep the id of; empty for an empty id.
std::string NameFrom(absl::string_view court, absl::string_view collection,
                     absl::string_view id);

// The court's day of a timestamp as DayNumber.
std::int64_t DayNumberOf(const google::protobuf::Timestamp& time);

// Removes the findings that the reviewer struck out: where a person has judged,
// the machine's word does not stand.
void StrikeOut(const grading::v1::Grade& grade,
               grading::v1::Inspection& inspection);

// Rules whose finding counts as 答复过于简化或空洞.
bool IsOverSimplified(absl::string_view rule);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_FACT_COLUMNS_H_

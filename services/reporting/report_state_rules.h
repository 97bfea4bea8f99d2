// A report's life: who may do what to it when, and which words may be edited.
#ifndef HUIFANG_SERVICES_REPORTING_REPORT_STATE_RULES_H_
#define HUIFANG_SERVICES_REPORTING_REPORT_STATE_RULES_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "huifang/reporting/v1/reporting_service.pb.h"

namespace huifang::reporting {

// Each is FAILED_PRECONDITION in the wrong state and names the one it needs.
absl::Status Review(const std::string& principal, absl::Time now,
                    v1::Report& report);
// Four eyes: whoever built or reviewed it is refused.
absl::Status Approve(const std::string& principal, absl::Time now,
                     v1::Report& report);
absl::Status Deliver(absl::Time now, v1::Report& report);
absl::Status Acknowledge(const std::string& principal,
                         const std::string& acknowledgement, absl::Time now,
                         v1::Report& report);

// What a new version that corrects `delivered` has to carry.
// FAILED_PRECONDITION without a reason.
absl::Status Correct(const v1::Report& delivered, const std::string& reason,
                     v1::Report& report);

// Whether `report` may be delivered after `delivered`, the newest that was, if
// any. FAILED_PRECONDITION unless it corrects that one.
absl::Status CheckCorrects(const std::optional<v1::Report>& delivered,
                           const v1::Report& report);

// Leaves what a listing or an event says of a report.
void Outline(v1::Report& report);

// The figures of the whole that read otherwise than in the corrected version.
void NameChanges(const v1::Report& corrected, v1::Report& report);

// Takes the wording over: answers by question, items by number. Numbers stay.
// A review is taken back. NOT_FOUND for an item or question that the report
// does not have.
absl::Status Edit(const v1::UpdateReportRequest& request, v1::Report& report);

// Drafts are not for handlers: what came in between two of them would tell who
// said what.
absl::Status CheckReader(const std::string& role, const v1::Report& report);

// Whether the report has content that can be shown.
absl::Status CheckReadable(const v1::Report& report);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_REPORT_STATE_RULES_H_

// A report's life: who may do what to it when, and which words may be edited.
#ifndef HUIFANG_SERVICES_REPORTING_REPORT_STATE_RULES_H_
#define HUIFANG_SERVICES_REPORTING_REPORT_STATE_RULES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "huifang/reporting/v1/reporting_service.pb.h"

namespace huifang::reporting {

// Each is FAILED_PRECONDITION in the wrong state and names the one it needs.
absl::Status Approve(const std::string& principal, absl::Time now,
                     v1::Report& report);
absl::Status Deliver(absl::Time now, v1::Report& report);
absl::Status Acknowledge(const std::string& principal,
                         const std::string& acknowledgement, absl::Time now,
                         v1::Report& report);

// Takes the wording over: answers by question, items by number. Numbers stay.
// NOT_FOUND for an item or question that the report does not have.
absl::Status Edit(const v1::UpdateReportRequest& request, v1::Report& report);

// Whether the report has content that can be shown.
absl::Status CheckReadable(const v1::Report& report);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_REPORT_STATE_RULES_H_

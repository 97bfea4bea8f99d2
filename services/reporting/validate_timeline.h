#ifndef HUIFANG_SERVICES_REPORTING_VALIDATE_TIMELINE_H_
#define HUIFANG_SERVICES_REPORTING_VALIDATE_TIMELINE_H_

#include "absl/status/status.h"
#include "huifang/reporting/v1/timeline_service.pb.h"

namespace huifang::reporting {

// Names every field at fault: INVALID_ARGUMENT with a BadRequest.
absl::Status Validate(const v1::ListTicketEntriesRequest& request);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_VALIDATE_TIMELINE_H_

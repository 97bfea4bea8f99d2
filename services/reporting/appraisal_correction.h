// 更正 of an appraisal sheet: what the next version says otherwise.
#ifndef HUIFANG_SERVICES_REPORTING_APPRAISAL_CORRECTION_H_
#define HUIFANG_SERVICES_REPORTING_APPRAISAL_CORRECTION_H_

#include <string>

#include "absl/status/status.h"
#include "huifang/reporting/v1/appraisal_resources.pb.h"

namespace huifang::reporting {

// Makes `sheet` the correction of `before`. FAILED_PRECONDITION without a
// reason, and when nothing reads otherwise.
absl::Status CorrectAppraisal(const v1::Appraisal& before,
                              const std::string& reason, v1::Appraisal& sheet);

// Leaves what a listing or an event says of a sheet.
void Outline(v1::Appraisal& sheet);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_APPRAISAL_CORRECTION_H_

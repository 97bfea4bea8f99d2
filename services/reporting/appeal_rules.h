// Whether the appeals (申诉) of a period are over, so that it may be appraised.
#ifndef HUIFANG_SERVICES_REPORTING_APPEAL_RULES_H_
#define HUIFANG_SERVICES_REPORTING_APPEAL_RULES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "huifang/grading/v1/grading_resources.pb.h"
#include "services/reporting/period_rules.h"

namespace huifang::reporting {

// How far the appeals of a period are.
struct AppealStanding {
  std::int64_t open_windows = 0;     // grades that may still be appealed
  absl::Time last_end;               // of all windows; unset without a grade
  std::vector<std::string> appeals;  // open ones, by name
  bool any = false;                  // whether anything was graded
};

// Until when `grade` may be appealed; `untold` is taken for the window of a
// grade that does not say.
absl::Time AppealEnd(const grading::v1::Grade& grade, absl::Duration untold);

// Counts one grade of the period in.
void AddGrade(const grading::v1::Grade& grade, absl::Time now,
              absl::Duration untold, AppealStanding& standing);

// Whether the period may be appraised. FAILED_PRECONDITION says until when to
// wait and which appeals are open.
absl::Status CheckAppraisable(const Span& span, const AppealStanding& standing,
                              absl::Time now);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_APPEAL_RULES_H_

// When callers may be called (拨打时段).
#ifndef HUIFANG_SERVICES_CALLBACK_WINDOW_RULES_H_
#define HUIFANG_SERVICES_CALLBACK_WINDOW_RULES_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "services/callback/period_rules.h"

namespace huifang::callback {

struct CallWindow {
  TimeOfDay begin;
  TimeOfDay end;
};

using IsWorkingDay = absl::FunctionRef<bool(absl::CivilDay)>;

// "09:00-12:00" and so on, in order and apart. INVALID_ARGUMENT if not.
absl::StatusOr<std::vector<CallWindow>> ParseWindows(
    const std::vector<std::string>& windows);

// 09:00 to 12:00 and 14:00 to 17:30.
std::vector<CallWindow> DefaultWindows();

// `time` if it is inside a window of a working day, else the beginning of the
// next one. If no working day comes within 60 days the calendar is taken to be
// wrong, and `time` is returned.
absl::Time NextCallTime(absl::Time time, const std::vector<CallWindow>& windows,
                        IsWorkingDay is_working_day);

// Whether a caller who asked to be called at `appointment` may be called at
// `now` whatever the windows: then, or up to an hour later.
bool IsAppointed(absl::Time appointment, absl::Time now);

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_WINDOW_RULES_H_

#include "services/callback/window_rules.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/common/clock.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

// Who was not called then is called when everybody is.
constexpr absl::Duration kAppointmentLasts = absl::Hours(1);
constexpr int kDaysAhead = 60;

int Minutes(TimeOfDay time) { return time.hour * 60 + time.minute; }

}  // namespace

absl::StatusOr<std::vector<CallWindow>> ParseWindows(
    const std::vector<std::string>& windows) {
  std::vector<CallWindow> parsed;
  int after = 0;
  for (const std::string& text : windows) {
    const std::vector<std::string> ends = absl::StrSplit(text, '-');
    if (ends.size() != 2) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", text, "\" is not HH:MM-HH:MM"));
    }
    CallWindow window;
    ASSIGN_OR_RETURN(window.begin, ParseTimeOfDay(ends[0]));
    ASSIGN_OR_RETURN(window.end, ParseTimeOfDay(ends[1]));
    if (Minutes(window.begin) < after ||
        Minutes(window.end) <= Minutes(window.begin)) {
      return absl::InvalidArgumentError(
          "windows must be in order and must not overlap");
    }
    after = Minutes(window.end);
    parsed.push_back(window);
  }
  return parsed;
}

std::vector<CallWindow> DefaultWindows() {
  return {{{9, 0}, {12, 0}}, {{14, 0}, {17, 30}}};
}

absl::Time NextCallTime(absl::Time time, const std::vector<CallWindow>& windows,
                        IsWorkingDay is_working_day) {
  const absl::CivilDay today = absl::ToCivilDay(time, CourtTimeZone());
  for (int ahead = 0; ahead <= kDaysAhead; ++ahead) {
    const absl::CivilDay day = today + ahead;
    if (!is_working_day(day)) continue;
    for (const CallWindow& window : windows) {
      if (time >= At(day, window.end)) continue;
      return std::max(time, At(day, window.begin));
    }
  }
  return time;
}

bool IsAppointed(absl::Time appointment, absl::Time now) {
  return appointment <= now && now <= appointment + kAppointmentLasts;
}

}  // namespace huifang::callback

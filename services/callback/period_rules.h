// Days and weeks of the court's calendar (Asia/Shanghai), ISO weeks.
#ifndef HUIFANG_SERVICES_CALLBACK_PERIOD_RULES_H_
#define HUIFANG_SERVICES_CALLBACK_PERIOD_RULES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace huifang::callback {

// Whole days, both ends included.
struct Period {
  absl::CivilDay from;
  absl::CivilDay to;
};

// INVALID_ARGUMENT unless `text` is YYYY-MM-DD and a real day from 2000 to
// 2199.
absl::StatusOr<absl::CivilDay> ParseDate(absl::string_view text);
std::string FormatDate(absl::CivilDay day);

absl::Time StartOf(const Period& period);
// The first instant after the period.
absl::Time EndOf(const Period& period);

// "2019-W30" if the period is exactly that ISO week, otherwise "FROM..TO".
std::string PeriodLabel(const Period& period);

absl::CivilDay MondayOf(absl::CivilDay day);

// Monday to Sunday before the week of `now`.
Period PastWeek(absl::Time now);

struct TimeOfDay {
  int hour = 0;
  int minute = 0;
};

// INVALID_ARGUMENT unless `text` is HH:MM, 00:00 to 24:00.
absl::StatusOr<TimeOfDay> ParseTimeOfDay(absl::string_view text);

absl::Time At(absl::CivilDay day, TimeOfDay time);

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_PERIOD_RULES_H_

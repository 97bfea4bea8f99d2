// Weeks and months of a report, in court time (Asia/Shanghai).
#ifndef HUIFANG_SERVICES_REPORTING_PERIOD_RULES_H_
#define HUIFANG_SERVICES_REPORTING_PERIOD_RULES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace huifang::reporting {

// A week (周, ISO 8601, Monday to Sunday) or a calendar month (月).
struct Span {
  enum class Kind { kWeek, kMonth };

  Kind kind = Kind::kWeek;
  absl::CivilDay first;
  absl::CivilDay last;  // inclusive

  friend bool operator==(const Span&, const Span&) = default;
};

// Reads `2019-W30` or `2019-07`. INVALID_ARGUMENT says what is wrong.
absl::StatusOr<Span> ParseSpan(absl::string_view label);

// The other way round.
std::string SpanLabel(const Span& span);

// The week or month `count` before `span`.
Span Before(const Span& span, int count = 1);

// `count` spans that end with `span`, oldest first.
std::vector<Span> SpansUpTo(const Span& span, int count);

// The week or month that a day lies in, and the weeks wholly inside a month
// (none inside a week).
Span WeekOf(absl::CivilDay day);
Span MonthOf(absl::CivilMonth month);
std::vector<Span> WeeksInside(const Span& span);

// 2019年第30周(7月22日至7月28日), or 2019年7月.
std::string SpanTitle(const Span& span);

// First instant of the first day, and of the day after the last one.
absl::Time StartTime(const Span& span);
absl::Time EndTime(const Span& span);

// `2019-07-22`, and back; INVALID_ARGUMENT if it is no such day.
std::string DayText(absl::CivilDay day);
absl::StatusOr<absl::CivilDay> ParseDay(absl::string_view text);

// Days since 1970-01-01, as the facts' day columns hold them.
int DayNumber(absl::CivilDay day);
absl::CivilDay DayOfNumber(int number);

// The court's calendar day of an instant.
absl::CivilDay DayOf(absl::Time time);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_PERIOD_RULES_H_

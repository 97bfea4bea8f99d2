#include "services/callback/period_rules.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/common/clock.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

// Whole numbers of fixed width; SimpleAtoi alone would take signs and spaces.
bool Digits(absl::string_view text, int* value) {
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return false;
  }
  return absl::SimpleAtoi(text, value);
}

}  // namespace

absl::StatusOr<absl::CivilDay> ParseDate(absl::string_view text) {
  int year = 0;
  int month = 0;
  int day = 0;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' ||
      !Digits(text.substr(0, 4), &year) || !Digits(text.substr(5, 2), &month) ||
      !Digits(text.substr(8, 2), &day)) {
    return absl::InvalidArgumentError("must be a day, YYYY-MM-DD");
  }
  const absl::CivilDay parsed(year, month, day);
  // CivilDay carries 2019-02-30 over into March.
  if (parsed.month() != month || parsed.day() != day || year < 2000 ||
      year > 2199) {
    return absl::InvalidArgumentError("must be a real day, 2000 to 2199");
  }
  return parsed;
}

std::string FormatDate(absl::CivilDay day) {
  return absl::FormatCivilTime(day);
}

absl::Time StartOf(const Period& period) {
  return absl::FromCivil(period.from, CourtTimeZone());
}

absl::Time EndOf(const Period& period) {
  return absl::FromCivil(period.to + 1, CourtTimeZone());
}

std::string PeriodLabel(const Period& period) {
  const absl::CivilDay monday = MondayOf(period.from);
  if (monday != period.from || period.to != monday + 6) {
    return absl::StrCat(FormatDate(period.from), "..", FormatDate(period.to));
  }
  // ISO 8601: a week belongs to the year that its Thursday is in.
  const absl::CivilDay thursday = monday + 3;
  const int week = (absl::GetYearDay(thursday) - 1) / 7 + 1;
  return absl::StrFormat("%04d-W%02d", thursday.year(), week);
}

absl::CivilDay MondayOf(absl::CivilDay day) {
  return absl::GetWeekday(day) == absl::Weekday::monday
             ? day
             : absl::PrevWeekday(day, absl::Weekday::monday);
}

Period PastWeek(absl::Time now) {
  const absl::CivilDay monday =
      MondayOf(absl::ToCivilDay(now, CourtTimeZone()));
  return {monday - 7, monday - 1};
}

absl::StatusOr<TimeOfDay> ParseTimeOfDay(absl::string_view text) {
  TimeOfDay time;
  if (text.size() != 5 || text[2] != ':' ||
      !Digits(text.substr(0, 2), &time.hour) ||
      !Digits(text.substr(3, 2), &time.minute) || time.minute > 59 ||
      time.hour > 24 || (time.hour == 24 && time.minute > 0)) {
    return absl::InvalidArgumentError("must be a time of day, HH:MM");
  }
  return time;
}

absl::Time At(absl::CivilDay day, TimeOfDay time) {
  return absl::FromCivil(absl::CivilMinute(day.year(), day.month(), day.day(),
                                           time.hour, time.minute),
                         CourtTimeZone());
}

}  // namespace huifang::callback

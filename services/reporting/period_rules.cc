#include "services/reporting/period_rules.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/common/status_macros.h"

namespace huifang::reporting {
namespace {

constexpr absl::CivilDay kEpoch(1970, 1, 1);

absl::TimeZone CourtZone() { return absl::FixedTimeZone(8 * 60 * 60); }

// The Monday of week 1: the week that holds 4 January.
absl::CivilDay FirstMonday(absl::civil_year_t year) {
  return absl::PrevWeekday(absl::CivilDay(year, 1, 4) + 1,
                           absl::Weekday::monday);
}

Span WeekFrom(absl::CivilDay monday) {
  return {Span::Kind::kWeek, monday, monday + 6};
}

// The year an ISO week belongs to is the year of its Thursday.
absl::civil_year_t WeekYear(absl::CivilDay monday) {
  return (monday + 3).year();
}

absl::Status BadSpan(absl::string_view label) {
  return absl::InvalidArgumentError(absl::StrCat(
      "period \"", label, "\": want a week as 2019-W30 or a month as 2019-07"));
}

bool ReadDigits(absl::string_view text, int& out) {
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return absl::SimpleAtoi(text, &out);
}

}  // namespace

absl::StatusOr<Span> ParseSpan(absl::string_view label) {
  int year = 0;
  int number = 0;
  if (label.size() < 7 || !ReadDigits(label.substr(0, 4), year) ||
      label[4] != '-' || year < 2000 || year > 2199) {
    return BadSpan(label);
  }
  if (label.size() == 8 && label[5] == 'W' &&
      ReadDigits(label.substr(6), number)) {
    const absl::CivilDay monday = FirstMonday(year) + 7 * (number - 1);
    if (number < 1 || WeekYear(monday) != year) {
      return absl::InvalidArgumentError(absl::StrCat(
          "period \"", label, "\": the year ", year, " has no such week"));
    }
    return WeekFrom(monday);
  }
  if (label.size() == 7 && ReadDigits(label.substr(5), number) && number >= 1 &&
      number <= 12) {
    return MonthOf(absl::CivilMonth(year, number));
  }
  return BadSpan(label);
}

std::string SpanLabel(const Span& span) {
  if (span.kind == Span::Kind::kMonth) {
    return absl::StrFormat("%04d-%02d", span.first.year(), span.first.month());
  }
  const absl::civil_year_t year = WeekYear(span.first);
  return absl::StrFormat("%04d-W%02d", year,
                         (span.first - FirstMonday(year)) / 7 + 1);
}

Span Before(const Span& span, int count) {
  if (span.kind == Span::Kind::kWeek) return WeekFrom(span.first - 7 * count);
  return MonthOf(absl::CivilMonth(span.first) - count);
}

std::vector<Span> SpansUpTo(const Span& span, int count) {
  std::vector<Span> spans;
  for (int back = count - 1; back >= 0; --back) {
    spans.push_back(Before(span, back));
  }
  return spans;
}

Span WeekOf(absl::CivilDay day) {
  return WeekFrom(absl::PrevWeekday(day + 1, absl::Weekday::monday));
}

Span MonthOf(absl::CivilMonth month) {
  return {Span::Kind::kMonth, absl::CivilDay(month),
          absl::CivilDay(month + 1) - 1};
}

std::vector<Span> WeeksInside(const Span& span) {
  std::vector<Span> weeks;
  if (span.kind != Span::Kind::kMonth) return weeks;
  absl::CivilDay monday =
      absl::NextWeekday(span.first - 1, absl::Weekday::monday);
  for (; monday + 6 <= span.last; monday += 7) {
    weeks.push_back(WeekFrom(monday));
  }
  return weeks;
}

std::string SpanTitle(const Span& span) {
  if (span.kind == Span::Kind::kMonth) {
    return absl::StrFormat("%d年%d月", span.first.year(), span.first.month());
  }
  const absl::civil_year_t year = WeekYear(span.first);
  return absl::StrFormat("%d年第%d周（%d月%d日至%d月%d日）", year,
                         (span.first - FirstMonday(year)) / 7 + 1,
                         span.first.month(), span.first.day(),
                         span.last.month(), span.last.day());
}

absl::Time StartTime(const Span& span) {
  return absl::FromCivil(span.first, CourtZone());
}

absl::Time EndTime(const Span& span) {
  return absl::FromCivil(span.last + 1, CourtZone());
}

std::string DayText(absl::CivilDay day) {
  return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
}

absl::StatusOr<absl::CivilDay> ParseDay(absl::string_view text) {
  int year = 0;
  int month = 0;
  int day = 0;
  if (text.size() == 10 && text[4] == '-' && text[7] == '-' &&
      ReadDigits(text.substr(0, 4), year) &&
      ReadDigits(text.substr(5, 2), month) &&
      ReadDigits(text.substr(8, 2), day)) {
    const absl::CivilDay read(year, month, day);
    // Civil time normalises 2019-02-30 to March; such a day was not meant.
    if (read.month() == month && read.day() == day) return read;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("day \"", text, "\": want a date as 2019-07-22"));
}

int DayNumber(absl::CivilDay day) { return static_cast<int>(day - kEpoch); }

absl::CivilDay DayOfNumber(int number) { return kEpoch + number; }

absl::CivilDay DayOf(absl::Time time) {
  return absl::ToCivilDay(time, CourtZone());
}

}  // namespace huifang::reporting

#include "clients/cli/import/time_parser.h"

#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "services/common/text.h"

namespace huifang::cli {
namespace {

// Day 0 of spreadsheets' serial dates, whose day 60 is the 29 February 1900
// that never was.
constexpr absl::CivilDay kSerialZero(1899, 12, 30);
constexpr double kSerialMax = 200000;

// What google.protobuf.Timestamp holds: the years 1 to 9999. Without it the
// words "infinite-past" and any large number would pass for times.
bool IsStorable(absl::Time time) {
  return time >= absl::FromUnixSeconds(-62135596800) &&
         time < absl::FromUnixSeconds(253402300800);
}

bool TwoDigits(absl::string_view text, std::size_t at, int& value) {
  if (!absl::ascii_isdigit(static_cast<unsigned char>(text[at])) ||
      !absl::ascii_isdigit(static_cast<unsigned char>(text[at + 1]))) {
    return false;
  }
  value = (text[at] - '0') * 10 + (text[at + 1] - '0');
  return true;
}

// "2019-07-22 09:30:00", the form of nearly all exports, by hand: the general
// parser is several times slower and an import is mostly dates.
std::optional<absl::Time> ParseUsual(absl::string_view text,
                                     absl::TimeZone zone) {
  if (text.size() != 19 || text[4] != '-' || text[7] != '-' ||
      text[10] != ' ' || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  int century = 0, year = 0, month = 0, day = 0;
  int hour = 0, minute = 0, second = 0;
  if (!TwoDigits(text, 0, century) || !TwoDigits(text, 2, year) ||
      !TwoDigits(text, 5, month) || !TwoDigits(text, 8, day) ||
      !TwoDigits(text, 11, hour) || !TwoDigits(text, 14, minute) ||
      !TwoDigits(text, 17, second)) {
    return std::nullopt;
  }
  const absl::CivilSecond civil(century * 100 + year, month, day, hour, minute,
                                second);
  // Civil times carry over; a date that does not exist shows by changing.
  if (civil.month() != month || civil.day() != day || civil.hour() != hour ||
      civil.minute() != minute || civil.second() != second) {
    return std::nullopt;
  }
  return absl::FromCivil(civil, zone);
}

std::optional<absl::Time> ParseNumber(absl::string_view format,
                                      absl::string_view text,
                                      absl::TimeZone zone) {
  double value = 0;
  if (!absl::SimpleAtod(text, &value) || !(value >= 0)) return std::nullopt;
  if (format == "unix_seconds") {
    return absl::UnixEpoch() + absl::Seconds(value);
  }
  if (format == "unix_milliseconds") {
    return absl::UnixEpoch() + absl::Milliseconds(value);
  }
  if (value < 1 || value > kSerialMax) return std::nullopt;
  const int days = static_cast<int>(value);
  // Serials are binary fractions of a day: whole seconds come out by rounding.
  const double seconds = (value - days) * 86400;
  return absl::FromCivil(kSerialZero + days, zone) +
         absl::Seconds(std::llround(seconds));
}

bool HasClock(absl::string_view format) {
  return absl::StrContains(format, "%H") || absl::StrContains(format, "%I") ||
         absl::StrContains(format, "%T") || absl::StrContains(format, "%R") ||
         absl::StrContains(format, "%s") || format[0] != '%';
}

}  // namespace

std::optional<absl::Time> ParseLocalTime(const TimeStyle& style,
                                         absl::string_view raw) {
  const std::string folded = FoldFullWidth(TrimText(raw));
  for (const std::string& format : style.formats) {
    if (format == "%Y-%m-%d %H:%M:%S") {
      const std::optional<absl::Time> time = ParseUsual(folded, style.zone);
      if (time.has_value() && IsStorable(*time)) return time;
      continue;
    }
    if (format[0] != '%' &&
        (format == "excel_serial" || absl::StartsWith(format, "unix_"))) {
      const std::optional<absl::Time> time =
          ParseNumber(format, folded, style.zone);
      if (time.has_value() && IsStorable(*time)) return time;
      continue;
    }
    absl::Time time;
    std::string error;
    if (!absl::ParseTime(format, folded, style.zone, &time, &error)) continue;
    if (style.time_of_day.has_value() && !HasClock(format)) {
      time += *style.time_of_day;
    }
    if (IsStorable(time)) return time;
  }
  return std::nullopt;
}

}  // namespace huifang::cli

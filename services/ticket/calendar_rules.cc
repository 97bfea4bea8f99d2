#include "services/ticket/calendar_rules.h"

#include <cstdlib>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/ticket/calendar_data.h"

namespace huifang::ticket {
namespace {

// A range longer than this is a typing mistake, not a holiday.
constexpr int kRangeDaysMax = 60;
constexpr int kWorkingDaysMax = 1000;
// First December day the next year's notice has been known to touch or might.
constexpr int kLateDecember = 25;

struct DayRange {
  absl::CivilDay first;
  absl::CivilDay last;
};

absl::StatusOr<DayRange> ParseRange(absl::string_view text) {
  const std::pair<absl::string_view, absl::string_view> ends =
      absl::StrSplit(text, absl::MaxSplits("..", 1));
  const absl::StatusOr<absl::CivilDay> first = ParseDay(ends.first);
  if (!first.ok()) return first.status();
  if (ends.second.empty()) return DayRange{*first, *first};
  const absl::StatusOr<absl::CivilDay> last = ParseDay(ends.second);
  if (!last.ok()) return last.status();
  if (*last < *first || *last - *first > kRangeDaysMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("range \"", text, "\" must run forward, at most ",
                     kRangeDaysMax, " days"));
  }
  return DayRange{*first, *last};
}

// `words` are DAYS and LABEL of an `off` or `work` line.
absl::Status AddDays(const std::vector<absl::string_view>& words,
                     const CalendarEntry& kind, CalendarLayer& layer) {
  std::vector<DayRange> ranges;
  std::size_t at = 1;
  for (; at < words.size() && words[at][0] >= '0' && words[at][0] <= '9';
       ++at) {
    const absl::StatusOr<DayRange> range = ParseRange(words[at]);
    if (!range.ok()) return range.status();
    ranges.push_back(*range);
  }
  if (ranges.empty()) {
    return absl::InvalidArgumentError("expected a day YYYY-MM-DD");
  }
  CalendarEntry entry = kind;
  entry.label = absl::StrJoin(words.begin() + static_cast<std::ptrdiff_t>(at),
                              words.end(), " ");
  for (const DayRange& range : ranges) {
    for (absl::CivilDay day = range.first; day <= range.last; ++day) {
      CalendarEntry& slot = layer.entries[day];
      if (entry.notice_year >= slot.notice_year) slot = entry;
    }
  }
  return absl::OkStatus();
}

bool IsWeekday(absl::CivilDay day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday != absl::Weekday::saturday && weekday != absl::Weekday::sunday;
}

}  // namespace

absl::StatusOr<absl::CivilDay> ParseDay(absl::string_view text) {
  absl::CivilDay day;
  int year = 0;
  if (text.size() != 10 || !absl::SimpleAtoi(text.substr(0, 4), &year) ||
      !absl::ParseCivilTime(text, &day) || absl::FormatCivilTime(day) != text ||
      year < 1900 || year > 2200) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" is not a day YYYY-MM-DD"));
  }
  return day;
}

absl::StatusOr<CalendarLayer> ParseCalendarLayer(absl::string_view text) {
  CalendarLayer layer;
  int notice_year = 0;
  int line_number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++line_number;
    line = line.substr(0, line.find('#'));
    const std::vector<absl::string_view> words =
        absl::StrSplit(line, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
    if (words.empty()) continue;
    absl::Status status;
    if (words[0] == "notice") {
      if (words.size() != 2 || !absl::SimpleAtoi(words[1], &notice_year) ||
          notice_year < 1900 || notice_year > 2200) {
        status = absl::InvalidArgumentError("expected `notice YEAR`");
      } else {
        layer.notice_years.insert(notice_year);
      }
    } else if (words[0] == "off" || words[0] == "work") {
      status = AddDays(words, {words[0] == "work", "", notice_year}, layer);
    } else {
      status = absl::InvalidArgumentError(absl::StrCat(
          "unknown word \"", words[0], "\": use notice, off or work"));
    }
    if (!status.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", line_number, ": ", status.message()));
    }
  }
  return layer;
}

WorkingCalendar WorkingCalendar::BuiltIn() {
  static const WorkingCalendar* const kCalendar = [] {
    const absl::StatusOr<CalendarLayer> layer =
        ParseCalendarLayer(BuiltInCalendar());
    // The data is compiled in: failing to read it is a bug, not a fault.
    if (!layer.ok()) std::abort();
    auto* calendar = new WorkingCalendar;
    calendar->AddNotices(*layer, BuiltInCalendarVersion());
    return calendar;
  }();
  return *kCalendar;
}

void WorkingCalendar::AddNotices(const CalendarLayer& layer,
                                 absl::string_view version) {
  for (const auto& [day, entry] : layer.entries) {
    CalendarEntry& slot = notices_[day];
    if (entry.notice_year >= slot.notice_year) slot = entry;
  }
  notice_years_.insert(layer.notice_years.begin(), layer.notice_years.end());
  absl::StrAppend(&version_, version_.empty() ? "" : "+", version);
}

void WorkingCalendar::AddCourtDays(const CalendarLayer& layer,
                                   absl::string_view version) {
  for (const auto& [day, entry] : layer.entries) court_days_[day] = entry;
  absl::StrAppend(&version_, version_.empty() ? "" : "+", version);
}

const CalendarEntry* WorkingCalendar::Find(absl::CivilDay day) const {
  if (const auto it = court_days_.find(day); it != court_days_.end()) {
    return &it->second;
  }
  const auto it = notices_.find(day);
  return it == notices_.end() ? nullptr : &it->second;
}

bool WorkingCalendar::IsWorking(absl::CivilDay day) const {
  const CalendarEntry* entry = Find(day);
  return entry != nullptr ? entry->working : IsWeekday(day);
}

bool WorkingCalendar::IsProvisional(absl::CivilDay day) const {
  if (court_days_.contains(day)) return false;
  const int year = static_cast<int>(day.year());
  if (const auto it = notices_.find(day);
      it != notices_.end() && it->second.notice_year > year) {
    return false;
  }
  if (!notice_years_.contains(year)) return true;
  return day.month() == 12 && day.day() >= kLateDecember &&
         !notice_years_.contains(year + 1);
}

DayVerdict WorkingCalendar::Judge(absl::CivilDay day) const {
  DayVerdict verdict;
  verdict.working = IsWorking(day);
  verdict.provisional = IsProvisional(day);
  const CalendarEntry* entry = Find(day);
  if (entry == nullptr) {
    verdict.why = IsWeekday(day) ? "weekday 工作日" : "weekend 周末";
  } else if (court_days_.contains(day)) {
    verdict.why = absl::StrCat(entry->working ? "court working day 本院上班 "
                                              : "court holiday 本院放假 ",
                               entry->label);
  } else if (entry->working) {
    verdict.why = absl::StrCat("make-up working day 调休上班 ", entry->label);
  } else {
    verdict.why = absl::StrCat("public holiday 法定节假日 ", entry->label);
  }
  if (verdict.provisional) {
    absl::StrAppend(&verdict.why, " (provisional: notice not published)");
  }
  return verdict;
}

absl::StatusOr<WorkingDay> WorkingCalendar::AddWorkingDays(absl::CivilDay day,
                                                           int count) const {
  if (count < 0 || count > kWorkingDaysMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        "working days must be 0 to ", kWorkingDaysMax, ", not ", count));
  }
  WorkingDay result{day, false};
  while (count > 0) {
    ++result.day;
    result.provisional = result.provisional || IsProvisional(result.day);
    if (IsWorking(result.day)) --count;
  }
  return result;
}

int WorkingCalendar::CountWorkingDays(int year) const {
  int count = 0;
  for (absl::CivilDay day(year); day.year() == year; ++day) {
    if (IsWorking(day)) ++count;
  }
  return count;
}

}  // namespace huifang::ticket

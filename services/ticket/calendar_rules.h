#ifndef HUIFANG_SERVICES_TICKET_CALENDAR_RULES_H_
#define HUIFANG_SERVICES_TICKET_CALENDAR_RULES_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace huifang::ticket {

// What one layer says about one day; days it does not list follow the weekday.
struct CalendarEntry {
  bool working = false;
  std::string label;
  // Year of the State Council notice; 0 in a court's own layer.
  int notice_year = 0;
};

// A parsed calendar text: whole notices, or a court's own days.
struct CalendarLayer {
  std::map<absl::CivilDay, CalendarEntry> entries;
  std::set<int> notice_years;
};

// Reads lines of `notice YEAR`, `off DAYS LABEL`, `work DAYS LABEL`, where
// DAYS is one or more of YYYY-MM-DD or YYYY-MM-DD..YYYY-MM-DD; `#` starts a
// comment. Within a text a later notice wins over an earlier one.
// INVALID_ARGUMENT names the line.
absl::StatusOr<CalendarLayer> ParseCalendarLayer(absl::string_view text);

// Why a day counts or not.
struct DayVerdict {
  bool working = false;
  // True while the notice that governs the day is not published, so the answer
  // may still change: no notice of its year, or late December without the next
  // year's, which may move days of it.
  bool provisional = false;
  std::string why;
};

struct WorkingDay {
  absl::CivilDay day;
  bool provisional = false;
};

// Working-day calendar (工作日历): weekdays, the notices over them, and a
// court's own days over both. A value: a change makes a new version, and
// deadlines computed with an older one say so.
class WorkingCalendar {
 public:
  // The built-in notices without any court's days.
  static WorkingCalendar BuiltIn();

  // Adds notices on top: a later notice year wins, and for the same year the
  // layer added last (an emergency change in mid-year). `version` joins this
  // calendar's version.
  void AddNotices(const CalendarLayer& layer, absl::string_view version);

  // Adds a court's own days, which win over every notice.
  void AddCourtDays(const CalendarLayer& layer, absl::string_view version);

  bool IsWorking(absl::CivilDay day) const;
  bool IsProvisional(absl::CivilDay day) const;
  DayVerdict Judge(absl::CivilDay day) const;

  // The `count`-th working day after `day`, not counting `day` itself; `day`
  // when `count` is 0. INVALID_ARGUMENT unless 0 <= count <= 1000.
  absl::StatusOr<WorkingDay> AddWorkingDays(absl::CivilDay day,
                                            int count) const;

  int CountWorkingDays(int year) const;

  const std::string& version() const { return version_; }

 private:
  const CalendarEntry* Find(absl::CivilDay day) const;

  std::map<absl::CivilDay, CalendarEntry> notices_;
  std::map<absl::CivilDay, CalendarEntry> court_days_;
  std::set<int> notice_years_;
  std::string version_;
};

// Parses YYYY-MM-DD strictly: real day, years 1900 to 2200.
absl::StatusOr<absl::CivilDay> ParseDay(absl::string_view text);

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_CALENDAR_RULES_H_

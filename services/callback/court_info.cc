#include "services/callback/court_info.h"

#include "services/callback/period_rules.h"

namespace huifang::callback {
namespace {

constexpr absl::Duration kKeep = absl::Minutes(1);
// After a failed question, before it is asked again.
constexpr absl::Duration kRetry = absl::Seconds(5);

}  // namespace

std::string StaffBook::TeamOf(const std::string& staff) const {
  const auto it = members.find(staff);
  return it == members.end() ? "" : it->second.team;
}

// The clock may have been set back since.
bool CourtInfo::IsKept(absl::Time until) const {
  const absl::Time now = clock_.Now();
  return now < until && until <= now + kKeep;
}

absl::StatusOr<std::shared_ptr<const StaffBook>> CourtInfo::Staff(
    const std::string& court) {
  std::shared_ptr<const StaffBook> old;
  {
    absl::MutexLock lock(&mutex_);
    const auto it = staff_.find(court);
    if (it != staff_.end()) {
      if (IsKept(it->second.until)) return it->second.book;
      old = it->second.book;
    }
  }
  auto book = std::make_shared<StaffBook>();
  const absl::StatusOr<ticket::v1::Directory> directory =
      tickets_.GetDirectory(court);
  if (directory.ok()) {
    for (const ticket::v1::Staff& member : directory->staff()) {
      StaffBook::Member& kept = book->members[member.name()];
      kept.team = member.team();
      kept.role = member.role();
      kept.languages = {member.languages().begin(), member.languages().end()};
      for (const int kind : member.kinds()) {
        kept.kinds.push_back(static_cast<ticket::v1::Kind>(kind));
      }
    }
  } else if (directory.status().code() != absl::StatusCode::kNotFound) {
    if (old != nullptr) return old;
    return directory.status();
  }
  absl::MutexLock lock(&mutex_);
  staff_[court] = {book, clock_.Now() + kKeep};
  return book;
}

bool CourtInfo::IsWorkingDay(const std::string& court, absl::CivilDay day) {
  const int year = static_cast<int>(day.year());
  bool ask = false;
  {
    absl::MutexLock lock(&mutex_);
    const auto it = days_.find({court, year});
    ask = it == days_.end() || !IsKept(it->second.until);
  }
  if (ask) {
    const auto listed = tickets_.GetCalendar(court, year);
    absl::MutexLock lock(&mutex_);
    KeptDays& kept = days_[{court, year}];
    kept.until = clock_.Now() + (listed.ok() ? kKeep : kRetry);
    if (listed.ok()) {
      kept.days.clear();
      for (const ticket::v1::CalendarDay& listed_day : *listed) {
        const auto parsed = ParseDate(listed_day.date());
        if (parsed.ok()) kept.days[*parsed] = listed_day.working();
      }
    }
  }
  absl::MutexLock lock(&mutex_);
  const Days& days = days_[{court, year}].days;
  const auto it = days.find(day);
  if (it != days.end()) return it->second;
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday != absl::Weekday::saturday && weekday != absl::Weekday::sunday;
}

}  // namespace huifang::callback

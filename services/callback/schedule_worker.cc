#include "services/callback/schedule_worker.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/callback/period_rules.h"
#include "services/callback/plan_policy.h"
#include "services/callback/store_util.h"
#include "services/common/clock.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

// Weeks that are made up for after an outage.
constexpr int kCatchUpWeeks = 4;
// No court is closed for longer; a calendar that says so is wrong.
constexpr int kLongestHoliday = 14;

}  // namespace

absl::Time ScheduleWorker::DrawTimeOf(const v1::SamplingPlan& plan,
                                      absl::CivilDay monday) {
  const auto time = ParseTimeOfDay(plan.draw_time().empty() ? kDefaultDrawTime
                                                            : plan.draw_time());
  const std::string court = CourtOfName(plan.name());
  absl::CivilDay day = monday + 7;
  int closed = 0;
  while (closed < kLongestHoliday && !courts_.IsWorkingDay(court, day)) {
    ++closed;
    ++day;
  }
  if (closed == kLongestHoliday) day = monday + 7;
  return At(day, time.value_or(TimeOfDay{8, 30}));
}

absl::Status ScheduleWorker::Work(const huifang::Lease& lease) {
  const std::vector<std::string> parts = absl::StrSplit(lease.task_id, '/');
  if (parts.size() != 3) {
    return absl::InvalidArgumentError("not a task of the schedule");
  }
  ASSIGN_OR_RETURN(const absl::CivilDay monday, ParseDate(parts[2]));
  const absl::StatusOr<v1::SamplingPlan> plan = plans_.Get(parts[0], parts[1]);
  if (absl::IsNotFound(plan.status())) return absl::OkStatus();
  RETURN_IF_ERROR(plan.status());
  // The plan may have changed since the task was queued.
  if (!DrawsWeekly(*plan) || DrawTimeOf(*plan, monday) > clock_.Now()) {
    return absl::OkStatus();
  }
  return office_.CreateScheduled(*plan, {monday, monday + 6});
}

absl::Status ScheduleWorker::EnqueueComing() {
  ASSIGN_OR_RETURN(const std::vector<v1::SamplingPlan> plans,
                   plans_.WeeklyPlans());
  const absl::Time now = clock_.Now();
  const absl::CivilDay this_monday =
      MondayOf(absl::ToCivilDay(now, CourtTimeZone()));
  std::vector<QueueTask> tasks;
  for (const v1::SamplingPlan& plan : plans) {
    ASSIGN_OR_RETURN(const ResourceName name,
                     ParseResourceName(plan.name(), "plans"));
    for (int back = kCatchUpWeeks; back >= 0; --back) {
      const absl::CivilDay monday = this_monday - 7 * back;
      const absl::Time at = DrawTimeOf(plan, monday);
      // A plan does not draw weeks from before it was made, or made weekly.
      if (at < std::max(FromProto(plan.create_time()),
                        FromProto(plan.weekly_since_time()))) {
        continue;
      }
      tasks.push_back(
          {absl::StrCat(name.court, "/", name.id, "/", FormatDate(monday)), "",
           std::max(at - now, absl::ZeroDuration())});
    }
  }
  return queue_.EnqueueAll(tasks).status();
}

}  // namespace huifang::callback

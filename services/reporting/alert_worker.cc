#include "services/reporting/alert_worker.h"

#include <algorithm>
#include <vector>

#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/period_rules.h"

namespace huifang::reporting {
namespace {

// A little more than the reconciler's period, so that nothing is late.
constexpr absl::Duration kSoon = absl::Seconds(90);
// Monday 08:00: the grades of Sunday's tickets have come by then.
constexpr absl::Duration kAfterWeek = absl::Hours(8);

// The last week that may be looked at.
Span ClosedWeek(absl::Time now) {
  const absl::CivilDay day = DayOf(now - kAfterWeek);
  const absl::CivilDay sunday = absl::PrevWeekday(day, absl::Weekday::sunday);
  return {Span::Kind::kWeek, sunday - 6, sunday};
}

}  // namespace

AlertWorker::AlertWorker(LeaseQueue& queue, AlertStore& store,
                         AlertWriter& writer, Clock& clock, Metrics& metrics)
    : queue_(queue),
      store_(store),
      writer_(writer),
      clock_(clock),
      worker_(queue, metrics, {.threads = 1, .batch = 1},
              OneByOne([this](const Lease& lease) { return DoOne(lease); })) {}

absl::Status AlertWorker::EnqueueSoon() {
  const absl::Time now = clock_.Now();
  std::vector<QueueTask> tasks;
  ASSIGN_OR_RETURN(const std::vector<DueAlert> due,
                   store_.Due(now + kSoon, kMostDue));
  for (const DueAlert& alert : due) {
    tasks.push_back({alert.name, "", alert.due_time - now});
  }
  const std::string week = SpanLabel(ClosedWeek(now));
  ASSIGN_OR_RETURN(const std::vector<std::string> courts,
                   store_.CourtsToWatch(week));
  for (const std::string& court : courts) {
    tasks.push_back(
        {MakeResourceName(court, "weeks", week), "", absl::ZeroDuration()});
  }
  return queue_.EnqueueAll(tasks).status();
}

absl::Status AlertWorker::DoOne(const Lease& lease) {
  if (const absl::StatusOr<ResourceName> week =
          ParseResourceName(lease.task_id, "weeks");
      week.ok()) {
    return writer_.Watch(week->court, week->id);
  }
  ASSIGN_OR_RETURN(const ResourceName alert,
                   ParseResourceName(lease.task_id, "alerts"));
  const absl::Status done = writer_.DoDue(alert.court, alert.id);
  return absl::IsNotFound(done) ? absl::OkStatus() : done;
}

}  // namespace huifang::reporting

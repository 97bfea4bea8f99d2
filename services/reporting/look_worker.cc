#include "services/reporting/look_worker.h"

#include <vector>

#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/period_rules.h"

namespace huifang::reporting {
namespace {

// 2019-07-29T08, as the id of a task.
constexpr char kHourFormat[] = "%Y-%m-%dT%H";

}  // namespace

absl::Time LastLook(absl::Time now) {
  const absl::CivilHour hour = absl::ToCivilHour(now, CourtTimeZone());
  absl::CivilHour look{absl::CivilDay(hour)};
  look += hour.hour() >= 14 ? 14 : hour.hour() >= 8 ? 8 : 14 - 24;
  return absl::FromCivil(look, CourtTimeZone());
}

LookWorker::LookWorker(LeaseQueue& queue, AlertStore& store,
                       AlertWriter& writer, Clock& clock, Metrics& metrics)
    : queue_(queue),
      store_(store),
      writer_(writer),
      clock_(clock),
      worker_(queue, metrics, {.threads = 1, .batch = 1},
              OneByOne([this](const Lease& lease) { return DoOne(lease); })) {}

absl::Status LookWorker::EnqueueDue() {
  const absl::Time look = LastLook(clock_.Now());
  ASSIGN_OR_RETURN(const std::vector<std::string> courts,
                   store_.CourtsToLookAt(look, clock_.Now()));
  const std::string hour = absl::FormatTime(kHourFormat, look, CourtTimeZone());
  std::vector<QueueTask> tasks;
  for (const std::string& court : courts) {
    tasks.push_back(
        {MakeResourceName(court, "looks", hour), "", absl::ZeroDuration()});
  }
  return queue_.EnqueueAll(tasks).status();
}

absl::Status LookWorker::DoOne(const Lease& lease) {
  ASSIGN_OR_RETURN(const ResourceName look,
                   ParseResourceName(lease.task_id, "looks"));
  absl::Time hour;
  std::string error;
  if (!absl::ParseTime(kHourFormat, look.id, CourtTimeZone(), &hour, &error)) {
    return absl::InvalidArgumentError(error);
  }
  // Queued by a replica whose clock is ahead.
  if (hour > clock_.Now()) return absl::OkStatus();
  return writer_.Look(look.court, hour);
}

}  // namespace huifang::reporting

#include "services/callback/draw_worker.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/callback/store_util.h"
#include "services/common/log.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

constexpr int kPage = 500;

// Trying again cannot help. A peer that refuses a token or does not know a call
// is set up wrongly: that passes, and a scheduled draw is only made once.
bool IsFinal(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kDataLoss:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string DrawTaskId(const std::string& court, const std::string& draw_id) {
  return absl::StrCat(court, "/", draw_id);
}

absl::Status DrawWorker::Work(const Lease& lease) {
  const std::pair<std::string, std::string> task =
      absl::StrSplit(lease.task_id, absl::MaxSplits('/', 1));
  const auto& [court, draw_id] = task;
  const absl::Status made = maker_.Advance(court, draw_id);
  if (!made.ok() && IsFinal(made)) {
    log::Error("draw_failed", {{"draw", draw_id}, {"error", made.message()}});
    return maker_.Fail(court, draw_id, std::string(made.message()));
  }
  RETURN_IF_ERROR(made);
  return EnqueueCalls(court, draw_id);
}

absl::Status DrawWorker::EnqueueCalls(const std::string& court,
                                      const std::string& draw_id) {
  v1::CallbackFilter filter;
  filter.set_draw(MakeResourceName(court, "draws", draw_id));
  filter.add_states(v1::Callback::STATE_WAITING);
  std::optional<TimeCursor> cursor;
  while (true) {
    ASSIGN_OR_RETURN(const Listing<v1::Callback> page,
                     callbacks_.List(court, filter, cursor, kPage));
    std::vector<OpenCall> calls;
    for (const v1::Callback& callback : page.rows) {
      cursor = CallbackStore::CursorOf(callback);
      calls.push_back(
          {court, cursor->id, FromProto(callback.next_attempt_time())});
    }
    RETURN_IF_ERROR(desk_.Enqueue(calls));
    if (!page.more) return absl::OkStatus();
  }
}

}  // namespace huifang::callback

// What the parts of ReviewDesk share.
#ifndef HUIFANG_SERVICES_GRADING_DESK_EVENTS_H_
#define HUIFANG_SERVICES_GRADING_DESK_EVENTS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "huifang/grading/v1/grading_events.pb.h"
#include "services/common/error.h"
#include "services/common/event_log.h"
#include "services/common/proto_time.h"
#include "services/common/sql.h"
#include "services/grading/review_store.h"

namespace huifang::grading {

inline bool IsOpen(const v1::Review& review) {
  return review.state() == v1::Review::STATE_WAITING ||
         review.state() == v1::Review::STATE_LEASED;
}

// OK if `token` is that of the review's lease.
inline absl::Status CheckLease(const ReviewRow& row, const std::string& token) {
  if (row.review.state() == v1::Review::STATE_LEASED &&
      !row.lease_token.empty() && row.lease_token == token) {
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kAborted, "LEASE_LOST",
                   "this lease no longer holds; lease a review again");
}

// Takes the lease off, whatever comes next.
inline void EndLease(v1::Review::State state, ReviewRow& row) {
  row.review.set_state(state);
  row.review.clear_lease_expire_time();
  row.lease_token.clear();
  if (state != v1::Review::STATE_GRADED) row.review.clear_reviewer();
}

// Fills in court and time.
inline void EmitGradeEvent(sql::Session& session, const std::string& court,
                           absl::Time now, v1::GradeEvent event) {
  event.set_court(court);
  *event.mutable_event_time() = ToTimestamp(now);
  EventLog::Append(session, court, now, event);
}

}  // namespace huifang::grading

#endif  // HUIFANG_SERVICES_GRADING_DESK_EVENTS_H_

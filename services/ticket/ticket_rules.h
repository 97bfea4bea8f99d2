#ifndef HUIFANG_SERVICES_TICKET_TICKET_RULES_H_
#define HUIFANG_SERVICES_TICKET_TICKET_RULES_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "huifang/ticket/v1/ticket_resources.pb.h"

namespace huifang::ticket {

// With all texts. Well below what an event may have (sql::kRecordBytesMax).
inline constexpr std::size_t kTicketBytesMax = std::size_t{1} << 20;

// The life of a ticket (工单流转). Each verb checks its guard, then changes the
// ticket; on an error the ticket is as it was. FAILED_PRECONDITION says which
// state the ticket is in and what may be done in it; INVALID_ARGUMENT names the
// field. Version, etag and update time belong to the store.

// Who is in charge after a dispatch or a transfer.
struct Assignment {
  std::string division;
  std::string team;
  std::string handler;
};

// 即答: OPEN, RETURNED or REOPENED to ANSWERED_AT_DESK, which closes it.
absl::Status Answer(const v1::Reply& reply, absl::Time now, v1::Ticket& ticket);

// 派单: OPEN, RETURNED or REOPENED to DISPATCHED. Only the first dispatch
// starts the clock.
absl::Status Dispatch(const Assignment& to, absl::Time now, v1::Ticket& ticket);

// 签收: DISPATCHED to ACCEPTED. `handler` may be empty: the one assigned.
absl::Status Accept(absl::string_view handler, v1::Ticket& ticket);

// 答复: ACCEPTED to REPLIED; further replies and edits while REPLIED. An edit
// names the revision it replaces, which stays.
absl::Status AddReply(const v1::Reply& reply, absl::Time now,
                      v1::Ticket& ticket);

// 办结: REPLIED to CLOSED.
absl::Status Close(absl::Time now, v1::Ticket& ticket);

// 退单: DISPATCHED or ACCEPTED to RETURNED; counted, and the clock runs on.
absl::Status Return(absl::string_view reason, v1::Ticket& ticket);

// 转办: DISPATCHED or ACCEPTED to DISPATCHED elsewhere; counted, and the clock
// runs on.
absl::Status Transfer(const Assignment& to, absl::string_view reason,
                      v1::Ticket& ticket);

// 重办: CLOSED or ANSWERED_AT_DESK to REOPENED; counted. What was answered and
// when it was first due stay; it is open again, so the close time goes.
absl::Status Reopen(absl::string_view reason, v1::Ticket& ticket);

// 作废: any state that is not closed to CANCELLED. `approver` must be another
// person than `actor`: nobody makes a ticket disappear alone.
absl::Status Cancel(absl::string_view reason, absl::string_view approver,
                    absl::string_view actor, v1::Ticket& ticket);

// CLOSED or ANSWERED_AT_DESK: the only states callbacks are drawn from.
bool IsClosed(v1::Ticket::State state);

// Closed or cancelled: nothing rings any more.
bool IsFinished(v1::Ticket::State state);

// "DISPATCHED", without the enum's prefix.
std::string StateName(v1::Ticket::State state);

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_TICKET_RULES_H_

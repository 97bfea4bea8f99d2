#ifndef HUIFANG_SERVICES_REPORTING_FACTS_STORE_H_
#define HUIFANG_SERVICES_REPORTING_FACTS_STORE_H_

#include "absl/status/status.h"
#include "huifang/callback/v1/callback_events.pb.h"
#include "huifang/grading/v1/grading_events.pb.h"
#include "huifang/ticket/v1/ticket_events.pb.h"
#include "services/common/sql.h"

namespace huifang::reporting {

// Each applies one event of another service in the session's transaction: an
// upsert by (name, version), so that a repeat or an older version changes
// nothing. Events that no report needs are passed over.
absl::Status ApplyTicketEvent(sql::Session& session,
                              const ticket::v1::TicketEvent& event);
absl::Status ApplyCallbackEvent(sql::Session& session,
                                const callback::v1::CallbackEvent& event);
absl::Status ApplyGradeEvent(sql::Session& session,
                             const grading::v1::GradeEvent& event);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_FACTS_STORE_H_

#ifndef HUIFANG_SERVICES_CALLBACK_EVENTS_H_
#define HUIFANG_SERVICES_CALLBACK_EVENTS_H_

#include "absl/time/time.h"
#include "huifang/callback/v1/callback_events.pb.h"
#include "services/common/sql.h"

namespace huifang::callback {

// Each adds an event to the session's transaction.
void EmitDraw(sql::Session& session, v1::CallbackEvent::Type type,
              const v1::Draw& draw, absl::Time time);
void EmitCallback(sql::Session& session, v1::CallbackEvent::Type type,
                  const v1::Callback& callback, absl::Time time);
void EmitConveyance(sql::Session& session, const v1::Conveyance& conveyance,
                    absl::Time time);

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_EVENTS_H_

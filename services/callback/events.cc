#include "services/callback/events.h"

#include "services/callback/store_util.h"
#include "services/common/event_log.h"
#include "services/common/resource_name.h"

namespace huifang::callback {
namespace {

void Emit(sql::Session& session, v1::CallbackEvent::Type type,
          const std::string& name, absl::Time time, v1::CallbackEvent event) {
  const std::string court = CourtOfName(name);
  event.set_court(court);
  event.set_type(type);
  *event.mutable_event_time() = ToProto(time);
  EventLog::Append(session, court, time, event);
}

}  // namespace

void EmitDraw(sql::Session& session, v1::CallbackEvent::Type type,
              const v1::Draw& draw, absl::Time time) {
  v1::CallbackEvent event;
  *event.mutable_draw() = draw;
  Emit(session, type, draw.name(), time, std::move(event));
}

void EmitCallback(sql::Session& session, v1::CallbackEvent::Type type,
                  const v1::Callback& callback, absl::Time time) {
  v1::CallbackEvent event;
  if (!callback.recall_of().empty()) {
    *event.mutable_recall() = callback;
    Emit(session, v1::CallbackEvent::TYPE_RECALL_CHANGED, callback.name(), time,
         std::move(event));
    return;
  }
  *event.mutable_callback() = callback;
  Emit(session, type, callback.name(), time, std::move(event));
}

void EmitConveyance(sql::Session& session, const v1::Conveyance& conveyance,
                    absl::Time time) {
  v1::CallbackEvent event;
  *event.mutable_conveyance() = conveyance;
  Emit(session, v1::CallbackEvent::TYPE_CONVEYANCE_CHANGED, conveyance.name(),
       time, std::move(event));
}

}  // namespace huifang::callback

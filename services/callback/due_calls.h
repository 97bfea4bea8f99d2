#ifndef HUIFANG_SERVICES_CALLBACK_DUE_CALLS_H_
#define HUIFANG_SERVICES_CALLBACK_DUE_CALLS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "huifang/callback/v1/callback_resources.pb.h"
#include "services/callback/callback_store.h"

namespace huifang::callback {

// Due calls one by one, longest due first. First calls and re-calls are read
// apart, each a bounded number: however many re-calls an officer may not make,
// they hide no first call, and the other way round.
class DueCalls {
 public:
  // Of one draw if `draw_id` is not empty.
  DueCalls(CallbackStore& store, std::string court, std::string draw_id,
           absl::Time now)
      : store_(store),
        court_(std::move(court)),
        draw_id_(std::move(draw_id)),
        now_(now) {}

  // Nothing once all were seen, or as many as are looked at.
  absl::StatusOr<std::optional<v1::Callback>> Next();

 private:
  struct Lane {
    bool recalls = false;
    std::vector<v1::Callback> page;
    std::size_t at = 0;
    int pages = 0;
    bool ended = false;
  };
  // The lane's next call, or null.
  absl::StatusOr<const v1::Callback*> Head(Lane& lane);

  CallbackStore& store_;
  const std::string court_;
  const std::string draw_id_;
  const absl::Time now_;
  Lane first_calls_;
  Lane recalls_ = {true, {}, 0, 0, false};
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_DUE_CALLS_H_

#include "services/callback/call_desk.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/callback/contact_store.h"
#include "services/callback/disposition_rules.h"
#include "services/callback/events.h"
#include "services/callback/plan_policy.h"
#include "services/callback/store_util.h"
#include "services/callback/window_rules.h"
#include "services/common/error.h"
#include "services/common/log.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

constexpr int kExpiredPage = 1000;

}  // namespace

std::string CallTaskId(const std::string& court,
                       const std::string& callback_id) {
  return absl::StrCat(court, "/", callback_id);
}

absl::StatusOr<bool> CallDesk::CloseIfBarred(sql::Session& session,
                                             absl::Time now,
                                             StoredCallback& stored) {
  v1::Callback& callback = stored.callback;
  ASSIGN_OR_RETURN(const bool barred,
                   ContactStore::IsBarred(session, CourtOfName(callback.name()),
                                          callback.caller_key(), now));
  if (!barred) return false;
  callback.set_state(v1::Callback::STATE_UNREACHED);
  callback.set_disposition(v1::DISPOSITION_REFUSAL);
  callback.clear_next_attempt_time();
  callback.clear_lease_expire_time();
  stored.lease_token.clear();
  *callback.mutable_complete_time() = ToProto(now);
  *callback.mutable_update_time() = ToProto(now);
  RETURN_IF_ERROR(CallbackStore::Save(session, stored));
  EmitCallback(session, v1::CallbackEvent::TYPE_UNREACHED, callback, now);
  return true;
}

absl::StatusOr<bool> CallDesk::CloseIfExpired(sql::Session& session,
                                              absl::Time now,
                                              StoredCallback& stored) {
  v1::Callback& callback = stored.callback;
  const bool held = callback.state() == v1::Callback::STATE_LEASED &&
                    FromProto(callback.lease_expire_time()) > now;
  const bool open = callback.state() == v1::Callback::STATE_WAITING ||
                    callback.state() == v1::Callback::STATE_LEASED;
  if (!open || held || CallbackStore::ExpireTimeOf(callback) > now) {
    return false;
  }
  callback.set_state(v1::Callback::STATE_EXPIRED);
  callback.clear_officer();
  callback.clear_officer_staff();
  callback.clear_next_attempt_time();
  callback.clear_appointment_time();
  callback.clear_lease_expire_time();
  stored.lease_token.clear();
  *callback.mutable_complete_time() = ToProto(now);
  *callback.mutable_update_time() = ToProto(now);
  RETURN_IF_ERROR(CallbackStore::Save(session, stored));
  EmitCallback(session, v1::CallbackEvent::TYPE_RECALL_CHANGED, callback, now);
  return true;
}

absl::Status CallDesk::ExpireRecalls() {
  while (true) {
    ASSIGN_OR_RETURN(
        const std::vector<OpenCall> calls,
        parts_.callbacks.ExpiredRecalls(parts_.clock.Now(), kExpiredPage));
    for (const OpenCall& call : calls) {
      bool expired = false;
      RETURN_IF_ERROR(parts_.db.Write(
          call.court, [&](sql::Session& session) -> absl::Status {
            ASSIGN_OR_RETURN(expired, Expire(session, call));
            return absl::OkStatus();
          }));
      if (!expired) continue;
      RETURN_IF_ERROR(
          parts_.queue.Cancel(CallTaskId(call.court, call.callback_id)));
    }
    if (calls.size() < kExpiredPage) return absl::OkStatus();
  }
}

absl::StatusOr<bool> CallDesk::Expire(sql::Session& session,
                                      const OpenCall& call) {
  ASSIGN_OR_RETURN(StoredCallback stored,
                   CallbackStore::Load(session, call.court, call.callback_id));
  ASSIGN_OR_RETURN(const bool expired,
                   CloseIfExpired(session, parts_.clock.Now(), stored));
  // An older program left the column empty: it is written now, or the call
  // would be found again and again.
  if (!expired) RETURN_IF_ERROR(CallbackStore::Save(session, stored));
  return expired;
}

// A call that is held was given out before its caller was barred.
absl::StatusOr<bool> CallDesk::StillHeld(const std::string& court,
                                         const StoredCallback& held) {
  bool barred = false;
  v1::Callback closed;
  const absl::Status looked =
      parts_.db.Write(court, [&](sql::Session& session) -> absl::Status {
        ASSIGN_OR_RETURN(
            StoredCallback stored,
            LoadHeld(session, held.callback.name(), held.lease_token));
        ASSIGN_OR_RETURN(barred,
                         CloseIfBarred(session, parts_.clock.Now(), stored));
        closed = std::move(stored.callback);
        return absl::OkStatus();
      });
  // Settled or lost since it was found.
  if (absl::IsAborted(looked) || absl::IsFailedPrecondition(looked)) {
    return false;
  }
  RETURN_IF_ERROR(looked);
  if (barred) Settle(closed);
  return !barred;
}

absl::StatusOr<bool> CallDesk::CallerIsFree(sql::Session& session,
                                            absl::Time now,
                                            StoredCallback& stored) {
  v1::Callback& callback = stored.callback;
  const std::string court = CourtOfName(callback.name());
  ASSIGN_OR_RETURN(const bool expired, CloseIfExpired(session, now, stored));
  if (expired) return false;
  ASSIGN_OR_RETURN(const bool barred, CloseIfBarred(session, now, stored));
  if (barred) return false;
  ASSIGN_OR_RETURN(const v1::SamplingPlan plan,
                   PlanOf(session, callback.draw()));
  ASSIGN_OR_RETURN(
      ContactHistory contact,
      ContactStore::Load(session, court, callback.caller_key(), now));
  if (callback.attempts_size() > 0 &&
      callback.attempts().rbegin()->outcome() == v1::OUTCOME_REFUSED) {
    // The pause is for other tickets; this one waited as its plan says.
    contact.paused_until = absl::InfinitePast();
  }
  // Another officer may be talking to them about another ticket.
  ASSIGN_OR_RETURN(const absl::Time held,
                   CallbackStore::CallerHeldUntil(session, callback, now));
  const bool appointed =
      callback.has_appointment_time() &&
      IsAppointed(FromProto(callback.appointment_time()), now);
  const absl::Time free = std::max(
      held, EarliestCall(contact, appointed, now, AttemptPolicyOf(plan)));
  if (free <= now) return true;
  callback.set_state(v1::Callback::STATE_WAITING);
  callback.clear_officer();
  callback.clear_officer_staff();
  callback.clear_lease_expire_time();
  stored.lease_token.clear();
  *callback.mutable_next_attempt_time() = ToProto(free);
  *callback.mutable_update_time() = ToProto(now);
  RETURN_IF_ERROR(CallbackStore::Save(session, stored));
  return false;
}

absl::StatusOr<StoredCallback> CallDesk::LoadHeld(sql::Session& session,
                                                  const std::string& name,
                                                  const std::string& token) {
  ASSIGN_OR_RETURN(const ResourceName parsed,
                   ParseResourceName(name, "callbacks"));
  ASSIGN_OR_RETURN(StoredCallback stored,
                   CallbackStore::Load(session, parsed.court, parsed.id));
  const v1::Callback::State state = stored.callback.state();
  if (state == v1::Callback::STATE_COMPLETED ||
      state == v1::Callback::STATE_UNREACHED ||
      state == v1::Callback::STATE_WITHDRAWN ||
      state == v1::Callback::STATE_EXPIRED) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "CLOSED",
                     "the call is closed already");
  }
  // A lease that only ran out is still good: nobody else has the call.
  if (state != v1::Callback::STATE_LEASED || token.empty() ||
      stored.lease_token != token) {
    return MakeError(absl::StatusCode::kAborted, "LEASE_LOST",
                     "you no longer hold this call; lease it again");
  }
  return stored;
}

// The queue follows the database. What fails here the reconciler makes good.
void CallDesk::Settle(const v1::Callback& callback) {
  const std::string task =
      CallTaskId(CourtOfName(callback.name()), IdOf(callback.name()));
  absl::Status status = parts_.queue.Cancel(task);
  if (status.ok() && callback.state() == v1::Callback::STATE_WAITING) {
    const absl::Duration delay =
        FromProto(callback.next_attempt_time()) - parts_.clock.Now();
    status =
        parts_.queue.Enqueue({task, "", std::max(delay, absl::ZeroDuration())})
            .status();
  }
  if (!status.ok()) {
    log::Warning("call_not_settled",
                 {{"callback", callback.name()}, {"error", status.message()}});
  }
}

absl::Status CallDesk::Enqueue(const std::vector<OpenCall>& calls) {
  std::vector<QueueTask> tasks;
  for (const OpenCall& call : calls) {
    tasks.push_back(
        {CallTaskId(call.court, call.callback_id), "",
         std::max(call.due_time - parts_.clock.Now(), absl::ZeroDuration())});
  }
  if (tasks.empty()) return absl::OkStatus();
  return parts_.queue.EnqueueAll(tasks).status();
}

}  // namespace huifang::callback

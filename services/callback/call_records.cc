// The part of CallDesk that takes what came of a call.
#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/callback/call_desk.h"
#include "services/callback/contact_store.h"
#include "services/callback/disposition_rules.h"
#include "services/callback/events.h"
#include "services/callback/interview.h"
#include "services/callback/plan_policy.h"
#include "services/callback/recall_rules.h"
#include "services/callback/recalls.h"
#include "services/callback/rule_changes.h"
#include "services/callback/script_store.h"
#include "services/callback/store_util.h"
#include "services/callback/validate.h"
#include "services/common/error.h"
#include "services/common/ids.h"
#include "services/common/log.h"
#include "services/common/mask_numbers.h"
#include "services/common/request_log.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

// What is handed back when the plan, and no officer's words, asks for it.
constexpr char kUnsolved[] = "当事人反映问题未解决";

void AddAttempt(const rpc::Call& call, v1::Outcome outcome, double minutes,
                const std::string& note, absl::Time now,
                v1::Callback& callback) {
  v1::Attempt& attempt = *callback.add_attempts();
  attempt.set_number(callback.attempts_size());
  *attempt.mutable_start_time() = ToProto(now - absl::Minutes(minutes));
  attempt.set_outcome(outcome);
  attempt.set_minutes(minutes);
  attempt.set_note(MaskNumbers(note));
  attempt.set_officer(call.principal);
  attempt.set_outside_windows(callback.outside_windows());
  callback.clear_outside_windows();
  callback.set_total_minutes(callback.total_minutes() + minutes);
}

std::vector<Tried> TriedOf(const v1::Callback& callback) {
  std::vector<Tried> tried;
  for (const v1::Attempt& attempt : callback.attempts()) {
    tried.push_back({static_cast<Outcome>(attempt.outcome()),
                     FromProto(attempt.start_time())});
  }
  return tried;
}

// The caller was called, whatever about: counts for their other tickets too.
absl::Status NoteContact(sql::Session& session, const v1::Callback& callback,
                         v1::Outcome outcome, const AttemptPolicy& policy,
                         absl::Time now) {
  if (outcome == v1::OUTCOME_NO_NUMBER) return absl::OkStatus();
  return ContactStore::AddCall(
      session, CourtOfName(callback.name()), callback.caller_key(), now,
      outcome == v1::OUTCOME_REFUSED ? now + policy.refusal_pause
                                     : absl::InfinitePast());
}

// The lease is over, and the call with it or not.
void EndLease(absl::Time now, StoredCallback& stored) {
  stored.lease_token.clear();
  stored.callback.clear_lease_expire_time();
  *stored.callback.mutable_update_time() = ToProto(now);
}

// A re-call that its caller made an appointment for is kept until after it.
void PutOffExpiry(absl::Time appointment, v1::Callback& callback) {
  if (callback.recall_of().empty()) return;
  *callback.mutable_expire_time() = ToProto(std::max(
      CallbackStore::ExpireTimeOf(callback), appointment + absl::Hours(24)));
}

// The caller's words as a task for the one in charge.
v1::Conveyance ConveyanceOf(const v1::CompleteCallbackRequest& request,
                            const v1::SamplingPlan& plan, bool reopen,
                            const v1::Callback& callback, absl::Time now) {
  v1::Conveyance conveyance;
  conveyance.set_name(
      MakeResourceName(CourtOfName(callback.name()), "conveyances",
                       DerivedUuid(absl::StrCat(callback.name(), "|convey"))));
  conveyance.set_callback(callback.name());
  conveyance.set_ticket(callback.ticket());
  conveyance.set_division(callback.division());
  conveyance.set_handler(callback.handler());
  conveyance.set_officer(callback.officer());
  conveyance.set_blind(!callback.recall().empty() ||
                       !callback.recall_of().empty());
  conveyance.set_text(request.convey_text().empty()
                          ? kUnsolved
                          : MaskNumbers(request.convey_text()));
  conveyance.set_reopen_ticket(reopen);
  conveyance.set_remind_after_days(plan.remind_after_days() > 0
                                       ? plan.remind_after_days()
                                       : kDefaultReminderDays);
  conveyance.set_state(v1::Conveyance::STATE_PENDING);
  *conveyance.mutable_create_time() = ToProto(now);
  return conveyance;
}

}  // namespace

absl::StatusOr<v1::Draw> CallDesk::DrawOf(sql::Session& session,
                                          const std::string& draw_name) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(draw_name, "draws"));
  ASSIGN_OR_RETURN(StoredDraw stored,
                   DrawStore::Load(session, name.court, name.id));
  return std::move(stored.draw);
}

absl::StatusOr<v1::SamplingPlan> CallDesk::PlanOf(
    sql::Session& session, const std::string& draw_name) {
  ASSIGN_OR_RETURN(v1::Draw draw, DrawOf(session, draw_name));
  return std::move(*draw.mutable_applied_plan());
}

absl::StatusOr<v1::Callback> CallDesk::Extend(
    const rpc::Call& call, const v1::ExtendCallbackRequest& request) {
  v1::Callback extended;
  bool barred = false;
  RETURN_IF_ERROR(
      parts_.db.Write(call.court, [&](sql::Session& session) -> absl::Status {
        ASSIGN_OR_RETURN(
            StoredCallback stored,
            LoadHeld(session, request.name(), request.lease_token()));
        const absl::Time now = parts_.clock.Now();
        ASSIGN_OR_RETURN(barred, CloseIfBarred(session, now, stored));
        extended = stored.callback;
        if (barred) return absl::OkStatus();
        *stored.callback.mutable_lease_expire_time() =
            ToProto(now + parts_.lease);
        *stored.callback.mutable_update_time() = ToProto(now);
        RETURN_IF_ERROR(CallbackStore::Save(session, stored));
        extended = stored.callback;
        return absl::OkStatus();
      }));
  if (barred) {
    Settle(extended);
    return MakeError(absl::StatusCode::kFailedPrecondition, "DO_NOT_CALL",
                     "the caller is not to be called any more; the call is "
                     "closed");
  }
  // The queue need not know: until its own lease ends nobody is offered the
  // call, and after that the database refuses.
  return extended;
}

absl::StatusOr<v1::Callback> CallDesk::Record(
    const rpc::Call& call, const v1::RecordAttemptRequest& request) {
  // Brings the calendar into memory: the transaction must not ask a peer.
  const absl::CivilDay today =
      absl::ToCivilDay(parts_.clock.Now(), CourtTimeZone());
  parts_.courts.IsWorkingDay(call.court, today);
  parts_.courts.IsWorkingDay(call.court, today + 90);
  v1::Callback recorded;
  const auto record = [&](sql::Session& session) -> absl::Status {
    RETURN_IF_ERROR(ValidateAppointment(request, parts_.clock.Now()));
    ASSIGN_OR_RETURN(StoredCallback stored,
                     LoadHeld(session, request.name(), request.lease_token()));
    ASSIGN_OR_RETURN(const v1::SamplingPlan plan,
                     PlanOf(session, stored.callback.draw()));
    v1::Callback& callback = stored.callback;
    const absl::Time now = parts_.clock.Now();
    AddAttempt(call, request.outcome(), request.minutes(), request.note(), now,
               callback);
    std::optional<absl::Time> appointment;
    callback.clear_appointment_time();
    if (request.has_appointment_time()) {
      appointment = FromProto(request.appointment_time());
      *callback.mutable_appointment_time() = request.appointment_time();
      PutOffExpiry(*appointment, callback);
    }
    const AttemptPolicy policy = AttemptPolicyOf(plan);
    RETURN_IF_ERROR(
        NoteContact(session, callback, request.outcome(), policy, now));
    const NextStep next = DecideNextStep(
        TriedOf(callback), now, appointment, policy, [&](absl::CivilDay day) {
          return plan.attempt_rule().any_day() ||
                 parts_.courts.IsWorkingDay(call.court, day);
        });
    EndLease(now, stored);
    callback.set_simulated(callback.simulated() || request.simulated());
    const bool open = next.disposition == Disposition::kOpen;
    if (open) {
      callback.set_state(v1::Callback::STATE_WAITING);
      *callback.mutable_next_attempt_time() = ToProto(next.next_attempt_time);
    } else {
      callback.set_state(v1::Callback::STATE_UNREACHED);
      callback.set_disposition(static_cast<v1::Disposition>(next.disposition));
      callback.clear_next_attempt_time();
      *callback.mutable_complete_time() = ToProto(now);
    }
    RETURN_IF_ERROR(CallbackStore::Save(session, stored));
    EmitCallback(session,
                 open ? v1::CallbackEvent::TYPE_ATTEMPTED
                      : v1::CallbackEvent::TYPE_UNREACHED,
                 callback, now);
    recorded = callback;
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(
      parts_.db.Write(call.court, [&](sql::Session& session) -> absl::Status {
        return RunOnce(session,
                       {call.court, "RecordAttempt", request.request_id()},
                       parts_.clock.Now(), request, recorded,
                       [&] { return record(session); });
      }));
  Settle(recorded);
  return recorded;
}

absl::Status CallDesk::QueueRecall(sql::Session& session, const v1::Draw& draw,
                                   absl::Time now, v1::Callback& first) {
  if (draw.state() != v1::Draw::STATE_DRAWN ||
      first.disposition() != v1::DISPOSITION_COMPLETE ||
      !IsRecalled(draw.seed(), IdOf(first.ticket()),
                  draw.applied_plan().recall_share())) {
    return absl::OkStatus();
  }
  StoredCallback again;
  again.callback = RecallOf(first, RecallLifeOf(draw.applied_plan()), now);
  first.set_recall(again.callback.name());
  RETURN_IF_ERROR(CallbackStore::Insert(session, again).status());
  EmitCallback(session, v1::CallbackEvent::TYPE_QUEUED, again.callback, now);
  return absl::OkStatus();
}

void CallDesk::EnqueueAfter(const v1::Callback& completed) {
  absl::Status queued;
  if (!completed.conveyance().empty()) {
    queued = parts_.convey_queue
                 .Enqueue({completed.conveyance(), "", absl::ZeroDuration()})
                 .status();
  }
  if (!completed.recall().empty()) {
    queued.Update(
        Enqueue({{CourtOfName(completed.recall()), IdOf(completed.recall()),
                  FromProto(completed.complete_time()) + kRecallDelay}}));
  }
  if (!queued.ok()) {
    log::Warning("not_queued_after_interview",
                 {{"callback", completed.name()}, {"error", queued.message()}});
  }
}

absl::StatusOr<v1::Callback> CallDesk::Complete(
    const rpc::Call& call, const v1::CompleteCallbackRequest& request) {
  v1::Callback completed;
  const auto complete = [&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(StoredCallback stored,
                     LoadHeld(session, request.name(), request.lease_token()));
    v1::Callback& callback = stored.callback;
    ASSIGN_OR_RETURN(const v1::Draw draw, DrawOf(session, callback.draw()));
    const v1::SamplingPlan& plan = draw.applied_plan();
    ASSIGN_OR_RETURN(const RuleInForce rule, RuleInForceFor(session, draw));
    ASSIGN_OR_RETURN(
        const v1::Script script,
        ScriptStore::Load(session, ScriptOfPlan(plan, call.court)));
    v1::Items items;
    RETURN_IF_ERROR(CheckInterview(request, script, rule.policy, items));
    const absl::Time now = parts_.clock.Now();
    AddAttempt(
        call,
        request.broken_off() ? v1::OUTCOME_BROKEN_OFF : v1::OUTCOME_COMPLETED,
        request.minutes(), request.note(), now, callback);
    RETURN_IF_ERROR(NoteContact(session, callback, v1::OUTCOME_COMPLETED,
                                AttemptPolicyOf(plan), now));
    EndLease(now, stored);
    TakeInterview(request, script, rule, items, now, callback);
    RETURN_IF_ERROR(NoteSnippets(session, request,
                                 absl::ToCivilDay(now, CourtTimeZone()),
                                 parts_.snippet_stale_days, callback));
    const bool again = !callback.recall_of().empty();
    if (again) {
      ASSIGN_OR_RETURN(
          const StoredCallback first,
          CallbackStore::Load(session, call.court, IdOf(callback.recall_of())));
      stored.recall_differs = Compare(first.callback, callback).differs();
    } else {
      RETURN_IF_ERROR(QueueRecall(session, draw, now, callback));
    }
    // What the plan asks for was done after the first interview.
    const bool unsolved =
        !again && plan.reopen_unsolved() && items.solved() == v1::ANSWER_NO;
    if (!request.convey_text().empty() || unsolved) {
      v1::Conveyance conveyance = ConveyanceOf(
          request, plan, request.reopen_ticket() || unsolved, callback, now);
      RETURN_IF_ERROR(ConveyanceStore::Insert(session, conveyance));
      EmitConveyance(session, conveyance, now);
      callback.set_conveyance(conveyance.name());
    }
    RETURN_IF_ERROR(CallbackStore::Save(session, stored));
    EmitCallback(session, v1::CallbackEvent::TYPE_COMPLETED, callback, now);
    completed = callback;
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(
      parts_.db.Write(call.court, [&](sql::Session& session) -> absl::Status {
        return RunOnce(session,
                       {call.court, "CompleteCallback", request.request_id()},
                       parts_.clock.Now(), request, completed,
                       [&] { return complete(session); });
      }));
  Settle(completed);
  EnqueueAfter(completed);
  return completed;
}

absl::StatusOr<v1::Callback> CallDesk::Release(
    const rpc::Call& call, const v1::ReleaseCallbackRequest& request) {
  const std::string relation_id = NewUuid7(parts_.clock.Now());
  v1::Callback released;
  RETURN_IF_ERROR(
      parts_.db.Write(call.court, [&](sql::Session& session) -> absl::Status {
        ASSIGN_OR_RETURN(
            StoredCallback stored,
            LoadHeld(session, request.name(), request.lease_token()));
        const absl::Time now = parts_.clock.Now();
        v1::Callback& callback = stored.callback;
        EndLease(now, stored);
        callback.set_state(v1::Callback::STATE_WAITING);
        callback.clear_officer();
        callback.clear_officer_staff();
        RETURN_IF_ERROR(CallbackStore::Save(session, stored));
        if (request.recuse()) {
          v1::Relation relation;
          relation.set_name(
              MakeResourceName(call.court, "relations", relation_id));
          relation.set_officer(call.principal);
          relation.set_subject(callback.ticket());
          relation.set_reason(MaskNumbers(request.reason()));
          relation.set_declarer(call.principal);
          *relation.mutable_create_time() = ToProto(now);
          RETURN_IF_ERROR(PlanStore::InsertRelation(session, relation));
        }
        released = callback;
        return absl::OkStatus();
      }));
  Settle(released);
  return released;
}

}  // namespace huifang::callback

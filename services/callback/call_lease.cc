// The part of CallDesk that hands calls out.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/callback/call_desk.h"
#include "services/callback/due_calls.h"
#include "services/callback/independence_rules.h"
#include "services/callback/period_rules.h"
#include "services/callback/plan_policy.h"
#include "services/callback/script_store.h"
#include "services/callback/store_util.h"
#include "services/callback/window_rules.h"
#include "services/common/crypto.h"
#include "services/common/error.h"
#include "services/common/log.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

constexpr std::size_t kTokenBytes = 16;
// The queue's lease until the database has the officer's: whoever dies between
// the two hides the call for no longer.
constexpr absl::Duration kClaim = absl::Seconds(10);

// Mandarin needs no mention.
bool Speaks(const v1::LeaseCallbackRequest& request,
            absl::string_view language) {
  const std::string main(language.substr(0, language.find('-')));
  if (main.empty() || main == "zh" || main == "cmn") return true;
  return std::any_of(request.languages().begin(), request.languages().end(),
                     [&](absl::string_view spoken) {
                       return spoken.substr(0, spoken.find('-')) == main;
                     });
}

bool KnowsAbout(const v1::LeaseCallbackRequest& request,
                ticket::v1::Kind kind) {
  return request.kinds().empty() ||
         std::find(request.kinds().begin(), request.kinds().end(), kind) !=
             request.kinds().end();
}

// What the officer does not say about themselves is in the directory.
v1::LeaseCallbackRequest WithSkills(v1::LeaseCallbackRequest request,
                                    const StaffBook& staff,
                                    const std::string& officer) {
  const auto known = staff.members.find(officer);
  if (known == staff.members.end()) return request;
  if (request.languages().empty()) {
    for (const std::string& language : known->second.languages) {
      request.add_languages(language);
    }
  }
  if (request.kinds().empty()) {
    for (const ticket::v1::Kind kind : known->second.kinds) {
      request.add_kinds(kind);
    }
  }
  return request;
}

CallSubject SubjectOf(const v1::Callback& callback, const StaffBook& staff) {
  return {.ticket = callback.ticket(),
          .handler = callback.handler(),
          .team = callback.team(),
          .handler_team = staff.TeamOf(callback.handler()),
          .division = callback.division(),
          .callers_before = {callback.excluded_officers().begin(),
                             callback.excluded_officers().end()}};
}

absl::Status HoldsAnother(const v1::Callback& held) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "HOLDS_ANOTHER",
      absl::StrCat("you hold ", held.name(), "; record or release it first"));
}

}  // namespace

absl::StatusOr<CallDesk::Officer> CallDesk::OfficerOf(
    const rpc::Call& call, const std::string& named) {
  Officer officer{call.principal, call.staff, "", call.role};
  if (officer.staff.empty()) officer.staff = named;
  if (!named.empty() && officer.staff != named) {
    return MakeError(absl::StatusCode::kPermissionDenied, "OTHER_OFFICER",
                     "officer: the token belongs to another member of staff");
  }
  if (officer.staff.empty()) {
    // Nobody would be independent of somebody unknown.
    return MakeError(absl::StatusCode::kFailedPrecondition, "NO_STAFF",
                     "officer: the token does not say who you are in the "
                     "directory; name your staff");
  }
  ASSIGN_OR_RETURN(const std::shared_ptr<const StaffBook> staff,
                   parts_.courts.Staff(call.court));
  officer.team = staff->TeamOf(officer.staff);
  return officer;
}

absl::StatusOr<bool> CallDesk::MayCall(
    const Officer& officer, const v1::LeaseCallbackRequest& request,
    const v1::Callback& callback, const StaffBook& staff,
    const std::vector<v1::Relation>& relations) {
  if (!Speaks(request, callback.language_code()) ||
      !KnowsAbout(request, callback.kind())) {
    return false;
  }
  // Others may read what was said the first time.
  if (!callback.recall_of().empty() && officer.role != "officer") return false;
  std::vector<DeclaredRelation> declared;
  for (const v1::Relation& relation : relations) {
    declared.push_back({relation.officer(), relation.subject()});
  }
  return FindConflict({officer.principal, officer.staff, officer.team},
                      SubjectOf(callback, staff), declared) == Conflict::kNone;
}

absl::Status CallDesk::CheckWindow(const std::string& court,
                                   const v1::Callback& callback) {
  const absl::Time now = parts_.clock.Now();
  if (callback.has_appointment_time() &&
      IsAppointed(FromProto(callback.appointment_time()), now)) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const StoredDraw stored,
                   parts_.draws.Get(court, IdOf(callback.draw())));
  const v1::SamplingPlan& plan = stored.draw.applied_plan();
  const absl::Time open =
      NextCallTime(now, AttemptPolicyOf(plan).windows, [&](absl::CivilDay day) {
        return plan.attempt_rule().any_day() ||
               parts_.courts.IsWorkingDay(court, day);
      });
  if (open <= now) return absl::OkStatus();
  const std::string when =
      absl::FormatTime("%Y-%m-%d %H:%M", open, CourtTimeZone());
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "OUTSIDE_CALL_WINDOW",
      absl::StrCat("callers may be called from ", when,
                   "; set ignore_windows to call now all the same"),
      {{"open_time", when}});
}

absl::StatusOr<v1::LeaseCallbackResponse> CallDesk::Lease(
    const rpc::Call& call, const v1::LeaseCallbackRequest& asked) {
  ASSIGN_OR_RETURN(const Officer officer, OfficerOf(call, asked.officer()));
  ASSIGN_OR_RETURN(const std::shared_ptr<const StaffBook> staff,
                   parts_.courts.Staff(call.court));
  const v1::LeaseCallbackRequest request =
      WithSkills(asked, *staff, officer.staff);
  ASSIGN_OR_RETURN(
      std::optional<StoredCallback> held,
      parts_.callbacks.HeldBy(call.court, call.principal, parts_.clock.Now()));
  if (held.has_value() && !request.callback().empty() &&
      held->callback.name() != request.callback()) {
    return HoldsAnother(held->callback);
  }
  if (held.has_value()) {
    ASSIGN_OR_RETURN(const bool still, StillHeld(call.court, *held));
    if (!still) held.reset();
  }
  if (!held.has_value()) {
    ASSIGN_OR_RETURN(held, request.callback().empty()
                               ? LeaseDue(officer, request)
                               : LeaseNamed(officer, call.court, request));
  }
  v1::LeaseCallbackResponse response;
  *response.mutable_callback() = held->callback;
  response.set_lease_token(held->lease_token);
  *response.mutable_expire_time() = held->callback.lease_expire_time();
  RETURN_IF_ERROR(AddScript(held->callback, response));
  // If the ticket service is away now, the officer asks again and gets the
  // same call.
  const std::string& ticket = held->callback.ticket();
  ASSIGN_OR_RETURN(*response.mutable_ticket(),
                   parts_.tickets.GetTicket(ticket));
  if (!held->callback.recall_of().empty()) {
    // Whether it was taken up again tells what the caller said.
    ticket::v1::Ticket& seen = *response.mutable_ticket();
    seen.clear_state();
    seen.clear_reopen_count();
    seen.clear_version();
    seen.clear_etag();
    seen.clear_update_time();
    *seen.mutable_close_time() = held->callback.ticket_close_time();
  }
  ASSIGN_OR_RETURN(const ticket::v1::Caller caller,
                   parts_.tickets.RevealCaller(
                       ticket, absl::StrCat("回访 ", held->callback.name(),
                                            " by ", call.principal)));
  response.set_phone(caller.phone());
  response.set_display_name(caller.display_name());
  response.set_language_code(caller.language_code());
  return response;
}

absl::Status CallDesk::AddScript(const v1::Callback& callback,
                                 v1::LeaseCallbackResponse& response) {
  const absl::CivilDay today =
      absl::ToCivilDay(parts_.clock.Now(), CourtTimeZone());
  return parts_.db.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::SamplingPlan plan,
                     PlanOf(session, callback.draw()));
    ASSIGN_OR_RETURN(
        *response.mutable_script(),
        ScriptStore::Load(session,
                          ScriptOfPlan(plan, CourtOfName(callback.name()))));
    ASSIGN_OR_RETURN(std::vector<v1::Snippet> snippets,
                     SnippetsFor(session, callback, response.script()));
    response.clear_snippets();
    for (v1::Snippet& snippet : snippets) {
      MarkStale(today, parts_.snippet_stale_days, snippet);
      *response.add_snippets() = std::move(snippet);
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<StoredCallback> CallDesk::LeaseDue(
    const Officer& officer, const v1::LeaseCallbackRequest& request) {
  const std::string court = CourtOfName(request.parent());
  ASSIGN_OR_RETURN(const std::shared_ptr<const StaffBook> staff,
                   parts_.courts.Staff(court));
  ASSIGN_OR_RETURN(
      const std::vector<v1::Relation> relations,
      parts_.plans.RelationsOf(court, officer.principal, officer.staff));
  const std::string draw = request.draw().empty() ? "" : IdOf(request.draw());
  absl::Status closed;  // the first call is outside its window
  DueCalls calls(parts_.callbacks, court, draw, parts_.clock.Now());
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<v1::Callback> callback, calls.Next());
    if (!callback.has_value()) break;
    ASSIGN_OR_RETURN(const bool may,
                     MayCall(officer, request, *callback, *staff, relations));
    if (!may) continue;
    const absl::Status open = CheckWindow(court, *callback);
    if (!open.ok() && !request.ignore_windows()) {
      if (closed.ok()) closed = open;
      continue;
    }
    ASSIGN_OR_RETURN(Grant grant, TryLease(officer, court,
                                           IdOf(callback->name()), !open.ok()));
    if (grant.granted) return std::move(grant.stored);
    if (grant.held.has_value()) return *std::move(grant.held);
  }
  if (!closed.ok()) return closed;
  return NothingToCall(court);
}

absl::StatusOr<StoredCallback> CallDesk::LeaseNamed(
    const Officer& officer, const std::string& court,
    const v1::LeaseCallbackRequest& request) {
  const std::string id = IdOf(request.callback());
  ASSIGN_OR_RETURN(const StoredCallback stored,
                   parts_.callbacks.Get(court, id));
  ASSIGN_OR_RETURN(const std::shared_ptr<const StaffBook> staff,
                   parts_.courts.Staff(court));
  ASSIGN_OR_RETURN(
      const std::vector<v1::Relation> relations,
      parts_.plans.RelationsOf(court, officer.principal, officer.staff));
  ASSIGN_OR_RETURN(const bool may, MayCall(officer, request, stored.callback,
                                           *staff, relations));
  if (!may) {
    return MakeError(
        absl::StatusCode::kPermissionDenied, "NOT_INDEPENDENT",
        "you handled this ticket, share the handler's team, "
        "declared a relation, called this caller before, do not "
        "speak the caller's language or do not know about tickets of its kind; "
        "another officer must call");
  }
  const absl::Status open = CheckWindow(court, stored.callback);
  if (!request.ignore_windows()) RETURN_IF_ERROR(open);
  ASSIGN_OR_RETURN(Grant grant, TryLease(officer, court, id, !open.ok()));
  if (grant.granted) return std::move(grant.stored);
  if (grant.held.has_value()) {
    if (IdOf(grant.held->callback.name()) == id) return *std::move(grant.held);
    return HoldsAnother(grant.held->callback);
  }
  return MakeError(absl::StatusCode::kFailedPrecondition, "NOT_WAITING",
                   "the call is closed, not due yet, held by another officer, "
                   "or its caller is left alone for now");
}

absl::StatusOr<std::optional<huifang::Lease>> CallDesk::TakeTask(
    const std::string& court, const std::string& callback_id) {
  const std::string task = CallTaskId(court, callback_id);
  absl::StatusOr<huifang::Lease> lease = parts_.queue.TakeTask(task, kClaim);
  if (absl::IsNotFound(lease.status())) {
    // Redis forgot, and the reconciler has not been here yet.
    RETURN_IF_ERROR(
        parts_.queue.Enqueue({task, "", absl::ZeroDuration()}).status());
    lease = parts_.queue.TakeTask(task, kClaim);
  }
  if (lease.ok()) return *std::move(lease);
  // Somebody else has it, or the queue thinks that it is not due yet.
  if (absl::IsFailedPrecondition(lease.status()) ||
      absl::IsNotFound(lease.status())) {
    return std::nullopt;
  }
  return lease.status();
}

absl::StatusOr<CallDesk::Grant> CallDesk::TryLease(
    const Officer& officer, const std::string& court,
    const std::string& callback_id, bool outside_windows) {
  Grant grant;
  ASSIGN_OR_RETURN(const std::optional<huifang::Lease> task,
                   TakeTask(court, callback_id));
  if (!task.has_value()) return grant;
  const std::string token = RandomBytes(kTokenBytes);
  RETURN_IF_ERROR(
      parts_.db.Write(court, [&](sql::Session& session) -> absl::Status {
        grant.granted = false;
        const absl::Time now = parts_.clock.Now();
        ASSIGN_OR_RETURN(StoredCallback stored,
                         CallbackStore::Load(session, court, callback_id));
        v1::Callback& callback = stored.callback;
        const bool waits = callback.state() == v1::Callback::STATE_WAITING &&
                           FromProto(callback.next_attempt_time()) <= now;
        const bool lapsed = callback.state() == v1::Callback::STATE_LEASED &&
                            FromProto(callback.lease_expire_time()) <= now;
        // Asked twice at once, or again while the first commit hung.
        ASSIGN_OR_RETURN(
            grant.held,
            CallbackStore::HeldIn(session, court, officer.principal, now));
        if (grant.held.has_value() || !stored.offered || (!waits && !lapsed)) {
          grant.stored = std::move(stored);
          return absl::OkStatus();
        }
        ASSIGN_OR_RETURN(const bool free, CallerIsFree(session, now, stored));
        if (!free) {
          grant.stored = std::move(stored);
          return absl::OkStatus();
        }
        callback.set_outside_windows(outside_windows);
        callback.set_state(v1::Callback::STATE_LEASED);
        callback.set_officer(officer.principal);
        callback.set_officer_staff(officer.staff);
        *callback.mutable_lease_expire_time() = ToProto(now + parts_.lease);
        *callback.mutable_update_time() = ToProto(now);
        stored.lease_token = token;
        RETURN_IF_ERROR(CallbackStore::Save(session, stored));
        grant.stored = std::move(stored);
        grant.granted = true;
        return absl::OkStatus();
      }));
  // The queue was behind the database; bring it up to date.
  if (!grant.granted) {
    Settle(grant.stored.callback);
    return grant;
  }
  const absl::Status held = parts_.queue.Extend(*task, parts_.lease);
  if (!held.ok()) {
    // Offered too early, the call is refused by the database.
    log::Warning("call_not_extended",
                 {{"callback", callback_id}, {"error", held.message()}});
  }
  return grant;
}

absl::Status CallDesk::NothingToCall(const std::string& court) {
  ASSIGN_OR_RETURN(const std::optional<absl::Time> next,
                   parts_.callbacks.NextDue(court, parts_.clock.Now()));
  if (!next.has_value()) {
    return MakeError(absl::StatusCode::kNotFound, "NOTHING_TO_CALL",
                     "no call waits that you may make");
  }
  const std::string when =
      absl::FormatTime("%Y-%m-%d %H:%M", *next, CourtTimeZone());
  return MakeError(absl::StatusCode::kNotFound, "NOTHING_DUE",
                   absl::StrCat("no call is due that you may make; the next "
                                "one falls due at ",
                                when),
                   {{"next_attempt_time", when}});
}

}  // namespace huifang::callback

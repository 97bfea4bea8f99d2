#include "services/callback/draw_office.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/callback/draw_worker.h"
#include "services/callback/events.h"
#include "services/callback/plan_policy.h"
#include "services/callback/store_util.h"
#include "services/common/error.h"
#include "services/common/ids.h"
#include "services/common/log.h"
#include "services/common/mask_numbers.h"
#include "services/common/request_log.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/common/worker.h"

namespace huifang::callback {
absl::Status WrongState(const v1::Draw& draw, absl::string_view verb) {
  return MakeError(absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
                   absl::StrCat("a draw that is ",
                                v1::Draw::State_Name(draw.state()).substr(6),
                                " cannot be ", verb));
}

namespace {

// A draw as it begins its life. The dates are valid.
absl::StatusOr<StoredDraw> NewDraw(const std::string& name,
                                   const v1::SamplingPlan& plan,
                                   const std::string& from,
                                   const std::string& to, absl::Time now) {
  Period period;
  ASSIGN_OR_RETURN(period.from, ParseDate(from));
  ASSIGN_OR_RETURN(period.to, ParseDate(to));
  if (EndOf(period) > now) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "PERIOD_NOT_OVER",
                     "to_date: the period must be over, or tickets closed "
                     "later would have no chance to be drawn");
  }
  StoredDraw stored;
  v1::Draw& draw = stored.draw;
  draw.set_name(name);
  const bool built_in = IdOf(plan.name()) == "-";
  if (!built_in) draw.set_plan(plan.name());
  *draw.mutable_applied_plan() = plan;
  draw.set_from_date(from);
  draw.set_to_date(to);
  draw.set_period_label(PeriodLabel(period));
  draw.set_state(v1::Draw::STATE_FREEZING);
  *draw.mutable_create_time() = ToProto(now);
  return stored;
}

// A second sample of the same tickets would let its maker choose between two,
// and count them twice.
absl::Status ClaimPeriod(sql::Session& session, const v1::Draw& draw) {
  std::string holder;
  ASSIGN_OR_RETURN(const bool claimed,
                   DrawStore::ClaimPeriod(session, draw, holder));
  if (claimed) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kAlreadyExists, "PERIOD_DRAWN",
      absl::StrCat("days of ", draw.period_label(), " were drawn by ", holder,
                   "; use that draw, or abort it with a reason first"));
}

}  // namespace

absl::StatusOr<v1::SamplingPlan> DrawOffice::PlanFor(
    const std::string& court, const v1::CreateDrawRequest& request) {
  v1::SamplingPlan plan;
  if (request.plan().empty()) {
    plan = BuiltInPlan(court);
  } else {
    ASSIGN_OR_RETURN(const ResourceName name,
                     ParseResourceName(request.plan(), "plans"));
    if (name.id == "-") {
      plan = BuiltInPlan(court);
    } else {
      ASSIGN_OR_RETURN(plan, parts_.plans.Get(court, name.id));
    }
  }
  if (plan.retired()) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "PLAN_RETIRED",
                     "the plan is retired; choose another");
  }
  plan = WithDefaults(std::move(plan));
  if (request.size() > 0) plan.mutable_size()->set_fixed(request.size());
  return plan;
}

absl::StatusOr<StoredDraw> DrawOffice::Prepare(
    const rpc::Call& call, const v1::CreateDrawRequest& request,
    absl::Time now) {
  ASSIGN_OR_RETURN(const v1::SamplingPlan plan, PlanFor(call.court, request));
  if (!request.public_seed().empty() &&
      plan.seed_source() != v1::SamplingPlan::SEED_SOURCE_GIVEN) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "SEED_TOO_EARLY",
                     "public_seed: before the frame is frozen a seed can be "
                     "chosen by its outcome; leave it empty, or use a plan "
                     "whose seed source is GIVEN");
  }
  ASSIGN_OR_RETURN(StoredDraw stored,
                   NewDraw(MakeResourceName(call.court, "draws", NewUuid7(now)),
                           plan, request.from_date(), request.to_date(), now));
  stored.draw.set_public_seed(request.public_seed());
  if (!request.public_seed().empty()) stored.draw.set_seeder(call.principal);
  stored.draw.set_creator(call.principal);
  return stored;
}

absl::StatusOr<v1::Draw> DrawOffice::Create(
    const rpc::Call& call, const v1::CreateDrawRequest& request) {
  const absl::Time now = parts_.clock.Now();
  // Refused after the request ids were asked: a repeat has its answer, whatever
  // has become of the plan since.
  const absl::StatusOr<StoredDraw> fresh = Prepare(call, request, now);
  v1::Draw created;
  RETURN_IF_ERROR(
      parts_.db.Write(call.court, [&](sql::Session& session) -> absl::Status {
        return RunOnce(
            session, {call.court, "CreateDraw", request.request_id()}, now,
            request, created, [&]() -> absl::Status {
              RETURN_IF_ERROR(fresh.status());
              StoredDraw stored = *fresh;
              RETURN_IF_ERROR(ClaimPeriod(session, stored.draw));
              RETURN_IF_ERROR(DrawStore::Insert(session, stored).status());
              RETURN_IF_ERROR(DrawStore::AppendLog(
                  session, stored.draw, {"create", call.principal, now}));
              created = stored.draw;
              return absl::OkStatus();
            });
      }));
  Enqueue(created.name());
  return created;
}

absl::Status DrawOffice::CreateScheduled(const v1::SamplingPlan& plan,
                                         const Period& period) {
  const std::string court = CourtOfName(plan.name());
  const absl::Time now = parts_.clock.Now();
  // Derived from plan and week: however often this runs, there is one draw.
  const std::string id = DerivedUuid(
      absl::StrCat("weekly|", plan.name(), "|", PeriodLabel(period)));
  ASSIGN_OR_RETURN(
      const StoredDraw fresh,
      NewDraw(MakeResourceName(court, "draws", id), WithDefaults(plan),
              FormatDate(period.from), FormatDate(period.to), now));
  bool is_new = false;
  RETURN_IF_ERROR(
      parts_.db.Write(court, [&](sql::Session& session) -> absl::Status {
        is_new = false;
        StoredDraw stored = fresh;
        stored.draw.set_creator("schedule");
        // Made before, and perhaps aborted since: it is not made again.
        const absl::Status before =
            DrawStore::Load(session, court, id).status();
        if (!absl::IsNotFound(before)) return before;
        std::string holder;
        ASSIGN_OR_RETURN(is_new,
                         DrawStore::ClaimPeriod(session, stored.draw, holder));
        if (!is_new) return absl::OkStatus();  // by hand, or by this before
        ASSIGN_OR_RETURN(is_new, DrawStore::Insert(session, stored));
        if (!is_new) return absl::OkStatus();
        return DrawStore::AppendLog(session, stored.draw,
                                    {"create", "schedule", now});
      }));
  if (is_new) {
    log::Info("draw_scheduled", {{"draw", fresh.draw.name()}});
    Enqueue(fresh.draw.name());
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Draw> DrawOffice::Abort(
    const rpc::Call& call, const v1::AbortDrawRequest& request) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(request.name(), "draws"));
  v1::Draw aborted;
  const auto abort = [&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(StoredDraw stored,
                     DrawStore::Load(session, call.court, name.id));
    v1::Draw& draw = stored.draw;
    RETURN_IF_ERROR(CheckEtag(request.etag(), draw.etag(), "draw"));
    if (draw.state() == v1::Draw::STATE_FAILED ||
        draw.state() == v1::Draw::STATE_ABORTED) {
      return WrongState(draw, "aborted");
    }
    const absl::Time now = parts_.clock.Now();
    draw.set_state(v1::Draw::STATE_ABORTED);
    draw.set_failure(
        absl::StrCat(MaskNumbers(request.reason()), SilentParties(draw)));
    draw.set_aborter(call.principal);
    stored.job = true;  // open calls are to be withdrawn
    RETURN_IF_ERROR(DrawStore::Save(session, stored));
    RETURN_IF_ERROR(
        DrawStore::AppendLog(session, draw, {"abort", call.principal, now}));
    EmitDraw(session, v1::CallbackEvent::TYPE_DRAW_ENDED, draw, now);
    aborted = draw;
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(
      parts_.db.Write(call.court, [&](sql::Session& session) -> absl::Status {
        return RunOnce(session, {call.court, "AbortDraw", request.request_id()},
                       parts_.clock.Now(), request, aborted,
                       [&] { return abort(session); });
      }));
  Enqueue(aborted.name());
  return aborted;
}

absl::StatusOr<v1::Draw> DrawOffice::ActivateReserve(
    const rpc::Call& call, const v1::ActivateReserveRequest& request) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(request.name(), "draws"));
  const RequestKey key{call.court, "ActivateReserve", request.request_id()};
  v1::Draw extended;
  // A repeat is answered before anything is checked: what the first try took
  // from the reserve is not there again.
  const absl::Status repeated =
      parts_.db.Write(call.court, [&](sql::Session& session) {
        return RunOnce(session, key, parts_.clock.Now(), request, extended,
                       [] { return absl::CancelledError("not a repeat"); });
      });
  if (repeated.ok()) return extended;
  if (!absl::IsCancelled(repeated)) return repeated;
  ASSIGN_OR_RETURN(const StoredDraw before,
                   parts_.draws.Get(call.court, name.id));
  RETURN_IF_ERROR(CheckEtag(request.etag(), before.draw.etag(), "draw"));
  if (before.draw.state() != v1::Draw::STATE_DRAWN) {
    return WrongState(before.draw, "extended from its reserve");
  }
  int stratum = 0;
  while (stratum < before.draw.strata_size() &&
         before.draw.strata(stratum).key() != request.stratum()) {
    ++stratum;
  }
  if (stratum == before.draw.strata_size()) {
    FieldErrors errors;
    errors.Add("stratum", "the draw has no such stratum");
    return errors.ToStatus();
  }
  ASSIGN_OR_RETURN(
      const std::vector<StoredCallback> fresh,
      parts_.maker.NextOfReserve(before, stratum, request.count()));
  const auto activate = [&](sql::Session& session) -> absl::Status {
    StoredDraw stored = before;
    v1::Stratum& from = *stored.draw.mutable_strata(stratum);
    from.set_reserve_used(from.reserve_used() + request.count());
    from.set_reserve_count(from.reserve_count() - request.count());
    const absl::Time now = parts_.clock.Now();
    RETURN_IF_ERROR(DrawStore::Save(session, stored));
    RETURN_IF_ERROR(DrawStore::AppendLog(session, stored.draw,
                                         {"reserve", call.principal, now}));
    for (const StoredCallback& made : fresh) {
      StoredCallback callback = made;
      RETURN_IF_ERROR(CallbackStore::Insert(session, callback).status());
      EmitCallback(session, v1::CallbackEvent::TYPE_QUEUED, callback.callback,
                   now);
    }
    EmitDraw(session, v1::CallbackEvent::TYPE_RESERVE_ACTIVATED, stored.draw,
             now);
    extended = stored.draw;
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(
      parts_.db.Write(call.court, [&](sql::Session& session) -> absl::Status {
        return RunOnce(session, key, parts_.clock.Now(), request, extended,
                       [&] { return activate(session); });
      }));
  std::vector<OpenCall> calls;
  for (const StoredCallback& made : fresh) {
    const std::string& callback = made.callback.name();
    calls.push_back({call.court, IdOf(callback), parts_.clock.Now()});
  }
  const absl::Status queued = parts_.desk.Enqueue(calls);
  if (!queued.ok()) {
    log::Warning("calls_not_queued", {{"error", queued.message()}});
  }
  return extended;
}

absl::Status DrawOffice::EnqueueJobs() {
  ASSIGN_OR_RETURN(const std::vector<DrawJob> jobs,
                   parts_.draws.OpenJobs(kMostDue));
  std::vector<QueueTask> tasks;
  for (const DrawJob& job : jobs) {
    tasks.push_back(
        {DrawTaskId(job.court, job.draw_id), "", absl::ZeroDuration()});
  }
  return parts_.queue.EnqueueAll(tasks).status();
}

// The draw is stored; if the queue cannot be told now, the reconciler will.
void DrawOffice::Enqueue(const std::string& draw_name) {
  const std::string court = CourtOfName(draw_name);
  const std::string id = IdOf(draw_name);
  const absl::Status queued =
      parts_.queue.Enqueue({DrawTaskId(court, id), "", absl::ZeroDuration()})
          .status();
  if (!queued.ok()) {
    log::Warning("draw_not_queued",
                 {{"draw", draw_name}, {"error", queued.message()}});
  }
}

}  // namespace huifang::callback

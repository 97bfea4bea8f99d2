#include "services/callback/plan_handler.h"

#include <cmath>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "google/protobuf/util/field_mask_util.h"
#include "services/callback/allocation_rules.h"
#include "services/callback/interview.h"
#include "services/callback/plan_policy.h"
#include "services/callback/rule_changes.h"
#include "services/callback/script_store.h"
#include "services/callback/store_util.h"
#include "services/callback/validate.h"
#include "services/callback/verdict_rule_store.h"
#include "services/common/listing.h"
#include "services/common/log.h"
#include "services/common/request_log.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

constexpr rpc::Method kCreate{"CreateSamplingPlan", "parent",
                              "admin head leader"};
constexpr rpc::Method kGet{"GetSamplingPlan", "name",
                           "admin officer head leader service"};
constexpr rpc::Method kList{"ListSamplingPlans", "parent",
                            "admin officer head leader service"};
constexpr rpc::Method kUpdate{"UpdateSamplingPlan", "plan.name",
                              "admin head leader"};
constexpr rpc::Method kListRules{"ListVerdictRules", "parent",
                                 "admin officer head leader reviewer service"};
constexpr rpc::Method kPreview{"PreviewSamplingPlan", "parent",
                               "admin officer head leader", absl::Minutes(1)};

using FieldMasks = google::protobuf::util::FieldMaskUtil;

// What a request without a mask changes: every field that it sets, whole.
google::protobuf::FieldMask SetFields(const v1::SamplingPlan& plan) {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  plan.GetReflection()->ListFields(plan, &fields);
  google::protobuf::FieldMask mask;
  for (const google::protobuf::FieldDescriptor* field : fields) {
    mask.add_paths(field->name());
  }
  return mask;
}

// A plan asks by a script of its court.
absl::Status CheckScript(sql::Session& session, const v1::SamplingPlan& plan) {
  FieldErrors errors;
  const std::string court = CourtOfName(plan.name());
  const std::string name = ScriptOfPlan(plan, court);
  if (CourtOfName(name) != court) {
    errors.Add("plan.script", "must be of the same court");
    return errors.ToStatus();
  }
  const absl::StatusOr<v1::Script> script = ScriptStore::Load(session, name);
  if (absl::IsNotFound(script.status()) ||
      absl::IsInvalidArgument(script.status())) {
    errors.Add("plan.script", script.status().message());
    return errors.ToStatus();
  }
  RETURN_IF_ERROR(script.status());
  return CheckFits(*script, VerdictPolicyOf(plan.verdict_rule()));
}

}  // namespace

grpc::ServerUnaryReactor* PlanHandler::CreateSamplingPlan(
    grpc::CallbackServerContext* context,
    const v1::CreateSamplingPlanRequest* request, v1::SamplingPlan* response) {
  return rpc::RunUnary(runtime_, context, kCreate, request, response,
                       [this](const rpc::Call& call, const auto& asked) {
                         return Create(call, asked);
                       });
}

absl::StatusOr<v1::SamplingPlan> PlanHandler::Create(
    const rpc::Call& call, const v1::CreateSamplingPlanRequest& request) {
  RETURN_IF_ERROR(Validate(request));
  const absl::Time now = runtime_.clock.Now();
  v1::SamplingPlan created;
  RETURN_IF_ERROR(
      db_.Write(call.court, [&](sql::Session& session) -> absl::Status {
        return RunOnce(session,
                       {call.court, kCreate.name, request.request_id()}, now,
                       request, created, [&]() -> absl::Status {
                         created = request.plan();
                         created.set_name(MakeResourceName(call.court, "plans",
                                                           request.plan_id()));
                         *created.mutable_create_time() = ToProto(now);
                         *created.mutable_update_time() = ToProto(now);
                         created.clear_weekly_since_time();
                         RETURN_IF_ERROR(CheckScript(session, created));
                         return PlanStore::Insert(session, created);
                       });
      }));
  return created;
}

absl::StatusOr<v1::SamplingPlan> PlanHandler::Find(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourceName parsed, ParseResourceName(name, "plans"));
  if (parsed.id == "-") return BuiltInPlan(parsed.court);
  return plans_.Get(parsed.court, parsed.id);
}

grpc::ServerUnaryReactor* PlanHandler::GetSamplingPlan(
    grpc::CallbackServerContext* context,
    const v1::GetSamplingPlanRequest* request, v1::SamplingPlan* response) {
  return rpc::RunUnary(runtime_, context, kGet, request, response,
                       [this](const rpc::Call&, const auto& asked) {
                         return Find(asked.name());
                       });
}

grpc::ServerUnaryReactor* PlanHandler::ListSamplingPlans(
    grpc::CallbackServerContext* context,
    const v1::ListSamplingPlansRequest* request,
    v1::ListSamplingPlansResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kList, request, response,
      [this](const rpc::Call& call, const v1::ListSamplingPlansRequest& asked)
          -> absl::StatusOr<v1::ListSamplingPlansResponse> {
        ASSIGN_OR_RETURN(const PageStart start, StartPage(asked));
        const std::string after = start.cursor ? start.cursor->id : "";
        ASSIGN_OR_RETURN(std::vector<v1::SamplingPlan> plans,
                         plans_.List(call.court, after, start.size));
        v1::ListSamplingPlansResponse page;
        const bool full = static_cast<int>(plans.size()) == start.size;
        if (full) {
          const std::string& last = plans.back().name();
          page.set_next_page_token(NextPage(start, {0, IdOf(last)}));
        }
        for (v1::SamplingPlan& plan : plans) {
          *page.add_plans() = std::move(plan);
        }
        return page;
      });
}

grpc::ServerUnaryReactor* PlanHandler::UpdateSamplingPlan(
    grpc::CallbackServerContext* context,
    const v1::UpdateSamplingPlanRequest* request, v1::SamplingPlan* response) {
  return rpc::RunUnary(runtime_, context, kUpdate, request, response,
                       [this](const rpc::Call& call, const auto& asked) {
                         return Update(call, asked);
                       });
}

absl::StatusOr<v1::SamplingPlan> PlanHandler::Update(
    const rpc::Call& call, const v1::UpdateSamplingPlanRequest& request) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(request.plan().name(), "plans"));
  const absl::Time now = runtime_.clock.Now();
  v1::SamplingPlan updated;
  std::optional<v1::VerdictRuleVersion> rule;
  const auto update = [&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::SamplingPlan old,
                     PlanStore::Load(session, name.court, name.id));
    RETURN_IF_ERROR(CheckEtag(request.plan().etag(), old.etag(), "plan"));
    updated = old;
    const google::protobuf::FieldMask mask =
        request.update_mask().paths().empty() ? SetFields(request.plan())
                                              : request.update_mask();
    if (!mask.paths().empty() && mask.paths(0) == "*") {
      updated = request.plan();
    } else {
      FieldMasks::MergeOptions options;
      options.set_replace_message_fields(true);
      options.set_replace_repeated_fields(true);
      FieldMasks::MergeMessageTo(request.plan(), mask, options, &updated);
    }
    updated.set_name(old.name());
    updated.set_etag(old.etag());
    *updated.mutable_create_time() = old.create_time();
    *updated.mutable_update_time() = ToProto(now);
    if (DrawsWeekly(updated) && !DrawsWeekly(old)) {
      *updated.mutable_weekly_since_time() = ToProto(now);
    } else if (old.has_weekly_since_time()) {
      *updated.mutable_weekly_since_time() = old.weekly_since_time();
    } else {
      updated.clear_weekly_since_time();
    }
    RETURN_IF_ERROR(ValidatePlan(updated));
    RETURN_IF_ERROR(CheckScript(session, updated));
    ASSIGN_OR_RETURN(
        rule, NoteRuleChange(session, old, updated, call.principal, now));
    return PlanStore::Save(session, updated);
  };
  RETURN_IF_ERROR(
      db_.Write(call.court, [&](sql::Session& session) -> absl::Status {
        return RunOnce(session,
                       {call.court, kUpdate.name, request.request_id()}, now,
                       request, updated, [&] { return update(session); });
      }));
  if (rule.has_value()) JudgeBy(*rule);
  return updated;
}

// What fails here the reconciler makes good.
void PlanHandler::JudgeBy(const v1::VerdictRuleVersion& rule) {
  const absl::Status queued =
      judge_queue_.Enqueue({rule.name(), "", absl::ZeroDuration()}).status();
  if (!queued.ok()) {
    log::Warning("judging_not_queued",
                 {{"rule", rule.name()}, {"error", queued.message()}});
  }
}

grpc::ServerUnaryReactor* PlanHandler::ListVerdictRules(
    grpc::CallbackServerContext* context,
    const v1::ListVerdictRulesRequest* request,
    v1::ListVerdictRulesResponse* response) {
  return rpc::RunUnary(
      runtime_, context, kListRules, request, response,
      [this](const rpc::Call& call, const v1::ListVerdictRulesRequest& asked)
          -> absl::StatusOr<v1::ListVerdictRulesResponse> {
        RETURN_IF_ERROR(Validate(asked));
        ASSIGN_OR_RETURN(const PageStart start, StartPage(asked));
        VersionedId after;
        if (start.cursor.has_value()) {
          after = {start.cursor->id, static_cast<int>(start.cursor->time)};
        }
        std::vector<v1::VerdictRuleVersion> versions;
        RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
          ASSIGN_OR_RETURN(versions, VerdictRuleStore::List(session, call.court,
                                                            IdOf(asked.plan()),
                                                            after, start.size));
          return absl::OkStatus();
        }));
        v1::ListVerdictRulesResponse page;
        if (static_cast<int>(versions.size()) == start.size) {
          const v1::VerdictRuleVersion& last = versions.back();
          page.set_next_page_token(
              NextPage(start, {last.number(), IdOf(last.plan())}));
        }
        for (v1::VerdictRuleVersion& version : versions) {
          *page.add_verdict_rules() = std::move(version);
        }
        return page;
      });
}

grpc::ServerUnaryReactor* PlanHandler::PreviewSamplingPlan(
    grpc::CallbackServerContext* context,
    const v1::PreviewSamplingPlanRequest* request,
    v1::PreviewSamplingPlanResponse* response) {
  return rpc::RunUnary(runtime_, context, kPreview, request, response,
                       [this](const rpc::Call& call, const auto& asked) {
                         return Preview(call, asked);
                       });
}

absl::StatusOr<v1::PreviewSamplingPlanResponse> PlanHandler::Preview(
    const rpc::Call& call, const v1::PreviewSamplingPlanRequest& request) {
  RETURN_IF_ERROR(Validate(request));
  v1::SamplingPlan plan = request.inline_plan();
  if (!request.plan().empty()) {
    ASSIGN_OR_RETURN(plan, Find(request.plan()));
  }
  Period period;
  ASSIGN_OR_RETURN(period.from, ParseDate(request.from_date()));
  ASSIGN_OR_RETURN(period.to, ParseDate(request.to_date()));
  ASSIGN_OR_RETURN(const PlannedFrame planned,
                   planner_.Preview(call.court, WithDefaults(std::move(plan)),
                                    period, request.capacity_minutes()));

  v1::PreviewSamplingPlanResponse preview;
  *preview.mutable_applied_plan() = planned.plan;
  preview.set_closed_count(planned.built.closed_count);
  preview.set_population(static_cast<std::int64_t>(planned.built.frame.size()));
  preview.set_sampled(planned.sampled);
  std::map<Exclusion, std::int64_t> left_out;
  for (const ExcludedTicket& ticket : planned.built.excluded) {
    ++left_out[ticket.reason];
  }
  for (const auto& [reason, count] : left_out) {
    v1::ExclusionCount& added = *preview.add_exclusions();
    added.set_reason(static_cast<v1::ExclusionCount::Reason>(reason));
    added.set_count(count);
  }
  std::vector<StratumSize> sizes;
  std::vector<std::int64_t> sampled;
  std::vector<double> spreads;
  for (const v1::Stratum& stratum : planned.strata) {
    *preview.add_strata() = stratum;
    spreads.push_back(ExpectedSpread(planned.plan, sizes.size()));
    sizes.push_back({stratum.population(), 1});
    sampled.push_back(stratum.sampled());
  }
  preview.set_margin(ExpectedMargin(sizes, sampled, spreads));
  const double each = MinutesPerTicket(planned.pace);
  preview.set_minutes(
      std::llround(static_cast<double>(planned.sampled) * each));
  preview.set_contact_rate(planned.pace.contact_rate);
  preview.set_minutes_per_ticket(each);
  preview.set_observed_calls(planned.observed_calls);
  preview.set_open_calls(planned.open_calls);
  preview.set_open_minutes(std::llround(planned.open_minutes));
  return preview;
}

}  // namespace huifang::callback

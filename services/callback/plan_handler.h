#ifndef HUIFANG_SERVICES_CALLBACK_PLAN_HANDLER_H_
#define HUIFANG_SERVICES_CALLBACK_PLAN_HANDLER_H_

#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "services/callback/frame_planner.h"
#include "services/callback/plan_store.h"
#include "services/callback/snippet_store.h"
#include "services/common/lease_queue.h"
#include "services/common/rpc.h"
#include "services/common/sql.h"

namespace huifang::callback {

class PlanHandler final : public v1::SamplingPlanService::CallbackService {
 public:
  PlanHandler(rpc::Runtime& runtime, sql::Database& db, PlanStore& plans,
              FramePlanner& planner, LeaseQueue& judge_queue,
              int snippet_stale_days = kDefaultSnippetStaleDays)
      : runtime_(runtime),
        db_(db),
        plans_(plans),
        planner_(planner),
        judge_queue_(judge_queue),
        snippet_stale_days_(snippet_stale_days) {}

  grpc::ServerUnaryReactor* CreateSamplingPlan(
      grpc::CallbackServerContext* context,
      const v1::CreateSamplingPlanRequest* request,
      v1::SamplingPlan* response) override;
  grpc::ServerUnaryReactor* GetSamplingPlan(
      grpc::CallbackServerContext* context,
      const v1::GetSamplingPlanRequest* request,
      v1::SamplingPlan* response) override;
  grpc::ServerUnaryReactor* ListSamplingPlans(
      grpc::CallbackServerContext* context,
      const v1::ListSamplingPlansRequest* request,
      v1::ListSamplingPlansResponse* response) override;
  grpc::ServerUnaryReactor* UpdateSamplingPlan(
      grpc::CallbackServerContext* context,
      const v1::UpdateSamplingPlanRequest* request,
      v1::SamplingPlan* response) override;
  grpc::ServerUnaryReactor* PreviewSamplingPlan(
      grpc::CallbackServerContext* context,
      const v1::PreviewSamplingPlanRequest* request,
      v1::PreviewSamplingPlanResponse* response) override;
  grpc::ServerUnaryReactor* ListVerdictRules(
      grpc::CallbackServerContext* context,
      const v1::ListVerdictRulesRequest* request,
      v1::ListVerdictRulesResponse* response) override;
  grpc::ServerUnaryReactor* CreateScript(grpc::CallbackServerContext* context,
                                         const v1::CreateScriptRequest* request,
                                         v1::Script* response) override;
  grpc::ServerUnaryReactor* GetScript(grpc::CallbackServerContext* context,
                                      const v1::GetScriptRequest* request,
                                      v1::Script* response) override;
  grpc::ServerUnaryReactor* ListScripts(
      grpc::CallbackServerContext* context,
      const v1::ListScriptsRequest* request,
      v1::ListScriptsResponse* response) override;
  grpc::ServerUnaryReactor* CreateSnippet(
      grpc::CallbackServerContext* context,
      const v1::CreateSnippetRequest* request, v1::Snippet* response) override;
  grpc::ServerUnaryReactor* GetSnippet(grpc::CallbackServerContext* context,
                                       const v1::GetSnippetRequest* request,
                                       v1::Snippet* response) override;
  grpc::ServerUnaryReactor* ListSnippets(
      grpc::CallbackServerContext* context,
      const v1::ListSnippetsRequest* request,
      v1::ListSnippetsResponse* response) override;
  grpc::ServerUnaryReactor* VerifySnippet(
      grpc::CallbackServerContext* context,
      const v1::VerifySnippetRequest* request, v1::Snippet* response) override;

 private:
  absl::StatusOr<v1::SamplingPlan> Create(
      const rpc::Call& call, const v1::CreateSamplingPlanRequest& request);
  absl::StatusOr<v1::SamplingPlan> Find(const std::string& name);
  absl::StatusOr<v1::SamplingPlan> Update(
      const rpc::Call& call, const v1::UpdateSamplingPlanRequest& request);
  // Has old interviews judged by a changed rule.
  void JudgeBy(const v1::VerdictRuleVersion& rule);
  absl::StatusOr<v1::PreviewSamplingPlanResponse> Preview(
      const rpc::Call& call, const v1::PreviewSamplingPlanRequest& request);

  rpc::Runtime& runtime_;
  sql::Database& db_;
  PlanStore& plans_;
  FramePlanner& planner_;
  LeaseQueue& judge_queue_;
  const int snippet_stale_days_;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_PLAN_HANDLER_H_

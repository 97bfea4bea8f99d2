#include "services/callback/plan_store.h"

#include <vector>

#include "services/callback/store_util.h"
#include "services/common/error.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

bool IsWeekly(const v1::SamplingPlan& plan) {
  return plan.cadence() == v1::SamplingPlan::CADENCE_WEEKLY && !plan.retired();
}

template <typename Message>
absl::Status Collect(sql::Session& session, absl::string_view sql,
                     const sql::Params& params, std::vector<Message>& found) {
  found.clear();
  return session.Query(sql, params, [&found](const sql::Row& row) {
    return ParseBody(row.Blob(0), found.emplace_back());
  });
}

}  // namespace

absl::StatusOr<v1::SamplingPlan> PlanStore::Get(const std::string& court,
                                                const std::string& plan_id) {
  v1::SamplingPlan plan;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(plan, Load(session, court, plan_id));
    return absl::OkStatus();
  }));
  return plan;
}

absl::StatusOr<v1::SamplingPlan> PlanStore::Load(sql::Session& session,
                                                 const std::string& court,
                                                 const std::string& plan_id) {
  std::string body;
  ASSIGN_OR_RETURN(
      const bool found,
      session.QueryOne(
          "SELECT body FROM plans WHERE court = :court AND plan_id = :id",
          {{"court", court}, {"id", plan_id}},
          [&body](const sql::Row& row) { body = row.Blob(0); }));
  if (!found) return NoSuch("plan", MakeResourceName(court, "plans", plan_id));
  v1::SamplingPlan plan;
  RETURN_IF_ERROR(ParseBody(body, plan));
  return plan;
}

absl::StatusOr<std::vector<v1::SamplingPlan>> PlanStore::List(
    const std::string& court, const std::string& after_id, int limit) {
  std::vector<v1::SamplingPlan> plans;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    return Collect(session,
                   "SELECT body FROM plans WHERE court = :court AND "
                   "plan_id > :after ORDER BY plan_id LIMIT :most",
                   {{"court", court}, {"after", after_id}, {"most", limit}},
                   plans);
  }));
  return plans;
}

absl::StatusOr<std::vector<v1::SamplingPlan>> PlanStore::WeeklyPlans() {
  std::vector<v1::SamplingPlan> plans;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    return Collect(session, "SELECT body FROM plans WHERE weekly = :one",
                   {{"one", 1}}, plans);
  }));
  return plans;
}

absl::Status PlanStore::Insert(sql::Session& session, v1::SamplingPlan& plan) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(plan.name(), "plans"));
  plan.set_etag(EtagOf(1));
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      session.Run("INSERT INTO plans (court, plan_id, version, weekly, body) "
                  "VALUES (:court, :id, 1, :weekly, :body) "
                  "ON CONFLICT (court, plan_id) DO NOTHING",
                  {{"court", name.court},
                   {"id", name.id},
                   {"weekly", IsWeekly(plan)},
                   {"body", BodyOf(plan)}}));
  if (changed == 0) {
    return MakeError(absl::StatusCode::kAlreadyExists, "PLAN_EXISTS",
                     "the court has a plan of this id; choose another");
  }
  return absl::OkStatus();
}

absl::Status PlanStore::Save(sql::Session& session, v1::SamplingPlan& plan) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(plan.name(), "plans"));
  const std::int64_t version = VersionOf(plan.etag());
  plan.set_etag(EtagOf(version + 1));
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      session.Run("UPDATE plans SET version = :version + 1, weekly = :weekly, "
                  "body = :body WHERE court = :court AND plan_id = :id AND "
                  "version = :version",
                  {{"court", name.court},
                   {"id", name.id},
                   {"version", version},
                   {"weekly", IsWeekly(plan)},
                   {"body", BodyOf(plan)}}));
  return changed == 1 ? absl::OkStatus() : MovedOn("plan");
}

absl::StatusOr<std::vector<v1::Relation>> PlanStore::ListRelations(
    const std::string& court, const std::string& after_id, int limit) {
  std::vector<v1::Relation> relations;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    return Collect(session,
                   "SELECT body FROM relations WHERE court = :court AND "
                   "relation_id > :after ORDER BY relation_id LIMIT :most",
                   {{"court", court}, {"after", after_id}, {"most", limit}},
                   relations);
  }));
  return relations;
}

absl::StatusOr<std::vector<v1::Relation>> PlanStore::RelationsOf(
    const std::string& court, const std::string& principal,
    const std::string& staff) {
  std::vector<v1::Relation> relations;
  RETURN_IF_ERROR(db_.Read([&](sql::Session& session) {
    return Collect(
        session,
        "SELECT body FROM relations WHERE court = :court AND "
        "officer IN (:principal, :staff)",
        {{"court", court}, {"principal", principal}, {"staff", staff}},
        relations);
  }));
  std::erase_if(relations, [](const v1::Relation& relation) {
    return relation.has_end_time();
  });
  return relations;
}

absl::Status PlanStore::InsertRelation(sql::Session& session,
                                       const v1::Relation& relation) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(relation.name(), "relations"));
  return session
      .Run(
          "INSERT INTO relations (court, relation_id, officer, body) "
          "VALUES (:court, :id, :officer, :body) "
          "ON CONFLICT (court, relation_id) DO NOTHING",
          {{"court", name.court},
           {"id", name.id},
           {"officer", relation.officer()},
           {"body", BodyOf(relation)}})
      .status();
}

absl::Status PlanStore::EndRelation(sql::Session& session,
                                    const std::string& court,
                                    const std::string& relation_id,
                                    const std::string& principal,
                                    absl::Time now) {
  std::vector<v1::Relation> found;
  RETURN_IF_ERROR(Collect(session,
                          "SELECT body FROM relations WHERE court = :court AND "
                          "relation_id = :id",
                          {{"court", court}, {"id", relation_id}}, found));
  if (found.empty()) {
    return NoSuch("relation",
                  MakeResourceName(court, "relations", relation_id));
  }
  v1::Relation& relation = found.front();
  if (relation.has_end_time()) return absl::OkStatus();
  relation.set_ender(principal);
  *relation.mutable_end_time() = ToProto(now);
  return session
      .Run(
          "UPDATE relations SET body = :body WHERE court = :court AND "
          "relation_id = :id",
          {{"body", BodyOf(relation)}, {"court", court}, {"id", relation_id}})
      .status();
}

}  // namespace huifang::callback

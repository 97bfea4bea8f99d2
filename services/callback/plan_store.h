#ifndef HUIFANG_SERVICES_CALLBACK_PLAN_STORE_H_
#define HUIFANG_SERVICES_CALLBACK_PLAN_STORE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "huifang/callback/v1/callback_resources.pb.h"
#include "services/common/sql.h"

namespace huifang::callback {

// Sampling plans and declared relations; all SQL of both. Methods with a
// session run in its transaction. Thread safe.
class PlanStore {
 public:
  explicit PlanStore(sql::Database& db) : db_(db) {}

  // NOT_FOUND if the court has no such plan.
  absl::StatusOr<v1::SamplingPlan> Get(const std::string& court,
                                       const std::string& plan_id);
  // Plans after `after_id`, by id.
  absl::StatusOr<std::vector<v1::SamplingPlan>> List(
      const std::string& court, const std::string& after_id, int limit);
  // All plans that draw every week, over all courts of this database.
  absl::StatusOr<std::vector<v1::SamplingPlan>> WeeklyPlans();

  static absl::StatusOr<v1::SamplingPlan> Load(sql::Session& session,
                                               const std::string& court,
                                               const std::string& plan_id);
  // ALREADY_EXISTS if the id is taken. Sets the etag.
  static absl::Status Insert(sql::Session& session, v1::SamplingPlan& plan);
  // Replaces the plan whose etag is `plan.etag()` and sets the new one.
  // ABORTED if it moved on.
  static absl::Status Save(sql::Session& session, v1::SamplingPlan& plan);

  absl::StatusOr<std::vector<v1::Relation>> ListRelations(
      const std::string& court, const std::string& after_id, int limit);
  // Those an officer declared under either name.
  absl::StatusOr<std::vector<v1::Relation>> RelationsOf(
      const std::string& court, const std::string& principal,
      const std::string& staff);
  static absl::Status InsertRelation(sql::Session& session,
                                     const v1::Relation& relation);
  // Ends a relation; one that ended stays as it is. NOT_FOUND if the court has
  // no such relation.
  static absl::Status EndRelation(sql::Session& session,
                                  const std::string& court,
                                  const std::string& relation_id,
                                  const std::string& principal, absl::Time now);

 private:
  sql::Database& db_;
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_PLAN_STORE_H_

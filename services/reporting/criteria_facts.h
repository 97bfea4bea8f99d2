// What figures were judged by: kept with the facts, read with the report.
#ifndef HUIFANG_SERVICES_REPORTING_CRITERIA_FACTS_H_
#define HUIFANG_SERVICES_REPORTING_CRITERIA_FACTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "huifang/callback/v1/callback_resources.pb.h"
#include "huifang/grading/v1/grading_resources.pb.h"
#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/common/sql.h"
#include "services/reporting/period_rules.h"

namespace huifang::reporting {

// 1:3 2:3 3:2 4:1 5:1: each score and the number of the verdict it stands for.
// Empty when the plan does not tell.
std::string ScoreScaleOf(const callback::v1::VerdictRule& rule);

// ticket/2; empty without a rubric.
std::string RubricKey(const std::string& name, std::int32_t version);

// Two rubrics that say the same have one digest, whatever they are called.
std::string RubricDigest(grading::v1::Rubric rubric);

absl::Status UpsertRubric(sql::Session& session, const std::string& court,
                          const grading::v1::Rubric& rubric);

// What the court's figures of `span` were judged by, but for the report's own
// rules.
absl::StatusOr<std::vector<v1::Criterion>> ReadCriteria(
    sql::Session& session, const std::string& court, const Span& span);

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_CRITERIA_FACTS_H_

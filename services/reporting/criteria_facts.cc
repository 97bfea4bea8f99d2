#include "services/reporting/criteria_facts.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/common/crypto.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/criteria_rules.h"
#include "services/reporting/fact_columns.h"

namespace huifang::reporting {
namespace {

// The one that ships with grading. A court that publishes its own under this
// id begins with version 2, so that the key means the same in every court.
constexpr char kBuiltInRubric[] = "ticket/1";
constexpr std::size_t kDigestDigits = 8;

// The versions that a query gives, each once and in order.
absl::Status AddVersions(sql::Session& session, const std::string& statement,
                         const sql::Params& params, v1::Criterion& criterion) {
  std::vector<std::string> versions;
  RETURN_IF_ERROR(session.Query(
      statement, params, [&](const sql::Row& row) -> absl::Status {
        versions.push_back(row.Text(0).empty() ? kUnknownVersion : row.Text(0));
        return absl::OkStatus();
      }));
  std::sort(versions.begin(), versions.end());
  for (std::string& version : versions) {
    criterion.add_versions(std::move(version));
  }
  return absl::OkStatus();
}

// Rubrics by what they say: courts give them names of their own.
absl::Status NameRubrics(sql::Session& session, const std::string& court,
                         v1::Criterion& criterion) {
  std::map<std::string, std::string> digests;
  RETURN_IF_ERROR(session.Query(
      "SELECT rubric, digest FROM rubric_facts WHERE court = :court",
      {{"court", court}}, [&](const sql::Row& row) {
        digests[row.Text(0)] = row.Text(1);
        return absl::OkStatus();
      }));
  std::vector<std::string> named;
  for (const std::string& key : criterion.versions()) {
    const auto digest = digests.find(key);
    if (digest != digests.end()) {
      named.push_back(
          absl::StrCat("#", digest->second.substr(0, kDigestDigits)));
    } else {
      named.push_back(key == kBuiltInRubric ? key : kUnknownVersion);
    }
  }
  std::sort(named.begin(), named.end());
  named.erase(std::unique(named.begin(), named.end()), named.end());
  criterion.clear_versions();
  for (std::string& version : named) criterion.add_versions(std::move(version));
  return absl::OkStatus();
}

}  // namespace

std::string ScoreScaleOf(const callback::v1::VerdictRule& rule) {
  std::map<int, int> levels;
  for (const auto& level : rule.score_levels()) {
    levels[level.score()] = static_cast<int>(level.verdict());
  }
  return absl::StrJoin(levels, " ", absl::PairFormatter(":"));
}

std::string RubricKey(const std::string& name, std::int32_t version) {
  return name.empty() ? "" : absl::StrCat(IdOf(name), "/", version);
}

std::string RubricDigest(grading::v1::Rubric rubric) {
  rubric.clear_name();
  rubric.clear_version();
  rubric.clear_display_name();
  rubric.clear_base_rubric();
  rubric.clear_base_version();
  rubric.clear_create_time();
  rubric.clear_etag();
  // No maps in it, so that equal rubrics have equal bytes.
  return Sha256Hex(rubric.SerializeAsString());
}

absl::Status UpsertRubric(sql::Session& session, const std::string& court,
                          const grading::v1::Rubric& rubric) {
  return session
      .Run(
          "INSERT INTO rubric_facts (court, rubric, digest) VALUES (:court, "
          ":rubric, :digest) ON CONFLICT (court, rubric) DO NOTHING",
          {{"court", court},
           {"rubric", RubricKey(rubric.name(), rubric.version())},
           {"digest", RubricDigest(rubric)}})
      .status();
}

absl::StatusOr<std::vector<v1::Criterion>> ReadCriteria(
    sql::Session& session, const std::string& court, const Span& span) {
  const sql::Params params = {{"court", court},
                              {"first", DayNumber(span.first)},
                              {"last", DayNumber(span.last)}};
  const std::string calls = absl::StrCat(
      " FROM call_facts c WHERE court = :court AND withdrawn = 0 "
      "AND close_day BETWEEN :first AND :last AND disposition IN (1, 2)",
      kOfStandingDraw);
  const std::pair<v1::Criterion::Kind, std::string> queries[] = {
      {v1::Criterion::KIND_VERDICT_RULE,
       absl::StrCat("SELECT DISTINCT verdict_rule", calls,
                    " AND verdict <> 0")},
      {v1::Criterion::KIND_SCORE_SCALE,
       absl::StrCat(
           "SELECT DISTINCT COALESCE((SELECT w.score_scale FROM "
           "draw_facts w WHERE w.court = c.court AND w.draw = c.draw), "
           "'')",
           calls, " AND verdict <> 0")},
      {v1::Criterion::KIND_SCRIPT,
       absl::StrCat("SELECT DISTINCT script", calls)},
      {v1::Criterion::KIND_RUBRIC,
       "SELECT DISTINCT CASE WHEN graded = 1 THEN grade_rubric ELSE rubric END "
       "FROM quality_facts WHERE court = :court AND inspected = 1 "
       "AND closed_day BETWEEN :first AND :last"}};
  std::vector<v1::Criterion> criteria;
  for (const auto& [kind, statement] : queries) {
    v1::Criterion& criterion = criteria.emplace_back();
    criterion.set_kind(kind);
    RETURN_IF_ERROR(AddVersions(session, statement, params, criterion));
    if (kind == v1::Criterion::KIND_RUBRIC) {
      RETURN_IF_ERROR(NameRubrics(session, court, criterion));
    }
  }
  return criteria;
}

}  // namespace huifang::reporting

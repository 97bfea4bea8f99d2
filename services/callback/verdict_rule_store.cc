#include "services/callback/verdict_rule_store.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

sql::Params Columns(const v1::VerdictRuleVersion& version) {
  return {{"court", CourtOfName(version.name())},
          {"plan", IdOf(version.plan())},
          {"number", static_cast<int>(version.number())},
          {"state", static_cast<int>(version.state())},
          {"body", BodyOf(version)}};
}

}  // namespace

absl::Status VerdictRuleStore::Insert(sql::Session& session,
                                      const v1::VerdictRuleVersion& version) {
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      session.Run("INSERT INTO verdict_rules (court, plan_id, number, state, "
                  "body) VALUES (:court, :plan, :number, :state, :body) "
                  "ON CONFLICT (court, plan_id, number) DO NOTHING",
                  Columns(version)));
  return changed == 1 ? absl::OkStatus() : MovedOn("verdict rule");
}

absl::Status VerdictRuleStore::Save(sql::Session& session,
                                    const v1::VerdictRuleVersion& version) {
  return session
      .Run(
          "UPDATE verdict_rules SET state = :state, body = :body WHERE "
          "court = :court AND plan_id = :plan AND number = :number",
          Columns(version))
      .status();
}

absl::StatusOr<std::optional<v1::VerdictRuleVersion>> VerdictRuleStore::Newest(
    sql::Session& session, const std::string& court,
    const std::string& plan_id) {
  std::optional<v1::VerdictRuleVersion> newest;
  absl::Status parsed;
  RETURN_IF_ERROR(
      session
          .QueryOne("SELECT body FROM verdict_rules WHERE court = :court AND "
                    "plan_id = :plan ORDER BY number DESC LIMIT 1",
                    {{"court", court}, {"plan", plan_id}},
                    [&](const sql::Row& row) {
                      parsed = ParseBody(row.Blob(0), newest.emplace());
                    })
          .status());
  RETURN_IF_ERROR(parsed);
  return newest;
}

absl::StatusOr<v1::VerdictRuleVersion> VerdictRuleStore::Load(
    sql::Session& session, const std::string& court, const VersionedId& id) {
  v1::VerdictRuleVersion version;
  absl::Status parsed;
  ASSIGN_OR_RETURN(
      const bool found,
      session.QueryOne(
          "SELECT body FROM verdict_rules WHERE court = :court AND "
          "plan_id = :plan AND number = :number",
          {{"court", court}, {"plan", id.id}, {"number", id.version}},
          [&](const sql::Row& row) {
            parsed = ParseBody(row.Blob(0), version);
          }));
  if (!found) {
    return NoSuch("verdict rule",
                  MakeResourceName(court, "verdictRules",
                                   absl::StrCat(id.id, ".", id.version)));
  }
  RETURN_IF_ERROR(parsed);
  return version;
}

absl::StatusOr<std::vector<v1::VerdictRuleVersion>> VerdictRuleStore::List(
    sql::Session& session, const std::string& court, const std::string& plan_id,
    const VersionedId& after, int limit) {
  std::string sql =
      "SELECT body FROM verdict_rules WHERE court = :court AND "
      "(plan_id, number) > (:id, :number)";
  sql::Params params = {
      {"court", court}, {"id", after.id}, {"number", after.version}};
  if (!plan_id.empty()) {
    absl::StrAppend(&sql, " AND plan_id = :plan");
    params.emplace_back("plan", plan_id);
  }
  absl::StrAppend(&sql, " ORDER BY plan_id, number LIMIT :most");
  params.emplace_back("most", limit);
  std::vector<v1::VerdictRuleVersion> versions;
  RETURN_IF_ERROR(session.Query(sql, params, [&](const sql::Row& row) {
    return ParseBody(row.Blob(0), versions.emplace_back());
  }));
  return versions;
}

absl::StatusOr<std::vector<std::string>> VerdictRuleStore::Judging(
    sql::Session& session, int limit) {
  std::vector<std::string> names;
  RETURN_IF_ERROR(session.Query(
      "SELECT court, plan_id, number FROM verdict_rules WHERE state = :judging "
      "LIMIT :most",
      {{"judging", static_cast<int>(v1::VerdictRuleVersion::STATE_JUDGING)},
       {"most", limit}},
      [&](const sql::Row& row) {
        names.push_back(
            MakeResourceName(row.Text(0), "verdictRules",
                             absl::StrCat(row.Text(1), ".", row.Int(2))));
        return absl::OkStatus();
      }));
  return names;
}

}  // namespace huifang::callback

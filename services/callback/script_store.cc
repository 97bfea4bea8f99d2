#include "services/callback/script_store.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {

absl::Status ScriptStore::Insert(sql::Session& session,
                                 const std::string& court,
                                 const std::string& script_id,
                                 v1::Script& script) {
  std::int64_t last = 0;
  RETURN_IF_ERROR(session
                      .QueryOne("SELECT MAX(version) FROM scripts WHERE "
                                "court = :court AND script_id = :id",
                                {{"court", court}, {"id", script_id}},
                                [&](const sql::Row& row) {
                                  if (!row.IsNull(0)) last = row.Int(0);
                                })
                      .status());
  script.set_version(static_cast<std::int32_t>(last + 1));
  script.set_name(MakeResourceName(
      court, "scripts", absl::StrCat(script_id, ".", script.version())));
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      session.Run("INSERT INTO scripts (court, script_id, version, body) "
                  "VALUES (:court, :id, :version, :body) "
                  "ON CONFLICT (court, script_id, version) DO NOTHING",
                  {{"court", court},
                   {"id", script_id},
                   {"version", last + 1},
                   {"body", BodyOf(script)}}));
  return changed == 1 ? absl::OkStatus() : MovedOn("script");
}

absl::StatusOr<v1::Script> ScriptStore::Load(sql::Session& session,
                                             const std::string& name) {
  ASSIGN_OR_RETURN(const ResourceName parsed,
                   ParseResourceName(name, "scripts"));
  if (IsBuiltInScript(name)) return BuiltInScript(parsed.court);
  const VersionedId id = ParseVersionedId(parsed.id);
  std::string body;
  ASSIGN_OR_RETURN(
      const bool found,
      session.QueryOne(
          "SELECT body FROM scripts WHERE court = :court AND "
          "script_id = :id AND version = :version",
          {{"court", parsed.court}, {"id", id.id}, {"version", id.version}},
          [&body](const sql::Row& row) { body = row.Blob(0); }));
  if (!found) return NoSuch("script", name);
  v1::Script script;
  RETURN_IF_ERROR(ParseBody(body, script));
  return script;
}

absl::StatusOr<std::vector<v1::Script>> ScriptStore::List(
    sql::Session& session, const std::string& court, const VersionedId& after,
    int limit) {
  std::vector<v1::Script> scripts;
  RETURN_IF_ERROR(
      session.Query("SELECT body FROM scripts WHERE court = :court AND "
                    "(script_id, version) > (:id, :version) "
                    "ORDER BY script_id, version LIMIT :most",
                    {{"court", court},
                     {"id", after.id},
                     {"version", after.version},
                     {"most", limit}},
                    [&](const sql::Row& row) {
                      return ParseBody(row.Blob(0), scripts.emplace_back());
                    }));
  return scripts;
}

std::string ScriptOfPlan(const v1::SamplingPlan& plan,
                         const std::string& court) {
  return plan.script().empty() ? BuiltInScript(court).name() : plan.script();
}

}  // namespace huifang::callback

#include "services/callback/snippet_store.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/callback/period_rules.h"
#include "services/callback/store_util.h"
#include "services/common/error.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

constexpr char kNewest[] =
    "version = (SELECT MAX(version) FROM snippets m WHERE m.court = s.court "
    "AND m.snippet_id = s.snippet_id)";

// Id and version of a name; version 0 of one without.
absl::StatusOr<std::pair<std::string, VersionedId>> Parse(
    const std::string& name) {
  ASSIGN_OR_RETURN(const ResourceName parsed,
                   ParseResourceName(name, "snippets"));
  VersionedId id = ParseVersionedId(parsed.id);
  if (id.version == 0) id.id = parsed.id;
  return std::make_pair(parsed.court, id);
}

}  // namespace

absl::Status SnippetStore::Insert(sql::Session& session,
                                  const std::string& court,
                                  const std::string& snippet_id,
                                  v1::Snippet& snippet) {
  std::int64_t last = 0;
  std::int64_t others = 0;
  RETURN_IF_ERROR(
      session
          .QueryOne("SELECT COALESCE(MAX(CASE WHEN snippet_id = :id THEN "
                    "version END), 0), COUNT(DISTINCT CASE WHEN snippet_id <> "
                    ":id THEN snippet_id END) FROM snippets "
                    "WHERE court = :court",
                    {{"court", court}, {"id", snippet_id}},
                    [&](const sql::Row& row) {
                      last = row.Int(0);
                      others = row.Int(1);
                    })
          .status());
  if (others >= kMaxSnippets) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "TOO_MANY_SNIPPETS",
                     absl::StrCat("a court has at most ", kMaxSnippets,
                                  " snippets; make one a new version of "
                                  "another"));
  }
  snippet.set_version(static_cast<std::int32_t>(last + 1));
  snippet.set_name(MakeResourceName(
      court, "snippets", absl::StrCat(snippet_id, ".", snippet.version())));
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      session.Run("INSERT INTO snippets (court, snippet_id, version, body) "
                  "VALUES (:court, :id, :version, :body) "
                  "ON CONFLICT (court, snippet_id, version) DO NOTHING",
                  {{"court", court},
                   {"id", snippet_id},
                   {"version", last + 1},
                   {"body", BodyOf(snippet)}}));
  return changed == 1 ? absl::OkStatus() : MovedOn("snippet");
}

absl::StatusOr<v1::Snippet> SnippetStore::Load(sql::Session& session,
                                               const std::string& name) {
  ASSIGN_OR_RETURN(const auto parsed, Parse(name));
  const auto& [court, id] = parsed;
  std::string body;
  ASSIGN_OR_RETURN(
      const bool found,
      session.QueryOne(
          "SELECT body FROM snippets WHERE court = :court AND "
          "snippet_id = :id AND (version = :version OR :version = "
          "0) ORDER BY version DESC LIMIT 1",
          {{"court", court}, {"id", id.id}, {"version", id.version}},
          [&body](const sql::Row& row) { body = row.Blob(0); }));
  if (!found) return NoSuch("snippet", name);
  v1::Snippet snippet;
  RETURN_IF_ERROR(ParseBody(body, snippet));
  return snippet;
}

absl::Status SnippetStore::Save(sql::Session& session,
                                const v1::Snippet& snippet) {
  ASSIGN_OR_RETURN(const auto parsed, Parse(snippet.name()));
  v1::Snippet stored = snippet;
  stored.clear_stale();
  return session
      .Run(
          "UPDATE snippets SET body = :body WHERE court = :court AND "
          "snippet_id = :id AND version = :version",
          {{"court", parsed.first},
           {"id", parsed.second.id},
           {"version", parsed.second.version},
           {"body", BodyOf(stored)}})
      .status();
}

absl::StatusOr<std::vector<v1::Snippet>> SnippetStore::ListNewest(
    sql::Session& session, const std::string& court, const std::string& after,
    int limit) {
  std::vector<v1::Snippet> snippets;
  RETURN_IF_ERROR(session.Query(
      absl::StrCat("SELECT body FROM snippets s WHERE court = :court AND "
                   "snippet_id > :after AND ",
                   kNewest, " ORDER BY snippet_id LIMIT :most"),
      {{"court", court}, {"after", after}, {"most", limit}},
      [&](const sql::Row& row) {
        return ParseBody(row.Blob(0), snippets.emplace_back());
      }));
  return snippets;
}

void MarkStale(absl::CivilDay today, int stale_days, v1::Snippet& snippet) {
  const auto verified = ParseDate(snippet.verify_date());
  snippet.set_stale(!verified.ok() || today - *verified > stale_days);
}

absl::StatusOr<std::vector<v1::Snippet>> SnippetsFor(
    sql::Session& session, const v1::Callback& callback,
    const v1::Script& script) {
  std::set<std::string> named;
  for (const v1::Script::Question& question : script.questions()) {
    named.insert(question.snippets().begin(), question.snippets().end());
  }
  ASSIGN_OR_RETURN(
      std::vector<v1::Snippet> snippets,
      SnippetStore::ListNewest(session, CourtOfName(callback.name()), "",
                               kMaxSnippets));
  std::erase_if(snippets, [&](const v1::Snippet& snippet) {
    const auto& kinds = snippet.kinds();
    const bool fits =
        kinds.empty() ||
        std::find(kinds.begin(), kinds.end(), callback.kind()) != kinds.end();
    return snippet.retired() ||
           (!fits &&
            !named.contains(ParseVersionedId(IdOf(snippet.name())).id));
  });
  return snippets;
}

absl::Status CheckSnippetsOf(sql::Session& session, const std::string& court,
                             const v1::Script& script) {
  FieldErrors errors;
  for (int i = 0; i < script.questions_size(); ++i) {
    for (const std::string& id : script.questions(i).snippets()) {
      const auto found =
          SnippetStore::Load(session, MakeResourceName(court, "snippets", id));
      if (absl::IsNotFound(found.status())) {
        errors.Add(absl::StrCat("script.questions[", i, "].snippets"),
                   absl::StrCat("the court has no snippet ", id));
      } else {
        RETURN_IF_ERROR(found.status());
      }
    }
  }
  return errors.ToStatus();
}

absl::Status NoteSnippets(sql::Session& session,
                          const v1::CompleteCallbackRequest& request,
                          absl::CivilDay today, int stale_days,
                          v1::Callback& callback) {
  FieldErrors errors;
  for (const std::string& name : request.snippets()) {
    absl::StatusOr<v1::Snippet> snippet = SnippetStore::Load(session, name);
    if (absl::IsNotFound(snippet.status())) {
      errors.Add("snippets", absl::StrCat("there is no ", name));
      continue;
    }
    RETURN_IF_ERROR(snippet.status());
    MarkStale(today, stale_days, *snippet);
    v1::GivenSnippet& given = *callback.add_snippets();
    given.set_snippet(snippet->name());
    given.set_verify_date(snippet->verify_date());
    given.set_stale(snippet->stale());
  }
  return errors.ToStatus();
}

}  // namespace huifang::callback

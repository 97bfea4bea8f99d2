// Numbered migrations, applied once, in order, by one process at a time.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "services/common/error.h"
#include "services/common/sql.h"
#include "services/common/status_macros.h"

namespace huifang::sql {
namespace {

// Statements end with ";" at the end of a line. Comment lines are dropped.
std::vector<std::string> SplitStatements(absl::string_view script) {
  std::vector<std::string> statements;
  std::string current;
  for (const absl::string_view line : absl::StrSplit(script, '\n')) {
    const absl::string_view trimmed = absl::StripAsciiWhitespace(line);
    if (trimmed.empty() || absl::StartsWith(trimmed, "--")) continue;
    absl::StrAppend(&current, line, "\n");
    if (absl::EndsWith(trimmed, ";")) {
      statements.push_back(std::move(current));
      current.clear();
    }
  }
  return statements;
}

int NumberOf(const Migration& migration) {
  int number = 0;
  const bool ok =
      absl::SimpleAtoi(absl::string_view(migration.name).substr(0, 3), &number);
  return ok ? number : 0;
}

}  // namespace

absl::Status Database::Migrate(absl::string_view component,
                               const std::vector<Migration>& migrations) {
  const bool postgres = engine() == Engine::kPostgres;
  int newest = 0;
  for (const Migration& step : migrations) {
    newest = std::max(newest, NumberOf(step));
  }
  return Write("", [&](Session& session) -> absl::Status {
    // Two replicas may start at once: the second waits here.
    if (postgres) {
      RETURN_IF_ERROR(session.Script("SELECT pg_advisory_xact_lock(7203711)"));
    }
    RETURN_IF_ERROR(session.Script(
        "CREATE TABLE IF NOT EXISTS schema_steps (component TEXT NOT NULL, "
        "step BIGINT NOT NULL, name TEXT NOT NULL, "
        "PRIMARY KEY (component, step))"));
    int applied = 0;
    ASSIGN_OR_RETURN(
        const bool any,
        session.QueryOne("SELECT COALESCE(MAX(step), 0) FROM schema_steps "
                         "WHERE component = :component",
                         {{"component", component}}, [&](const Row& row) {
                           applied = static_cast<int>(row.Int(0));
                         }));
    if (any && applied > newest) {
      return MakeError(
          absl::StatusCode::kFailedPrecondition, "DATABASE_TOO_NEW",
          absl::StrCat("the database was written by a newer version (",
                       component, " schema ", applied, ", this program knows ",
                       newest, "); start that version instead"));
    }
    for (const Migration& step : migrations) {
      if (NumberOf(step) <= applied) continue;
      const std::string script = absl::StrReplaceAll(
          step.text, {{"{{bytes}}", postgres ? "BYTEA" : "TEXT"}});
      for (const std::string& statement : SplitStatements(script)) {
        RETURN_IF_ERROR(session.Script(statement));
      }
      RETURN_IF_ERROR(session
                          .Run("INSERT INTO schema_steps (component, step, "
                               "name) VALUES (:component, :step, :name)",
                               {{"component", component},
                                {"step", NumberOf(step)},
                                {"name", step.name}})
                          .status());
    }
    return absl::OkStatus();
  });
}

}  // namespace huifang::sql

// Numbered migrations, applied once, in order, by one process at a time.
#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
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

constexpr absl::string_view kRunsOn = "-- runs-on:";

int NumberOf(const Migration& migration) {
  int number = 0;
  const bool ok =
      absl::SimpleAtoi(absl::string_view(migration.name).substr(0, 3), &number);
  return ok ? number : 0;
}

// The oldest step whose programs can work on what `migration` leaves.
absl::StatusOr<int> RunsOn(const Migration& migration) {
  int oldest = NumberOf(migration);
  for (absl::string_view line : absl::StrSplit(migration.text, '\n')) {
    if (!absl::ConsumePrefix(&line, kRunsOn)) continue;
    if (!absl::SimpleAtoi(line, &oldest) || oldest < 1 ||
        oldest > NumberOf(migration)) {
      return absl::InternalError(
          absl::StrCat(migration.name, ": bad line ", kRunsOn, line));
    }
  }
  return oldest;
}

// What a database says of itself.
struct SchemaState {
  int newest = 0;  // step applied last
  int oldest = 0;  // programs that know this step can work on it
};

absl::StatusOr<SchemaState> ReadState(Session& session,
                                      absl::string_view component) {
  // Apart from schema_steps, which databases had before there were such steps.
  for (const char* table :
       {"CREATE TABLE IF NOT EXISTS schema_steps (component TEXT NOT NULL, "
        "step BIGINT NOT NULL, name TEXT NOT NULL, "
        "PRIMARY KEY (component, step))",
        "CREATE TABLE IF NOT EXISTS schema_runs_on (component TEXT NOT NULL "
        "PRIMARY KEY, step BIGINT NOT NULL)"}) {
    RETURN_IF_ERROR(session.Run(table).status());
  }
  SchemaState state;
  RETURN_IF_ERROR(
      session
          .QueryOne("SELECT COALESCE(MAX(step), 0) FROM schema_steps "
                    "WHERE component = :component",
                    {{"component", component}},
                    [&](const Row& row) {
                      state.newest = static_cast<int>(row.Int(0));
                    })
          .status());
  state.oldest = state.newest;
  RETURN_IF_ERROR(session
                      .QueryOne("SELECT step FROM schema_runs_on "
                                "WHERE component = :component",
                                {{"component", component}},
                                [&](const Row& row) {
                                  state.oldest = static_cast<int>(row.Int(0));
                                })
                      .status());
  return state;
}

absl::Status Apply(Session& session, absl::string_view component,
                   const Migration& step) {
  const bool postgres = session.engine() == Engine::kPostgres;
  const std::string script = absl::StrReplaceAll(
      step.text, {{"{{bytes}}", postgres ? "BYTEA" : "TEXT"}});
  for (const std::string& statement : SplitStatements(script)) {
    RETURN_IF_ERROR(session.Run(statement).status());
  }
  return session
      .Run(
          "INSERT INTO schema_steps (component, step, name) "
          "VALUES (:component, :step, :name)",
          {{"component", component},
           {"step", NumberOf(step)},
           {"name", step.name}})
      .status();
}

}  // namespace

int NewestStep(const std::vector<Migration>& migrations) {
  int newest = 0;
  for (const Migration& step : migrations) {
    newest = std::max(newest, NumberOf(step));
  }
  return newest;
}

absl::Status Database::Migrate(absl::string_view component,
                               const std::vector<Migration>& migrations) {
  const int newest = NewestStep(migrations);
  std::unique_ptr<Session> turn;
  if (engine() == Engine::kPostgres) {
    // Two replicas may start at once: the second waits here, however long the
    // first takes, and not in a writer, whose locks give way after a while:
    // whoever asks for a table's strongest lock stops all others.
    ASSIGN_OR_RETURN(turn, ConnectApart());
    RETURN_IF_ERROR(turn->Script(
        "SET lock_timeout TO 0; SELECT pg_advisory_lock(7203711)"));
  }
  return Write("", [&](Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(SchemaState state, ReadState(session, component));
    if (state.newest > newest) {
      if (state.oldest <= newest) return absl::OkStatus();
      return MakeError(
          absl::StatusCode::kFailedPrecondition, "DATABASE_TOO_NEW",
          absl::StrCat("the database was written by a newer version (",
                       component, " schema ", state.newest,
                       ", for programs that know ", state.oldest,
                       "; this one knows ", newest,
                       "); start that version instead"));
    }
    for (const Migration& step : migrations) {
      if (NumberOf(step) <= state.newest) continue;
      ASSIGN_OR_RETURN(const int runs_on, RunsOn(step));
      state.oldest = std::max(state.oldest, runs_on);
      RETURN_IF_ERROR(Apply(session, component, step));
    }
    return session
        .Run(
            "INSERT INTO schema_runs_on (component, step) "
            "VALUES (:component, :step) ON CONFLICT (component) "
            "DO UPDATE SET step = excluded.step",
            {{"component", component}, {"step", state.oldest}})
        .status();
  });
}

}  // namespace huifang::sql

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cli/admin/backup.h"
#include "clients/cli/admin/files.h"
#include "clients/cli/admin/postgres_tools.h"
#include "services/common/sql_lock.h"
#include "services/common/status_macros.h"

namespace huifang::cli::admin {
namespace {

absl::Status NotEmpty() {
  return absl::FailedPreconditionError(
      "the database is not empty; to put the backup in its place, add "
      "--replace");
}

// A database that can be read must belong to the service that replaces it.
absl::Status CheckSameService(const std::string& url, const BackupPart& part) {
  const absl::StatusOr<ServiceDatabase> there = OpenDatabase(url);
  if (!there.ok() || NameOf(there->service) == part.service) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      absl::StrCat("the database belongs to ", NameOf(there->service),
                   ", the backup to ", part.service));
}

// Puts what is at `path` aside and the new file in its place; the name is
// never without a database. Held by our lock, so nobody writes meanwhile.
absl::Status SwapFile(const std::string& fresh, const std::string& path,
                      const Say& say) {
  const std::string log = absl::StrCat(path, "-wal");
  const std::string aside = absl::StrCat(
      path, ".replaced-",
      absl::FormatTime("%Y%m%dT%H%M%S", absl::Now(), absl::UTCTimeZone()));
  if (Exists(path)) {
    // Brings the log into the file, so that the log may go. A database too
    // damaged for that keeps it, beside the file that it belongs to.
    if (const auto old =
            sql::Database::Open({.url = absl::StrCat("sqlite:", path)});
        old.ok()) {
      (*old)
          ->Read([](sql::Session& session) {
            return session.Query(
                "PRAGMA wal_checkpoint(TRUNCATE)", {},
                [](const sql::Row&) { return absl::OkStatus(); });
          })
          .IgnoreError();
    }
    if (link(path.c_str(), aside.c_str()) != 0) {
      return absl::FailedPreconditionError(
          absl::StrCat("cannot keep the old database as ", aside));
    }
    say(absl::StrCat("what was there is kept as ", aside));
  }
  // SQLite would play a log that it finds into the new file, also one whose own
  // file is gone.
  if (Exists(log)) {
    RETURN_IF_ERROR(Rename(log, absl::StrCat(aside, "-wal")));
  }
  std::remove(absl::StrCat(path, "-shm").c_str());
  RETURN_IF_ERROR(Rename(fresh, path));
  return Sync(DirectoryOf(path));
}

absl::Status RestoreSqlite(const RestoreRequest& request,
                           const BackupPart& part, const std::string& source,
                           const Say& say) {
  const std::string path = request.url.substr(std::string("sqlite:").size());
  ASSIGN_OR_RETURN(const auto lock, sql::LockFile(request.url));
  const bool there = Exists(path);
  if (!request.replace && (there || Exists(absl::StrCat(path, "-wal")))) {
    return NotEmpty();
  }
  if (there) RETURN_IF_ERROR(CheckSameService(request.url, part));
  const std::string fresh = absl::StrCat(path, ".restoring-", getpid());
  const auto removed =
      absl::MakeCleanup([&fresh] { std::remove(fresh.c_str()); });
  RETURN_IF_ERROR(CopyFile(source, fresh));
  ASSIGN_OR_RETURN(const std::string hash, HashFile(fresh));
  if (hash != part.sha256) {
    return absl::DataLossError("the copy is not what the backup holds");
  }
  return SwapFile(fresh, path, say);
}

// FAILED_PRECONDITION while others are connected. The sessions of a service
// that has just stopped take a moment to go.
absl::Status CheckUnused(sql::Session& session) {
  std::int64_t others = 0;
  for (int tried = 0; tried < 20; ++tried) {
    if (tried > 0) absl::SleepFor(absl::Milliseconds(100));
    RETURN_IF_ERROR(
        session
            .QueryOne("SELECT COUNT(*) FROM pg_stat_activity WHERE "
                      "datname = current_database() AND "
                      "pid <> pg_backend_pid() AND "
                      "backend_type = 'client backend'",
                      {}, [&](const sql::Row& row) { others = row.Int(0); })
            .status());
    if (others == 0) return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrCat(
      others, " other sessions use the database: stop its service first"));
}

// FAILED_PRECONDITION unless the database may be filled, or replaced, now.
absl::Status CheckPostgresTarget(sql::Session& session,
                                 const RestoreRequest& request,
                                 const BackupPart& part) {
  RETURN_IF_ERROR(CheckTool("pg_restore", session));
  RETURN_IF_ERROR(CheckUnused(session));
  ASSIGN_OR_RETURN(const std::vector<std::string> tables, TablesIn(session));
  if (tables.empty()) return absl::OkStatus();
  if (!request.replace) return NotEmpty();
  for (const std::string& table : tables) {
    if (part.rows.count(table) > 0) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        "the database has a table ", table,
        " that the backup does not know; restore into a new database"));
  }
  return absl::OkStatus();
}

absl::Status RestorePostgres(const RestoreRequest& request,
                             const BackupPart& part,
                             const std::string& source) {
  {
    ASSIGN_OR_RETURN(
        const auto target,
        sql::Database::Open({.url = request.url, .read_only = true}));
    RETURN_IF_ERROR(target->Read([&](sql::Session& session) {
      return CheckPostgresTarget(session, request, part);
    }));
  }
  if (request.replace) {
    RETURN_IF_ERROR(CheckSameService(request.url, part));
  }
  std::vector<std::string> arguments = {"--single-transaction",
                                        "--exit-on-error", "--no-owner",
                                        "--no-privileges"};
  if (request.replace) {
    arguments.insert(arguments.end(), {"--clean", "--if-exists"});
  }
  arguments.push_back(source);
  return RunTool("pg_restore", request.url, arguments);
}

absl::StatusOr<BackupPart> ChoosePart(const RestoreRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<BackupPart> parts,
                   ReadManifest(request.directory));
  const auto chosen =
      std::find_if(parts.begin(), parts.end(), [&](const BackupPart& part) {
        return request.service.empty() ? parts.size() == 1
                                       : part.service == request.service;
      });
  if (chosen == parts.end()) {
    return absl::InvalidArgumentError(
        request.service.empty()
            ? "the backup holds several services: say which with --service"
            : absl::StrCat("the backup does not hold ", request.service));
  }
  const bool sqlite = absl::StartsWith(request.url, "sqlite:");
  if (sqlite != (chosen->engine == "sqlite")) {
    return absl::InvalidArgumentError(
        absl::StrCat("the backup is of ", chosen->engine,
                     " and goes to no other kind of database"));
  }
  return *chosen;
}

}  // namespace

absl::StatusOr<BackupPart> Restore(const RestoreRequest& request,
                                   const Say& say) {
  ASSIGN_OR_RETURN(const BackupPart part, ChoosePart(request));
  const std::string source = absl::StrCat(request.directory, "/", part.file);
  say(absl::StrCat("verifying ", source));
  ASSIGN_OR_RETURN(const std::string hash, HashFile(source));
  if (hash != part.sha256) {
    return absl::DataLossError(
        absl::StrCat(source, " is damaged: its SHA-256 is ", hash,
                     ", the manifest says ", part.sha256));
  }
  say(absl::StrCat("restoring ", part.service));
  RETURN_IF_ERROR(part.engine == "sqlite"
                      ? RestoreSqlite(request, part, source, say)
                      : RestorePostgres(request, part, source));
  return part;
}

}  // namespace huifang::cli::admin

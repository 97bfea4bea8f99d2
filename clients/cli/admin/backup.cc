#include "clients/cli/admin/backup.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cli/admin/files.h"
#include "clients/cli/admin/postgres_tools.h"
#include "services/common/status_macros.h"

namespace huifang::cli::admin {
namespace {

// Rows and heads as the session sees them.
absl::Status CountRows(sql::Session& session, BackupPart& part) {
  ASSIGN_OR_RETURN(const std::vector<std::string> tables, TablesIn(session));
  for (const std::string& table : tables) {
    RETURN_IF_ERROR(
        session
            .QueryOne(
                absl::StrCat("SELECT COUNT(*) FROM ", table), {},
                [&](const sql::Row& row) { part.rows[table] = row.Int(0); })
            .status());
  }
  return session.Query("SELECT shard, sequence FROM event_heads", {},
                       [&](const sql::Row& row) {
                         part.event_heads[row.Text(0)] = row.Int(1);
                         return absl::OkStatus();
                       });
}

// The copy is counted, not the original: so it has been read once, too.
absl::Status BackUpSqlite(ServiceDatabase& database, const std::string& path,
                          BackupPart& part) {
  RETURN_IF_ERROR(database.db->Read([&](sql::Session& session) {
    return session.Run("VACUUM INTO :file", {{"file", path}}).status();
  }));
  ASSIGN_OR_RETURN(const auto copy,
                   sql::Database::Open({.url = absl::StrCat("sqlite:", path),
                                        .read_only = true}));
  return copy->ReadSnapshot(
      [&](sql::Session& session) { return CountRows(session, part); });
}

// pg_dump reads in the snapshot in which the rows are counted.
absl::Status BackUpPostgres(ServiceDatabase& database, const std::string& path,
                            BackupPart& part) {
  return database.db->ReadSnapshot([&](sql::Session& session) -> absl::Status {
    RETURN_IF_ERROR(CheckTool("pg_dump", session));
    std::string snapshot;
    RETURN_IF_ERROR(
        session
            .QueryOne("SELECT CAST(pg_export_snapshot() AS TEXT)", {},
                      [&](const sql::Row& row) { snapshot = row.Text(0); })
            .status());
    RETURN_IF_ERROR(RunTool("pg_dump", database.url,
                            {"--format=custom", "--no-owner", "--no-privileges",
                             absl::StrCat("--snapshot=", snapshot),
                             absl::StrCat("--file=", path)}));
    return CountRows(session, part);
  });
}

absl::StatusOr<BackupPart> BackUpOne(ServiceDatabase& database,
                                     const std::string& directory) {
  const bool sqlite = database.db->engine() == sql::Engine::kSqlite;
  BackupPart part;
  part.service = NameOf(database.service);
  part.engine = sqlite ? "sqlite" : "postgresql";
  part.file = absl::StrCat(part.service, sqlite ? ".db" : ".pgdump");
  part.step = database.step;
  part.common_step = database.common_step;
  part.time = absl::Now();
  const std::string path = absl::StrCat(directory, "/", part.file);
  RETURN_IF_ERROR(sqlite ? BackUpSqlite(database, path, part)
                         : BackUpPostgres(database, path, part));
  RETURN_IF_ERROR(Sync(path));
  ASSIGN_OR_RETURN(part.sha256, HashFile(path));
  return part;
}

}  // namespace

absl::StatusOr<std::vector<BackupPart>> Backup(
    std::vector<ServiceDatabase>& databases, const std::string& directory,
    const Say& say) {
  if (Exists(directory)) {
    return absl::FailedPreconditionError(
        absl::StrCat(directory, " is there already; name a new directory"));
  }
  // What a backup holds is for its owner alone.
  umask(077);
  std::string partial = absl::StrCat(directory, ".partial-XXXXXX");
  if (mkdtemp(partial.data()) == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot make ", partial, ": ", std::strerror(errno)));
  }
  auto removed = absl::MakeCleanup([partial] {
    std::error_code ignored;
    std::filesystem::remove_all(partial, ignored);
  });
  std::vector<BackupPart> parts;
  for (ServiceDatabase& database : databases) {
    say(absl::StrCat("copying ", NameOf(database.service)));
    ASSIGN_OR_RETURN(parts.emplace_back(), BackUpOne(database, partial));
  }
  const std::string manifest = absl::StrCat(partial, "/", kManifestFile);
  RETURN_IF_ERROR(WriteFile(manifest, WriteManifest(parts)));
  RETURN_IF_ERROR(Sync(manifest));
  RETURN_IF_ERROR(Sync(partial));
  // Of a directory that came up meanwhile, rename spares all but an empty one.
  RETURN_IF_ERROR(Rename(partial, directory));
  std::move(removed).Cancel();
  RETURN_IF_ERROR(Sync(DirectoryOf(directory)));
  return parts;
}

absl::StatusOr<std::vector<BackupPart>> ReadManifest(
    const std::string& directory) {
  const std::string path = absl::StrCat(directory, "/", kManifestFile);
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  return ParseManifest(text, path);
}

}  // namespace huifang::cli::admin

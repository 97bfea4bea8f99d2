// How a session begins: connections, and snapshots to read from.
#include <libpq-fe.h>
#include <postgresql/soci-postgresql.h>
#include <soci.h>
#include <sqlite3/soci-sqlite3.h>

#include <cstdlib>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "services/common/error.h"
#include "services/common/sql.h"
#include "services/common/sql_internal.h"
#include "services/common/status_macros.h"

namespace huifang::sql {
namespace {

// On PostgreSQL a result comes in pieces of this many rows.
constexpr int kFetch = 2000;

// What an operator gets who says nothing else, in the URL or in libpq's
// environment. libpq itself waits for ever for a host that the network has
// lost, and takes any server of several, also one that cannot be written to.
// A host that is away costs 3 s; a connection that was cut 5 s while we send
// and 11 s while we wait (5 + 3 × 2).
struct Default {
  absl::string_view keyword;
  const char* value;
};
constexpr Default kDefaults[] = {
    {"connect_timeout", "3"},       {"tcp_user_timeout", "5000"},
    {"keepalives_idle", "5"},       {"keepalives_interval", "2"},
    {"keepalives_count", "3"},      {"target_session_attrs", "read-write"},
    {"application_name", "huifang"}};

// The value of an option; nothing if libpq shall choose.
const char* ValueOf(const PQconninfoOption& option) {
  if (option.val != nullptr && *option.val != '\0') return option.val;
  if (option.envvar != nullptr && std::getenv(option.envvar) != nullptr) {
    return nullptr;
  }
  for (const Default& one : kDefaults) {
    if (one.keyword == option.keyword) return one.value;
  }
  return nullptr;
}

constexpr absl::string_view kPrepareSqlite[] = {
    "PRAGMA synchronous=FULL", "PRAGMA busy_timeout=10000",
    "PRAGMA cache_size=-65536", "PRAGMA mmap_size=1073741824",
    "PRAGMA temp_store=MEMORY"};

// SQLite does not wait for WAL to be turned on, whatever the busy timeout, when
// another opens the new file at the same moment.
absl::Status TryWhileLocked(absl::FunctionRef<absl::Status()> script) {
  constexpr int kTries = 100;
  absl::Status status;
  for (int i = 0; i < kTries; ++i) {
    status = CatchSql(script);
    if (status.ok() || !absl::StrContains(status.message(), "locked")) break;
    absl::SleepFor(absl::Milliseconds(50));
  }
  return status;
}

// A replica that hangs in the middle of a transaction, or that the network has
// lost, must not hold its shard for ever; nor does a writer wait for a lock
// beyond the deadlines of its callers, which it looks at between two tries.
// No statement_timeout: ending a commit that waits for a synchronous standby
// would acknowledge what only one server has.
constexpr absl::string_view kPreparePostgres =
    "SET client_min_messages TO warning; "
    "SET idle_in_transaction_session_timeout TO 10000; "
    "SET lock_timeout TO 2000";

// A session is used by one thread at a time, so its connection needs no lock.
// Takes effect before the first connection only.
void DropSqliteLocks() {
  static const int done = sqlite_api::sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
  (void)done;
}

}  // namespace

// SOCI takes keyword='value' pairs only: libpq itself takes the URL apart.
absl::StatusOr<std::string> ConnectString(const std::string& url) {
  char* error = nullptr;
  PQconninfoOption* options = PQconninfoParse(url.c_str(), &error);
  if (options == nullptr) {
    if (error != nullptr) PQfreemem(error);
    return MakeError(absl::StatusCode::kInvalidArgument, "BAD_DATABASE_URL",
                     "the database URL cannot be read; want "
                     "postgresql://user@host:port/name");
  }
  std::string text;
  for (const PQconninfoOption* one = options; one->keyword != nullptr; ++one) {
    const char* value = ValueOf(*one);
    if (value == nullptr) continue;
    absl::StrAppend(&text, text.empty() ? "" : " ", one->keyword, "='",
                    absl::StrReplaceAll(value, {{"\\", "\\\\"}, {"'", "\\'"}}),
                    "'");
  }
  PQconninfoFree(options);
  return text;
}

absl::StatusOr<std::unique_ptr<Session>> Database::Connect(
    const Options& options) {
  std::unique_ptr<Session> session;
  const absl::Status status = CatchSql([&]() -> absl::Status {
    const absl::string_view url = options.url;
    if (absl::StartsWith(url, "sqlite:")) {
      DropSqliteLocks();
      auto soci = std::make_unique<soci::session>(
          soci::sqlite3,
          absl::StrCat("dbname=\"", url.substr(7), "\" timeout=10",
                       options.read_only ? " readonly=true" : ""));
      session.reset(new Session(std::move(soci), Engine::kSqlite));
      if (options.read_only) {
        return session->Script("PRAGMA busy_timeout=10000");
      }
      RETURN_IF_ERROR(TryWhileLocked(
          [&] { return session->Script("PRAGMA journal_mode=WAL"); }));
      for (const absl::string_view pragma : kPrepareSqlite) {
        RETURN_IF_ERROR(session->Script(pragma));
      }
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const std::string text, ConnectString(options.url));
    auto soci = std::make_unique<soci::session>(soci::postgresql, text);
    session.reset(new Session(std::move(soci), Engine::kPostgres));
    return session->Script(kPreparePostgres);
  });
  if (!status.ok()) {
    // The URL may hold a password: name the engine only.
    return MakeError(
        absl::StatusCode::kUnavailable, kConnectionReason,
        absl::StrCat("the database cannot be opened: ", status.message()));
  }
  return session;
}

absl::Status Session::BeginSnapshot() {
  const bool postgres = engine_ == Engine::kPostgres;
  // Whoever reads long is not a replica that hangs.
  RETURN_IF_ERROR(
      Script(postgres ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
                        "SET LOCAL idle_in_transaction_session_timeout TO 0"
                      : "BEGIN"));
  // Neither takes its snapshot before the first statement that reads.
  return QueryOne(postgres ? "SELECT 1" : "SELECT COUNT(*) FROM sqlite_master",
                  {}, [](const Row&) {})
      .status();
}

absl::Status Session::Scan(absl::string_view sql,
                           absl::FunctionRef<absl::Status(const Row&)> each) {
  if (engine_ == Engine::kSqlite) return Query(sql, {}, each);
  // A name of its own for each scan: prepared statements are kept by text.
  const std::string cursor = absl::StrCat("scan_", ++scans_);
  RETURN_IF_ERROR(
      Script(absl::StrCat("DECLARE ", cursor, " NO SCROLL CURSOR FOR ", sql)));
  const std::string fetch = absl::StrCat("FETCH ", kFetch, " FROM ", cursor);
  int rows = kFetch;
  while (rows == kFetch) {
    rows = 0;
    RETURN_IF_ERROR(Query(fetch, {}, [&](const Row& row) {
      ++rows;
      return each(row);
    }));
  }
  return Script(absl::StrCat("CLOSE ", cursor));
}

}  // namespace huifang::sql

// One thin layer over SOCI: SQLite and PostgreSQL, named parameters, Status,
// a statement cache per session, group commit.
//
//   RETURN_IF_ERROR(db.Write(court, [&](sql::Session& session) {
//     return session.Run("UPDATE t SET n = n + 1 WHERE court = :court",
//                        {{"court", court}}).status();
//   }));
#ifndef HUIFANG_SERVICES_COMMON_SQL_H_
#define HUIFANG_SERVICES_COMMON_SQL_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/common/embedded.h"

namespace soci {
class row;
class session;
}  // namespace soci

namespace huifang {
class Executor;
}  // namespace huifang

namespace huifang::sql {

enum class Engine { kSqlite, kPostgres };

// Binary data; a column declared {{bytes}} in a migration.
struct Bytes {
  std::string data;
};

// The same, of memory that outlives the statement: for large ones.
struct BytesView {
  absl::string_view data;
};

// What a parameter holds. Times are microseconds since the epoch.
using Value = std::variant<std::nullptr_t, std::int64_t, double, std::string,
                           Bytes, BytesView>;

struct Param {
  Param(absl::string_view n, Value v) : name(n), value(std::move(v)) {}
  Param(absl::string_view n, const std::string& v) : name(n), value(v) {}
  Param(absl::string_view n, absl::string_view v)
      : name(n), value(std::string(v)) {}
  Param(absl::string_view n, const char* v) : name(n), value(std::string(v)) {}
  Param(absl::string_view n, std::int64_t v) : name(n), value(v) {}
  Param(absl::string_view n, int v) : name(n), value(std::int64_t{v}) {}
  Param(absl::string_view n, bool v) : name(n), value(std::int64_t{v}) {}
  Param(absl::string_view n, double v) : name(n), value(v) {}
  Param(absl::string_view n, absl::Time t)
      : name(n), value(std::int64_t{absl::ToUnixMicros(t)}) {}
  Param(absl::string_view n, Bytes b) : name(n), value(std::move(b)) {}
  Param(absl::string_view n, BytesView b) : name(n), value(b) {}

  std::string name;
  Value value;
};
using Params = std::vector<Param>;

// One row of a result. Columns count from 0. A NULL reads as 0 or "".
class Row {
 public:
  Row(const soci::row& row, Engine engine) : row_(row), engine_(engine) {}
  bool IsNull(int column) const;
  std::int64_t Int(int column) const;
  double Real(int column) const;
  std::string Text(int column) const;
  std::string Blob(int column) const;
  absl::Time Time(int column) const {
    return absl::FromUnixMicros(Int(column));
  }

 private:
  const soci::row& row_;
  Engine engine_;
};

// What the callback of a query returns to have no more rows; no failure.
absl::Status EnoughRows();

// A record that leaves with the transaction: the event log numbers and stores
// all records of a group at once, just before the commit. One that is larger
// than this fails the write that emits it (FAILED_PRECONDITION, TOO_LARGE):
// consumers could not receive it.
inline constexpr std::size_t kRecordBytesMax = std::size_t{2} << 20;
struct OutboxRecord {
  std::string court;
  absl::Time time;
  std::string payload;
};

// A connection inside a transaction. Not thread safe.
class Session {
 public:
  ~Session();

  // Runs a statement; the number of rows it changed.
  absl::StatusOr<std::int64_t> Run(absl::string_view sql,
                                   const Params& params = {});
  // Calls `each` for every row, until it returns an error or EnoughRows().
  absl::Status Query(absl::string_view sql, const Params& params,
                     absl::FunctionRef<absl::Status(const Row&)> each);
  // Whether there was a first row; `first` is called with it.
  absl::StatusOr<bool> QueryOne(absl::string_view sql, const Params& params,
                                absl::FunctionRef<void(const Row&)> first);

  // Query over any number of rows, in bounded memory; inside ReadSnapshot only.
  absl::Status Scan(absl::string_view sql,
                    absl::FunctionRef<absl::Status(const Row&)> each);

  // Hands an event to the event log, in this transaction.
  void Emit(OutboxRecord record);

  Engine engine() const { return engine_; }

 private:
  friend class Database;
  struct Statement;
  struct Argument;
  Session(std::unique_ptr<soci::session> soci, Engine engine);
  absl::StatusOr<std::shared_ptr<Statement>> Prepare(absl::string_view sql,
                                                     const Params& params);
  void Bind(const Params& params, Statement& statement) const;
  void BindBytes(absl::string_view data, Argument& argument) const;
  absl::Status Script(absl::string_view sql);  // several statements, no params
  // Whether a statement of the transaction failed. PostgreSQL would then answer
  // COMMIT with a rollback, and no error.
  bool IsBroken() const;
  absl::Status BeginSnapshot();

  std::unique_ptr<soci::session> soci_;
  Engine engine_;
  // By SQL text and kinds of parameters.
  absl::flat_hash_map<std::string, std::shared_ptr<Statement>> statements_;
  std::vector<OutboxRecord> outbox_;
  // Whether a statement ran or failed since the closure began: a closure that
  // failed before that needs no rollback of its neighbours.
  bool touched_ = false;
  int scans_ = 0;
};

using WriteFn = absl::AnyInvocable<absl::Status(Session&)>;

struct Options {
  std::string url;  // sqlite:PATH or postgresql://user@host:port/name
  int read_sessions = 16;
  int write_sessions = 4;   // SQLite has one writer whatever this says
  int max_group = 256;      // closures in one commit
  int max_submitted = 128;  // by Submit, and not committed yet
  bool read_only = false;  // changes nothing, not even an SQLite file's journal
};

// A numbered step of a schema, such as "001_tickets.sql".
using Migration = EmbeddedFile;

// A database and its pools. Thread safe.
//
// Write commits in groups: closures of concurrent calls run one after another
// in one transaction and all are acknowledged after one durable commit. A
// closure that fails before it wrote anything costs nothing; one that fails
// later makes the group roll back and its members run again, each alone. So a
// closure may run more than once (also after a serialization failure, a
// deadlock or a lost connection) and must have no effect outside the session.
//
// Both wait no longer than CurrentDeadline to start: a Write that could not
// begins never and answers DEADLINE_EXCEEDED. One that has begun is finished;
// UNAVAILABLE with reason COMMIT_UNKNOWN if the connection broke at the commit.
class Database {
 public:
  // INVALID_ARGUMENT for a bad URL, UNAVAILABLE when it cannot be reached.
  static absl::StatusOr<std::unique_ptr<Database>> Open(const Options& options);
  ~Database();

  // Brings the schema of `component` to the newest step. A step may say, in a
  // line of its own, which older programs can still work on what it leaves:
  //
  //   -- runs-on: 3
  //
  // those that know step 3. Without the line: none. FAILED_PRECONDITION if the
  // database has steps that this program does not know and cannot work on.
  absl::Status Migrate(absl::string_view component,
                       const std::vector<Migration>& migrations);

  // Runs `fn` on a read session; each query sees what is committed when it
  // starts. Runs again, twice at most, if the connection was lost.
  absl::Status Read(absl::FunctionRef<absl::Status(Session&)> fn);

  // Runs `fn` in a transaction that writes nothing: all of its statements see
  // the same moment. Runs once. On SQLite the log grows for as long as it
  // lasts.
  absl::Status ReadSnapshot(absl::FunctionRef<absl::Status(Session&)> fn);

  // Runs `fn` in a transaction and returns once it is durable. Closures of
  // one `court` run in the order of their calls, and those of all replicas one
  // after the other: what `fn` read is still so when it writes.
  absl::Status Write(absl::string_view court, WriteFn fn);

  // As Write, for callers that need no thread to wait on: returns once `fn` has
  // its place, and calls `then` once, with how it went, in SetExecutor's
  // executor or, if that has no room, a writer's thread. While more than
  // max_submitted are under way it returns only when there is room again: calls
  // must pile up before they are admitted, where refusing is cheap. (Refusing
  // here instead was tried: goodput under overload fell.)
  void Submit(absl::string_view court, WriteFn fn,
              absl::AnyInvocable<void(absl::Status)> then);
  // Set once, before the first Submit; must outlive what is submitted.
  void SetExecutor(Executor* executor);
  // How many are under way.
  int submitted() const;

  // Who stores the records of Session::Emit before a commit, and who is told
  // after it. Set once, before the first Write.
  void SetOutbox(
      std::function<absl::Status(Session&, const std::vector<OutboxRecord>&)>
          flush,
      std::function<void()> committed);

  // A round trip to the server. UNAVAILABLE if there is none.
  absl::Status Ping();

  Engine engine() const;

 private:
  struct Impl;
  struct Pending;
  explicit Database(std::unique_ptr<Impl> impl);

  static absl::StatusOr<std::unique_ptr<Session>> Connect(
      const Options& options);
  absl::StatusOr<std::unique_ptr<Session>> ConnectApart();
  absl::StatusOr<std::unique_ptr<Session>> AcquireReader();
  void ReleaseReader(std::unique_ptr<Session> session);
  void ForgetIdleReaders();
  void WriterLoop();
  void Settle(const std::vector<Pending*>& group);
  void RunGroup(std::unique_ptr<Session>& session,
                std::vector<Pending*>& group);
  absl::Status TryGroup(Session& session, const std::vector<Pending*>& group,
                        bool& alone);

  std::unique_ptr<Impl> impl_;
};

// The reason of INTERNAL when the pages of a database are damaged.
inline constexpr char kDamagedReason[] = "DATABASE_DAMAGED";

// What libpq is asked to connect to, for a postgresql:// URL: with our timeouts
// where the operator has set none.
absl::StatusOr<std::string> ConnectString(const std::string& url);

// The number of the last step, 0 if there is none.
int NewestStep(const std::vector<Migration>& migrations);

// The shard of a court: FNV-1a of its code, modulo `kShardCount`.
inline constexpr int kShardCount = 16;
int ShardOf(absl::string_view court);

}  // namespace huifang::sql

#endif  // HUIFANG_SERVICES_COMMON_SQL_H_

// Statements and rows: SOCI behind absl::Status.
#include <postgresql/soci-postgresql.h>
#include <soci.h>
#include <sqlite3/soci-sqlite3.h>

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/common/error.h"
#include "services/common/sql.h"
#include "services/common/sql_internal.h"
#include "services/common/status_macros.h"

namespace huifang::sql {
namespace {

// What went wrong, without the values of the row: what() lists every parameter,
// and PostgreSQL's DETAIL quotes the key.
std::string Message(const soci::soci_error& error) {
  const std::string text = error.get_error_message();
  return absl::StrJoin(
      absl::StrSplit(text.substr(0, text.find("\nDETAIL")),
                     absl::ByAnyChar("\n\t"), absl::SkipWhitespace()),
      " ");
}

absl::Status PostgresStatus(const soci::postgresql_soci_error& error) {
  const std::string state = error.sqlstate();
  if (state == "40001" || state == "40P01") {
    return MakeError(absl::StatusCode::kAborted, kRetryReason, Message(error));
  }
  if (state == "55P03") {  // lock_timeout
    return MakeError(absl::StatusCode::kUnavailable, kRetryReason,
                     Message(error));
  }
  if (absl::StartsWith(state, "23")) {
    return MakeError(absl::StatusCode::kAlreadyExists, "CONSTRAINT",
                     Message(error));
  }
  if (absl::StartsWith(state, "53")) {
    return BusyError("DATABASE_FULL", Message(error), absl::Seconds(5));
  }
  // libpq reports a lost connection with a state of blanks; 25P03 ends one that
  // was idle in a transaction for too long, and 25006 says that this server has
  // become a standby.
  if (absl::StartsWith(state, "08") || absl::StartsWith(state, "57P") ||
      state == "25P03" || state == "25006" || absl::StrContains(state, " ") ||
      state.empty()) {
    return MakeError(absl::StatusCode::kUnavailable, kConnectionReason,
                     Message(error));
  }
  return MakeError(absl::StatusCode::kInternal,
                   absl::StartsWith(state, "XX") ? kDamagedReason : "SQL",
                   Message(error));
}

absl::Status SqliteStatus(const soci::sqlite3_soci_error& error) {
  switch (error.result()) {
    case 5:  // SQLITE_BUSY
    case 6:  // SQLITE_LOCKED
      return MakeError(absl::StatusCode::kAborted, kRetryReason,
                       Message(error));
    case 13:  // SQLITE_FULL
      return BusyError("DATABASE_FULL", Message(error), absl::Seconds(5));
    case 19:  // SQLITE_CONSTRAINT
      return MakeError(absl::StatusCode::kAlreadyExists, "CONSTRAINT",
                       Message(error));
    case 10:  // SQLITE_IOERR
    case 14:  // SQLITE_CANTOPEN
      return MakeError(absl::StatusCode::kUnavailable, kConnectionReason,
                       Message(error));
    case 11:  // SQLITE_CORRUPT
    case 26:  // SQLITE_NOTADB
      return MakeError(absl::StatusCode::kInternal, kDamagedReason,
                       Message(error));
    default:
      return MakeError(absl::StatusCode::kInternal, "SQL", Message(error));
  }
}

// Statements kept ready in one session, and the length of those: our own texts
// are shorter, but lists within them may be of a caller's length.
constexpr std::size_t kStatementsMax = 512;
constexpr std::size_t kStatementBytesMax = 16 << 10;

char TypeLetter(const Value& value) { return "nidsbb"[value.index()]; }

}  // namespace

absl::Status EnoughRows() { return absl::OutOfRangeError("enough rows"); }

absl::Status CatchSql(absl::FunctionRef<absl::Status()> work) {
  try {
    return work();
  } catch (const soci::postgresql_soci_error& error) {
    return PostgresStatus(error);
  } catch (const soci::sqlite3_soci_error& error) {
    return SqliteStatus(error);
  } catch (const soci::soci_error& error) {
    if (error.get_error_category() == soci::soci_error::connection_error) {
      return MakeError(absl::StatusCode::kUnavailable, kConnectionReason,
                       Message(error));
    }
    return MakeError(absl::StatusCode::kInternal, "SQL", Message(error));
  } catch (const std::exception& error) {
    return MakeError(absl::StatusCode::kInternal, "SQL", error.what());
  }
}

// A parameter's storage: SOCI binds by address, so it must not move.
struct Session::Argument {
  std::string name;
  long long number = 0;
  double real = 0;
  std::string text;
  soci::indicator indicator = soci::i_ok;
};

struct Session::Statement {
  explicit Statement(soci::session& session) : soci(session) {}
  std::vector<std::unique_ptr<Argument>> arguments;
  soci::row row;
  soci::statement soci;
};

Session::Session(std::unique_ptr<soci::session> soci, Engine engine)
    : soci_(std::move(soci)), engine_(engine) {}
Session::~Session() {
  statements_.clear();  // before the connection they belong to
}

absl::StatusOr<std::shared_ptr<Session::Statement>> Session::Prepare(
    absl::string_view sql, const Params& params) {
  std::string key(sql);
  key.push_back('\0');
  for (const Param& param : params) key.push_back(TypeLetter(param.value));
  const auto there = statements_.find(key);
  if (there != statements_.end()) return there->second;
  auto made = std::make_shared<Statement>(*soci_);
  RETURN_IF_ERROR(CatchSql([&] {
    made->soci.alloc();
    for (const Param& param : params) {
      auto argument = std::make_unique<Argument>();
      argument->name = param.name;
      if (std::holds_alternative<std::int64_t>(param.value)) {
        made->soci.exchange(
            soci::use(argument->number, argument->indicator, argument->name));
      } else if (std::holds_alternative<double>(param.value)) {
        made->soci.exchange(
            soci::use(argument->real, argument->indicator, argument->name));
      } else {
        made->soci.exchange(
            soci::use(argument->text, argument->indicator, argument->name));
      }
      made->arguments.push_back(std::move(argument));
    }
    made->soci.exchange(soci::into(made->row));
    made->soci.prepare(std::string(sql));
    made->soci.define_and_bind();
    return absl::OkStatus();
  }));
  if (sql.size() > kStatementBytesMax) return made;
  if (statements_.size() >= kStatementsMax) statements_.clear();
  statements_[key] = made;
  return made;
}

void Session::Bind(const Params& params, Statement& statement) const {
  for (std::size_t i = 0; i < params.size(); ++i) {
    Argument& argument = *statement.arguments[i];
    const Value& value = params[i].value;
    argument.indicator = soci::i_ok;
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      argument.number = *number;
    } else if (const auto* real = std::get_if<double>(&value)) {
      argument.real = *real;
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      argument.text = *text;
    } else if (const auto* bytes = std::get_if<Bytes>(&value)) {
      BindBytes(bytes->data, argument);
    } else if (const auto* view = std::get_if<BytesView>(&value)) {
      BindBytes(view->data, argument);
    } else {
      argument.indicator = soci::i_null;
    }
  }
}

void Session::BindBytes(absl::string_view data, Argument& argument) const {
  if (engine_ == Engine::kPostgres) {
    argument.text = absl::StrCat("\\x", absl::BytesToHexString(data));
  } else {
    argument.text.assign(data.data(), data.size());
  }
}

absl::StatusOr<std::int64_t> Session::Run(absl::string_view sql,
                                          const Params& params) {
  touched_ = true;
  ASSIGN_OR_RETURN(const std::shared_ptr<Statement> statement,
                   Prepare(sql, params));
  Bind(params, *statement);
  std::int64_t changed = 0;
  RETURN_IF_ERROR(CatchSql([&] {
    statement->soci.execute(true);
    changed = statement->soci.get_affected_rows();
    return absl::OkStatus();
  }));
  return changed;
}

absl::Status Session::Query(absl::string_view sql, const Params& params,
                            absl::FunctionRef<absl::Status(const Row&)> each) {
  // Held here: `each` may run statements too, and push this one out.
  const absl::StatusOr<std::shared_ptr<Statement>> statement =
      Prepare(sql, params);
  absl::Status status = statement.status();
  if (status.ok()) {
    Bind(params, **statement);
    const Row row((*statement)->row, engine_);
    status = CatchSql([&]() -> absl::Status {
      (*statement)->soci.execute(false);
      while ((*statement)->soci.fetch()) RETURN_IF_ERROR(each(row));
      return absl::OkStatus();
    });
    // Left in mid-result, an SQLite statement would hold its read lock.
    if (status == EnoughRows()) {
      absl::erase_if(statements_, [&](const auto& kept) {
        return kept.second == *statement;
      });
      return absl::OkStatus();
    }
    if (!status.ok()) statements_.clear();
  }
  if (!status.ok()) touched_ = true;
  return status;
}

absl::StatusOr<bool> Session::QueryOne(
    absl::string_view sql, const Params& params,
    absl::FunctionRef<void(const Row&)> first) {
  bool found = false;
  RETURN_IF_ERROR(Query(sql, params, [&](const Row& row) {
    if (!found) first(row);
    found = true;
    return absl::OkStatus();
  }));
  return found;
}

// The undefined-behaviour sanitizer would want the class's type information,
// which SOCI's library does not export.
[[gnu::no_sanitize("vptr")]] bool Session::IsBroken() const {
  if (engine_ != Engine::kPostgres) return false;
  auto* backend =
      static_cast<soci::postgresql_session_backend*>(soci_->get_backend());
  return PQtransactionStatus(backend->conn_) == PQTRANS_INERROR;
}

void Session::Emit(OutboxRecord record) {
  outbox_.push_back(std::move(record));
}

absl::Status Session::Script(absl::string_view sql) {
  touched_ = true;
  return CatchSql([&] {
    soci_->once << std::string(sql);
    return absl::OkStatus();
  });
}

bool Row::IsNull(int column) const {
  return row_.get_indicator(static_cast<std::size_t>(column)) == soci::i_null;
}

std::int64_t Row::Int(int column) const {
  if (IsNull(column)) return 0;
  const auto at = static_cast<std::size_t>(column);
  switch (row_.get_properties(at).get_data_type()) {
    case soci::dt_integer:
      return row_.get<int>(at);
    case soci::dt_long_long:
      return row_.get<long long>(at);
    case soci::dt_unsigned_long_long:
      return static_cast<std::int64_t>(row_.get<unsigned long long>(at));
    case soci::dt_double:
      return static_cast<std::int64_t>(row_.get<double>(at));
    default: {
      // Expressions such as SUM have no declared type and come as text.
      std::int64_t parsed = 0;
      if (absl::SimpleAtoi(row_.get<std::string>(at), &parsed)) return parsed;
      return static_cast<std::int64_t>(Real(column));
    }
  }
}

double Row::Real(int column) const {
  if (IsNull(column)) return 0;
  const auto at = static_cast<std::size_t>(column);
  switch (row_.get_properties(at).get_data_type()) {
    case soci::dt_double:
      return row_.get<double>(at);
    case soci::dt_integer:
      return row_.get<int>(at);
    case soci::dt_long_long:
      return static_cast<double>(row_.get<long long>(at));
    case soci::dt_unsigned_long_long:
      return static_cast<double>(row_.get<unsigned long long>(at));
    default: {
      double parsed = 0;
      return absl::SimpleAtod(row_.get<std::string>(at), &parsed) ? parsed : 0;
    }
  }
}

std::string Row::Text(int column) const {
  if (IsNull(column)) return "";
  const auto at = static_cast<std::size_t>(column);
  switch (row_.get_properties(at).get_data_type()) {
    case soci::dt_integer:
    case soci::dt_long_long:
    case soci::dt_unsigned_long_long:
      return absl::StrCat(Int(column));
    case soci::dt_double:
      return absl::StrCat(row_.get<double>(at));
    default:
      return row_.get<std::string>(at);
  }
}

std::string Row::Blob(int column) const {
  std::string text = Text(column);
  if (engine_ == Engine::kPostgres && absl::StartsWith(text, "\\x")) {
    return absl::HexStringToBytes(absl::string_view(text).substr(2));
  }
  return text;
}

}  // namespace huifang::sql

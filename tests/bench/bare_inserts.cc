#include "tests/bench/bare_inserts.h"

#include <libpq-fe.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"

namespace huifang::bench {
namespace {

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Connection = std::unique_ptr<PGconn, Finish>;
using Result = std::unique_ptr<PGresult, Clear>;

Result Must(const Connection& connection, PGresult* raw) {
  Result result(raw);
  const ExecStatusType status = PQresultStatus(raw);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    std::cerr << PQerrorMessage(connection.get());
    std::exit(1);
  }
  return result;
}
Result Run(const Connection& connection, const std::string& sql) {
  return Must(connection, PQexec(connection.get(), sql.c_str()));
}

// A table's rows in binary, and the statement that inserts one.
class Table {
 public:
  Table(const Connection& connection, std::string name,
        const std::string& newest_first, int count)
      : name_(std::move(name)),
        rows_(Must(
            connection,
            PQexecParams(connection.get(),
                         absl::StrCat("SELECT * FROM ", name_, " ORDER BY ",
                                      newest_first, " LIMIT ", count)
                             .c_str(),
                         0, nullptr, nullptr, nullptr, nullptr, 1))) {
    std::vector<std::string> marks;
    std::vector<Oid> types;
    for (int c = 0; c < PQnfields(rows_.get()); ++c) {
      marks.push_back(absl::StrCat("$", c + 1));
      types.push_back(PQftype(rows_.get(), c));
    }
    Must(connection, PQprepare(connection.get(), name_.c_str(),
                               absl::StrCat("INSERT INTO ", name_, " VALUES (",
                                            absl::StrJoin(marks, ","), ")")
                                   .c_str(),
                               PQnfields(rows_.get()), types.data()));
  }

  int count() const { return PQntuples(rows_.get()); }
  void Insert(const Connection& connection, int row) const {
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
    for (int c = 0; c < PQnfields(rows_.get()); ++c) {
      values.push_back(PQgetvalue(rows_.get(), row, c));
      lengths.push_back(PQgetlength(rows_.get(), row, c));
      formats.push_back(1);
    }
    Must(connection,
         PQexecPrepared(connection.get(), name_.c_str(),
                        static_cast<int>(values.size()), values.data(),
                        lengths.data(), formats.data(), 0));
  }

 private:
  const std::string name_;
  const Result rows_;
};

}  // namespace

BareInserts InsertBare(const std::string& url, int tickets) {
  const Connection connection(PQconnectdb(url.c_str()));
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    std::cerr << PQerrorMessage(connection.get());
    std::exit(1);
  }
  const Result groups = Run(
      connection,
      absl::StrCat("SELECT count(DISTINCT x) FROM (SELECT xmin::text AS x FROM "
                   "events ORDER BY event_time DESC LIMIT ",
                   tickets, ") AS newest"));
  const Table tables[] = {
      {connection, "tickets", "create_time DESC", tickets},
      {connection, "events", "event_time DESC", tickets},
      {connection, "requests", "create_time DESC", tickets}};
  BareInserts result;
  const int count = tables[0].count();
  result.group =
      count / std::max(1.0, std::atof(PQgetvalue(groups.get(), 0, 0)));
  const int group = std::max(1, static_cast<int>(result.group + 0.5));
  Run(connection, "TRUNCATE tickets, events, requests");
  const absl::Time begin = absl::Now();
  for (int row = 0; row < count;) {
    Run(connection, "BEGIN");
    for (int i = 0; i < group && row < count; ++i, ++row) {
      for (const Table& table : tables) {
        if (row < table.count()) table.Insert(connection, row);
      }
    }
    Run(connection, "COMMIT");
  }
  result.tickets_per_second =
      count / absl::ToDoubleSeconds(absl::Now() - begin);
  return result;
}

}  // namespace huifang::bench

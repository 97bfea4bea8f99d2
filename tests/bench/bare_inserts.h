#ifndef HUIFANG_TESTS_BENCH_BARE_INSERTS_H_
#define HUIFANG_TESTS_BENCH_BARE_INSERTS_H_

#include <string>

namespace huifang::bench {

struct BareInserts {
  double tickets_per_second = 0;
  double group = 0;  // tickets in a transaction, on average
};

// What PostgreSQL itself needs for the rows CreateTicket wrote last: reads the
// newest `tickets` rows of tickets, events and requests, empties these tables,
// and inserts the same rows again over libpq, prepared, on one connection, in
// transactions as large as CreateTicket's were. Destroys what is there.
BareInserts InsertBare(const std::string& url, int tickets);

}  // namespace huifang::bench

#endif  // HUIFANG_TESTS_BENCH_BARE_INSERTS_H_

// A ticket service in a process of its own that has a year of closed tickets:
// what it takes of memory and processor is not its caller's.
#ifndef HUIFANG_TESTS_BENCH_CLOSED_TICKETS_H_
#define HUIFANG_TESTS_BENCH_CLOSED_TICKETS_H_

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "absl/time/civil_time.h"

namespace huifang::bench {

inline constexpr char kClosedCourt[] = "110102";
inline constexpr int kClosedDivisions = 20;

class ClosedTickets {
 public:
  // `count` tickets, closed evenly from the first day to the last, written
  // straight into the database; it keeps those of a run before. Forks: nothing
  // of gRPC may have run yet. Ends the process on an error.
  ClosedTickets(const std::string& database, std::int64_t count,
                absl::CivilDay first, absl::CivilDay last);
  ~ClosedTickets();
  ClosedTickets(const ClosedTickets&) = delete;
  ClosedTickets& operator=(const ClosedTickets&) = delete;

  const std::string& address() const { return address_; }

  // Processor time of the service so far, in seconds.
  double CpuSeconds() const;

  // Ends the service; its peak memory in megabytes, with what it maps of the
  // database's file.
  double Stop();

 private:
  pid_t child_ = 0;
  int socket_ = -1;  // the service ends when this is closed
  std::string address_;
};

}  // namespace huifang::bench

#endif  // HUIFANG_TESTS_BENCH_CLOSED_TICKETS_H_

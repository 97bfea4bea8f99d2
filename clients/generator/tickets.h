#ifndef HUIFANG_CLIENTS_GENERATOR_TICKETS_H_
#define HUIFANG_CLIENTS_GENERATOR_TICKETS_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "clients/generator/court.h"

namespace huifang::generator {

struct TicketOptions {
  std::uint64_t seed = 1;
  int weeks = 4;
  int per_week = 1000;
  // Nothing in the file is later than the beginning of this day; the weeks are
  // the last complete ones before it.
  absl::CivilDay until;
  // Share of poor replies to tickets created on a day; as the divisions are,
  // if empty.
  std::function<double(const DivisionModel&, bool at_desk, absl::CivilDay)>
      poor_share;
};
double UsualPoorShare(const DivisionModel& division, bool at_desk);

struct GeneratedTicket {
  std::vector<std::string> cells;
  std::size_t division = 0;  // its place in the court
  bool closed = false;
  bool late = false;  // closed after its limit
  bool poor_reply = false;
};

// The columns of the file, in the old system's words (旧系统导出的表头).
const std::vector<std::string>& TicketColumns();

// Calls `each` with every ticket, in order of creation. The same options give
// the same tickets.
void MakeTickets(const CourtModel& court, const TicketOptions& options,
                 const std::function<void(const GeneratedTicket&)>& each);

// The mapping file that goes with the columns.
std::string TicketMappingJson();

// Monday of the first week that MakeTickets covers.
absl::CivilDay FirstMonday(const TicketOptions& options);

}  // namespace huifang::generator

#endif  // HUIFANG_CLIENTS_GENERATOR_TICKETS_H_

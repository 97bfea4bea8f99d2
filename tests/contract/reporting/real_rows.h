// Rows of real files, read as an import reads them, and what they say without
// the service.
#ifndef HUIFANG_TESTS_CONTRACT_REPORTING_REAL_ROWS_H_
#define HUIFANG_TESTS_CONTRACT_REPORTING_REAL_ROWS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "huifang/ticket/v1/ticket_events.pb.h"

namespace huifang::reporting {

inline constexpr char kCourtName[] = "courts/110102";

// "William Kim" as an id.
std::string Slug(const std::string& text);

struct Row {
  ticket::v1::Ticket ticket;
  std::string division_label;
  std::string team_label;
  std::string handler_label;
  std::map<std::string, std::string> cells;

  // Full names. A team belongs to one division: whoever leads people of several
  // has a team in each. Team and handler may be empty.
  std::string Division() const;
  std::string Team() const;
  std::string Handler() const;
};

// Rows of the file that its mapping takes and that closed. A mapping names
// division and handler; the column says whose team the handler is in, as the
// court's directory would.
void ReadRows(const std::string& mapping_name, const std::string& path,
              const std::string& team_column, std::vector<Row>& rows);

// The directory that the rows tell of.
ticket::v1::TicketEvent DirectoryOf(const std::vector<Row>& rows);

// What the file says of the rows that closed in a month.
struct Counted {
  std::int64_t closed = 0;
  std::int64_t satisfied = 0;  // by its score; a score from 4 on
  std::int64_t on_time = 0;
};
std::map<std::string, Counted> CountBy(
    const std::vector<Row>& rows, absl::CivilMonth month,
    const std::function<std::string(const Row&)>& group);

}  // namespace huifang::reporting

#endif  // HUIFANG_TESTS_CONTRACT_REPORTING_REAL_ROWS_H_

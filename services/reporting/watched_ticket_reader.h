#ifndef HUIFANG_SERVICES_REPORTING_WATCHED_TICKET_READER_H_
#define HUIFANG_SERVICES_REPORTING_WATCHED_TICKET_READER_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/common/sql.h"
#include "services/reporting/overdue_risk_rules.h"

namespace huifang::reporting {

// Reads what a look at a court's open tickets needs of the facts, on the given
// session.
class WatchedTicketReader {
 public:
  WatchedTicketReader(sql::Session& session, std::string court)
      : session_(session), court_(std::move(court)) {}

  // Without the names.
  absl::StatusOr<BacklogFacts> ReadBacklog(absl::Time now,
                                           const RiskPolicy& policy);

  // Tickets of the window whose caller or case has enough of them there.
  absl::StatusOr<std::vector<WatchedTicket>> ReadRepeated(
      absl::Time now, const RepeatPolicy& policy);

  // Those that exist.
  absl::StatusOr<TicketsNow> ReadAll(const std::vector<std::string>& ids);

 private:
  absl::Status Read(const std::string& condition, sql::Params params,
                    std::vector<WatchedTicket>& tickets);

  sql::Session& session_;
  const std::string court_;
};

}  // namespace huifang::reporting

#endif  // HUIFANG_SERVICES_REPORTING_WATCHED_TICKET_READER_H_

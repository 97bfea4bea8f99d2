#include "services/reporting/watched_ticket_reader.h"

#include "absl/strings/str_cat.h"
#include "services/common/status_macros.h"
#include "services/reporting/period_rules.h"
#include "services/reporting/repeat_call_rules.h"

namespace huifang::reporting {
namespace {

constexpr char kColumns[] =
    "t.ticket_id, t.source_id, t.division, t.create_time, t.due_time, "
    "t.warn_time, t.close_time, t.cancelled, t.repeated, t.caller, "
    "t.case_number";

absl::Time TimeOrNever(const sql::Row& row, int column) {
  return row.Int(column) > 0 ? row.Time(column) : absl::InfiniteFuture();
}

WatchedTicket TicketOf(const sql::Row& row) {
  WatchedTicket ticket;
  ticket.id = row.Text(0);
  ticket.number = row.Text(1);
  ticket.division = row.Text(2);
  ticket.create_time = row.Time(3);
  ticket.due_time = TimeOrNever(row, 4);
  ticket.warn_time = TimeOrNever(row, 5);
  ticket.close_time = TimeOrNever(row, 6);
  ticket.cancelled = row.Int(7) != 0;
  ticket.re_raised = row.Int(8) != 0;
  ticket.caller = row.Text(9);
  ticket.case_number = row.Text(10);
  return ticket;
}

}  // namespace

absl::StatusOr<BacklogFacts> WatchedTicketReader::ReadBacklog(
    absl::Time now, const RiskPolicy& policy) {
  BacklogFacts facts;
  RETURN_IF_ERROR(session_
                      .QueryOne("SELECT MIN(warn_time) FROM ticket_facts "
                                "WHERE court = :court AND warn_time > 0",
                                {{"court", court_}},
                                [&](const sql::Row& row) {
                                  facts.known_since = TimeOrNever(row, 0);
                                })
                      .status());
  RETURN_IF_ERROR(Read("closed_day = 0 AND due_time > 0 AND cancelled = 0", {},
                       facts.tickets));
  const absl::Time first = now - policy.weeks * absl::Hours(24 * 7);
  RETURN_IF_ERROR(
      Read("closed_day > 0 AND closed_day >= :first "
           "AND due_time > 0 AND cancelled = 0",
           {{"first", DayNumber(DayOf(first))}}, facts.tickets));
  return facts;
}

absl::StatusOr<std::vector<WatchedTicket>> WatchedTicketReader::ReadRepeated(
    absl::Time now, const RepeatPolicy& policy) {
  std::vector<WatchedTicket> tickets;
  if (policy.tickets <= 0) return tickets;
  const auto often = [](const char* column) {
    return absl::StrCat(
        column, " IN (SELECT ", column,
        " FROM ticket_facts WHERE court = :court AND created_day >= :first "
        "AND cancelled = 0 AND ",
        column, " <> '' GROUP BY ", column, " HAVING COUNT(*) >= :least)");
  };
  RETURN_IF_ERROR(
      Read(absl::StrCat("created_day >= :first AND cancelled = 0 AND (",
                        often("caller"), " OR ", often("case_number"), ")"),
           {{"first", DayNumber(FirstRepeatDay(now, policy))},
            {"least", policy.tickets}},
           tickets));
  return tickets;
}

absl::StatusOr<TicketsNow> WatchedTicketReader::ReadAll(
    const std::vector<std::string>& ids) {
  TicketsNow tickets;
  for (const std::string& id : ids) {
    std::vector<WatchedTicket> found;
    RETURN_IF_ERROR(Read("ticket_id = :id", {{"id", id}}, found));
    if (!found.empty()) tickets[id] = std::move(found.front());
  }
  return tickets;
}

absl::Status WatchedTicketReader::Read(const std::string& condition,
                                       sql::Params params,
                                       std::vector<WatchedTicket>& tickets) {
  params.emplace_back("court", court_);
  return session_.Query(
      absl::StrCat("SELECT ", kColumns,
                   " FROM ticket_facts t WHERE t.court = :court AND ",
                   condition),
      params, [&](const sql::Row& row) {
        tickets.push_back(TicketOf(row));
        return absl::OkStatus();
      });
}

}  // namespace huifang::reporting

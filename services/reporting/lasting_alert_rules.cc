#include "services/reporting/lasting_alert_rules.h"

#include <algorithm>
#include <set>

#include "google/protobuf/util/message_differencer.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"

namespace huifang::reporting {
namespace {

using Linked = v1::Alert::LinkedTicket;

Linked LinkOf(const std::string& court, absl::Time now,
              const WatchedTicket& ticket) {
  Linked linked;
  linked.set_name(MakeResourceName(court, "tickets", ticket.id));
  linked.set_ticket_number(ticket.number.empty() ? ticket.id : ticket.number);
  linked.set_division(DivisionName(court, ticket.division));
  *linked.mutable_create_time() = ToTimestamp(ticket.create_time);
  if (ticket.due_time != absl::InfiniteFuture()) {
    *linked.mutable_due_time() = ToTimestamp(ticket.due_time);
  }
  linked.set_closed(ticket.cancelled || ticket.close_time <= now);
  linked.set_overdue(!ticket.cancelled &&
                     std::min(ticket.close_time, now) > ticket.due_time);
  linked.set_re_raised(ticket.re_raised);
  return linked;
}

bool IsSettled(const v1::Alert& alert, const Linked& ticket) {
  return ticket.closed() || (alert.rule() == v1::Alert::RULE_OVERDUE_RISK &&
                             ticket.division() != alert.division());
}

// What it listed before follows what fires now: the reader sees what became of
// it.
void TakeUp(const v1::Alert& fired, v1::Alert& alert) {
  std::set<std::string> names;
  for (const Linked& ticket : fired.tickets()) names.insert(ticket.name());
  const auto before = alert.tickets();
  *alert.mutable_tickets() = fired.tickets();
  for (const Linked& ticket : before) {
    if (alert.tickets_size() >= static_cast<int>(kMaxLinkedTickets)) break;
    if (names.count(ticket.name()) == 0) *alert.add_tickets() = ticket;
  }
  alert.set_tickets_omitted(fired.tickets_omitted());
  alert.set_summary(fired.summary());
  alert.set_division(fired.division());
  *alert.mutable_observations() = fired.observations();
  if (fired.has_chart()) *alert.mutable_chart() = fired.chart();
  alert.set_chart_svg(fired.chart_svg());
}

void ResolveByItself(v1::Alert& alert) {
  alert.set_state(v1::Alert::STATE_RESOLVED);
  alert.set_resolution("所列工单均已了结，预警自动办结。");
  alert.clear_escalate_time();
}

}  // namespace

std::string DivisionName(const std::string& court, const std::string& id) {
  return id.empty() ? "" : MakeResourceName(court, "divisions", id);
}

void LinkTickets(const std::string& court, absl::Time now,
                 const std::vector<WatchedTicket>& tickets, v1::Alert& alert) {
  for (const WatchedTicket& ticket : tickets) {
    if (alert.tickets_size() >= static_cast<int>(kMaxLinkedTickets)) break;
    *alert.add_tickets() = LinkOf(court, now, ticket);
  }
  alert.set_tickets_omitted(static_cast<std::int64_t>(tickets.size()) -
                            alert.tickets_size());
  *alert.mutable_update_time() = ToTimestamp(now);
}

bool BringUpToDate(const TicketsNow& tickets, const v1::Alert* fired,
                   absl::Time now, v1::Alert& alert) {
  const v1::Alert before = alert;
  const std::string court = CourtOfName(alert.name());
  for (Linked& linked : *alert.mutable_tickets()) {
    const auto ticket = tickets.find(IdOf(linked.name()));
    if (ticket == tickets.end()) {
      linked.set_closed(true);
    } else {
      linked = LinkOf(court, now, ticket->second);
    }
  }
  if (fired != nullptr) {
    TakeUp(*fired, alert);
  } else if (alert.state() != v1::Alert::STATE_MUTED &&
             std::all_of(alert.tickets().begin(), alert.tickets().end(),
                         [&](const Linked& ticket) {
                           return IsSettled(alert, ticket);
                         })) {
    ResolveByItself(alert);
  }
  if (google::protobuf::util::MessageDifferencer::Equals(before, alert)) {
    return false;
  }
  *alert.mutable_update_time() = ToTimestamp(now);
  return true;
}

}  // namespace huifang::reporting

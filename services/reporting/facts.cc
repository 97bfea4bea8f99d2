#include "services/reporting/facts.h"

namespace huifang::reporting {

TicketTotals& TicketTotals::operator+=(const TicketTotals& other) {
  created += other.created;
  repeats += other.repeats;
  closed += other.closed;
  instant += other.instant;
  with_due += other.with_due;
  on_time += other.on_time;
  dispatched += other.dispatched;
  dispatches += other.dispatches;
  replied += other.replied;
  reply_hours += other.reply_hours;
  handling_hours += other.handling_hours;
  reopened += other.reopened;
  generated += other.generated;
  overdue_open += other.overdue_open;
  return *this;
}

QualityTotals& QualityTotals::operator+=(const QualityTotals& other) {
  inspected += other.inspected;
  over_simplified += other.over_simplified;
  proposed_passed += other.proposed_passed;
  flagged += other.flagged;
  flagged_graded += other.flagged_graded;
  flagged_passed += other.flagged_passed;
  plain_graded += other.plain_graded;
  plain_passed += other.plain_passed;
  for (const auto& [tier, count] : other.tiers) tiers[tier] += count;
  return *this;
}

}  // namespace huifang::reporting

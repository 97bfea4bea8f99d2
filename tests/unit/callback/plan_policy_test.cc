#include "services/callback/plan_policy.h"

#include <gtest/gtest.h>

namespace huifang::callback {
namespace {

// A ticket with every field of a frame set, and its staff.
ticket::v1::Ticket Full() {
  ticket::v1::Ticket ticket;
  ticket.set_name("courts/110102/tickets/a");
  ticket.set_kind(ticket::v1::KIND_COMPLAINT);
  ticket.set_channel(ticket::v1::CHANNEL_WEB);
  ticket.set_state(ticket::v1::Ticket::STATE_ANSWERED_AT_DESK);
  ticket.set_division("courts/110102/divisions/civil-1");
  ticket.set_handler("courts/110102/staff/j1");
  ticket.mutable_caller()->set_phone("138****1234");
  ticket.mutable_caller()->set_caller_key("key");
  ticket.set_callback_consent(false);
  return ticket;
}

// The ticket as an export with only these fields gives it.
ticket::v1::Ticket Cut(const ticket::v1::Ticket& ticket) {
  ticket::v1::Ticket cut;
  for (const char* name : FrameFields()) {
    const auto* field = ticket::v1::Ticket::descriptor()->FindFieldByName(name);
    EXPECT_NE(field, nullptr) << name;
    ticket::v1::Ticket rest = ticket;
    rest.GetReflection()->SwapFields(&rest, &cut, {field});
  }
  return cut;
}

TEST(PlanPolicy, AFrameNeedsNoOtherFieldOfATicket) {
  v1::SamplingPlan plan;
  for (int key = v1::StratumKey_MIN; key <= v1::StratumKey_MAX; ++key) {
    if (v1::StratumKey_IsValid(key)) {
      plan.add_strata(static_cast<v1::StratumKey>(key));
    }
  }
  StaffBook staff;
  staff.members["courts/110102/staff/j1"].role = ticket::v1::Staff::ROLE_JUDGE;
  const ticket::v1::Ticket ticket = Full();
  const ticket::v1::Ticket cut = Cut(ticket);
  const TicketFacts whole = FactsOf(plan, ticket, staff);
  const TicketFacts facts = FactsOf(plan, cut, staff);
  EXPECT_EQ(facts.id, whole.id);
  EXPECT_EQ(facts.kind, whole.kind);
  EXPECT_EQ(facts.channel, whole.channel);
  EXPECT_TRUE(facts.answered_at_desk);
  EXPECT_TRUE(facts.has_phone);
  EXPECT_TRUE(facts.declined);
  EXPECT_EQ(facts.caller_key, "key");
  EXPECT_EQ(facts.stratum, whole.stratum);
}

}  // namespace
}  // namespace huifang::callback

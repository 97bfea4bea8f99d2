#include "services/reporting/exclusion_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/common/error.h"
#include "services/common/mask_numbers.h"
#include "services/common/proto_time.h"
#include "services/common/resource_name.h"

namespace huifang::reporting {
namespace {

// A person may have several tokens, some of which tell who of the staff it is.
bool IsOneOf(const Person& person, const ExcludedTicket& ticket) {
  return std::any_of(ticket.handlers.begin(), ticket.handlers.end(),
                     [&](const std::string& handler) {
                       return handler == person.staff ||
                              IdOf(handler) == person.principal;
                     });
}

absl::Status CheckNotHandler(const ExcludedTicket& ticket,
                             const Person& person) {
  if (!IsOneOf(person, ticket)) return absl::OkStatus();
  return MakeError(absl::StatusCode::kFailedPrecondition, "OWN_TICKET",
                   "whoever handled the ticket has no part in excluding it "
                   "(承办人不得申请或审批本人工单的考核排除)",
                   {{"ticket", ticket.name}});
}

}  // namespace

absl::StatusOr<v1::AppraisalExclusion> NewExclusion(
    const ExcludedTicket& ticket, const std::string& reason,
    const Person& requester, absl::Time now) {
  const absl::Status fits = CheckNotHandler(ticket, requester);
  if (!fits.ok()) return fits;
  v1::AppraisalExclusion exclusion;
  exclusion.set_ticket(ticket.name);
  exclusion.set_reason(MaskNumbers(reason));
  exclusion.set_state(v1::AppraisalExclusion::STATE_REQUESTED);
  exclusion.set_requester(requester.principal);
  exclusion.set_requester_staff(requester.staff);
  *exclusion.mutable_create_time() = ToTimestamp(now);
  exclusion.set_ticket_number(ticket.number);
  if (!ticket.handlers.empty()) exclusion.set_handler(ticket.handlers[0]);
  exclusion.set_division(ticket.division);
  exclusion.set_division_display_name(ticket.division_display_name);
  exclusion.set_closed_day(ticket.closed_day);
  return exclusion;
}

absl::Status Decide(const ExcludedTicket& ticket, const Person& decider,
                    v1::AppraisalExclusion::State decision,
                    const std::string& note, absl::Time now,
                    v1::AppraisalExclusion& exclusion) {
  using State = v1::AppraisalExclusion;
  if (exclusion.state() != State::STATE_REQUESTED) {
    return MakeError(
        absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
        absl::StrCat(
            "the exclusion is ",
            absl::StripPrefix(State::State_Name(exclusion.state()), "STATE_"),
            " already"),
        {{"state", State::State_Name(exclusion.state())}});
  }
  if (decider.principal == exclusion.requester() ||
      (!decider.staff.empty() &&
       decider.staff == exclusion.requester_staff())) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "SAME_PERSON",
                     absl::StrCat(exclusion.requester(),
                                  " asked for it; somebody else must decide "
                                  "(申请人不得自行审批)"));
  }
  ExcludedTicket both = ticket;
  if (!exclusion.handler().empty()) {
    both.handlers.push_back(exclusion.handler());
  }
  const absl::Status fits = CheckNotHandler(both, decider);
  if (!fits.ok()) return fits;
  exclusion.set_state(decision);
  exclusion.set_decider(decider.principal);
  exclusion.set_decider_staff(decider.staff);
  exclusion.set_decision_note(MaskNumbers(note));
  *exclusion.mutable_decide_time() = ToTimestamp(now);
  return absl::OkStatus();
}

}  // namespace huifang::reporting

#include "services/reporting/validate_timeline.h"

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/reporting/validate_fields.h"

namespace huifang::reporting {
namespace {

constexpr int kMaxTickets = 200;

}  // namespace

absl::Status Validate(const v1::ListTicketEntriesRequest& request) {
  FieldErrors errors;
  if (request.tickets().empty() || request.tickets_size() > kMaxTickets) {
    errors.Add("tickets", absl::StrCat("name 1 to ", kMaxTickets));
  }
  for (int i = 0; i < request.tickets_size(); ++i) {
    const std::string field = absl::StrCat("tickets[", i, "]");
    if (request.tickets(i).empty()) errors.Add(field, "must be set");
    CheckUnit(field, request.tickets(i), request.parent(), "tickets", errors);
  }
  return errors.ToStatus();
}

}  // namespace huifang::reporting

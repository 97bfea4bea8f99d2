#ifndef HUIFANG_SERVICES_TICKET_VALIDATE_H_
#define HUIFANG_SERVICES_TICKET_VALIDATE_H_

#include "absl/status/status.h"
#include "huifang/ticket/v1/directory_service.pb.h"
#include "huifang/ticket/v1/ticket_service.pb.h"

namespace huifang::ticket {

// What each request must satisfy before anything is looked up. Pure. Names
// have been checked for their court by admission already.
absl::Status Validate(const v1::CreateTicketRequest& request);
absl::Status Validate(const v1::UpdateTicketRequest& request);
absl::Status Validate(const v1::TicketFilter& filter);
absl::Status Validate(const v1::ExportTicketsRequest& request);
absl::Status Validate(const v1::AnswerTicketRequest& request);
absl::Status Validate(const v1::DispatchTicketRequest& request);
absl::Status Validate(const v1::AcceptTicketRequest& request);
absl::Status Validate(const v1::ReplyTicketRequest& request);
absl::Status Validate(const v1::CloseTicketRequest& request);
absl::Status Validate(const v1::ReturnTicketRequest& request);
absl::Status Validate(const v1::TransferTicketRequest& request);
absl::Status Validate(const v1::ReopenTicketRequest& request);
absl::Status Validate(const v1::CancelTicketRequest& request);
absl::Status Validate(const v1::AddConveyanceRequest& request);
absl::Status Validate(const v1::AddNoteRequest& request);
absl::Status Validate(const v1::RevealCallerRequest& request);
absl::Status Validate(const v1::ImportTicketsRequest& request);
absl::Status Validate(const v1::ReplaceDeadlinePoliciesRequest& request);
absl::Status Validate(const v1::UpdateCalendarRequest& request);
absl::Status Validate(const v1::ImportCasesRequest& request);

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_VALIDATE_H_

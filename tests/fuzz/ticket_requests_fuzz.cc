// Every request the ticket service validates.
#include "services/ticket/directory_rules.h"
#include "services/ticket/validate.h"
#include "tests/fuzz/requests.h"

namespace huifang::ticket {
namespace {

template <typename Message>
fuzz::Request Plain() {
  return fuzz::Of<Message>(
      [](const Message& request) { return Validate(request); });
}

// Checked against what the court has already: here nothing.
absl::Status CheckImport(const v1::ImportDirectoryRequest& request) {
  v1::Directory current;
  const absl::Status status =
      CheckDirectory("110102", current, request.directory());
  if (!status.ok()) return status;
  MergeDirectory(request.directory(), current);
  fuzz::Require(CheckDirectory("110102", current, current).ok(),
                "what was taken in may be taken in again");
  return status;
}

}  // namespace
}  // namespace huifang::ticket

const std::vector<huifang::fuzz::Request>& huifang::fuzz::AllRequests() {
  using namespace huifang::ticket;
  static const std::vector<Request> kAll = {
      Plain<v1::CreateTicketRequest>(),
      Plain<v1::UpdateTicketRequest>(),
      Plain<v1::TicketFilter>(),
      Plain<v1::ExportTicketsRequest>(),
      Plain<v1::AnswerTicketRequest>(),
      Plain<v1::DispatchTicketRequest>(),
      Plain<v1::AcceptTicketRequest>(),
      Plain<v1::ReplyTicketRequest>(),
      Plain<v1::CloseTicketRequest>(),
      Plain<v1::ReturnTicketRequest>(),
      Plain<v1::TransferTicketRequest>(),
      Plain<v1::ReopenTicketRequest>(),
      Plain<v1::CancelTicketRequest>(),
      Plain<v1::AddConveyanceRequest>(),
      Plain<v1::AddNoteRequest>(),
      Plain<v1::RevealCallerRequest>(),
      Plain<v1::ImportTicketsRequest>(),
      Plain<v1::ReplaceDeadlinePoliciesRequest>(),
      Plain<v1::UpdateCalendarRequest>(),
      Plain<v1::ImportCasesRequest>(),
      Of<v1::ImportDirectoryRequest>(CheckImport),
  };
  return kAll;
}

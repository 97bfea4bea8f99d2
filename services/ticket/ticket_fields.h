// Which fields of stored tickets are read at all. Pure.
#ifndef HUIFANG_SERVICES_TICKET_TICKET_FIELDS_H_
#define HUIFANG_SERVICES_TICKET_TICKET_FIELDS_H_

#include <bitset>
#include <string>

#include "absl/status/statusor.h"
#include "huifang/ticket/v1/ticket_service.pb.h"

namespace huifang::ticket {

// By field number of v1::Ticket.
using FieldSet = std::bitset<64>;

FieldSet AllFields();
FieldSet AllButText();  // neither content nor replies

// What an export asks for, and what that is worked out from. The request is
// valid.
FieldSet FieldsOf(const v1::ExportTicketsRequest& request);

// A serialized ticket with these fields alone. With the text cut out before it
// is parsed, an export of a million tickets takes half the time. DATA_LOSS if
// it is none.
absl::StatusOr<std::string> KeepFields(const std::string& body,
                                       const FieldSet& fields);

// Adds a serialized ticket to `tickets` of the response as it is: on the wire
// the same as add_tickets, without parsing it. This program does not see it
// there.
void AddSerialized(std::string ticket, v1::ExportTicketsResponse& response);

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_TICKET_FIELDS_H_

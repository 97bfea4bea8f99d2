#ifndef HUIFANG_SERVICES_TICKET_IMPORT_RULES_H_
#define HUIFANG_SERVICES_TICKET_IMPORT_RULES_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "huifang/ticket/v1/ticket_service.pb.h"

namespace huifang::ticket {

// Why a row of an import is refused, as ImportRowResult says it.
struct RowProblem {
  // Field of the row, e.g. "ticket.close_time".
  std::string field;
  // UPPER_SNAKE, stable.
  std::string reason;
  std::string message;
};

// Checks a row by itself and brings phone and case number to their stored
// form; a case number of no known form stays as written. What needs the
// directory or the store (unknown division, a source id with other content) is
// checked there. The row is changed only where it is sound.
//
// Refused, among others: a time before 1980 or more than a day after `now`;
// closed, replied or dispatched before created; closed without a close time;
// a close time on a row that is not closed; a phone that is none; texts that
// are too long. (Texts that are not UTF-8 the parser of the message refuses.)
std::optional<RowProblem> CheckImportRow(absl::Time now, v1::ImportRow& row);

// Whether a stored ticket may follow an import that says `incoming` of it: the
// same content, and only progress (a closure, a later state). False
// means another matter hides under the same source id.
bool MayFollowImport(const v1::Ticket& stored, const v1::Ticket& incoming);

// Whether something was done to the stored ticket here that `incoming` knows
// nothing of and would undo: a reply, a reopening, a transfer, a return, a
// cancellation. Such a ticket goes on here.
bool WorkedOnHere(const v1::Ticket& stored, const v1::Ticket& incoming);

// What `incoming`, which follows `stored`, leaves open stays as it is.
void KeepWhatIsOpen(const v1::Ticket& stored, v1::Ticket& incoming);

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_IMPORT_RULES_H_

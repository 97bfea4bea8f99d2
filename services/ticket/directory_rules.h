#ifndef HUIFANG_SERVICES_TICKET_DIRECTORY_RULES_H_
#define HUIFANG_SERVICES_TICKET_DIRECTORY_RULES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "huifang/ticket/v1/directory_service.pb.h"
#include "huifang/ticket/v1/ticket_events.pb.h"

namespace huifang::ticket {

// Checks `incoming` by itself and against `current`: names belong to `court`,
// ids are well formed and unique, what is referred to exists in either.
// INVALID_ARGUMENT names every bad entry, the first 50 of them.
absl::Status CheckDirectory(const std::string& court,
                            const v1::Directory& current,
                            const v1::Directory& incoming);

// Adds or replaces entries by name and counts them.
v1::ImportDirectoryResponse MergeDirectory(const v1::Directory& incoming,
                                           v1::Directory& current);

// By name, display name or alias, blanks and full-width forms aside. Null if
// there is none.
const v1::Division* FindDivision(const v1::Directory& directory,
                                 absl::string_view label);
const v1::Staff* FindStaff(const v1::Directory& directory,
                           absl::string_view label);

// NOT_FOUND names the first of division, team and handler that the directory
// does not have; empty ones are fine. INVALID_ARGUMENT if the team belongs to
// another division.
absl::Status CheckAssignment(const v1::Directory& directory,
                             const std::string& division,
                             const std::string& team,
                             const std::string& handler);

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_DIRECTORY_RULES_H_

#ifndef HUIFANG_CLIENTS_CLI_IMPORT_DIRECTORY_FILE_H_
#define HUIFANG_CLIENTS_CLI_IMPORT_DIRECTORY_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "huifang/ticket/v1/ticket_events.pb.h"

namespace huifang::cli {

// Reads a court's directory from JSON:
//
//   {"court": {"display_name": "…", "case_code": "京0102"},
//    "divisions": [{"id": "civil-1", "display_name": "民事审判一庭",
//                   "aliases": ["民一庭"]}],
//    "teams": [{"id": "t1", "display_name": "…", "division": "civil-1"}],
//    "staff": [{"id": "zhang", "display_name": "张三", "role": "JUDGE",
//               "division": "civil-1", "team": "t1"}]}
//
// or from CSV with the columns type (court, division, team, staff), id,
// display_name, division, team, role, aliases (separated by |); the last four
// may be absent. INVALID_ARGUMENT names the place.
absl::StatusOr<ticket::v1::Directory> ParseDirectory(absl::string_view text,
                                                     absl::string_view court);

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_IMPORT_DIRECTORY_FILE_H_

// PostgreSQL's own pg_dump and pg_restore.
#ifndef HUIFANG_CLIENTS_CLI_ADMIN_POSTGRES_TOOLS_H_
#define HUIFANG_CLIENTS_CLI_ADMIN_POSTGRES_TOOLS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/common/sql.h"

namespace huifang::cli::admin {

// FAILED_PRECONDITION unless `tool` is there and not older than the server.
absl::Status CheckTool(const std::string& tool, sql::Session& session);

// Runs `tool` on the database of `url` and waits for it. The password, if the
// URL has one, goes through the environment: command lines can be read by all.
absl::Status RunTool(const std::string& tool, const std::string& url,
                     const std::vector<std::string>& arguments);

}  // namespace huifang::cli::admin

#endif  // HUIFANG_CLIENTS_CLI_ADMIN_POSTGRES_TOOLS_H_

// `huifangctl admin check`: what is inconsistent in one or all four databases.
#ifndef HUIFANG_CLIENTS_CLI_ADMIN_CHECK_H_
#define HUIFANG_CLIENTS_CLI_ADMIN_CHECK_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cli/admin/databases.h"
#include "clients/cli/admin/findings.h"
#include "clients/cli/admin/name_index.h"
#include "services/common/sql.h"

namespace huifang::cli::admin {

// What the parts of a check share.
struct Check {
  const std::map<Service, sql::Session*>& sessions;
  NameIndex& names;
  Findings& findings;
  // Told now and then what is being read, and how many rows were.
  std::function<void(const std::string& what, std::int64_t rows)> progress;

  sql::Session* Find(Service service) const {
    const auto found = sessions.find(service);
    return found == sessions.end() ? nullptr : found->second;
  }
};

// SQLite's own check of the file: pages, indexes, constraints.
absl::Status CheckFile(Check& check, Service service, sql::Session& session);
// Adds every resource of the database, and the directory's names, to the index.
absl::Status IndexNames(Check& check, Service service, sql::Session& session);
// Rows and bodies agree, states are legal, references lead somewhere.
absl::Status CheckResources(Check& check, Service service,
                            sql::Session& session);
// Events without gaps up to their heads, of resources that are there; where
// consumers stand; the request log.
absl::Status CheckEvents(Check& check, Service service, sql::Session& session);
absl::Status CheckCheckpoints(Check& check, Service service,
                              sql::Session& session);
absl::Status CheckRequests(Check& check, Service service,
                           sql::Session& session);
// Rows that hang on others in the same database.
absl::Status CheckOrphans(Check& check, Service service, sql::Session& session);
// Draws: their counts, frames and the chain of their log.
absl::Status CheckDraws(Check& check, sql::Session& session);
// The facts of reporting against what it was told by its sources.
absl::Status CheckFacts(Check& check, sql::Session& reporting);

// Looks at all of `databases`; problems go to `findings`. An error: it could
// not look.
absl::Status RunCheck(
    std::vector<ServiceDatabase>& databases, Findings& findings,
    const std::function<void(const std::string&, std::int64_t)>& progress);

// The service whose events a consumer follows under the name `stream`;
// nothing if there is no such stream.
std::optional<Service> SourceOf(absl::string_view stream);

// Rows between two reports of progress.
inline constexpr std::int64_t kProgressRows = 10'000;

inline constexpr char kRestoreAll[] =
    "restore all four services from one backup";
inline constexpr char kReportBug[] =
    "keep a copy and report it; restore all four services from one backup if "
    "it hinders work";

}  // namespace huifang::cli::admin

#endif  // HUIFANG_CLIENTS_CLI_ADMIN_CHECK_H_

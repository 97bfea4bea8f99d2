// The services' databases as the administrator's commands see them: opened to
// read, told apart by the schema they hold.
#ifndef HUIFANG_CLIENTS_CLI_ADMIN_DATABASES_H_
#define HUIFANG_CLIENTS_CLI_ADMIN_DATABASES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cli/cli.h"
#include "services/common/sql.h"

namespace huifang::cli::admin {

// "ticket", "callback", "grading" or "reporting".
const std::string& NameOf(Service service);
// The newest step of the service's schema that this program knows.
int NewestStep(Service service);

struct ServiceDatabase {
  Service service;
  std::string url;
  int step = 0;         // of the service's schema
  int common_step = 0;  // of the tables all services have
  std::unique_ptr<sql::Database> db;
};

// Opens a database to read. NOT_FOUND if it holds no service's schema,
// FAILED_PRECONDITION if that is newer than this program.
absl::StatusOr<ServiceDatabase> OpenDatabase(const std::string& url);

// Opens all, downstream first: reporting, grading, callback, ticket. Whatever
// is read in this order finds a consumer never ahead of its source, for the
// source is read later. INVALID_ARGUMENT if a service is named twice.
absl::StatusOr<std::vector<ServiceDatabase>> OpenDatabases(
    const std::vector<std::string>& urls);

// Runs `fn` with a snapshot of each, begun in the order given; all are held
// until `fn` returns.
absl::Status WithSnapshots(
    std::vector<ServiceDatabase>& databases,
    absl::FunctionRef<absl::Status(const std::map<Service, sql::Session*>&)>
        fn);

// The tables of the session's database.
absl::StatusOr<std::vector<std::string>> TablesIn(sql::Session& session);

}  // namespace huifang::cli::admin

#endif  // HUIFANG_CLIENTS_CLI_ADMIN_DATABASES_H_

#include "clients/cli/admin/databases.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/callback/schema.h"
#include "services/common/schema.h"
#include "services/common/status_macros.h"
#include "services/grading/schema.h"
#include "services/reporting/schema.h"
#include "services/ticket/schema.h"

namespace huifang::cli::admin {
namespace {

template <std::size_t n>
int NewestOf(const EmbeddedFile (&files)[n]) {
  return sql::NewestStep({std::begin(files), std::end(files)});
}

constexpr std::array<Service, 4> kDownstreamFirst = {
    Service::kReporting, Service::kGrading, Service::kCallback,
    Service::kTicket};

absl::Status SnapshotsFrom(
    std::size_t at, std::vector<ServiceDatabase>& databases,
    std::map<Service, sql::Session*>& sessions,
    absl::FunctionRef<absl::Status(const std::map<Service, sql::Session*>&)>
        fn) {
  if (at == databases.size()) return fn(sessions);
  return databases[at].db->ReadSnapshot([&](sql::Session& session) {
    sessions[databases[at].service] = &session;
    return SnapshotsFrom(at + 1, databases, sessions, fn);
  });
}

}  // namespace

const std::string& NameOf(Service service) {
  static const auto* const kNames =
      new std::map<Service, std::string>{{Service::kTicket, "ticket"},
                                         {Service::kCallback, "callback"},
                                         {Service::kGrading, "grading"},
                                         {Service::kReporting, "reporting"}};
  return kNames->at(service);
}

int NewestStep(Service service) {
  switch (service) {
    case Service::kTicket:
      return NewestOf(ticket::kMigrations);
    case Service::kCallback:
      return NewestOf(callback::kMigrations);
    case Service::kGrading:
      return NewestOf(grading::kMigrations);
    case Service::kReporting:
      return NewestOf(reporting::kMigrations);
  }
  return 0;
}

absl::StatusOr<std::vector<std::string>> TablesIn(sql::Session& session) {
  std::vector<std::string> tables;
  RETURN_IF_ERROR(session.Query(
      session.engine() == sql::Engine::kSqlite
          ? "SELECT name FROM sqlite_master WHERE type = 'table' AND "
            "name NOT LIKE 'sqlite_%' ORDER BY name"
          // A partitioned table once, without its parts.
          : "SELECT CAST(relname AS TEXT) FROM pg_class WHERE "
            "relnamespace = CAST(current_schema() AS regnamespace) AND "
            "relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1",
      {}, [&](const sql::Row& row) {
        tables.push_back(row.Text(0));
        return absl::OkStatus();
      }));
  return tables;
}

absl::StatusOr<ServiceDatabase> OpenDatabase(const std::string& url) {
  ServiceDatabase opened{.service = Service::kTicket, .url = url, .db = {}};
  ASSIGN_OR_RETURN(
      opened.db,
      sql::Database::Open({.url = url, .read_sessions = 2, .read_only = true}));
  std::map<std::string, int> steps;
  RETURN_IF_ERROR(opened.db->Read([&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<std::string> tables, TablesIn(session));
    if (std::find(tables.begin(), tables.end(), "schema_steps") ==
        tables.end()) {
      return absl::OkStatus();
    }
    return session.Query(
        "SELECT component, MAX(step) FROM schema_steps GROUP BY component", {},
        [&](const sql::Row& row) {
          steps[row.Text(0)] = static_cast<int>(row.Int(1));
          return absl::OkStatus();
        });
  }));
  for (const Service service : kDownstreamFirst) {
    const auto found = steps.find(NameOf(service));
    if (found == steps.end()) continue;
    opened.service = service;
    opened.step = found->second;
    opened.common_step = steps["common"];
    if (opened.step > NewestStep(service) ||
        opened.common_step > NewestOf(kCommonMigrations)) {
      return absl::FailedPreconditionError(
          absl::StrCat("the ", NameOf(service),
                       " database was written by a newer version (schema ",
                       opened.step, "); use the huifangctl of that version"));
    }
    return opened;
  }
  return absl::NotFoundError(
      "the database holds no service's tables: is the URL right, and did the "
      "service ever start on it?");
}

absl::StatusOr<std::vector<ServiceDatabase>> OpenDatabases(
    const std::vector<std::string>& urls) {
  std::map<Service, ServiceDatabase> found;
  for (const std::string& url : urls) {
    ASSIGN_OR_RETURN(ServiceDatabase one, OpenDatabase(url));
    const Service service = one.service;
    if (!found.emplace(service, std::move(one)).second) {
      return absl::InvalidArgumentError(absl::StrCat(
          "two of the databases belong to the ", NameOf(service), " service"));
    }
  }
  std::vector<ServiceDatabase> sorted;
  for (const Service service : kDownstreamFirst) {
    const auto one = found.find(service);
    if (one != found.end()) sorted.push_back(std::move(one->second));
  }
  return sorted;
}

absl::Status WithSnapshots(
    std::vector<ServiceDatabase>& databases,
    absl::FunctionRef<absl::Status(const std::map<Service, sql::Session*>&)>
        fn) {
  std::map<Service, sql::Session*> sessions;
  return SnapshotsFrom(0, databases, sessions, fn);
}

}  // namespace huifang::cli::admin

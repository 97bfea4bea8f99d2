#include "clients/cli/admin/check.h"

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/status_macros.h"

namespace huifang::cli::admin {
namespace {

// Damaged pages are what a check is there to find; anything else that goes
// wrong means that it could not look.
absl::Status Found(Check& check, Service service, const absl::Status& status) {
  if (ErrorReason(status) != sql::kDamagedReason) return status;
  check.findings.Add(service, "", "",
                     absl::StrCat("cannot be read: ", status.message()),
                     "the database is damaged: restore it");
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckFile(Check& check, Service service, sql::Session& session) {
  if (session.engine() != sql::Engine::kSqlite) return absl::OkStatus();
  check.progress("file", 0);
  return session.Query("PRAGMA integrity_check(100)", {},
                       [&](const sql::Row& row) {
                         if (row.Text(0) != "ok") {
                           check.findings.Add(service, "", row.Text(0),
                                              "SQLite finds the file damaged",
                                              "restore it from a backup");
                         }
                         return absl::OkStatus();
                       });
}

absl::Status RunCheck(
    std::vector<ServiceDatabase>& databases, Findings& findings,
    const std::function<void(const std::string&, std::int64_t)>& progress) {
  for (const ServiceDatabase& one : databases) {
    if (one.step == NewestStep(one.service)) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        "the ", NameOf(one.service), " database has schema ", one.step,
        ", this program knows ", NewestStep(one.service),
        ": start the service once, or use the huifangctl of its version"));
  }
  return WithSnapshots(
      databases,
      [&](const std::map<Service, sql::Session*>& sessions) -> absl::Status {
        NameIndex names;
        std::string of;
        Check check{sessions, names, findings,
                    [&](const std::string& what, std::int64_t rows) {
                      progress(absl::StrCat(of, " ", what), rows);
                    }};
        using Part = absl::Status (*)(Check&, Service, sql::Session&);
        for (const Part part :
             {&CheckFile, &IndexNames, &CheckResources, &CheckEvents,
              &CheckCheckpoints, &CheckRequests, &CheckOrphans}) {
          for (const auto& [service, session] : sessions) {
            of = NameOf(service);
            RETURN_IF_ERROR(
                Found(check, service, part(check, service, *session)));
          }
        }
        if (sql::Session* session = check.Find(Service::kCallback)) {
          of = NameOf(Service::kCallback);
          RETURN_IF_ERROR(
              Found(check, Service::kCallback, CheckDraws(check, *session)));
        }
        if (sql::Session* session = check.Find(Service::kReporting)) {
          of = NameOf(Service::kReporting);
          RETURN_IF_ERROR(
              Found(check, Service::kReporting, CheckFacts(check, *session)));
        }
        return absl::OkStatus();
      });
}

}  // namespace huifang::cli::admin

#include "clients/cli/admin/admin_commands.h"

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/admin/backup.h"
#include "clients/cli/admin/check.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

struct Options {
  std::vector<std::string> urls;
  std::string directory;
  int shown = 20;
};

// Those given, or else those that the services' own variables name.
absl::StatusOr<std::vector<std::string>> UrlsOf(const Options& options) {
  if (!options.urls.empty()) return options.urls;
  std::vector<std::string> urls;
  for (const Service service : {Service::kTicket, Service::kCallback,
                                Service::kGrading, Service::kReporting}) {
    const std::string variable = absl::StrCat(
        "HUIFANG_", absl::AsciiStrToUpper(admin::NameOf(service)), "_DATABASE");
    const char* url = std::getenv(variable.c_str());
    if (url != nullptr && *url != '\0') urls.emplace_back(url);
  }
  if (!urls.empty()) return urls;
  return absl::InvalidArgumentError(
      "give --database, or set HUIFANG_TICKET_DATABASE and its like");
}

void AddDatabases(CLI::App& command, Options& options) {
  command.add_option(
      "--database", options.urls,
      "sqlite:PATH or postgresql://user@host:port/name; may be repeated. "
      "Default: $HUIFANG_<SERVICE>_DATABASE, which also keeps passwords off "
      "the command line");
}

void Say(absl::string_view text) {
  std::fprintf(stderr, "%s\n", std::string(text).c_str());
}

void ShowParts(const Context& context,
               const std::vector<admin::BackupPart>& parts) {
  const auto rows =
      context.Rows({"service", "file", "schema", "rows", "events", "sha256"});
  for (const admin::BackupPart& part : parts) {
    std::int64_t all = 0;
    for (const auto& [table, count] : part.rows) all += count;
    std::int64_t events = 0;
    for (const auto& [shard, head] : part.event_heads) events += head;
    rows->Add({part.service, part.file, part.step, all, events, part.sha256});
  }
  rows->Finish();
}

absl::Status RunBackup(Context& context, const Options& options) {
  ASSIGN_OR_RETURN(const auto urls, UrlsOf(options));
  ASSIGN_OR_RETURN(auto databases, admin::OpenDatabases(urls));
  ASSIGN_OR_RETURN(const auto parts,
                   admin::Backup(databases, options.directory, Say));
  ShowParts(context, parts);
  return absl::OkStatus();
}

absl::Status RunRestore(Context& context,
                        const admin::RestoreRequest& request) {
  ASSIGN_OR_RETURN(const auto part, admin::Restore(request, Say));
  ShowParts(context, {part});
  Say("restore the other services from the same backup, then run "
      "huifangctl admin check on all of them before they start");
  return absl::OkStatus();
}

absl::Status Look(Context& context, const Options& options,
                  std::int64_t& problems) {
  ASSIGN_OR_RETURN(const auto urls, UrlsOf(options));
  ASSIGN_OR_RETURN(auto databases, admin::OpenDatabases(urls));
  const auto rows = context.Rows(admin::FindingColumns());
  admin::Findings findings(*rows, options.shown);
  Progress progress("check", 0);
  const absl::Status looked = admin::RunCheck(
      databases, findings, [&](const std::string& what, std::int64_t count) {
        progress.Set(count, absl::StrCat(what, " ", WithCommas(count)));
      });
  findings.Finish();
  problems = findings.count();
  progress.Finish(problems == 0 && looked.ok()
                      ? "consistent"
                      : absl::StrCat(WithCommas(problems), " problems"));
  return looked;
}

// 0 clean, 1 inconsistent, 2 could not look.
absl::Status RunCheckCommand(Context& context, const Options& options) {
  std::int64_t problems = 0;
  const absl::Status looked = Look(context, options, problems);
  if (!looked.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("could not look: ", looked.message()));
  }
  if (problems == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(problems, " problems; each line says what to do"));
}

void AddRestore(CLI::App& group, Context& context) {
  auto request = std::make_shared<admin::RestoreRequest>();
  CLI::App* restore = AddCommand(
      group, "restore",
      "Puts a backup into a database whose service is stopped.",
      "huifangctl admin restore --from /backup/0727 --service ticket "
      "--database sqlite:/var/lib/huifang/ticket.db\n"
      "huifangctl admin restore --from /backup/0727 --service grading "
      "--database postgresql://huifang@db/grading --replace");
  restore->add_option("--from", request->directory, "Directory of the backup")
      ->required();
  restore
      ->add_option("--service", request->service,
                   "Which service's, if the backup holds several")
      ->check(CLI::IsMember({"ticket", "callback", "grading", "reporting"}));
  restore->add_option("--database", request->url, "Database to fill")
      ->envname("HUIFANG_RESTORE_DATABASE")
      ->required();
  restore->add_flag("--replace", request->replace,
                    "Replace what is there; an SQLite file is kept aside");
  context.OnRun(*restore,
                [&context, request] { return RunRestore(context, *request); });
}

}  // namespace

void AddAdminCommands(CLI::App& root, Context& context) {
  CLI::App* group =
      AddGroup(root, "admin",
               "Backup, restore and consistency of the databases themselves.",
               "huifangctl admin backup --database sqlite:ticket.db --out "
               "/backup/0727\n"
               "huifangctl admin check --database sqlite:ticket.db --database "
               "sqlite:callback.db");
  auto backed_up = std::make_shared<Options>();
  CLI::App* backup = AddCommand(
      *group, "backup",
      "Copies databases, while their services run, into a new directory.",
      "huifangctl admin backup --database sqlite:/var/lib/huifang/ticket.db "
      "--out /backup/ticket-0727\n"
      "huifangctl admin backup --out /backup/0727      # all four, from the "
      "environment");
  AddDatabases(*backup, *backed_up);
  backup
      ->add_option("--out", backed_up->directory,
                   "Directory to make; must not exist")
      ->required();
  context.OnRun(*backup, [&context, backed_up] {
    return RunBackup(context, *backed_up);
  });
  AddRestore(*group, context);
  auto checked = std::make_shared<Options>();
  CLI::App* check = AddCommand(
      *group, "check",
      "Says what is inconsistent in one or all four databases.\n"
      "Exit codes: 0 consistent, 1 inconsistent, 2 could not look.",
      "huifangctl admin check --database sqlite:/var/lib/huifang/ticket.db\n"
      "huifangctl admin check --format json            # all four, from the "
      "environment");
  AddDatabases(*check, *checked);
  check
      ->add_option("--limit", checked->shown,
                   "Problems of one kind to list; the rest is counted")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  context.OnRun(*check, [&context, checked] {
    return RunCheckCommand(context, *checked);
  });
}

}  // namespace huifang::cli

#include <CLI/CLI.hpp>
#include <cstdio>

#include "clients/cli/admin/admin_commands.h"
#include "clients/cli/cli.h"
#include "clients/cli/commands.h"

int main(int argc, char** argv) {
  CLI::App root(
      "huifangctl: the operator's and the scripts' door to Huifang (回访).");
  root.name("huifangctl");
  root.set_version_flag("--version", HUIFANG_VERSION);
  // Global options may stand anywhere on the line.
  root.fallthrough();
  root.require_subcommand(1);
  root.get_formatter()->column_width(34);
  root.footer(
      "Examples:\n"
      "  huifangctl directory import --court 110102 court.json\n"
      "  huifangctl tickets import --court 110102 --mapping map.json old.csv\n"
      "  huifangctl tickets list --court 110102 --state CLOSED --format csv\n"
      "Each command has its own --help.\n"
      "Exit codes: 0 done, 1 refused, 2 wrong use, 3 unavailable (repeat), "
      "4 done in part.");
  huifang::cli::Context context;
  huifang::cli::AddGlobalOptions(root, context.options());
  huifang::cli::AddDirectoryCommands(root, context);
  huifang::cli::AddTicketCommands(root, context);
#ifdef HUIFANG_CLI_CALLBACK
  huifang::cli::AddCallbackCommands(root, context);
#endif
#ifdef HUIFANG_CLI_GRADING
  huifang::cli::AddGradingCommands(root, context);
#endif
#ifdef HUIFANG_CLI_REPORTING
  huifang::cli::AddReportingCommands(root, context);
#endif
  huifang::cli::AddQueueCommands(root, context);
  huifang::cli::AddAdminCommands(root, context);
  try {
    root.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return root.exit(error) == 0 ? huifang::cli::kOk : huifang::cli::kUsage;
  }
  const absl::Status status = context.RunChosen();
  if (!status.ok()) {
    std::fputs(huifang::cli::DescribeError(status).c_str(), stderr);
  }
  return huifang::cli::ExitCodeOf(status);
}

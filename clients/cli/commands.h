#ifndef HUIFANG_CLIENTS_CLI_COMMANDS_H_
#define HUIFANG_CLIENTS_CLI_COMMANDS_H_

#include <CLI/CLI.hpp>

#include "clients/cli/cli.h"

namespace huifang::cli {

// Each adds the groups of one service to huifangctl.
void AddTicketCommands(CLI::App& root, Context& context);
void AddDirectoryCommands(CLI::App& root, Context& context);
void AddQueueCommands(CLI::App& root, Context& context);
void AddCallbackCommands(CLI::App& root, Context& context);
void AddGradingCommands(CLI::App& root, Context& context);
void AddReportingCommands(CLI::App& root, Context& context);

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_COMMANDS_H_

#ifndef HUIFANG_CLIENTS_CLI_ADMIN_ADMIN_COMMANDS_H_
#define HUIFANG_CLIENTS_CLI_ADMIN_ADMIN_COMMANDS_H_

#include <CLI/CLI.hpp>

#include "clients/cli/cli.h"

namespace huifang::cli {

// Adds `admin`: backup, restore and check of the databases themselves.
void AddAdminCommands(CLI::App& root, Context& context);

}  // namespace huifang::cli

#endif  // HUIFANG_CLIENTS_CLI_ADMIN_ADMIN_COMMANDS_H_
